//! Scales columns to mean 0 and variance 1.

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
use crate::items::item;
use crate::scalar::Scalar;
use crate::statistics::{Moments, standardize, unstandardize};

item! {
    /// Scales each column to mean 0 and variance 1.
    ///
    /// `z = (x − μ) / σ`, with mean μ and standard deviation σ (denominator n) of the training rows. A column with equal values is
    /// only centred, with σ = 1 (scikit-learn also treats columns with almost no variation like this). Missing values (NaN) are
    /// ignored by the fit and stay missing; they are an error in the input of a network. Numbers near both ends of the range of
    /// `f64` are scaled correctly. Sample weights are not used.
    ///
    /// A fit over blocks of rows ([`Transformer::accumulator`]) is exact up to the rounding of sums, whose order depends on the blocks.
    ///
    /// ```
    /// use perceptra::dmatrix;
    /// use perceptra::preprocessing::StandardScaler;
    ///
    /// let scaler = StandardScaler.fit(&dmatrix![1.0, 10.0; 3.0, 30.0])?;
    /// assert_eq!(scaler.transform(&dmatrix![5.0, 20.0])?, dmatrix![3.0, 0.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.preprocessing.StandardScaler*.
    pub struct StandardScaler: "StandardScaler" {
        /// Whether to subtract the mean.
        with_mean: bool = true,
        /// Whether to divide by the standard deviation.
        with_std: bool = true,
    }
}

impl StandardScaler {
    /// Creates a scaler with the default arguments.
    pub fn new() -> StandardScaler {
        StandardScaler
    }

    /// Learns mean and standard deviation of each column of `x`, rows × columns.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`](crate::Error::Empty) for a matrix without rows, [`Error::NotFinite`](crate::Error::NotFinite)
    /// for an infinite value.
    pub fn fit<T: Scalar, R: Dim, C: Dim, S: RawStorage<T, R, C>>(
        &self,
        x: &Matrix<T, R, C, S>,
    ) -> Result<FittedStandardScaler> {
        finite(x)?;
        let columns = (0..x.ncols()).map(|column| Moments::of(&column_numbers(x, column)));
        Ok(self.fitted(columns))
    }

    /// Fits to `x` and transforms it.
    ///
    /// # Errors
    ///
    /// The errors of [`fit`](Self::fit).
    pub fn fit_transform<T: Scalar, R: Dim, C: Dim, S: RawStorage<T, R, C>>(
        &self,
        x: &Matrix<T, R, C, S>,
    ) -> Result<(FittedStandardScaler, DMatrix<T>)> {
        let fitted = self.fit(x)?;
        let scaled = fitted.transform(x)?;
        Ok((fitted, scaled))
    }

    fn fitted(&self, columns: impl Iterator<Item = Moments>) -> FittedStandardScaler {
        let statistics = columns.map(|column| Standard {
            mean: if self.with_mean { column.mean() } else { 0.0 },
            scale: if self.with_std && !column.is_constant() { column.deviation(0.0) } else { 1.0 },
        });
        FittedStandardScaler { columns: statistics.collect() }
    }
}

impl StandardScaler {
    fn by_column(&self) -> Box<dyn Accumulator> {
        let scaler = self.clone();
        ByColumn::boxed(
            "StandardScaler",
            |table, name| Ok(Moments::of(finite_numbers(table, name)?)),
            |known, later| *known = known.merge(&later),
            move |columns| {
                let (names, moments): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
                match names.iter().zip(&moments).find(|(_, moments)| moments.mean().is_nan()) {
                    Some((name, _)) => Err(without_value(name)),
                    None => Ok(ScaledColumns::shared(names, scaler.fitted(moments.into_iter()))),
                }
            },
        )
    }
}

impl Transformer for StandardScaler {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        let mut columns = self.by_column();
        columns.update(input)?;
        columns.finish()
    }

    fn accumulator(&self) -> Option<Box<dyn Accumulator>> {
        Some(self.by_column())
    }

    fn restore(&self, state: Value) -> Result<Arc<dyn FittedTransformer>> {
        ScaledColumns::<FittedStandardScaler>::restored("StandardScaler", state)
    }
}

/// A [`StandardScaler`](struct@StandardScaler) with the mean and standard deviation of the training rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FittedStandardScaler {
    columns: Vec<Standard>,
}

/// The statistics of one column.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Standard {
    mean: f64,
    scale: f64,
}

impl Scaler for FittedStandardScaler {
    type Column = Standard;

    fn columns(&self) -> &[Standard] {
        &self.columns
    }

    fn apply(column: &Standard, x: f64) -> f64 {
        standardize(x, column.mean, column.scale)
    }

    fn invert(column: &Standard, z: f64) -> f64 {
        unstandardize(z, column.mean, column.scale)
    }

    fn fits(&self, columns: usize) -> bool {
        let right = |column: &Standard| column.mean.is_finite() && column.scale.is_finite() && column.scale > 0.0;
        self.columns.len() == columns && self.columns.iter().all(right)
    }

    fn dependence(_: &Standard) -> Dependence {
        Dependence::Increasing
    }
}

impl FittedStandardScaler {
    /// The mean that is subtracted from each column.
    pub fn mean(&self) -> Vec<f64> {
        self.columns.iter().map(|column| column.mean).collect()
    }

    /// The divisor of each column.
    pub fn scale(&self) -> Vec<f64> {
        self.columns.iter().map(|column| column.scale).collect()
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
        map_columns(x, &self.columns, Self::apply)
    }

    /// The inverse of [`transform`](Self::transform).
    ///
    /// # Errors
    ///
    /// The errors of [`transform`](Self::transform).
    pub fn inverse_transform<T: Scalar, R: Dim, C: Dim, S: RawStorage<T, R, C>>(
        &self,
        x: &Matrix<T, R, C, S>,
    ) -> Result<DMatrix<T>> {
        map_columns(x, &self.columns, Self::invert)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::preprocessing::{ColumnTransformer, Table};
    use crate::reference;

    #[test]
    fn results_equal_the_reference() {
        let case = reference::case("standard_scaler");
        let x = case.matrix("x");
        let (scaler, scaled) = StandardScaler::new().fit_transform(&x).unwrap();
        case.assert_close("mean", scaler.mean(), 1e-12);
        case.assert_close("scale", scaler.scale(), 1e-12);
        case.assert_close("transformed", reference::row_major(&scaled), 1e-12);
        let back = scaler.inverse_transform(&scaled).unwrap();
        approx::assert_relative_eq!(back, x, epsilon = 1e-9, max_relative = 1e-12);
    }

    #[test]
    fn missing_values_take_no_part() {
        let (scaler, scaled) =
            StandardScaler::new().fit_transform(&DMatrix::from_row_slice(3, 1, &[1.0, f64::NAN, 3.0])).unwrap();
        assert_eq!(scaler.mean(), [2.0]);
        assert_eq!((scaled[0], scaled[1].is_nan(), scaled[2]), (-1.0, true, 1.0));
    }

    #[test]
    fn a_missing_number_stays_missing_in_a_table() -> Result<()> {
        let table = Table::new().with_numbers("a", [1.0, f64::NAN, 3.0])?;
        let fitted = Transformer::fit(&StandardScaler::new(), FitInput::new(&table))?;
        let made = fitted.transform(&table)?;
        assert_eq!(format!("{:?}", made.numbers("a")?), "[-1.0, NaN, 1.0]");
        assert_eq!(format!("{:?}", fitted.inverse_transform(&made)?.numbers("a")?), "[1.0, NaN, 3.0]");
        let columns = ColumnTransformer::new().add(StandardScaler::new(), ["a"]).fit(&table)?;
        let error = columns.transform::<f64>(&table).unwrap_err().to_string();
        assert!(error.starts_with("row 1 (counted from 0), column \"a\": the value is missing"), "{error}");
        let infinite = Table::new().with_numbers("a", [1.0, f64::INFINITY])?;
        assert!(matches!(fitted.transform(&infinite), Err(Error::InfiniteValue { .. })));
        assert!(matches!(columns.transform::<f64>(&infinite), Err(Error::InfiniteValue { .. })));
        Ok(())
    }

    #[test]
    fn a_block_without_a_value_is_taken_and_a_column_without_one_is_named() -> Result<()> {
        let (some, none) = (Table::new().with_numbers("a", [1.0, 3.0])?, Table::new().with_numbers("a", [f64::NAN])?);
        for blocks in [[&some, &none], [&none, &some]] {
            let mut scaler = StandardScaler::new().accumulator().unwrap();
            blocks.into_iter().try_for_each(|block| scaler.update(FitInput::new(block)))?;
            assert_eq!(scaler.finish()?.transform(&some)?.numbers("a")?, [-1.0, 1.0]);
        }
        let error = Transformer::fit(&StandardScaler::new(), FitInput::new(&none)).unwrap_err().to_string();
        assert!(error.starts_with("column \"a\" is empty") && error.contains("drop_empty_columns()"), "{error}");
        Ok(())
    }

    #[test]
    fn both_ends_of_the_range_are_scaled() {
        let expected = [-(1.5f64.sqrt()), 0.0, 1.5f64.sqrt()];
        for size in [5e-324, 1e-320, 1e-200, 1e-17, 1e-14, 1.0, 1e200, 5e307] {
            let x = DMatrix::from_column_slice(3, 1, &[size, 2.0 * size, 3.0 * size]);
            let (scaler, scaled) = StandardScaler::new().fit_transform(&x).unwrap();
            // The deviation of subnormal numbers has few digits itself.
            let bound = 1e-14 + 2.5e-324 / size;
            approx::assert_relative_eq!(scaled.as_slice(), &expected[..], epsilon = bound, max_relative = bound);
            approx::assert_relative_eq!(
                scaler.inverse_transform(&scaled).unwrap(),
                x,
                epsilon = 5e-324,
                max_relative = 1e-14
            );
        }
        let x = DMatrix::from_column_slice(3, 1, &[1e308, 1.5e308, -1e308]);
        let (scaler, scaled) = StandardScaler::new().fit_transform(&x).unwrap();
        let tenth = StandardScaler::new().fit_transform(&(&x / 1e100)).unwrap().1;
        approx::assert_relative_eq!(scaled, tenth, max_relative = 1e-14);
        approx::assert_relative_eq!(scaler.inverse_transform(&scaled).unwrap(), x, max_relative = 1e-14);
        let constant = DMatrix::from_element(37, 1, 0.3);
        assert_eq!(StandardScaler::new().fit_transform(&constant).unwrap().1, DMatrix::zeros(37, 1));
    }

    #[test]
    fn options_leave_parts_out() {
        let x = DMatrix::from_row_slice(2, 1, &[1.0, 5.0]);
        assert_eq!(
            StandardScaler::new().with_mean(false).fit_transform(&x).unwrap().1,
            DMatrix::from_row_slice(2, 1, &[0.5, 2.5])
        );
        assert_eq!(
            StandardScaler::new().with_std(false).fit_transform(&x).unwrap().1,
            DMatrix::from_row_slice(2, 1, &[-2.0, 2.0])
        );
    }

    #[test]
    fn unfit_matrices_are_refused() {
        let scaler = StandardScaler::new().fit(&DMatrix::from_row_slice(1, 2, &[1.0, 2.0])).unwrap();
        assert!(matches!(
            scaler.transform(&DMatrix::from_row_slice(1, 1, &[1.0])),
            Err(Error::Features { expected: 2, found: 1, .. })
        ));
        assert!(matches!(StandardScaler::new().fit(&DMatrix::<f32>::zeros(0, 2)), Err(Error::Empty { .. })));
        let infinite = DMatrix::from_row_slice(2, 1, &[1.0, f64::INFINITY]);
        assert!(matches!(StandardScaler::new().fit(&infinite), Err(Error::NotFinite { row: 1, column: 0, .. })));
    }
}
