//! From probabilities to classes.

use nalgebra::{Dim, Matrix, RawStorage};

use crate::scalar::Scalar;

/// The class of each row of a prediction.
///
/// One column holds the probability of class 1: the class is 1 where it is greater than `threshold`, as in Keras,
/// compared in `f64`.
/// Several columns hold one probability per class: the class is the column of the greatest, the first among equals,
/// and `threshold` does not count. NaN is never the greatest.
///
/// `probability` has the shape `(samples, outputs)`; the usual threshold is 0.5.
///
/// ```
/// use nalgebra::DMatrix;
/// use perceptra::metrics::to_classes;
///
/// let probability = DMatrix::from_row_slice(3, 1, &[0.2_f32, 0.56, 0.54]);
/// assert_eq!(to_classes(&probability, 0.55), [0, 1, 0]);
/// let probability = DMatrix::from_row_slice(2, 3, &[0.1_f32, 0.7, 0.2, 0.5, 0.1, 0.4]);
/// assert_eq!(to_classes(&probability, 0.5), [1, 0]);
/// ```
pub fn to_classes<T: Scalar, R: Dim, C: Dim, S: RawStorage<T, R, C>>(
    probability: &Matrix<T, R, C, S>,
    threshold: f64,
) -> Vec<usize> {
    let (rows, columns) = probability.shape();
    let class = |row: usize| match columns {
        1 => usize::from(probability[(row, 0)].to_f64() > threshold),
        _ => (1..columns).fold(0, |best, column| {
            let (known, other) = (probability[(row, best)].to_f64(), probability[(row, column)].to_f64());
            // A NaN at the start gives way to any number.
            if other > known || (known.is_nan() && !other.is_nan()) { column } else { best }
        }),
    };
    (0..rows).map(class).collect()
}

#[cfg(test)]
mod tests {
    use nalgebra::{DMatrix, DVector};

    use super::*;

    #[test]
    fn the_threshold_itself_is_class_zero() {
        assert_eq!(to_classes(&DVector::from_vec(vec![0.5_f32, 0.500_001]), 0.5), [0, 1]);
        assert_eq!(to_classes(&DVector::from_vec(vec![0.3_f64, 0.3_f64.next_up()]), 0.3), [0, 1]);
    }

    #[test]
    fn the_first_of_equals_wins_and_nan_never() {
        let probability = DMatrix::from_row_slice(2, 3, &[0.4, 0.2, 0.4, f64::NAN, 0.1, 0.3]);
        assert_eq!(to_classes(&probability, 0.5), [0, 2]);
    }
}
