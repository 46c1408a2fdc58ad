//! The values of one raw column in the training rows.

use super::DomainFlag;
use crate::preprocessing::{Column, Record, TextToNumber, Value};
use serde::{Deserialize, Serialize};

/// Columns with more distinct strings than this are not checked, since they are identifiers or free text.
pub(super) const MOST_CATEGORIES: usize = 1000;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ColumnDomain {
    pub(super) name: String,
    /// Whether a value was missing in a training row.
    missing: bool,
    values: SeenValues,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum SeenValues {
    /// Any value is accepted: no training row had a value, or there were too many distinct strings.
    Any,
    /// The range of the finite numbers of the training rows.
    Numbers { low: f64, high: f64 },
    /// Whether `false` occurred, and whether `true` did.
    Booleans { no: bool, yes: bool },
    /// The distinct strings, in alphabetical order.
    Strings(Vec<String>),
}

impl SeenValues {
    /// The range of the finite numbers; [`Self::Any`] if there are none.
    fn range(numbers: impl Iterator<Item = f64>) -> Self {
        let finite = numbers.filter(|number| number.is_finite());
        let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
        if low <= high { SeenValues::Numbers { low, high } } else { SeenValues::Any }
    }
}

impl ColumnDomain {
    /// The values of a column; with a notation, its strings are read as numbers.
    pub(super) fn of(name: &str, column: &Column, notation: Option<&TextToNumber>) -> Self {
        let values = match (column, notation) {
            (Column::Number(numbers), _) => SeenValues::range(numbers.iter().copied()),
            (Column::Integer(integers), _) => match integers.as_numbers() {
                Some(numbers) => SeenValues::range(numbers.iter().copied()),
                None => SeenValues::Any,
            },
            (Column::DateTime(_), _) => SeenValues::Any,
            (Column::String(strings), Some(notation)) => {
                SeenValues::range(strings.categories().into_iter().filter_map(|text| notation.number(text)))
            }
            (Column::Boolean(values), _) => {
                let occurs = |wanted: bool| values.iter().any(|value| value == Some(wanted));
                SeenValues::Booleans { no: occurs(false), yes: occurs(true) }
            }
            (Column::String(strings), None) => {
                let categories = strings.categories();
                match categories.len() {
                    1..=MOST_CATEGORIES => SeenValues::Strings(categories.into_iter().map(String::from).collect()),
                    _ => SeenValues::Any,
                }
            }
        };
        ColumnDomain { name: name.into(), missing: column.missing() > 0, values }
    }

    /// The flag for a record whose value did not occur in the training rows, if so.
    pub(super) fn flag<'a>(
        &self,
        record: &Record,
        notation: impl FnOnce() -> Option<&'a TextToNumber>,
    ) -> Option<DomainFlag> {
        let column = || self.name.clone();
        let value = match record.get(&self.name) {
            Some(Value::Number(number)) if number.is_nan() => None,
            other => other,
        };
        let Some(value) = value else {
            return (!self.missing).then(|| DomainFlag::Missing { column: column() });
        };
        let unknown = || Some(DomainFlag::Unknown { column: column(), value: value.clone() });
        match (&self.values, value) {
            (SeenValues::Any, _) => None,
            (SeenValues::Strings(known), Value::String(text)) => {
                if known.binary_search_by(|known| known.as_str().cmp(text)).is_ok() { None } else { unknown() }
            }
            (SeenValues::Strings(_), _) => unknown(),
            (SeenValues::Booleans { no, yes }, value) => {
                let known = match value {
                    Value::Boolean(value) => {
                        if *value {
                            *yes
                        } else {
                            *no
                        }
                    }
                    Value::Number(number) => (*number == 0.0 && *no) || (*number == 1.0 && *yes),
                    Value::String(_) => false,
                };
                if known { None } else { unknown() }
            }
            (SeenValues::Numbers { low, high }, value) => {
                let number = match value {
                    Value::Number(number) => *number,
                    Value::Boolean(value) => f64::from(u8::from(*value)),
                    Value::String(text) => match notation().and_then(|notation| notation.number(text)) {
                        Some(number) => number,
                        None => return unknown(),
                    },
                };
                match number {
                    value if value < *low => Some(DomainFlag::Below { column: column(), value, low: *low }),
                    value if value > *high => Some(DomainFlag::Above { column: column(), value, high: *high }),
                    _ => None,
                }
            }
        }
    }

    /// Whether values that were read from a file are valid.
    pub(super) fn is_valid(&self) -> bool {
        match &self.values {
            SeenValues::Numbers { low, high } => low.is_finite() && high.is_finite() && low <= high,
            SeenValues::Strings(known) => {
                (1..=MOST_CATEGORIES).contains(&known.len()) && known.is_sorted_by(|a, b| a < b)
            }
            SeenValues::Any | SeenValues::Booleans { .. } => true,
        }
    }
}
