//! Columns of numbers as they are.

use super::scaling::finite_numbers;
use super::transformer::{Features, restored, stated};
use super::{FitInput, FittedTransformer, Table, Transformer};
use crate::Result;
use crate::items::item;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

item! {
    /// Leaves numbers as they are, booleans as 1 and 0; none may be missing or, at the fit, infinite.
    ///
    /// ```
    /// use perceptra::preprocessing::{ColumnTransformer, Passthrough, Selector, Table};
    ///
    /// let table = Table::new().with_numbers("rate", [5.0, 7.5])?.with_booleans("owner", [true, false])?;
    /// let (_, x) = ColumnTransformer::new().add(Passthrough, Selector::all()).fit_transform::<f32>(&table)?;
    /// assert_eq!(x.as_slice(), [5.0, 7.5, 1.0, 0.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    pub struct Passthrough: "Passthrough" {}
}

impl Transformer for Passthrough {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        let (table, columns) = (input.columns(), input.columns().names().to_vec());
        columns.iter().try_for_each(|name| finite_numbers(table, name).map(drop))?;
        Ok(Arc::new(PassedColumns { columns }))
    }

    fn restore(&self, state: Value) -> Result<Arc<dyn FittedTransformer>> {
        Ok(Arc::new(restored::<PassedColumns>("Passthrough", state)?))
    }
}

/// The names of columns that are passed on.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PassedColumns {
    pub(crate) columns: Vec<String>,
}

impl FittedTransformer for PassedColumns {
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
        table.select(&self.columns)
    }

    fn write(&self, table: &Table, features: &mut Features<'_>) -> Result<()> {
        self.columns.iter().try_for_each(|name| features.numbers(table.complete_numbers(name)?.iter().copied()))
    }

    fn inverse_transform(&self, table: &Table) -> Result<Table> {
        self.transform(table)
    }

    fn state(&self) -> Result<Value> {
        stated("Passthrough", self)
    }
}
