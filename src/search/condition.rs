//! When an argument is present.

use super::SearchValue;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The values that an earlier argument must have for an argument to be present.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Condition {
    pub(super) argument: String,
    #[serde(flatten)]
    pub(super) values: ConditionValues,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ConditionValues {
    Integers { low: usize, high: usize },
    Choices(Vec<String>),
}

impl Condition {
    /// Whether this value of the earlier argument satisfies the condition.
    pub(super) fn is_met(&self, value: &SearchValue) -> bool {
        match (&self.values, value) {
            (ConditionValues::Integers { low, high }, SearchValue::Integer(value)) => (low..=high).contains(&value),
            (ConditionValues::Choices(choices), SearchValue::Choice(value)) => choices.contains(value),
            _ => false,
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.values {
            ConditionValues::Integers { low, high } if low == high => write!(f, "{} is {low}", self.argument),
            ConditionValues::Integers { low, high } => write!(f, "{} is in {low}..={high}", self.argument),
            ConditionValues::Choices(choices) => write!(f, "{} is {}", self.argument, choices.join(" or ")),
        }
    }
}
