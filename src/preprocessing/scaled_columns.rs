//! A scaler on named columns of a table.

use super::scaling::Scaler;
use super::transformer::{Features, restored, stated, table_of};
use super::{FittedTransformer, Table};
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// A fitted scaler with the names of the columns that it scales.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScaledColumns<S> {
    pub(crate) columns: Vec<String>,
    pub(crate) scaler: S,
}

impl<S: Scaler> ScaledColumns<S> {
    pub(super) fn shared(columns: Vec<String>, scaler: S) -> Arc<dyn FittedTransformer> {
        Arc::new(ScaledColumns { columns, scaler })
    }

    /// Of a state whose parts fit together.
    pub(super) fn restored(item: &str, state: Value) -> Result<Arc<dyn FittedTransformer>> {
        let read: ScaledColumns<S> = restored(item, state)?;
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
        table_of(self, table)
    }

    fn write(&self, table: &Table, features: &mut Features<'_>) -> Result<()> {
        self.columns.iter().zip(self.scaler.columns()).try_for_each(|(name, column)| {
            features.numbers(table.complete_numbers(name)?.iter().map(|&x| S::apply(column, x)))
        })
    }

    fn inverse_transform(&self, table: &Table) -> Result<Table> {
        let mut pairs = self.columns.iter().zip(self.scaler.columns());
        pairs.try_fold(table.select(&self.columns)?, |inverted, (name, column)| {
            inverted.with_numbers(name, table.numbers(name)?.iter().map(|&z| S::invert(column, z)))
        })
    }

    fn state(&self) -> Result<Value> {
        stated("a scaler", self)
    }
}
