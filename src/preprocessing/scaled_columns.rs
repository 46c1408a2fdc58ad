//! A scaler on named columns of a table.

use super::scaling::{Scaler, finite_numbers, out_of_domain};
use super::transformer::{Features, restored, stated};
use super::{Column, FittedTransformer, RowValue, Table};
use crate::Dependence;
use crate::items::json::from_value;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// A fitted scaler with the names of the columns that it scales.
#[derive(Debug, Serialize)]
pub(crate) struct ScaledColumns<S> {
    pub(crate) columns: Vec<String>,
    pub(crate) scaler: S,
}

/// [`ScaledColumns`] as they are stored, for any scaler.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NamedScaler {
    columns: Vec<String>,
    scaler: Value,
}

impl<S: Scaler> ScaledColumns<S> {
    pub(super) fn shared(columns: Vec<String>, scaler: S) -> Arc<dyn FittedTransformer> {
        Arc::new(ScaledColumns { columns, scaler })
    }

    /// Returns an error for a table with a number that a column does not take.
    pub(super) fn check_numbers(&self, table: &Table) -> Result<()> {
        for (name, column) in self.columns.iter().zip(self.scaler.columns()) {
            scaled::<S>(table, name, column)?;
        }
        Ok(())
    }

    /// Of a state whose parts fit together.
    pub(super) fn restored(item: &str, state: Value) -> Result<Arc<dyn FittedTransformer>> {
        let NamedScaler { columns, scaler } = restored(item, state)?;
        let scaler: S = from_value(scaler)
            .map_err(|reason| Error::Configuration { item: item.into(), reason: format!("\"scaler\": {reason}") })?;
        let read = ScaledColumns { columns, scaler };
        match read.scaler.fits(read.columns.len()) {
            true => Ok(Arc::new(read)),
            false => Err(Error::Configuration {
                item: item.into(),
                reason: format!("it has no values that could scale {}", read.columns.join(", ")),
            }),
        }
    }
}

impl<S: Scaler> FittedTransformer for ScaledColumns<S> {
    fn inputs(&self) -> Vec<&str> {
        self.columns.iter().map(String::as_str).collect()
    }

    fn outputs(&self) -> Vec<String> {
        self.columns.clone()
    }

    fn width(&self) -> usize {
        self.columns.len()
    }

    fn transform(&self, table: &Table) -> Result<Table> {
        let mut made = Vec::new();
        for (name, column) in self.columns.iter().zip(self.scaler.columns()) {
            made.push((name.clone(), Column::Number(scaled::<S>(table, name, column)?)));
        }
        Ok(table.of_same_rows(made))
    }

    fn write(&self, table: &Table, features: &mut Features<'_>) -> Result<()> {
        for (name, column) in self.columns.iter().zip(self.scaler.columns()) {
            table.complete_numbers(name)?;
            features.column(&scaled::<S>(table, name, column)?)?;
        }
        Ok(())
    }

    fn write_row<'a>(&'a self, values: &[RowValue<'a>], made: &mut Vec<RowValue<'a>>) -> bool {
        values.iter().zip(self.scaler.columns()).all(|(value, column)| {
            let number = value.as_number().filter(|x| S::refused(column, *x).is_none());
            number.map(|x| made.push(RowValue::number(if x.is_nan() { x } else { S::apply(column, x) }))).is_some()
        })
    }

    fn inverse_transform(&self, table: &Table) -> Result<Table> {
        let mut inverted = table.select(&self.columns)?;
        for (name, column) in self.columns.iter().zip(self.scaler.columns()) {
            let mut made = Vec::with_capacity(table.nrows());
            for (row, &z) in table.numbers(name)?.iter().enumerate() {
                if let Some(domain) = S::refused_back(column, z) {
                    return Err(out_of_domain(table, name, row, z, domain));
                }
                made.push(S::invert(column, z));
            }
            inverted = inverted.with_column(name, made)?;
        }
        Ok(inverted)
    }

    fn state(&self) -> Result<Value> {
        stated("a scaler", self)
    }

    fn dependences(&self, column: &str) -> Vec<Dependence> {
        let mut dependences = vec![Dependence::Independent; self.columns.len()];
        for ((name, known), dependence) in self.columns.iter().zip(self.scaler.columns()).zip(&mut dependences) {
            if name == column {
                *dependence = S::dependence(known);
            }
        }
        dependences
    }
}

/// Scales the numbers of a column; a missing one stays missing.
fn scaled<S: Scaler>(table: &Table, name: &str, column: &S::Column) -> Result<Vec<f64>> {
    let mut made = Vec::with_capacity(table.nrows());
    for (row, &x) in finite_numbers(table, name)?.iter().enumerate() {
        if let Some(domain) = S::refused(column, x) {
            return Err(out_of_domain(table, name, row, x, domain));
        }
        made.push(if x.is_nan() { x } else { S::apply(column, x) });
    }
    Ok(made)
}
