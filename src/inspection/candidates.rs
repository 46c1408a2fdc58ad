//! The values that a column of a record may change to.

use super::grid::sorted_numbers;
use crate::preprocessing::{Column, Record, StringColumn, Table, Value};
use crate::sorting;
use crate::statistics::Moments;
use crate::{Error, Result};
use std::mem::discriminant;

/// One column that may change, with its candidate values and their costs.
pub(super) struct Candidates {
    pub(super) name: String,
    /// The value in the record.
    pub(super) original: Option<Value>,
    /// The other values with their costs, the cheapest first.
    pub(super) others: Vec<(Value, f64)>,
    /// The standard deviation of a column of numbers.
    pub(super) spread: f64,
    pub(super) is_whole: bool,
    kind: CandidateKind,
}

#[derive(Debug, Clone, Copy)]
enum CandidateKind {
    Number,
    Boolean,
    String,
}

impl Candidates {
    /// Creates at most `limit` candidates from the values of a column in a table.
    pub(super) fn of(item: &str, table: &Table, name: &str, record: &Record, limit: usize) -> Result<Self> {
        let column = table.column(name)?;
        let original = record.get(name).cloned();
        let (kind, sample) = match column {
            Column::Boolean(_) => (CandidateKind::Boolean, Value::Boolean(false)),
            // Dates, and integers that are not exact in `f64`, are strings in a record.
            column if column.as_numbers().is_none() => (CandidateKind::String, Value::from("")),
            _ => (CandidateKind::Number, Value::Number(0.0)),
        };
        if let Some(original) = original.as_ref().filter(|original| discriminant(*original) != discriminant(&sample)) {
            let (value, expected) = (format!("{original} in \"{name}\""), format!("{} as in the table", column.kind()));
            return Err(Error::argument(item, "record", value, expected));
        }
        let mut found =
            Candidates { name: name.into(), original, others: Vec::new(), spread: 0.0, is_whole: false, kind };
        match (column, column.as_numbers()) {
            (Column::Boolean(_), _) => {
                found.others = [false, true].map(|value| (Value::Boolean(value), 1.0)).to_vec();
            }
            (_, Some(numbers)) => {
                if numbers.iter().all(|number| number.is_nan()) {
                    return Ok(found);
                }
                let sorted = sorted_numbers(item, table, name, numbers)?;
                found.spread = Moments::of(&sorted).deviation(0.0);
                found.is_whole = sorted.iter().all(|number| number.fract() == 0.0);
                let mut values = sorted;
                values.dedup();
                let values: Vec<f64> = match values.len() > limit {
                    // Evenly spaced in the sorted distinct values, including both ends.
                    true => (0..limit).map(|point| values[point * (values.len() - 1) / (limit - 1).max(1)]).collect(),
                    false => values,
                };
                found.others = values.into_iter().map(|value| (Value::Number(value), found.cost(value))).collect();
            }
            (_, None) => {
                let counts = table.value_counts(name)?.into_iter().take(limit);
                found.others = counts.map(|(text, _)| (Value::from(text), 1.0)).collect();
            }
        }
        let original = found.original.clone();
        found.others.retain(|(value, _)| Some(value) != original.as_ref());
        sorting::by_number(&mut found.others, |other| other.1);
        Ok(found)
    }

    /// The cost of changing to a number: the distance in standard deviations, or 1 if the value was missing or all values are
    /// equal.
    pub(super) fn cost(&self, value: f64) -> f64 {
        match &self.original {
            Some(Value::Number(original)) if self.spread > 0.0 => (value - original).abs() / self.spread,
            _ => 1.0,
        }
    }

    /// The candidate of an index counted from 1, or the value of the record for 0.
    pub(super) fn value(&self, choice: usize) -> Option<&Value> {
        match choice.checked_sub(1) {
            None => self.original.as_ref(),
            Some(other) => self.others.get(other).map(|(value, _)| value),
        }
    }

    /// A column of values, in the type of the table's.
    pub(super) fn column<'a>(&self, values: impl Iterator<Item = Option<&'a Value>>) -> Column {
        match self.kind {
            CandidateKind::Number => {
                let number =
                    |value: Option<&Value>| if let Some(Value::Number(number)) = value { *number } else { f64::NAN };
                Column::Number(values.map(number).collect())
            }
            CandidateKind::Boolean => {
                let boolean =
                    |value: Option<&Value>| if let Some(Value::Boolean(value)) = value { Some(*value) } else { None };
                Column::Boolean(values.map(boolean).collect())
            }
            CandidateKind::String => {
                let string = |value: Option<&'a Value>| match value {
                    Some(Value::String(text)) => Some(text.as_str()),
                    _ => None,
                };
                values.map(string).collect::<StringColumn>().into()
            }
        }
    }
}
