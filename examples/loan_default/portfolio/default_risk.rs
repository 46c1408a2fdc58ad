//! The probability of default given all other properties.

use super::dependence::Latent;
use super::interpolation::PiecewiseLinear;
use super::ownership::{self, Ownership};

/// Log-odds by latent interest rate, at the middle of each tenth of the borrowers.
///
/// The small dip in the fifth tenth is in the closed loans (17.5% after 18.2%).
const BY_RATE: [(f64, f64); 10] = [
    (-1.6449, -3.3817),
    (-1.0364, -2.6280),
    (-0.6745, -2.0198),
    (-0.3853, -1.8910),
    (-0.1257, -2.0634),
    (0.1257, -1.7333),
    (0.3853, -1.5612),
    (0.6745, -1.3274),
    (1.0364, -1.2904),
    (1.6449, -0.9987),
];
/// Added to the log-odds for a term of 60 months.
const LONG_TERM: f64 = 0.3260;
/// Added for owning, compared with a mortgage.
const OWN: f64 = 0.0105;
/// Added for renting, compared with a mortgage.
const RENT: f64 = 0.1629;
/// Added per standard deviation of the latent amount.
const AMOUNT: f64 = 0.2330;
/// Added per standard deviation of the latent income.
const INCOME: f64 = -0.2234;
/// Added per standard deviation of the latent interest received.
///
/// Negative although the label's correlation with interest is positive: of two equal loans the one that
/// defaulted stopped paying.
const INTEREST: f64 = -0.1145;
/// Added per standard deviation of the latent balance.
const BALANCE: f64 = -0.0831;

/// The shortfall of the interest received, compared with the expectation from amount, rate and term, in standard
/// deviations: its coefficients on latent amount, rate, term and interest are those of the regression that
/// [`super::dependence`] implies.
const SHORTFALL: [f64; 4] = [0.956, 0.278, 0.346, -1.628];
/// The shortfall above which the risk rises steeply; 6.7% of the borrowers exceed it.
const SHORTFALL_START: f64 = 1.5;
/// Added to the log-odds per standard deviation of shortfall beyond the start.
///
/// Chosen, not calibrated: it makes some defaults near certain, so that an unbalanced model finds 1 to 3% of them at a
/// threshold of 0.55 as on real loans, and leaves a network something that a linear model cannot see.
const SHORTFALL_SLOPE: f64 = 1.5;

/// A logistic model with a mean probability of 18.13%, the fraction of defaults among complete rows.
#[derive(Debug)]
pub(super) struct DefaultRisk {
    by_rate: PiecewiseLinear,
}

impl DefaultRisk {
    pub(super) fn new() -> Self {
        Self { by_rate: PiecewiseLinear::new(BY_RATE) }
    }

    /// `1 / (1 + exp(-log-odds))`.
    pub(super) fn probability(&self, latent: &Latent) -> f64 {
        let term = if ownership::is_long_term(latent) { LONG_TERM } else { 0.0 };
        let home = match ownership::ownership(latent) {
            Ownership::Mortgage => 0.0,
            Ownership::Own => OWN,
            Ownership::Rent => RENT,
        };
        let numbers =
            AMOUNT * latent.amount + INCOME * latent.income + INTEREST * latent.interest + BALANCE * latent.balance;
        let [amount, rate, long, interest] = SHORTFALL;
        let shortfall = amount * latent.amount + rate * latent.rate + long * latent.term + interest * latent.interest;
        let stopped = SHORTFALL_SLOPE * (shortfall - SHORTFALL_START).max(0.0);
        1.0 / (1.0 + (-(self.by_rate.at(latent.rate) + term + home + numbers + stopped)).exp())
    }
}

#[cfg(test)]
mod tests {
    use super::super::dependence::Dependence;
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn the_mean_probability_is_the_fraction_of_defaults_among_complete_rows() {
        let mut random = perceptra::Random::seed_from_u64(3);
        let (dependence, risk) = (Dependence::new(), DefaultRisk::new());
        let draws = 400_000;
        let sum: f64 = (0..draws).map(|_| risk.probability(&dependence.draw(&mut random))).sum();
        // Five standard errors of the mean are 0.001.
        approx::assert_abs_diff_eq!(sum / f64::from(draws), 88_937.0 / 490_421.0, epsilon = 0.001);
    }
}
