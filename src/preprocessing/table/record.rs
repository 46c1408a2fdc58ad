//! One row of raw values by name.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

/// A single raw value: a number or a text.
///
/// In JSON it is the bare number or string.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Number(number) => write!(f, "{number}"),
            Value::Text(text) => write!(f, "\"{text}\""),
        }
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

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

/// One row of raw values by column name, as a service receives it.
///
/// It serializes as a plain JSON object, `{"int_rate": 14.98, "home_ownership": "RENT"}`. A name that is not
/// there, or is null, counts as missing.
///
/// ```
/// use perceptra::preprocessing::{Record, Value};
///
/// let record = Record::new().with("int_rate", 14.98).with("home_ownership", "RENT");
/// assert_eq!(record.get("int_rate"), Some(&Value::Number(14.98)));
/// assert_eq!(record.get("term"), None);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Record {
    #[serde(deserialize_with = "without_nulls")]
    values: BTreeMap<String, Value>,
}

impl Record {
    /// A record without values.
    pub fn new() -> Record {
        Record::default()
    }

    /// The record with this value, in place of one of the same name.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Value>) -> Record {
        self.values.insert(name.into(), value.into());
        self
    }

    /// The value of that name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.values.get(name)
    }

    /// Names and values in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.values.iter().map(|(name, value)| (name.as_str(), value))
    }
}

impl<N: Into<String>, V: Into<Value>> FromIterator<(N, V)> for Record {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(values: I) -> Record {
        Record { values: values.into_iter().map(|(name, value)| (name.into(), value.into())).collect() }
    }
}

fn without_nulls<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<String, Value>, D::Error> {
    let values = BTreeMap::<String, Option<Value>>::deserialize(from)?;
    Ok(values.into_iter().filter_map(|(name, value)| Some((name, value?))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_a_plain_json_object() {
        let record: Record = serde_json::from_str(r#"{"a": 1.5, "b": "x", "c": 2, "d": null}"#).unwrap();
        assert_eq!(record, Record::new().with("a", 1.5).with("b", "x").with("c", 2.0));
        assert_eq!(serde_json::to_string(&record).unwrap(), r#"{"a":1.5,"b":"x","c":2.0}"#);
    }
}
