//! A single raw value.

use std::fmt;

use serde::de::{Deserializer, Visitor};
use serde::{Deserialize, Serialize};

use super::DateTime;
use crate::items::argument::plain;

/// A single raw value: a boolean, a number or a string.
///
/// A date is a string of ISO 8601, as in `DateTime`'s `Display`. In JSON a value is the bare boolean, number or string. A whole number whose digits an `f64` cannot hold, as of an identifier
/// above 2⁵³, becomes a string of its digits, so that no two become one; in a table read from CSV it is the same, and so is the value of a column
/// of integers.
///
/// ```
/// use perceptra::preprocessing::Value;
///
/// assert_eq!(Value::from(36_i64), Value::Number(36.0));
/// assert_eq!(Value::from(1_925_036_343_869_802_845_i64), Value::String("1925036343869802845".into()));
/// assert_eq!(serde_json::from_str::<Value>("true").unwrap(), Value::Boolean(true));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// True or false.
    Boolean(bool),
    /// A number.
    Number(f64),
    /// A string.
    String(String),
}

plain!(Value);

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Boolean(value) => write!(f, "{value}"),
            Value::Number(number) => write!(f, "{number}"),
            Value::String(text) => write!(f, "\"{text}\""),
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::Boolean(value)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Value {
        Value::Number(number)
    }
}

impl From<f32> for Value {
    fn from(number: f32) -> Value {
        Value::Number(f64::from(number))
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Value {
        Value::Number(f64::from(number))
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Value {
        Value::Number(f64::from(number))
    }
}

/// A number, or its digits where an `f64` cannot hold them.
impl From<i64> for Value {
    fn from(number: i64) -> Value {
        whole(number as f64, &number)
    }
}

/// A number, or its digits where an `f64` cannot hold them.
impl From<u64> for Value {
    fn from(number: u64) -> Value {
        whole(number as f64, &number)
    }
}

/// A number, or its digits where an `f64` cannot hold them.
impl From<usize> for Value {
    fn from(number: usize) -> Value {
        whole(number as f64, &number)
    }
}

fn whole(nearest: f64, number: &impl ToString) -> Value {
    let digits = number.to_string();
    if nearest.to_string() == digits { Value::Number(nearest) } else { Value::String(digits) }
}

/// A string of ISO 8601.
impl From<DateTime> for Value {
    fn from(at: DateTime) -> Value {
        Value::String(at.to_string())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::String(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::String(text)
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Value, D::Error> {
        from.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl Visitor<'_> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, a string, true or false")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(text.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_keep_their_digits() {
        for number in [0_i64, -7, 1 << 53, -(1 << 53), 1_000_000_000_000_000_000] {
            assert_eq!(Value::from(number), Value::Number(number as f64), "{number}");
        }
        for number in [(1_i64 << 53) + 1, i64::MAX, i64::MIN] {
            assert_eq!(Value::from(number), Value::String(number.to_string()), "{number}");
        }
        assert_eq!(Value::from(u64::MAX), Value::String("18446744073709551615".into()));
        assert_eq!(Value::from(12_usize), Value::from(12_u32));
    }

    #[test]
    fn json_has_booleans_numbers_and_strings() {
        let read = |text: &str| serde_json::from_str::<Value>(text);
        assert_eq!(read("false").unwrap(), Value::Boolean(false));
        assert_eq!(read("-2.5").unwrap(), Value::Number(-2.5));
        assert_eq!(read("1925036343869802845").unwrap(), Value::String("1925036343869802845".into()));
        assert_eq!(read("\"x\"").unwrap(), Value::String("x".into()));
        assert!(read("[1]").unwrap_err().to_string().contains("a number, a string, true or false"));
        assert_eq!(serde_json::to_string(&[Value::from(true), 1.5.into(), "x".into()]).unwrap(), "[true,1.5,\"x\"]");
    }
}
