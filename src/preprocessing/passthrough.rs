//! Columns of numbers as they are.

use super::missing_numbers::finite_or_missing;
use super::scaling::finite_numbers;
use super::transformer::{Features, restored, rising, stated, stateless};
use super::{Accumulator, Column, FitInput, FittedTransformer, RowValue, Table, Transformer};
use crate::Dependence;
use crate::Result;
use crate::items::item;
use crate::lists::try_map;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

item! {
    /// Leaves numbers as they are, booleans as 1 and 0; infinite ones are refused.
    ///
    /// A missing number stays missing; the matrix of a network refuses it.
    ///
    /// It learns only the names and types of its columns, so a fit over blocks of rows ([`Transformer::accumulator`]) is exact.
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

    fn accumulator(&self) -> Option<Box<dyn Accumulator>> {
        Some(stateless(self))
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

/// The table of these columns as numbers, booleans as 1 and 0; infinite ones are refused.
pub(super) fn as_numbers(table: &Table, columns: &[String]) -> Result<Table> {
    let number = |name: &String| Ok((name.clone(), Column::Number(finite_or_missing(table, name)?.into_owned())));
    Ok(table.of_same_rows(try_map(columns.iter(), number)?))
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
        as_numbers(table, &self.columns)
    }

    fn write(&self, table: &Table, features: &mut Features<'_>) -> Result<()> {
        self.columns.iter().try_for_each(|name| {
            table.complete_numbers(name)?;
            features.column(finite_numbers(table, name)?)
        })
    }

    fn write_row<'a>(&'a self, values: &[RowValue<'a>], made: &mut Vec<RowValue<'a>>) -> bool {
        values.iter().all(|value| value.as_number().map(|x| made.push(RowValue::number(x))).is_some())
    }

    fn inverse_transform(&self, table: &Table) -> Result<Table> {
        self.transform(table)
    }

    fn state(&self) -> Result<Value> {
        stated("Passthrough", self)
    }

    fn dependences(&self, column: &str) -> Vec<Dependence> {
        rising(&self.columns, column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;
    use crate::preprocessing::ColumnTransformer;

    #[test]
    fn missing_numbers_pass_into_a_table_and_infinite_ones_do_not() -> Result<()> {
        let table = Table::new().with_numbers("a", [1.0, f64::NAN])?;
        let fitted = Passthrough.fit(FitInput::new(&table))?;
        assert_eq!(format!("{:?}", fitted.transform(&table)?.numbers("a")?), "[1.0, NaN]");
        let columns = ColumnTransformer::new().passthrough(["a"]).fit(&table)?;
        assert!(matches!(columns.transform::<f32>(&table), Err(Error::MissingValue { .. })));
        let infinite = Table::new().with_numbers("a", [1.0, f64::NEG_INFINITY])?;
        assert!(matches!(fitted.transform(&infinite), Err(Error::InfiniteValue { .. })));
        assert!(matches!(columns.transform::<f32>(&infinite), Err(Error::InfiniteValue { .. })));
        Ok(())
    }
}
