//! Columns of whole numbers.

use super::passthrough::PassedColumns;
use super::transformer::{Features, restored, stated, stateless};
use super::{Accumulator, Column, FitInput, FittedTransformer, Table, Transformer};
use crate::Dependence;
use crate::items::item;
use crate::{Error, Result};
use serde::Serialize;
use serde_json::Value;
use std::sync::Arc;

item! {
    /// Leaves whole numbers as they are and refuses others, for a later transformer that takes numbers for codes.
    ///
    /// A number that is missing, has a fraction, or is beyond ±9·10¹⁵, where not every whole number has a representation, is an error;
    /// so is an integer that an `f64` cannot hold.
    ///
    /// It learns only the names and types of its columns, so a fit over blocks of rows ([`Transformer::accumulator`]) is exact.
    ///
    /// ```
    /// use perceptra::preprocessing::{ColumnTransformer, Hashing, Integers, Table, Transformer};
    ///
    /// let table = Table::new().with_numbers("zip", [4109.0, 90210.0])?;
    /// let columns = ColumnTransformer::new().add(Integers.then(Hashing::new(8)), ["zip"]).fit(&table)?;
    /// let half = Table::new().with_numbers("zip", [0.5])?;
    /// assert!(columns.transform::<f32>(&half).is_err());
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    pub struct Integers: "Integers" {}
}

impl Transformer for Integers {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        let (table, columns) = (input.columns(), input.columns().names().to_vec());
        columns.iter().try_for_each(|name| integers(table, name).map(drop))?;
        Ok(Arc::new(IntegerColumns(PassedColumns { columns })))
    }

    fn accumulator(&self) -> Option<Box<dyn Accumulator>> {
        Some(stateless(self))
    }

    fn restore(&self, state: Value) -> Result<Arc<dyn FittedTransformer>> {
        Ok(Arc::new(IntegerColumns(restored("Integers", state)?)))
    }
}

/// The integers or numbers of a column as whole numbers.
pub(super) fn integers(table: &Table, column: &str) -> Result<Vec<i64>> {
    match table.column(column)? {
        Column::Integer(values) => {
            let missing = |row| Error::MissingValue { place: table.place(row), column: column.into() };
            return values.iter().enumerate().map(|(row, value)| value.ok_or_else(|| missing(row))).collect();
        }
        // A record has digits that no number holds as a string.
        Column::String(strings) if table.is_record() => {
            if let Some(integer) = strings.get(0).and_then(|text| text.parse().ok()) {
                return Ok(vec![integer]);
            }
        }
        _ => {}
    }
    let whole = |(row, value): (usize, &f64)| {
        // Above 2⁵³ not every whole number has a representation.
        if value.fract() == 0.0 && value.abs() <= 9.0e15 {
            return Ok(*value as i64);
        }
        let value = format!("{value} (it must be a whole number)");
        Err(Error::NotANumber { place: table.place(row), column: column.into(), value })
    };
    table.complete_numbers(column)?.iter().enumerate().map(whole).collect()
}

/// The names of columns of whole numbers.
#[derive(Debug, Serialize)]
pub(crate) struct IntegerColumns(pub(crate) PassedColumns);

impl FittedTransformer for IntegerColumns {
    fn inputs(&self) -> Vec<&str> {
        self.0.inputs()
    }

    fn outputs(&self) -> Vec<String> {
        self.0.outputs()
    }

    fn width(&self) -> usize {
        self.0.width()
    }

    fn transform(&self, table: &Table) -> Result<Table> {
        self.0.columns.iter().try_for_each(|name| integers(table, name).map(drop))?;
        self.0.transform(table)
    }

    fn write(&self, table: &Table, features: &mut Features<'_>) -> Result<()> {
        self.0.columns.iter().try_for_each(|name| integers(table, name).map(drop))?;
        self.0.write(table, features)
    }

    fn inverse_transform(&self, table: &Table) -> Result<Table> {
        self.0.inverse_transform(table)
    }

    fn state(&self) -> Result<Value> {
        stated("Integers", self)
    }

    fn dependences(&self, column: &str) -> Vec<Dependence> {
        self.0.dependences(column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preprocessing::{ColumnTransformer, FittedColumnTransformer};

    #[test]
    fn whole_numbers_pass_and_others_are_refused_at_the_fit_and_after() -> Result<()> {
        let table = |number: f64| Table::new().with_numbers("a", [number]);
        let fit = |number: f64| ColumnTransformer::new().add(Integers, ["a"]).fit(&table(number)?);
        let fitted = fit(-7.0)?;
        let text = serde_json::to_string(&fitted).expect("JSON");
        let fitted: FittedColumnTransformer = serde_json::from_str(&text).expect("the same");
        assert_eq!(fitted.transform::<f64>(&table(9e15)?)?[0], 9e15);
        for number in [0.5, 9.1e15, f64::INFINITY] {
            let errors = [fit(number).map(drop), fitted.transform::<f64>(&table(number)?).map(drop)];
            for error in errors {
                assert!(matches!(error, Err(Error::NotANumber { .. })), "{number}: {error:?}");
            }
        }
        assert!(matches!(fit(f64::NAN), Err(Error::MissingValue { .. })));
        Ok(())
    }
}
