//! Bounds for outliers.

use super::quantile::quantile;
use super::ranked_numbers::RankedNumbers;
use super::scaled_columns::ScaledColumns;
use super::scaling::{Scaler, finite_numbers};
use super::sketched_columns::{RankedColumns, ranked_columns, sketched};
use super::transformer::stateless;
use super::{Accumulator, FitInput, FittedTransformer, Transformer};
use crate::Dependence;
use crate::Result;
use crate::items::{Spec, invalid, item};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

item! {
    /// Cuts the numbers of each column off at two bounds, `min(max(x, low), high)`: given values, or quantiles of the training rows.
    ///
    /// Quantiles are interpolated linearly. The inverse does not change numbers, since the clipped parts are lost.
    /// Missing values are ignored by the fit and stay missing; the matrix of a network refuses them. The weights of rows are not
    /// used.
    ///
    /// A fit over blocks of rows ([`Transformer::accumulator`]) by values is exact, one by quantiles has the same bits up to 16,384
    /// values of a column; beyond that its quantiles are those of a sketch with rank errors below 0.1 % of the rows. Minimum
    /// and maximum are exact.
    ///
    /// ```
    /// use perceptra::preprocessing::{Clip, ColumnTransformer, Table};
    ///
    /// let table = Table::new().with_numbers("age", [-1.0, 35.0, 50.0, 999.0])?;
    /// let x = |clip: Clip| Ok(ColumnTransformer::new().add(clip, ["age"]).fit_transform::<f64>(&table)?.1);
    /// assert_eq!(x(Clip::values(0.0, 120.0))?.as_slice(), [0.0, 35.0, 50.0, 120.0]);
    /// assert_eq!(x(Clip::quantiles(0.0, 0.5))?.as_slice(), [-1.0, 35.0, 42.5, 42.5]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The fit fails with [`Error::Argument`](crate::Error::Argument) for bounds out of order,
    /// [`Error::InfiniteValue`](crate::Error::InfiniteValue) for an infinite number, and, by quantiles,
    /// [`Error::Empty`](crate::Error::Empty) for a column in which every value is missing.
    ///
    /// # References
    ///
    /// NumPy, *numpy.clip* and *numpy.nanquantile*.
    #[derive(PartialEq)]
    pub struct Clip: "Clip" (low: f64 [finite], high: f64 [finite]) checked by has_bounds {
        /// Whether `low` and `high` are quantiles of the training rows, as fractions; [`Clip::quantiles`] sets it.
        by_quantiles: bool [custom setter] = false,
    }
}

impl Clip {
    /// Clips at given values, `low ≤ high`.
    pub fn values(low: f64, high: f64) -> Clip {
        Clip::with(low, high)
    }

    /// Clips at two quantiles of the training rows, `0 ≤ low < high ≤ 1`.
    pub fn quantiles(low: f64, high: f64) -> Clip {
        Clip { by_quantiles: true, ..Clip::with(low, high) }
    }

    fn has_bounds(&self) -> Result<()> {
        let expected = match self.by_quantiles {
            true if 0.0 <= self.low && self.low < self.high && self.high <= 1.0 => return Ok(()),
            false if self.low <= self.high => return Ok(()),
            true => "fractions from 0 to 1, the smaller one first",
            false => "at most high",
        };
        Err(invalid(self, "low", format!("{} with high {}", self.low, self.high), expected))
    }
}

impl Clip {
    fn fitted(&self, columns: RankedColumns) -> Arc<dyn FittedTransformer> {
        let (names, numbers): (Vec<String>, Vec<RankedNumbers>) = columns.into_iter().unzip();
        let bounds = |numbers| Bounds { low: quantile(numbers, self.low), high: quantile(numbers, self.high) };
        ScaledColumns::shared(names, FittedClip { columns: numbers.iter().map(bounds).collect() })
    }
}

impl Transformer for Clip {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        self.check()?;
        let table = input.columns();
        if self.by_quantiles {
            return Ok(self.fitted(ranked_columns(table)?));
        }
        table.names().iter().try_for_each(|name| finite_numbers(table, name).map(drop))?;
        let columns = vec![Bounds { low: self.low, high: self.high }; table.ncols()];
        Ok(ScaledColumns::shared(table.names().to_vec(), FittedClip { columns }))
    }

    fn accumulator(&self) -> Option<Box<dyn Accumulator>> {
        let clip = self.clone();
        Some(match self.by_quantiles {
            true => sketched(self.clone(), move |_, columns| Ok(clip.fitted(columns))),
            false => stateless(self),
        })
    }

    fn restore(&self, state: Value) -> Result<Arc<dyn FittedTransformer>> {
        ScaledColumns::<FittedClip>::restored("Clip", state)
    }
}

/// The bounds of one column.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Bounds {
    pub(crate) low: f64,
    pub(crate) high: f64,
}

/// The bounds of each column.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FittedClip {
    columns: Vec<Bounds>,
}

impl Scaler for FittedClip {
    type Column = Bounds;

    fn columns(&self) -> &[Bounds] {
        &self.columns
    }

    fn apply(column: &Bounds, x: f64) -> f64 {
        x.max(column.low).min(column.high)
    }

    fn invert(_: &Bounds, z: f64) -> f64 {
        z
    }

    fn fits(&self, columns: usize) -> bool {
        let ordered = |bounds: &Bounds| bounds.low.is_finite() && bounds.high.is_finite() && bounds.low <= bounds.high;
        self.columns.len() == columns && self.columns.iter().all(ordered)
    }

    fn dependence(_: &Bounds) -> Dependence {
        Dependence::Increasing
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preprocessing::scaler_tests::{assert_reference, assert_restored, made};
    use crate::preprocessing::{Table, get};
    use crate::reference;

    #[test]
    fn values_are_those_of_the_reference() {
        let (values, quantiles) = (reference::case("clip_values"), reference::case("clip_quantiles"));
        let bounds = values.numbers("bounds");
        assert_reference(&Clip::values(bounds[0], bounds[1]), &values, 1e-12);
        let bounds = quantiles.numbers("bounds");
        assert_reference(&Clip::quantiles(bounds[0], bounds[1]), &quantiles, 1e-12);
    }

    #[test]
    fn a_constant_column_stays_as_it_is() {
        assert_eq!(made(&Clip::quantiles(0.1, 0.9), &[0.3, 0.3, 0.3]).unwrap(), [0.3; 3]);
        assert_eq!(made(&Clip::quantiles(0.1, 0.9), &[7.0]).unwrap(), [7.0]);
    }

    #[test]
    fn bounds_out_of_order_are_refused() {
        let message = |clip: Clip| made(&clip, &[1.0]).unwrap_err().to_string();
        assert!(message(Clip::values(2.0, 1.0)).contains("low is 2 with high 1; expected at most high"));
        assert!(message(Clip::values(f64::NAN, 1.0)).contains("low is NaN"));
        assert!(message(Clip::values(1.0, f64::INFINITY)).contains("high is inf"));
        for (low, high) in [(0.5, 0.5), (-0.1, 0.5), (0.5, 1.1)] {
            assert!(message(Clip::quantiles(low, high)).contains("fractions from 0 to 1"));
        }
        assert!(
            made(&Clip::quantiles(0.0, 1.0), &[f64::NAN]).unwrap_err().to_string().contains("drop_empty_columns()")
        );
        assert!(made(&Clip::values(0.0, 1.0), &[f64::NAN]).unwrap()[0].is_nan());
    }

    #[test]
    fn both_forms_have_a_configuration() {
        for clip in [Clip::values(-1.0, 2.0), Clip::quantiles(0.01, 0.99)] {
            let again = get("Clip", clip.config().unwrap()).unwrap();
            assert_eq!(format!("{again:?}"), format!("{clip:?}"));
        }
    }

    #[test]
    fn a_state_comes_back_and_a_hostile_one_is_refused() {
        let table = Table::new().with_numbers("a", [1.0, 2.0, 4.0, f64::NAN]).unwrap();
        let hostile = [(r#""low":1.0"#, r#""low":5.0"#), (r#""low":1.0"#, r#""low":null"#), (r#"["a"]"#, "[]")];
        assert_restored(&Clip::quantiles(0.0, 1.0), &table, &hostile);
    }
}
