//! Writes a borrower as a line of CSV.

use perceptra::Random;

use super::dependence::Latent;
use super::marginals::{self, Marginal};
use super::outcome::{Missing, Outcome};
use super::{ownership, unit};

/// The fraction of loans over whole thousands; the others are multiples of 25 dollars.
const WHOLE_THOUSAND_AMOUNTS: f64 = 0.5;
/// The fraction of incomes stated in whole thousands, among those from [`ROUNDED_INCOMES`] on.
const WHOLE_THOUSAND_INCOMES: f64 = 0.8;
/// Incomes below this, in dollars, are not rounded to thousands.
const ROUNDED_INCOMES: f64 = 10_000.0;

/// Prints records: the distributions of the five numbers.
#[derive(Debug)]
pub(super) struct Records {
    amount: Marginal,
    rate: Marginal,
    income: Marginal,
    interest: Marginal,
    balance: Marginal,
}

impl Records {
    pub(super) fn new() -> Self {
        Self {
            amount: marginals::amount(),
            rate: marginals::rate(),
            income: marginals::income(),
            interest: marginals::interest(),
            balance: marginals::balance(),
        }
    }

    /// Appends the line of one loan to `text`; missing values are empty.
    pub(super) fn write(&self, latent: &Latent, outcome: Outcome, random: &mut Random, text: &mut Vec<u8>) {
        let amount = self.amount.value(latent.amount);
        let amount_step = if unit(random) < WHOLE_THOUSAND_AMOUNTS { 1000.0 } else { 25.0 };
        let income = self.income.value(latent.income);
        let round = unit(random) < WHOLE_THOUSAND_INCOMES && income >= ROUNDED_INCOMES;
        let income_step = if round { 1000.0 } else { 1.0 };

        push_integer(to_multiple(amount, amount_step), text);
        text.extend_from_slice(if ownership::is_long_term(latent) { b",60 months," } else { b",36 months," });
        push_hundredths(self.rate.value(latent.rate), text);
        text.push(b',');
        text.extend_from_slice(ownership::category(ownership::ownership(latent), random).as_bytes());
        text.push(b',');
        if outcome.missing != Missing::Income {
            push_integer(to_multiple(income, income_step), text);
        }
        text.push(b',');
        push_hundredths(self.interest.value(latent.interest), text);
        text.push(b',');
        if outcome.missing != Missing::Balance {
            push_integer(to_multiple(self.balance.value(latent.balance), 1.0), text);
        }
        text.extend_from_slice(if outcome.default { b",1\n" } else { b",0\n" });
    }
}

/// The multiple of `step` nearest to `value`.
pub(super) fn to_multiple(value: f64, step: f64) -> u64 {
    ((value / step).round() * step) as u64
}

/// Appends a number with two decimals.
pub(super) fn push_hundredths(value: f64, text: &mut Vec<u8>) {
    let hundredths = (value * 100.0).round() as u64;
    push_integer(hundredths / 100, text);
    let rest = (hundredths % 100) as u8;
    text.extend_from_slice(&[b'.', b'0' + rest / 10, b'0' + rest % 10]);
}

/// Appends decimal digits; `write!` would take most of the time of the whole generator.
pub(super) fn push_integer(mut value: u64, text: &mut Vec<u8>) {
    let mut digits = [0; 20];
    let mut first = digits.len();
    loop {
        first -= 1;
        digits[first] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    text.extend_from_slice(&digits[first..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_print_as_the_standard_library_prints_them() {
        for value in [0, 7, 10, 999, 12_345, u64::MAX] {
            let mut text = Vec::new();
            push_integer(value, &mut text);
            assert_eq!(text, value.to_string().as_bytes());
        }
        for value in [0.0, 5.32, 9.999, 28.99, 23_062.45, 0.05] {
            let mut text = Vec::new();
            push_hundredths(value, &mut text);
            assert_eq!(text, format!("{value:.2}").as_bytes());
        }
    }

    #[test]
    fn rounds_to_the_nearest_multiple() {
        assert_eq!([500.0, 12_480.0, 35_000.0].map(|value| to_multiple(value, 1000.0)), [1000, 12_000, 35_000]);
        assert_eq!(to_multiple(12_490.0, 25.0), 12_500);
    }
}
