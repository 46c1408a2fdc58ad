//! What the training rows had in one raw column.

use super::DomainFlag;
use crate::preprocessing::{Column, Record, TextToNumber, Value};
use serde::{Deserialize, Serialize};

/// Columns of strings with more distinct values are not checked: they are identifiers or free text.
pub(super) const MOST_CATEGORIES: usize = 1000;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ColumnDomain {
    pub(super) name: String,
    /// Whether training rows lacked a value.
    missing: bool,
    values: SeenValues,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum SeenValues {
    /// No training row had a value, or too many different strings.
    Any,
    /// The finite numbers of the training rows.
    Numbers { low: f64, high: f64 },
    /// Whether false and true occurred.
    Booleans { no: bool, yes: bool },
    /// In alphabetical order.
    Strings(Vec<String>),
}

impl SeenValues {
    /// Of finite numbers, which may be none.
    fn range(numbers: impl Iterator<Item = f64>) -> Self {
        let finite = numbers.filter(|number| number.is_finite());
        let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
        if low <= high { SeenValues::Numbers { low, high } } else { SeenValues::Any }
    }
}

impl ColumnDomain {
    /// Of a column, whose strings are numbers where there is a notation.
    pub(super) fn of(name: &str, column: &Column, notation: Option<&TextToNumber>) -> Self {
        let values = match (column, notation) {
            (Column::Number(numbers), _) => SeenValues::range(numbers.iter().copied()),
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

    /// In what the value of a record is unlike those of the training rows.
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

    /// Whether the values of a file can be those of a column.
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
