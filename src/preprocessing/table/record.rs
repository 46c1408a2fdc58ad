//! One row of raw values by name.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use super::Value;

/// One row of raw values by column name, as a service receives it.
///
/// It serializes as a plain JSON object, `{"int_rate": 14.98, "home_ownership": "RENT", "owner": true}`. A name that is
/// not there, or is null, counts as missing. A date is a string of ISO 8601, `"2024-02-29"` or
/// `"2024-02-29T18:30:00"`. Strings are taken as they are: what a table was read with, such as
/// `CsvOptions::trim`, is not applied to records.
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
        let record: Record = serde_json::from_str(r#"{"a": 1.5, "b": "x", "c": 2, "d": null, "e": true}"#).unwrap();
        assert_eq!(record, Record::new().with("a", 1.5).with("b", "x").with("c", 2.0).with("e", true));
        assert_eq!(serde_json::to_string(&record).unwrap(), r#"{"a":1.5,"b":"x","c":2.0,"e":true}"#);
    }
}
