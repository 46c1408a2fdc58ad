//! Scaling to a given range.

use crate::Dependence;
use nalgebra::{DMatrix, Dim, Matrix, RawStorage};
use serde::{Deserialize, Serialize};

use serde_json::Value;
use std::sync::Arc;

use super::scaled_columns::ScaledColumns;
use super::scaling::{Scaler, column_numbers, finite, finite_numbers, map_columns, without_value};
use super::transformer::ByColumn;
use super::{Accumulator, FitInput, FittedTransformer, Transformer};
use crate::error::Result;
use crate::items::{Spec, invalid, item};
use crate::scalar::Scalar;
use crate::statistics::Extremes;

item! {
    /// Scales each column so that the training rows fill a range, `[0, 1]` by default.
    ///
    /// `z = (x − min) / (max − min) · (b − a) + a` with the training rows' minimum and maximum and the range `[a, b]`.
    /// A column without variation, whose `max` is its `min`, is only shifted: its `max − min` counts as 1 (in scikit-learn every
    /// difference below 2.2e-15 does). Missing values (NaN) are ignored by the fit and stay missing; the matrix of a network
    /// refuses them. Other rows than those of the fit may leave the range unless they are clipped. Columns are scaled rightly
    /// at both ends of the range of `f64`. The weights of rows are not used.
    ///
    /// A fit over blocks of rows ([`Transformer::accumulator`]) is exact.
    ///
    /// ```
    /// use perceptra::dmatrix;
    /// use perceptra::preprocessing::MinMaxScaler;
    ///
    /// let scaler = MinMaxScaler.fit(&dmatrix![1.0; 3.0; 5.0])?;
    /// assert_eq!(scaler.transform(&dmatrix![2.0; 6.0])?, dmatrix![0.25; 1.25]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.preprocessing.MinMaxScaler*.
    pub struct MinMaxScaler: "MinMaxScaler" checked by has_a_range {
        /// The range to which minimum and maximum are mapped: two finite numbers with a finite difference, the smaller one first.
        feature_range: (f64, f64) [custom setter] = (0.0, 1.0),
        /// Whether to clip rows other than those of the fit to the range.
        clip: bool = false,
    }
}

impl MinMaxScaler {
    /// The defaults.
    pub fn new() -> MinMaxScaler {
        MinMaxScaler
    }

    /// Sets the range to which minimum and maximum are mapped: two finite numbers with a finite difference, the smaller one first.
    #[must_use]
    pub fn feature_range(mut self, minimum: f64, maximum: f64) -> MinMaxScaler {
        self.feature_range = (minimum, maximum);
        self
    }

    /// Learns minimum and maximum of each column of `x`, rows × columns.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) for a range whose ends are not in order or too far apart for `f64`, [`Error::Empty`](crate::Error::Empty) for a matrix without rows,
    /// [`Error::NotFinite`](crate::Error::NotFinite) for an infinite value.
    pub fn fit<T: Scalar, R: Dim, C: Dim, S: RawStorage<T, R, C>>(
        &self,
        x: &Matrix<T, R, C, S>,
    ) -> Result<FittedMinMaxScaler> {
        finite(x)?;
        let columns = (0..x.ncols()).map(|column| Extremes::of(&column_numbers(x, column)));
        self.fitted(columns)
    }

    /// Fits to `x` and transforms it.
    ///
    /// # Errors
    ///
    /// The errors of [`fit`](Self::fit).
    pub fn fit_transform<T: Scalar, R: Dim, C: Dim, S: RawStorage<T, R, C>>(
        &self,
        x: &Matrix<T, R, C, S>,
    ) -> Result<(FittedMinMaxScaler, DMatrix<T>)> {
        let fitted = self.fit(x)?;
        let scaled = fitted.transform(x)?;
        Ok((fitted, scaled))
    }

    fn has_a_range(&self) -> Result<()> {
        let (low, high) = self.feature_range;
        match low < high && (high - low).is_finite() {
            true => Ok(()),
            false => Err(invalid(
                self,
                "feature_range",
                format!("({low}, {high})"),
                "two finite numbers with a finite difference, the smaller one first",
            )),
        }
    }

    fn fitted(&self, columns: impl Iterator<Item = Extremes>) -> Result<FittedMinMaxScaler> {
        self.check()?;
        let columns =
            columns.map(|Extremes { min, max }| MinMax { min, max, range: self.feature_range, clip: self.clip });
        Ok(FittedMinMaxScaler { columns: columns.collect() })
    }
}

impl MinMaxScaler {
    fn by_column(&self) -> Box<dyn Accumulator> {
        let scaler = self.clone();
        ByColumn::boxed(
            "MinMaxScaler",
            |table, name| Ok(Extremes::of(finite_numbers(table, name)?)),
            |known, later| *known = known.merge(&later),
            move |columns| {
                let (names, extremes): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
                match names.iter().zip(&extremes).find(|(_, extremes)| extremes.min.is_nan()) {
                    Some((name, _)) => Err(without_value(name)),
                    None => Ok(ScaledColumns::shared(names, scaler.fitted(extremes.into_iter())?)),
                }
            },
        )
    }
}

impl Transformer for MinMaxScaler {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        let mut columns = self.by_column();
        columns.update(input)?;
        columns.finish()
    }

    fn accumulator(&self) -> Option<Box<dyn Accumulator>> {
        Some(self.by_column())
    }

    fn restore(&self, state: Value) -> Result<Arc<dyn FittedTransformer>> {
        ScaledColumns::<FittedMinMaxScaler>::restored("MinMaxScaler", state)
    }
}

/// A fitted [`MinMaxScaler`](struct@MinMaxScaler), with the minimum and maximum of the training rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FittedMinMaxScaler {
    columns: Vec<MinMax>,
}

/// The statistics of one column.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MinMax {
    pub(crate) min: f64,
    pub(crate) max: f64,
    pub(crate) range: (f64, f64),
    pub(crate) clip: bool,
}

impl MinMax {
    /// `max − min`, 1 for a constant column; infinite where it exceeds `f64`.
    fn width(&self) -> f64 {
        if self.min == self.max { 1.0 } else { self.max - self.min }
    }

    fn apply(&self, value: f64) -> f64 {
        let (low, high) = self.range;
        let (width, distance) = (self.width(), value - self.min);
        let part = if width.is_infinite() || distance.is_infinite() {
            // Half of a number this large is exact.
            (value / 2.0 - self.min / 2.0)
                / if width.is_infinite() { self.max / 2.0 - self.min / 2.0 } else { width / 2.0 }
        } else {
            distance / width
        };
        match part * (high - low) + low {
            below if self.clip && below < low => low,
            above if self.clip && above > high => high,
            scaled => scaled,
        }
    }

    fn invert(&self, scaled: f64) -> f64 {
        let (low, high) = self.range;
        let (width, part) = (self.width(), (scaled - low) / (high - low));
        if width.is_infinite() { self.min * (1.0 - part) + self.max * part } else { self.min + width * part }
    }
}

impl Scaler for FittedMinMaxScaler {
    type Column = MinMax;

    fn columns(&self) -> &[MinMax] {
        &self.columns
    }

    fn apply(column: &MinMax, x: f64) -> f64 {
        column.apply(x)
    }

    fn invert(column: &MinMax, z: f64) -> f64 {
        column.invert(z)
    }

    fn fits(&self, columns: usize) -> bool {
        let right = |column: &MinMax| {
            let (low, high) = column.range;
            column.min <= column.max && low < high && (high - low).is_finite()
        };
        self.columns.len() == columns && self.columns.iter().all(right)
    }

    fn dependence(_: &MinMax) -> Dependence {
        Dependence::Increasing
    }
}

impl FittedMinMaxScaler {
    /// The minimum of each column of the training rows.
    pub fn data_min(&self) -> Vec<f64> {
        self.columns.iter().map(|column| column.min).collect()
    }

    /// The maximum of each column of the training rows.
    pub fn data_max(&self) -> Vec<f64> {
        self.columns.iter().map(|column| column.max).collect()
    }

    /// The factor of each column, `(b − a)/(max − min)`; infinite if it overflows `f64`, 0 if `max − min` does.
    pub fn scale(&self) -> Vec<f64> {
        self.columns.iter().map(|column| (column.range.1 - column.range.0) / column.width()).collect()
    }

    /// Scales `x`, rows × columns.
    ///
    /// # Errors
    ///
    /// [`Error::Features`](crate::Error::Features) if `x` has another number of columns than in the fit.
    pub fn transform<T: Scalar, R: Dim, C: Dim, S: RawStorage<T, R, C>>(
        &self,
        x: &Matrix<T, R, C, S>,
    ) -> Result<DMatrix<T>> {
        map_columns(x, &self.columns, MinMax::apply)
    }

    /// The inverse of [`transform`](Self::transform), except for values that were clipped.
    ///
    /// # Errors
    ///
    /// The errors of [`transform`](Self::transform).
    pub fn inverse_transform<T: Scalar, R: Dim, C: Dim, S: RawStorage<T, R, C>>(
        &self,
        x: &Matrix<T, R, C, S>,
    ) -> Result<DMatrix<T>> {
        map_columns(x, &self.columns, MinMax::invert)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;
    use crate::preprocessing::Table;
    use crate::reference;

    #[test]
    fn results_equal_the_reference() {
        let case = reference::case("min_max_scaler");
        let x = case.matrix("x");
        let (scaler, scaled) = MinMaxScaler::new().feature_range(-1.0, 2.0).fit_transform(&x).unwrap();
        case.assert_close("data_min", scaler.data_min(), 1e-12);
        case.assert_close("data_max", scaler.data_max(), 1e-12);
        case.assert_close("scale", scaler.scale(), 1e-12);
        case.assert_close("transformed", reference::row_major(&scaled), 1e-12);
        let back = scaler.inverse_transform(&scaled).unwrap();
        approx::assert_relative_eq!(back, x, epsilon = 1e-9, max_relative = 1e-12);
    }

    #[test]
    fn clipping_holds_the_range() {
        let scaler = MinMaxScaler::new().clip(true).fit(&DMatrix::from_row_slice(2, 1, &[0.0_f32, 2.0])).unwrap();
        let scaled = scaler.transform(&DMatrix::from_row_slice(4, 1, &[-1.0_f32, 1.0, 9.0, f32::NAN])).unwrap();
        assert_eq!(scaled.as_slice()[..3], [0.0, 0.5, 1.0]);
        assert!(scaled[3].is_nan());
    }

    #[test]
    fn a_missing_number_stays_missing_in_a_table() -> Result<()> {
        let table = Table::new().with_numbers("a", [1.0, f64::NAN, 3.0])?;
        let fitted = Transformer::fit(&MinMaxScaler::new().clip(true), FitInput::new(&table))?;
        assert_eq!(format!("{:?}", fitted.transform(&table)?.numbers("a")?), "[0.0, NaN, 1.0]");
        let empty = Table::new().with_numbers("a", [f64::NAN; 2])?;
        let error = Transformer::fit(&MinMaxScaler::new(), FitInput::new(&empty)).unwrap_err().to_string();
        assert!(error.starts_with("column \"a\" is empty") && error.contains("drop_empty_columns()"), "{error}");
        Ok(())
    }

    #[test]
    fn both_ends_of_the_range_are_scaled() {
        for size in [5e-324, 1e-320, 1e-310, 1e-200, 1e-17, 1e-15, 1e-14, 1.0, 1e200, 5e307] {
            let x = DMatrix::from_column_slice(3, 1, &[size, 2.0 * size, 3.0 * size]);
            let (scaler, scaled) = MinMaxScaler::new().fit_transform(&x).unwrap();
            approx::assert_relative_eq!(scaled.as_slice(), &[0.0, 0.5, 1.0][..], max_relative = 1e-15);
            approx::assert_relative_eq!(
                scaler.inverse_transform(&scaled).unwrap(),
                x,
                epsilon = 0.0,
                max_relative = 1e-15
            );
            let stored = serde_json::to_string(&scaler).unwrap();
            assert_eq!(serde_json::from_str::<FittedMinMaxScaler>(&stored).unwrap(), scaler);
        }
        let x = DMatrix::from_column_slice(3, 1, &[-1e308, 0.0, 1e308]);
        let (scaler, scaled) = MinMaxScaler::new().feature_range(-1.0, 1.0).fit_transform(&x).unwrap();
        assert_eq!(scaled.as_slice(), [-1.0, 0.0, 1.0]);
        assert_eq!(scaler.inverse_transform(&scaled).unwrap(), x);
        // The range does not exceed f64, the distance from the minimum does.
        let scaler = MinMaxScaler::new().fit(&DMatrix::from_column_slice(2, 1, &[-1.5e308, -0.5e308])).unwrap();
        assert_eq!(scaler.transform(&DMatrix::from_element(1, 1, 1.5e308)).unwrap()[0], 3.0);
    }

    #[test]
    fn a_state_that_cannot_scale_is_refused() {
        let stored = r#"{"columns":[{"min":1.0,"max":5.0,"range":[0.0,1.0],"clip":false}]}"#;
        let scaler: FittedMinMaxScaler = serde_json::from_str(stored).unwrap();
        assert_eq!((scaler.fits(1), scaler.scale()), (true, vec![0.25]));
        for (from, to) in [("5.0", "0.5"), ("[0.0,1.0]", "[-1e308,1e308]"), ("[0.0,1.0]", "[1.0,1.0]")] {
            let scaler: FittedMinMaxScaler = serde_json::from_str(&stored.replace(from, to)).unwrap();
            assert!(!scaler.fits(1), "{to}");
        }
    }

    #[test]
    fn an_impossible_range_is_refused() {
        for (low, high) in [(1.0, 1.0), (-1e308, 1e308), (0.0, f64::INFINITY), (f64::NAN, 1.0)] {
            let scaler = MinMaxScaler::new().feature_range(low, high);
            assert!(matches!(scaler.fit(&DMatrix::from_row_slice(2, 1, &[1.0, 2.0])), Err(Error::Argument { .. })));
        }
    }
}
