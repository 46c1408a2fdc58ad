//! The labels of a multiclass target, and the class of each row.

use super::super::Target;
use super::labels::listed;
use super::state::FittedTarget;
use crate::error::shortened;
use crate::preprocessing::{Column, Table, Value};
use crate::{Error, Result};

impl Target {
    /// The labels, at least two.
    pub(super) fn several(&self, labels: Vec<Value>) -> Result<Vec<Value>> {
        if labels.len() < 2 { Err(self.too_few(&labels)) } else { Ok(labels) }
    }

    pub(super) fn too_few(&self, labels: &[Value]) -> Error {
        let value = match labels.first() {
            Some(label) => format!("{} in every row", shortened(&label.to_string())),
            None => "one without rows".into(),
        };
        Error::argument(self.named(), "column", value, "at least two values, each with training rows")
    }
}

impl FittedTarget {
    /// Returns an error for a class that none of these rows has.
    pub(in super::super) fn check_training_rows(&self, train: &Table) -> Result<()> {
        if !self.task().has_classes() {
            return Ok(());
        }
        let classes = self.classes(train)?;
        let mut has_rows = vec![false; self.labels.len()];
        classes.iter().for_each(|&class| has_rows[class] = true);
        match has_rows.iter().position(|has_rows| !has_rows) {
            None => Ok(()),
            Some(class) => Err(self.without_training_rows(class)),
        }
    }

    /// The error about a class that no training row has.
    pub(super) fn without_training_rows(&self, class: usize) -> Error {
        let label = shortened(&self.labels[class].to_string());
        let value = format!("one with {label} in rows for validation alone");
        Error::argument(self.target.named(), "column", value, "at least two values, each with training rows")
    }

    /// The class of each row, 0 and 1 for a binary target.
    ///
    /// # Errors
    ///
    /// [`Error::MissingValue`]; [`Error::Argument`] for a label that the training rows did not have, and for a task without classes.
    pub fn classes(&self, table: &Table) -> Result<Vec<usize>> {
        let name = &self.target.columns[0];
        if !self.task().has_classes() {
            return Err(Error::argument(self.target.named(), "task", self.task(), "one with classes"));
        }
        let index = |value: &Value| self.labels.iter().position(|label| label == value);
        let unknown = |row: usize, value: &Value| {
            let labels = listed(&self.labels);
            let value = format!("{value} ({})", table.place(row));
            Error::argument(self.target.named(), "label", value, format!("one of the training rows': {labels}"))
        };
        let missing = |row| Error::MissingValue { place: table.place(row), column: name.clone() };
        let of = |row: usize, value: Option<Value>| {
            let value = value.ok_or_else(|| missing(row))?;
            index(&value).ok_or_else(|| unknown(row, &value))
        };
        match table.column(name)? {
            Column::Number(numbers) => {
                numbers.iter().enumerate().map(|(row, &y)| of(row, (!y.is_nan()).then_some(Value::Number(y)))).collect()
            }
            // As numbers, or as digits if one of the training rows' integers is not exact in `f64`.
            Column::Integer(values) => {
                let label = |value: i64| match index(&Value::from(value)) {
                    Some(_) => Value::from(value),
                    None => Value::String(value.to_string()),
                };
                values.iter().enumerate().map(|(row, y)| of(row, y.map(label))).collect()
            }
            Column::DateTime(values) => values.iter().enumerate().map(|(row, y)| of(row, y.map(Value::from))).collect(),
            Column::Boolean(values) => {
                values.iter().enumerate().map(|(row, y)| of(row, y.map(Value::Boolean))).collect()
            }
            Column::String(strings) => {
                let all = strings.all_categories().iter().map(|text| index(&Value::from(text.as_str())));
                let known: Vec<Option<usize>> = all.collect();
                let class = |(row, &code): (usize, &u32)| match known.get(code as usize) {
                    Some(Some(class)) => Ok(*class),
                    _ => of(row, strings.get(row).map(Value::from)),
                };
                strings.codes().iter().enumerate().map(class).collect()
            }
        }
    }
}
