//! A scaler on named columns of a table.

use super::scaling::{Scaler, finite_numbers, out_of_domain};
use super::transformer::{Features, restored, stated};
use super::{Column, FittedTransformer, Table};
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

    /// Refuses a table with a number that a column does not take.
    pub(super) fn check_numbers(&self, table: &Table) -> Result<()> {
        let mut pairs = self.columns.iter().zip(self.scaler.columns());
        pairs.try_for_each(|(name, column)| scaled::<S>(table, name, column).map(drop))
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
        let pairs = self.columns.iter().zip(self.scaler.columns());
        let made =
            pairs.map(|(name, column)| Ok((name.clone(), Column::Number(scaled::<S>(table, name, column)?.collect()))));
        Ok(table.of_same_rows(made.collect::<Result<Vec<_>>>()?.into_iter()))
    }

    fn write(&self, table: &Table, features: &mut Features<'_>) -> Result<()> {
        self.columns.iter().zip(self.scaler.columns()).try_for_each(|(name, column)| {
            table.complete_numbers(name)?;
            features.numbers(scaled::<S>(table, name, column)?)
        })
    }

    fn inverse_transform(&self, table: &Table) -> Result<Table> {
        let mut pairs = self.columns.iter().zip(self.scaler.columns());
        pairs.try_fold(table.select(&self.columns)?, |inverted, (name, column)| {
            let values = table.numbers(name)?;
            let refused = |(row, &z): (usize, &f64)| S::refused_back(column, z).map(|domain| (row, z, domain));
            match values.iter().enumerate().find_map(refused) {
                Some((row, z, domain)) => Err(out_of_domain(table, name, row, z, domain)),
                None => inverted.with_numbers(name, values.iter().map(|&z| S::invert(column, z))),
            }
        })
    }

    fn state(&self) -> Result<Value> {
        stated("a scaler", self)
    }

    fn dependences(&self, column: &str) -> Vec<Dependence> {
        let of = |(name, known): (&String, &S::Column)| match name == column {
            true => S::dependence(known),
            false => Dependence::Independent,
        };
        self.columns.iter().zip(self.scaler.columns()).map(of).collect()
    }
}

/// What becomes of the numbers of a column; a missing one stays missing.
fn scaled<'a, S: Scaler>(
    table: &'a Table,
    name: &str,
    column: &'a S::Column,
) -> Result<impl Iterator<Item = f64> + use<'a, S>> {
    let values = finite_numbers(table, name)?;
    let refused = |(row, &x): (usize, &f64)| S::refused(column, x).map(|domain| (row, x, domain));
    match values.iter().enumerate().find_map(refused) {
        Some((row, x, domain)) => Err(out_of_domain(table, name, row, x, domain)),
        None => Ok(values.iter().map(|&x| if x.is_nan() { x } else { S::apply(column, x) })),
    }
}
