//! A smooth bound for outliers.

use super::scaled_columns::ScaledColumns;
use super::scaling::{Scaler, finite_numbers};
use super::transformer::stateless;
use super::{Accumulator, FitInput, FittedTransformer, Transformer};
use crate::Dependence;
use crate::Result;
use crate::items::{Spec, item};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

item! {
    /// Bounds each number smoothly, so that outliers keep their order: `z / √(1 + (z/limit)²)`, in the open range (−limit, limit).
    ///
    /// Numbers much smaller than the limit stay nearly as they are. A scaler such as [`RobustScaler`](struct@super::RobustScaler)
    /// comes before it. It learns nothing; the inverse is `y / √(1 − (y/limit)²)`. Missing values stay missing; the matrix of a
    /// network refuses them.
    ///
    /// It learns only the names and types of its columns, so a fit over blocks of rows ([`Transformer::accumulator`]) is exact.
    ///
    /// ```
    /// use perceptra::preprocessing::{ColumnTransformer, RobustScaler, SmoothClip, Table, Transformer};
    ///
    /// let table = Table::new().with_numbers("income", [1.0, 2.0, 3.0, 4.0, 1000.0])?;
    /// let columns = ColumnTransformer::new().add(RobustScaler::new().then(SmoothClip::new()), ["income"]);
    /// let x = columns.fit_transform::<f64>(&table)?.1;
    /// assert!(x[2] == 0.0 && x[3] > 0.49 && x[4] > 2.99 && x[4] < 3.0);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Fit and transformation fail with [`Error::InfiniteValue`](crate::Error::InfiniteValue) for an infinite number; the inverse with
    /// [`Error::Argument`](crate::Error::Argument), which names the row, for one outside of the open range.
    ///
    /// # References
    ///
    /// Holzmüller, Grinsztajn and Steinwart, *Better by default: strong pre-tuned MLPs and boosted trees on tabular data*, 2024.
    pub struct SmoothClip: "SmoothClip" {
        /// The bound of the absolute values.
        limit: f64 [above 0] = 3.0,
    }
}

impl SmoothClip {
    /// Creates the transformer with the limit 3.
    pub fn new() -> SmoothClip {
        SmoothClip
    }
}

impl Transformer for SmoothClip {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        self.check()?;
        let (table, names) = (input.columns(), input.columns().names());
        names.iter().try_for_each(|name| finite_numbers(table, name).map(drop))?;
        Ok(ScaledColumns::shared(names.to_vec(), FittedSmoothClip { limits: vec![self.limit; names.len()] }))
    }

    fn accumulator(&self) -> Option<Box<dyn Accumulator>> {
        Some(stateless(self))
    }

    fn restore(&self, state: Value) -> Result<Arc<dyn FittedTransformer>> {
        ScaledColumns::<FittedSmoothClip>::restored("SmoothClip", state)
    }
}

/// The limit of each column.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FittedSmoothClip {
    limits: Vec<f64>,
}

impl Scaler for FittedSmoothClip {
    type Column = f64;

    fn columns(&self) -> &[f64] {
        &self.limits
    }

    fn apply(limit: &f64, x: f64) -> f64 {
        let part = x / limit;
        let bounded = match part.abs() > 1.0 {
            // No square exceeds the range of numbers.
            true => limit.copysign(x) / (1.0 + (1.0 / part) * (1.0 / part)).sqrt(),
            false => x / (1.0 + part * part).sqrt(),
        };
        // Of a large number it would be rounded to the limit, which has no inverse.
        bounded.clamp(-limit.next_down(), limit.next_down())
    }

    fn invert(limit: &f64, z: f64) -> f64 {
        let part = z / limit;
        z / ((1.0 - part) * (1.0 + part)).sqrt()
    }

    fn refused_back(limit: &f64, z: f64) -> Option<(&'static str, &'static str)> {
        let expected =
            "a number whose absolute value is below the limit; move it into the open range by Clip::values before";
        (z.abs() >= *limit).then_some(("the inverse of SmoothClip", expected))
    }

    fn fits(&self, columns: usize) -> bool {
        self.limits.len() == columns && self.limits.iter().all(|limit| limit.is_finite() && *limit > 0.0)
    }

    fn dependence(_: &f64) -> Dependence {
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
    fn values_are_those_of_the_formula() {
        let case = reference::case("smooth_clip");
        assert_reference(&SmoothClip::new().limit(case.numbers("limit")[0]), &case, 1e-12);
    }

    #[test]
    fn numbers_of_every_size_keep_their_order_within_the_open_range() {
        let x = [-1e308, -1e9, -3.0, -1e-9, 0.0, 5e-324, 1e-9, 0.1, 3.0, 1e8];
        let made = made(&SmoothClip::new(), &x).unwrap();
        assert!(made.is_sorted() && made.iter().all(|z| z.abs() < 3.0), "{made:?}");
        assert_eq!((made[4], made[5], made[6]), (0.0, 5e-324, 1e-9));
        assert_eq!(made[8], 3.0 / 2f64.sqrt());
        for limit in [1e-300, 1e300] {
            let small = tests::made(&SmoothClip::new().limit(limit), &[1e308, -1e308]).unwrap();
            assert!(small[0] <= limit && small[0] > 0.9 * limit && small[1] == -small[0], "{small:?}");
        }
    }

    #[test]
    fn the_inverse_rejects_numbers_outside_the_open_range() {
        let table = Table::new().with_numbers("a", [-1e5, 0.5, f64::NAN]).unwrap();
        let fitted = SmoothClip::new().fit(FitInput::new(&table)).unwrap();
        let back = fitted.inverse_transform(&fitted.transform(&table).unwrap()).unwrap();
        let back = back.numbers("a").unwrap();
        assert!((back[0] / -1e5 - 1.0).abs() < 1e-6 && (back[1] - 0.5).abs() < 1e-15 && back[2].is_nan());
        let error =
            fitted.inverse_transform(&table.with_numbers("a", [0.0, 3.0, 0.0]).unwrap()).unwrap_err().to_string();
        assert!(error.contains("of column \"a\": x is 3 at row 1") && error.contains("Clip::values"), "{error}");
    }

    #[test]
    fn a_limit_that_is_not_above_zero_is_refused() {
        for limit in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(made(&SmoothClip::new().limit(limit), &[1.0]).unwrap_err().to_string().contains("limit is"));
        }
    }

    #[test]
    fn a_state_comes_back_and_a_hostile_one_is_refused() {
        let table = Table::new().with_numbers("a", [1.0, 2.0, f64::NAN]).unwrap();
        let hostile = [("[3.0]", "[0.0]"), ("[3.0]", "[]"), ("[3.0]", "[null]")];
        assert_restored(&SmoothClip::new(), &table, &hostile);
    }
}
