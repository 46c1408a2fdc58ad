//! The value of an argument of a trial.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The value of an argument in one trial.
///
/// ```
/// use perceptra::search::SearchValue;
///
/// assert_eq!(SearchValue::from(0.000_1).to_string(), "1.0000e-4");
/// assert_eq!([SearchValue::from(12), SearchValue::from("relu")].map(|value| value.to_string()), ["12", "relu"]);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum SearchValue {
    /// The value of an integer.
    Integer(usize),
    /// The value of a float.
    Float(f64),
    /// The value of a choice.
    Choice(String),
}

/// Floats with five significant digits.
impl fmt::Display for SearchValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SearchValue::Integer(value) => value.fmt(f),
            SearchValue::Float(value) => {
                let size = value.abs();
                match size == 0.0 || (1e-3..1e5).contains(&size) {
                    true => {
                        let digits = if size == 0.0 { 0 } else { (4 - size.log10().floor() as i32).max(0) as usize };
                        let text = format!("{value:.digits$}");
                        let short = if digits > 0 { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
                        f.write_str(short)
                    }
                    false => write!(f, "{value:.4e}"),
                }
            }
            SearchValue::Choice(value) => value.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::SearchValue::{Choice, Float, Integer};

    #[test]
    fn floats_are_shown_with_five_digits() {
        let shown = |value: f64| Float(value).to_string();
        assert_eq!([0.0, 0.5, 12.0, 0.001_234_567].map(shown), ["0", "0.5", "12", "0.0012346"]);
        assert_eq!([1e-4, 123_456.0, -0.25, 99_999.0].map(shown), ["1.0000e-4", "1.2346e5", "-0.25", "99999"]);
        assert_eq!([Integer(7).to_string(), Choice("relu".into()).to_string()], ["7", "relu"]);
    }

    #[test]
    fn json_keeps_the_kind_and_the_bits() {
        for value in [Integer(3), Float(3.0), Float(0.1 + 0.2), Float(1e22), Choice("3".into())] {
            let text = serde_json::to_string(&value).unwrap();
            assert_eq!(serde_json::from_str::<super::SearchValue>(&text).unwrap(), value, "{text}");
        }
    }
}
