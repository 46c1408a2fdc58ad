//! The labels of a column of classes, in ascending order.

use super::columns::complete;
use crate::error::shortened;
use crate::preprocessing::{Column, Table, Value};
use crate::sorting;
use crate::{Error, Result};
use std::cmp::Ordering;

/// The distinct values of a column in the training rows and in those for validation.
pub(super) fn labels(train: &Table, validation: Option<&Table>, column: &str) -> Result<Vec<Value>> {
    let mut labels = distinct(train, column)?;
    if let Some(validation) = validation {
        labels.extend(distinct(validation, column)?);
    }
    sorting::by(&mut labels, ascending);
    labels.dedup();
    Ok(labels)
}

/// The first labels, for a message.
pub(in super::super) fn listed(labels: &[Value]) -> String {
    let first = labels.iter().take(6).map(|label| shortened(&label.to_string())).collect::<Vec<_>>().join(", ");
    format!("{first}{}", if labels.len() > 6 { ", …" } else { "" })
}

/// Numbers before booleans before strings, each ascending.
pub(super) fn ascending(a: &Value, b: &Value) -> Ordering {
    let rank = |value: &Value| match value {
        Value::Number(_) => 0,
        Value::Boolean(_) => 1,
        Value::String(_) => 2,
    };
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.total_cmp(b),
        (Value::Boolean(a), Value::Boolean(b)) => a.cmp(b),
        (Value::String(a), Value::String(b)) => a.cmp(b),
        _ => rank(a).cmp(&rank(b)),
    }
}

/// The distinct values of a column in ascending order, none missing.
pub(super) fn distinct(table: &Table, name: &str) -> Result<Vec<Value>> {
    let missing = |row| Error::MissingValue { place: table.place(row), column: name.to_owned() };
    match table.column(name)? {
        Column::Number(_) => {
            let mut values: Vec<f64> = complete(table, name)?.iter().map(|value| value + 0.0).collect();
            values.sort_unstable_by(f64::total_cmp);
            values.dedup();
            Ok(values.into_iter().map(Value::Number).collect())
        }
        Column::Integer(values) => {
            let values = values.iter().enumerate().map(|(row, value)| value.ok_or_else(|| missing(row)));
            let mut values = values.collect::<Result<Vec<i64>>>()?;
            values.sort_unstable();
            values.dedup();
            let labels: Vec<Value> = values.iter().map(|&value| Value::from(value)).collect();
            match labels.iter().all(|label| matches!(label, Value::Number(_))) {
                true => Ok(labels),
                false => Ok(values.into_iter().map(|value| Value::String(value.to_string())).collect()),
            }
        }
        Column::DateTime(values) => {
            let values = values.iter().enumerate().map(|(row, at)| at.ok_or_else(|| missing(row)));
            let mut values = values.collect::<Result<Vec<_>>>()?;
            sorting::by(&mut values, Ord::cmp);
            values.dedup();
            Ok(values.into_iter().map(Value::from).collect())
        }
        Column::Boolean(values) => {
            if let Some(row) = values.iter().position(|value| value.is_none()) {
                return Err(missing(row));
            }
            let occurring = [false, true].into_iter().filter(|value| values.iter().any(|y| y == Some(*value)));
            Ok(occurring.map(Value::Boolean).collect())
        }
        Column::String(strings) => match strings.iter().position(|text| text.is_none()) {
            Some(row) => Err(missing(row)),
            None => Ok(strings.categories().into_iter().map(Value::from).collect()),
        },
    }
}
