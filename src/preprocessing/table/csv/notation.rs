//! The notation of the numbers of a file: decimal and thousands separators.

use crate::error::{Error, Result};

use super::super::spelling;
use super::CsvOptions;
use super::short_decimal::short_decimal;

/// The signs within numbers.
#[derive(Debug)]
pub(super) struct Notation {
    decimal: char,
    thousands: Option<char>,
}

/// A number that was read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct ParsedNumber {
    pub(super) value: f64,
    /// Whether the value has all digits of a whole number.
    pub(super) exact: bool,
}

impl Notation {
    pub(super) fn of(options: &CsvOptions) -> Result<Notation> {
        let &CsvOptions { decimal, thousands, .. } = options;
        let refused = |argument, sign: char, expected: &str| {
            Err(Error::argument("CsvOptions", argument, format!("{sign:?}"), expected))
        };
        // The other characters of numbers: digits, signs, exponents, infinities, quotes and line breaks.
        let is_taken = |sign: char| sign.is_alphanumeric() || "+-\"\r\n".contains(sign);
        if is_taken(decimal) || decimal == ' ' {
            return refused("decimal", decimal, "a sign such as ',' or '.'");
        }
        match thousands {
            Some(sign) if is_taken(sign) => refused("thousands", sign, "a sign such as '.', ',', ' ' or '\\''"),
            Some(sign) if sign == decimal => refused("thousands", sign, "another sign than that of the decimals"),
            _ => Ok(Notation { decimal, thousands }),
        }
    }

    /// The number that a field holds; spellings of NaN are none.
    pub(super) fn parse(&self, field: &[u8]) -> Option<ParsedNumber> {
        let field = field.trim_ascii();
        let is_plain = self.decimal == '.' && self.thousands.is_none();
        if is_plain && let Some(value) = short_decimal(field) {
            return Some(ParsedNumber { value, exact: true });
        }
        let spelled = std::str::from_utf8(field).ok()?;
        if is_plain {
            return numeral(spelled);
        }
        // Without a digit it is an infinity or no number.
        if !spelled.bytes().any(|byte| byte.is_ascii_digit()) {
            return numeral(spelled);
        }
        numeral(&self.plain(spelled)?)
    }

    /// The whole number of 64 bits that a field holds; its decimals, if it has any, are 0.
    pub(super) fn integer(&self, field: &[u8]) -> Option<i64> {
        let spelled = std::str::from_utf8(field.trim_ascii()).ok()?;
        if let Ok(integer) = spelled.parse() {
            return Some(integer);
        }
        let plain = self.plain(spelled)?;
        let (whole, decimals) = plain.split_once('.').unwrap_or((&plain, ""));
        let is_whole = decimals.bytes().all(|digit| digit == b'0');
        if is_whole { whole.parse().ok() } else { None }
    }

    /// Returns the number with a decimal point and without separators of thousands.
    fn plain(&self, spelled: &str) -> Option<String> {
        let exponent = spelled.find(['e', 'E']).unwrap_or(spelled.len());
        let (mantissa, exponent) = spelled.split_at(exponent);
        let (whole, decimals) = match mantissa.split_once(self.decimal) {
            Some((whole, decimals)) => (whole, Some(decimals)),
            None => (mantissa, None),
        };
        let sign_length = usize::from(whole.starts_with(['+', '-']));
        let (sign, whole) = whole.split_at(sign_length);
        let mut plain = String::with_capacity(spelled.len());
        plain.push_str(sign);
        match self.thousands {
            Some(thousands) if whole.contains(|letter| is_between_groups(thousands, letter)) => {
                for (index, group) in whole.split(|letter| is_between_groups(thousands, letter)).enumerate() {
                    let fits = if index == 0 { (1..=3).contains(&group.len()) } else { group.len() == 3 };
                    if !fits || !is_digits(group) {
                        return None;
                    }
                    plain.push_str(group);
                }
            }
            _ if is_digits(whole) => plain.push_str(whole),
            _ => return None,
        }
        if let Some(decimals) = decimals {
            if !is_digits(decimals) {
                return None;
            }
            plain.push('.');
            plain.push_str(decimals);
        }
        plain.push_str(exponent);
        Some(plain)
    }
}

/// Whether a letter is the sign between groups; for a space that is also one at which no line breaks, wide or narrow, as
/// spreadsheets write it.
fn is_between_groups(thousands: char, letter: char) -> bool {
    letter == thousands || (thousands == ' ' && matches!(letter, '\u{a0}' | '\u{202f}'))
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn numeral(spelled: &str) -> Option<ParsedNumber> {
    spelling::number(spelled).map(|value| ParsedNumber { value, exact: spelling::is_exact(spelled, value) })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{message, with};
    use super::*;

    fn parsed(options: &CsvOptions, field: &str) -> Option<f64> {
        Notation::of(options).unwrap().parse(field.as_bytes()).map(|numeral| numeral.value)
    }

    #[test]
    fn decimal_commas_and_groups_of_three() {
        let german = CsvOptions::new().decimal(',').thousands('.');
        for (field, number) in [
            (" 1.234.567,5 ", Some(1_234_567.5)),
            ("-1.234", Some(-1234.0)),
            ("1234,5", Some(1234.5)),
            ("+,5", Some(0.5)),
            ("7,", Some(7.0)),
            ("1,5e3", Some(1500.0)),
            ("-inf", Some(f64::NEG_INFINITY)),
            ("1.23", None),
            ("1234.567", None),
            (".123", None),
            ("1..234", None),
            ("1.234,5.6", None),
            ("1,234,567", None),
            ("1,2.345", None),
            ("1.234.", None),
            ("1.5e1.5", None),
            (",", None),
            ("nan", None),
            ("", None),
        ] {
            assert_eq!(parsed(&german, field), number, "{field}");
        }
        let english = CsvOptions::new().thousands(',');
        assert_eq!(parsed(&english, "1,234.5"), Some(1234.5));
        assert_eq!((parsed(&english, "1,5"), parsed(&english, "1234,567")), (None, None));
        let narrow = CsvOptions::new().decimal(',').thousands('\u{202f}');
        assert_eq!(parsed(&narrow, "12\u{202f}345,5"), Some(12345.5));
        assert_eq!(parsed(&narrow, "12 345,5"), None);
        let spaced = CsvOptions::new().decimal(',').thousands(' ');
        for space in [' ', '\u{a0}', '\u{202f}'] {
            assert_eq!(parsed(&spaced, &format!("-1{space}234{space}567,5")), Some(-1_234_567.5), "{space:?}");
            assert_eq!(parsed(&spaced, &format!("1{space}23")), None, "{space:?}");
        }
        assert_eq!(parsed(&spaced, "1\u{2003}234"), None);
        assert_eq!(parsed(&CsvOptions::new().decimal(','), "1.5"), None, "the point has no meaning then");
        assert_eq!(parsed(&CsvOptions::new(), "1,5"), None);
    }

    #[test]
    fn digits_that_do_not_fit_are_noted() {
        let german = Notation::of(&CsvOptions::new().thousands('.').decimal(',')).unwrap();
        assert!(!german.parse(b"1.925.036.343.869.802.844").unwrap().exact);
        assert!(german.parse(b"9.007.199.254.740.992,0").unwrap().exact);
    }

    #[test]
    fn impossible_signs_are_refused() {
        for options in [
            CsvOptions::new().decimal('e'),
            CsvOptions::new().decimal('1'),
            CsvOptions::new().thousands('-'),
            CsvOptions::new().thousands('.'),
            CsvOptions::new().decimal(' '),
        ] {
            assert!(matches!(Notation::of(&options), Err(Error::Argument { .. })));
        }
    }

    #[test]
    fn decimal_commas_are_inferred_and_declared() {
        let german = || CsvOptions::new().delimiter(';').decimal(',').thousands('.');
        let table = with(german(), "a;b;c\n1.234,5;1,5;1.5\n2;x;2\n").unwrap();
        assert_eq!((table.number_names(), table.numbers("a").unwrap()), (vec!["a"], &[1234.5, 2.0][..]));
        assert!(message(with(german().numbers(["a"]), "a;b\n1.5;1\n")).contains("\"1.5\" is not a number"));
        let quoted = with(CsvOptions::new().decimal(','), "a,b\n\"1,5\",2\n").unwrap();
        assert_eq!(quoted.numbers("a").unwrap(), [1.5]);
        let english = with(CsvOptions::new().thousands(','), "\"n\",t\n\"1,439,323\",x\n12,y\n").unwrap();
        assert_eq!(english.numbers("n").unwrap(), [1_439_323.0, 12.0], "quotes that a delimiter needs have no meaning");
        assert!(matches!(with(CsvOptions::new().decimal(',').thousands(','), "a\n"), Err(Error::Argument { .. })));
    }
}
