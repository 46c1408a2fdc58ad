//! Scaling by median and quantile range.

use super::normal::normal_quantile;
use super::quantile::quantile;
use super::ranked_numbers::RankedNumbers;
use super::scaled_columns::ScaledColumns;
use super::scaling::Scaler;
use super::sketched_columns::{RankedColumns, ranked_columns, sketched};
use super::{Accumulator, FitInput, FittedTransformer, Transformer};
use crate::Dependence;
use crate::Result;
use crate::items::{Spec, invalid, item};
use crate::statistics::{standardize, unstandardize};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

item! {
    /// Scales each column by its median and the range between two quantiles, which outliers do not move.
    ///
    /// `z = (x − median) / (q_high − q_low)`, with median and quantiles of the training rows, interpolated linearly. Where both
    /// quantiles are equal, as in a constant column, the range counts as 1 (in scikit-learn every range below 2.2e-15 does), so
    /// that a constant column becomes 0. Missing values are ignored by the fit and stay missing; the matrix of a network refuses
    /// them. The weights of rows are not used.
    ///
    /// A fit over blocks of rows ([`Transformer::accumulator`]) has the same bits up to 16,384 values of a column; beyond that its
    /// quantiles are those of a sketch with rank errors below 0.1 % of the rows. Minimum and maximum are exact.
    ///
    /// ```
    /// use perceptra::preprocessing::{ColumnTransformer, RobustScaler, Table};
    ///
    /// let table = Table::new().with_numbers("income", [1.0, 2.0, 3.0, 4.0, 1000.0])?;
    /// let (_, x) = ColumnTransformer::new().add(RobustScaler::new(), ["income"]).fit_transform::<f64>(&table)?;
    /// assert_eq!(x.as_slice(), [-1.0, -0.5, 0.0, 0.5, 498.5]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The fit fails with [`Error::Argument`](crate::Error::Argument) for a quantile range out of order,
    /// [`Error::InfiniteValue`](crate::Error::InfiniteValue) for an infinite number, and [`Error::Empty`](crate::Error::Empty) for a column
    /// in which every value is missing.
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.preprocessing.RobustScaler*.
    pub struct RobustScaler: "RobustScaler" checked by has_a_range {
        /// Whether the median is subtracted.
        with_centering: bool = true,
        /// Whether to divide by the range between the quantiles.
        with_scaling: bool = true,
        /// The lower and the upper quantile in percent, `0 ≤ low < high ≤ 100`.
        quantile_range: (f64, f64) [custom setter] = (25.0, 75.0),
        /// Whether the range is divided by that of a standard normal distribution, so that normally distributed numbers get
        /// variance 1; the quantiles are then above 0 and below 100.
        unit_variance: bool = false,
    }
}

impl RobustScaler {
    /// The defaults.
    pub fn new() -> RobustScaler {
        RobustScaler
    }

    /// The lower and the upper quantile in percent, `0 ≤ low < high ≤ 100`.
    #[must_use]
    pub fn quantile_range(mut self, low: f64, high: f64) -> RobustScaler {
        self.quantile_range = (low, high);
        self
    }

    fn has_a_range(&self) -> Result<()> {
        let (low, high) = self.quantile_range;
        let (ordered, inner) = (low >= 0.0 && low < high && high <= 100.0, low > 0.0 && high < 100.0);
        let expected = match self.unit_variance {
            false if ordered => return Ok(()),
            true if ordered && inner => return Ok(()),
            false => "two percentages from 0 to 100, the smaller one first",
            true => "two percentages above 0 and below 100, the smaller one first, for unit_variance",
        };
        Err(invalid(self, "quantile_range", format!("({low}, {high})"), expected))
    }

    /// Computes the statistics of the numbers of one column.
    fn robust(&self, values: &RankedNumbers) -> Robust {
        let (low, high) = (self.quantile_range.0 / 100.0, self.quantile_range.1 / 100.0);
        let range = match quantile(values, high) - quantile(values, low) {
            0.0 => 1.0,
            // As far as there are numbers.
            range => range.min(f64::MAX),
        };
        let normal = if self.unit_variance { normal_quantile(high) - normal_quantile(low) } else { 1.0 };
        Robust {
            center: if self.with_centering { quantile(values, 0.5) } else { 0.0 },
            scale: if self.with_scaling { (range / normal).min(f64::MAX) } else { 1.0 },
        }
    }

    fn fitted(&self, columns: RankedColumns) -> Arc<dyn FittedTransformer> {
        let (names, numbers): (Vec<String>, Vec<RankedNumbers>) = columns.into_iter().unzip();
        let columns = numbers.iter().map(|numbers| self.robust(numbers)).collect();
        ScaledColumns::shared(names, FittedRobustScaler { columns })
    }
}

impl Transformer for RobustScaler {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        self.check()?;
        Ok(self.fitted(ranked_columns(input.columns())?))
    }

    fn accumulator(&self) -> Option<Box<dyn Accumulator>> {
        let scaler = self.clone();
        Some(sketched(self.clone(), move |_, columns| Ok(scaler.fitted(columns))))
    }

    fn restore(&self, state: Value) -> Result<Arc<dyn FittedTransformer>> {
        ScaledColumns::<FittedRobustScaler>::restored("RobustScaler", state)
    }
}

/// Center and scale of one column.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Robust {
    pub(crate) center: f64,
    pub(crate) scale: f64,
}

/// Center and scale of each column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FittedRobustScaler {
    columns: Vec<Robust>,
}

impl Scaler for FittedRobustScaler {
    type Column = Robust;

    fn columns(&self) -> &[Robust] {
        &self.columns
    }

    fn apply(column: &Robust, x: f64) -> f64 {
        standardize(x, column.center, column.scale)
    }

    fn invert(column: &Robust, z: f64) -> f64 {
        unstandardize(z, column.center, column.scale)
    }

    fn fits(&self, columns: usize) -> bool {
        let right = |column: &Robust| column.center.is_finite() && column.scale.is_finite() && column.scale > 0.0;
        self.columns.len() == columns && self.columns.iter().all(right)
    }

    fn dependence(_: &Robust) -> Dependence {
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
        for case in reference::case("robust_scaler").list("cases") {
            let [centering, scaling, unit_variance] = case.indices("flags")[..] else { panic!("three flags") };
            let range = case.numbers("quantile_range");
            let scaler = RobustScaler::new().with_centering(centering == 1).with_scaling(scaling == 1);
            let scaler = scaler.unit_variance(unit_variance == 1).quantile_range(range[0], range[1]);
            assert_reference(&scaler, &case, 1e-10);
        }
    }

    #[test]
    fn a_constant_column_becomes_zero_and_one_row_too() {
        assert_eq!(made(&RobustScaler::new(), &[0.3, 0.3, f64::NAN, 0.3]).unwrap()[..2], [0.0, 0.0]);
        assert_eq!(made(&RobustScaler::new(), &[7.0]).unwrap(), [0.0]);
        // A range beyond all numbers is the largest one.
        let whole = RobustScaler::new().quantile_range(0.0, 100.0);
        assert_eq!(made(&whole, &[-1e308, 0.0, 1e308]).unwrap(), [-1e308 / f64::MAX, 0.0, 1e308 / f64::MAX]);
    }

    #[test]
    fn a_range_out_of_order_and_columns_without_value_are_refused() {
        let message = |scaler: RobustScaler, x: f64| made(&scaler, &[x]).unwrap_err().to_string();
        assert!(message(RobustScaler::new().quantile_range(75.0, 25.0), 1.0).contains("quantile_range is (75, 25)"));
        assert!(message(RobustScaler::new().quantile_range(f64::NAN, 25.0), 1.0).contains("quantile_range is (NaN"));
        let unit = RobustScaler::new().unit_variance(true).quantile_range(0.0, 75.0);
        assert!(message(unit, 1.0).contains("above 0 and below 100"));
        assert!(message(RobustScaler::new(), f64::NAN).contains("drop_empty_columns()"));
        assert!(message(RobustScaler::new(), f64::INFINITY).contains("the value is inf"));
    }

    #[test]
    fn a_state_comes_back_and_a_hostile_one_is_refused() {
        let table = Table::new().with_numbers("a", [1.0, 2.0, 4.0]).unwrap();
        assert_restored(
            &RobustScaler::new(),
            &table,
            &[
                (r#""scale":1.5"#, r#""scale":-1.5"#),
                (r#""scale":1.5"#, r#""scale":null"#),
                (r#""columns":["a"]"#, r#""columns":["a","b"]"#),
            ],
        );
    }
}
