//! Conversion of probabilities to classes.

use nalgebra::{Dim, Matrix, RawStorage};

use crate::scalar::Scalar;

/// The class of each row of a prediction.
///
/// One column holds the probability of class 1: the class is 1 if it is greater than `threshold`, as in Keras. The
/// two are compared in the probability's type, as metrics and a [`FittedPipeline`](crate::pipeline::FittedPipeline) compare them: the
/// `f32` nearest to 0.4 is not greater than 0.4. Several columns hold one probability per class: the class is the
/// column of the greatest, the first among equals, and `threshold` does not count. NaN is never the greatest.
///
/// `probability` has the shape `(samples, outputs)`; the usual threshold is 0.5.
///
/// ```
/// use perceptra::dmatrix;
/// use perceptra::metrics::to_classes;
///
/// let probability = dmatrix![0.2_f32; 0.56; 0.54];
/// assert_eq!(to_classes(&probability, 0.55), [0, 1, 0]);
/// let probability = dmatrix![0.1_f32, 0.7, 0.2; 0.5, 0.1, 0.4];
/// assert_eq!(to_classes(&probability, 0.5), [1, 0]);
/// ```
pub fn to_classes<T: Scalar, R: Dim, C: Dim, S: RawStorage<T, R, C>>(
    probability: &Matrix<T, R, C, S>,
    threshold: f64,
) -> Vec<usize> {
    let ((rows, columns), limit) = (probability.shape(), T::of(threshold));
    let class = |row: usize| match columns {
        1 => usize::from(probability[(row, 0)] > limit),
        _ => (1..columns).fold(0, |best, column| {
            let (known, other) = (probability[(row, best)].to_f64(), probability[(row, column)].to_f64());
            // Any number replaces a NaN at the start.
            if other > known || (known.is_nan() && !other.is_nan()) { column } else { best }
        }),
    };
    (0..rows).map(class).collect()
}

/// The next number below a threshold in the type of the probabilities: "greater than" this number means "at least the threshold".
///
/// A [precision–recall](super::precision_recall_curve()) or [ROC curve](super::roc_curve()) counts scores that are *at
/// least* its thresholds; [`to_classes`], metrics with thresholds and a [`FittedPipeline`](crate::pipeline::FittedPipeline) count those
/// that are *greater*. With this number, both count the same. The type is that of the probabilities, `f32` for
/// most models.
///
/// ```
/// use perceptra::dvector;
/// use perceptra::metrics::{just_below, to_classes};
///
/// let probability = dvector![0.3_f32, 0.7];
/// let threshold = f64::from(0.7_f32);
/// assert_eq!(to_classes(&probability, threshold), [0, 0]);
/// assert_eq!(to_classes(&probability, just_below::<f32>(threshold)), [0, 1]);
/// ```
pub fn just_below<T: Scalar>(threshold: f64) -> f64 {
    T::of(threshold).next_below().to_f64()
}

#[cfg(test)]
mod tests {
    use nalgebra::{DMatrix, DVector};

    use super::*;

    #[test]
    fn the_threshold_itself_is_class_zero() {
        assert_eq!(to_classes(&DVector::from_vec(vec![0.5_f32, 0.500_001]), 0.5), [0, 1]);
        assert_eq!(to_classes(&DVector::from_vec(vec![0.3_f64, 0.3_f64.next_up()]), 0.3), [0, 1]);
        // Some of these are greater in f32 than in f64.
        for hundredths in 1..100 {
            let threshold = f64::from(hundredths) / 100.0;
            let probability = threshold as f32;
            let around = vec![probability.next_down(), probability, probability.next_up()];
            assert_eq!(to_classes(&DVector::from_vec(around.clone()), threshold), [0, 0, 1], "{threshold}");
            let below = just_below::<f32>(threshold);
            assert_eq!(to_classes(&DVector::from_vec(around), below), [0, 1, 1], "{threshold}");
        }
    }

    #[test]
    fn thresholds_of_curves_have_their_counts() {
        let score: Vec<f32> = (0..50).map(|i| 0.1 + (i * 37 % 23) as f32 / 37.0).collect();
        let truth: Vec<u8> = (0..50).map(|i| u8::from(i * i % 7 < 3)).collect();
        let positives = truth.iter().filter(|truth| **truth == 1).count() as f64;
        let column = DVector::from_vec(score);
        let found = |threshold: f64| {
            let classes = to_classes(&column, just_below::<f32>(threshold));
            crate::metrics::confusion_matrix(&truth, &classes).unwrap().binary().unwrap()
        };
        let curve = crate::metrics::precision_recall_curve(&truth, &column).unwrap();
        for (i, threshold) in curve.thresholds.iter().enumerate() {
            assert_eq!(
                (found(*threshold).precision(), found(*threshold).recall()),
                (curve.precision[i], curve.recall[i])
            );
        }
        let curve = crate::metrics::roc_curve(&truth, &column).unwrap();
        for (i, threshold) in curve.thresholds.iter().enumerate() {
            let counts = found(*threshold);
            assert_eq!(counts.tp as f64 / positives, curve.true_positive_rate[i]);
            assert_eq!(counts.fp as f64 / (50.0 - positives), curve.false_positive_rate[i]);
        }
    }

    #[test]
    fn the_first_of_equals_wins_and_nan_never() {
        let probability = DMatrix::from_row_slice(2, 3, &[0.4, 0.2, 0.4, f64::NAN, 0.1, 0.3]);
        assert_eq!(to_classes(&probability, 0.5), [0, 2]);
    }
}
