//! What the scalers share: statistics of a column and the pass over a matrix.

use nalgebra::{DMatrix, Dim, Matrix, RawStorage};

use crate::error::{Error, Result};
use crate::scalar::Scalar;

/// Count, mean and variance (denominator n) of the values that are not NaN.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moments {
    count: f64,
    pub(super) mean: f64,
    variance: f64,
}

impl Moments {
    pub(super) fn of(values: impl Iterator<Item = f64> + Clone) -> Moments {
        let present = values.filter(|value| !value.is_nan());
        let (count, sum) = present.clone().fold((0.0, 0.0), |(count, sum), value| (count + 1.0, sum + value));
        let mean = sum / count;
        // The second sum corrects for the rounding of the mean.
        let (squares, rest) = present.fold((0.0, 0.0), |(squares, rest), value| {
            let distance = value - mean;
            (squares + distance * distance, rest + distance)
        });
        Moments { count, mean, variance: (squares - rest * rest / count) / count }
    }

    /// The standard deviation, 1 where the variance is nothing but rounding of equal values.
    pub(super) fn scale(&self) -> f64 {
        let rounding = self.count * f64::EPSILON * self.variance + (self.count * self.mean * f64::EPSILON).powi(2);
        if self.variance <= rounding { 1.0 } else { self.variance.sqrt() }
    }
}

/// Minimum and maximum of the values that are not NaN; NaN if there is none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extremes {
    pub(super) min: f64,
    pub(super) max: f64,
}

impl Extremes {
    pub(super) fn of(values: impl Iterator<Item = f64>) -> Extremes {
        let nothing = Extremes { min: f64::NAN, max: f64::NAN };
        values.fold(nothing, |found, value| Extremes { min: found.min.min(value), max: found.max.max(value) })
    }

    /// Maximum minus minimum, 1 where that is nothing.
    pub(super) fn range(&self) -> f64 {
        let range = self.max - self.min;
        if range < 10.0 * f64::EPSILON { 1.0 } else { range }
    }
}

/// Refuses a matrix with infinite values or with a column that has no value at all; some NaN passes.
pub(super) fn finite<T: Scalar, R: Dim, C: Dim, S: RawStorage<T, R, C>>(x: &Matrix<T, R, C, S>) -> Result<()> {
    for column in 0..x.ncols() {
        let mut present = 0;
        for row in 0..x.nrows() {
            let value = x[(row, column)].to_f64();
            if value.is_infinite() {
                return Err(Error::NotFinite { what: "x", row, column, value });
            }
            present += usize::from(!value.is_nan());
        }
        if present == 0 {
            let what = format!("column {column} of x (counted from 0)");
            return Err(Error::Empty { what, advice: "fit needs at least one value in every column".into() });
        }
    }
    Ok(())
}

/// The matrix of `value(figures, x)`, for a matrix with a column for each of the figures.
pub(super) fn map_columns<F, T: Scalar, R: Dim, C: Dim, S: RawStorage<T, R, C>>(
    x: &Matrix<T, R, C, S>,
    figures: &[F],
    value: impl Fn(&F, f64) -> f64,
) -> Result<DMatrix<T>> {
    if x.ncols() != figures.len() {
        return Err(Error::Features { what: "x", expected: figures.len(), found: x.ncols() });
    }
    let at = |row, column: usize| T::of(value(&figures[column], x[(row, column)].to_f64()));
    Ok(DMatrix::from_fn(x.nrows(), x.ncols(), at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_have_scale_one_whatever_their_size() {
        for value in [0.0, 1e-300, 0.1, 1e9, 123_456.789] {
            let moments = Moments::of(std::iter::repeat_n(value, 1000));
            assert_eq!(moments.scale(), 1.0, "{value}");
        }
        assert_eq!(Moments::of([1e9, 1e9 + 2.0].into_iter()).scale(), 1.0);
        assert_eq!(Moments::of([1e9, 1e9 + 4.0].into_iter()).scale(), 2.0);
    }

    #[test]
    fn extremes_pass_over_missing_values() {
        let extremes = Extremes::of([f64::NAN, 2.0, -1.0].into_iter());
        assert_eq!((extremes.min, extremes.max, extremes.range()), (-1.0, 2.0, 3.0));
        assert!(Extremes::of([f64::NAN].into_iter()).range().is_nan());
        assert_eq!(Extremes::of([5.0, 5.0].into_iter()).range(), 1.0);
    }
}
