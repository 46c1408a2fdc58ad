//! The arguments of one trial.

use super::SearchValue;
use crate::sorting;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;

/// The arguments that are present in one trial, by name, in the order of the space.
///
/// ```
/// use perceptra::search::TrialArguments;
///
/// let arguments: TrialArguments = [("units", 12.into()), ("activation", "relu".into())].into_iter().collect();
/// assert_eq!(arguments.get("activation"), Some(&"relu".into()));
/// assert_eq!(arguments.to_string(), "units 12, activation relu");
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TrialArguments {
    values: Vec<(String, SearchValue)>,
}

impl TrialArguments {
    /// The value of an argument; `None` if it is absent.
    pub fn get(&self, name: &str) -> Option<&SearchValue> {
        self.values.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// Iterates over names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &SearchValue)> {
        self.values.iter().map(|(name, value)| (name.as_str(), value))
    }

    pub(super) fn push(&mut self, name: String, value: SearchValue) {
        self.values.push((name, value));
    }

    /// Sorts the arguments into the order of these names.
    pub(super) fn in_order<'n>(mut self, names: impl Iterator<Item = &'n str>) -> Self {
        let order: Vec<&str> = names.collect();
        let position = |name: &str| order.iter().position(|known| *known == name).unwrap_or(usize::MAX);
        sorting::by(&mut self.values, |(a, _), (b, _)| position(a).cmp(&position(b)));
        self
    }
}

impl<N: Into<String>> FromIterator<(N, SearchValue)> for TrialArguments {
    fn from_iter<I: IntoIterator<Item = (N, SearchValue)>>(values: I) -> Self {
        TrialArguments { values: values.into_iter().map(|(name, value)| (name.into(), value)).collect() }
    }
}

impl From<usize> for SearchValue {
    fn from(value: usize) -> Self {
        SearchValue::Integer(value)
    }
}

impl From<f64> for SearchValue {
    fn from(value: f64) -> Self {
        SearchValue::Float(value)
    }
}

impl From<&str> for SearchValue {
    fn from(value: &str) -> Self {
        SearchValue::Choice(value.into())
    }
}

impl Serialize for TrialArguments {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for TrialArguments {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(BTreeMap::<String, SearchValue>::deserialize(deserializer)?.into_iter().collect())
    }
}

impl fmt::Display for TrialArguments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, value)) in self.iter().enumerate() {
            write!(f, "{}{name} {value}", if index == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}
