//! The logarithm of numbers that may be 0.

use super::scaled_columns::ScaledColumns;
use super::scaling::Scaler;
use super::transformer::stateless;
use super::{Accumulator, FitInput, FittedTransformer, Transformer};
use crate::Dependence;
use crate::Result;
use crate::items::item;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

item! {
    /// The logarithm of one more than each number, `z = ln(1 + x)`, for columns that are skewed to the right, such as amounts.
    ///
    /// It learns nothing; the inverse is `eᶻ − 1`. Missing values stay missing; the matrix of a network refuses them.
    ///
    /// It learns only the names and types of its columns, so a fit over blocks of rows ([`Transformer::accumulator`]) is exact.
    ///
    /// ```
    /// use perceptra::preprocessing::{ColumnTransformer, Log1p, StandardScaler, Table, Transformer};
    ///
    /// let table = Table::new().with_numbers("balance", [0.0, 99.0])?;
    /// let columns = ColumnTransformer::new().add(Log1p.then(StandardScaler::new()), ["balance"]);
    /// assert_eq!(columns.fit_transform::<f32>(&table)?.1.as_slice(), [-1.0, 1.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Fit and transformation fail with [`Error::Argument`](crate::Error::Argument), which names the row, for a number that is not
    /// above −1, and with [`Error::InfiniteValue`](crate::Error::InfiniteValue) for an infinite one.
    ///
    /// # References
    ///
    /// NumPy, *numpy.log1p* and *numpy.expm1*.
    pub struct Log1p: "Log1p" {}
}

impl Log1p {
    /// The transformer; it has no arguments.
    pub fn new() -> Log1p {
        Log1p
    }
}

impl Transformer for Log1p {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        let names = input.columns().names();
        let fitted = ScaledColumns { columns: names.to_vec(), scaler: FittedLog1p { columns: vec![(); names.len()] } };
        fitted.check_numbers(input.columns())?;
        Ok(Arc::new(fitted))
    }

    fn accumulator(&self) -> Option<Box<dyn Accumulator>> {
        Some(stateless(self))
    }

    fn restore(&self, state: Value) -> Result<Arc<dyn FittedTransformer>> {
        ScaledColumns::<FittedLog1p>::restored("Log1p", state)
    }
}

/// An empty state for each column.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FittedLog1p {
    columns: Vec<()>,
}

impl Scaler for FittedLog1p {
    type Column = ();

    fn columns(&self) -> &[()] {
        &self.columns
    }

    fn apply((): &(), x: f64) -> f64 {
        x.ln_1p()
    }

    fn invert((): &(), z: f64) -> f64 {
        z.exp_m1()
    }

    fn refused((): &(), x: f64) -> Option<(&'static str, &'static str)> {
        let expected = "a number above -1; correct it, add a constant to the column before, or take \
                        PowerTransformer::new(), whose Yeo-Johnson transformation takes negative numbers";
        (x <= -1.0).then_some(("Log1p", expected))
    }

    fn refused_back((): &(), z: f64) -> Option<(&'static str, &'static str)> {
        let expected = "a number of at most 709.7, the logarithm of the largest number";
        (z.exp_m1() == f64::INFINITY).then_some(("the inverse of Log1p", expected))
    }

    fn fits(&self, columns: usize) -> bool {
        self.columns.len() == columns
    }

    fn dependence(_: &()) -> Dependence {
        Dependence::Increasing
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preprocessing::Table;
    use crate::preprocessing::scaler_tests::{assert_reference, assert_restored, made};
    use crate::reference;

    #[test]
    fn values_are_those_of_the_reference() {
        assert_reference(&Log1p, &reference::case("log1p"), 1e-12);
    }

    #[test]
    fn a_number_that_has_no_logarithm_is_named_with_its_row() {
        let error = made(&Log1p, &[0.0, f64::NAN, -1.0]).unwrap_err().to_string();
        assert!(
            error.starts_with("Log1p of column \"a\": x is -1 at row 2 (counted from 0); expected a number above -1")
        );
        assert!(error.contains("PowerTransformer"), "{error}");
        let table = Table::new().with_numbers("a", [0.0]).unwrap();
        let fitted = Log1p.fit(FitInput::new(&table)).unwrap();
        let error = fitted.transform(&table.with_numbers("a", [-2.5]).unwrap()).unwrap_err().to_string();
        assert!(error.contains("x is -2.5 at row 0"), "{error}");
        let error = fitted.inverse_transform(&table.with_numbers("a", [800.0]).unwrap()).unwrap_err().to_string();
        assert!(error.contains("the inverse of Log1p of column \"a\": x is 800"), "{error}");
    }

    #[test]
    fn a_column_without_value_stays_missing() {
        assert!(made(&Log1p, &[f64::NAN]).unwrap()[0].is_nan());
    }

    #[test]
    fn a_state_comes_back_and_a_hostile_one_is_refused() {
        let table = Table::new().with_numbers("a", [1.0, 2.0, f64::NAN]).unwrap();
        assert_restored(&Log1p, &table, &[(r#"{"columns":[null]}"#, r#"{"columns":[]}"#)]);
    }
}
