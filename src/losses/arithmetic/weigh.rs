//! The factor of each sample's loss in the reduced value.

use crate::kernels::sums;
use crate::losses::{Loss, Reduction, Targets};
use crate::{Batch, Scalar};

/// Writes the factor of each sample's loss in the reduced value and its gradient: its weight times the
/// reduction's factor, which is returned.
///
/// Samples of an ignored class do not count. A loss of the whole batch is one value however many samples it has.
pub(crate) fn weigh<T: Scalar>(loss: &dyn Loss<T>, y: Batch<'_, T>, weights: Option<&[T]>, scale: &mut [T]) -> f64 {
    let (samples, total) = count(loss, y, weights, scale);
    let factor = match loss.reduction() {
        Reduction::Sum if loss.whole_batch() && weights.is_none() => Reduction::Mean.factor(samples, total),
        reduction => reduction.factor(samples, total),
    };
    scale.iter_mut().for_each(|scale| *scale *= T::of(factor));
    factor
}

/// Writes the weight of each sample; the number of those that count, and the sum of their weights.
pub(crate) fn count<T: Scalar>(
    loss: &dyn Loss<T>,
    y: Batch<'_, T>,
    weights: Option<&[T]>,
    scale: &mut [T],
) -> (usize, f64) {
    match weights {
        Some(weights) => scale.copy_from_slice(weights),
        None => scale.fill(T::one()),
    }
    let mut samples = scale.len();
    let mut total = if weights.is_some() { sums::sum(scale) } else { samples as f64 };
    if let Targets::Classes(Some(ignored)) = loss.targets() {
        let ignored = T::of(ignored as f64);
        for (scale, _) in scale.iter_mut().zip(y.column(0)).filter(|(_, class)| **class == ignored) {
            *scale = T::zero();
            samples -= 1;
        }
        total = sums::sum(scale);
    }
    (samples, total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BatchBuffer;
    use crate::dmatrix;
    use crate::losses::{Dice, MeanSquaredError, SparseCategoricalCrossentropy};

    fn scale(loss: &dyn Loss<f64>, weights: Option<&[f64]>) -> Vec<f64> {
        let y = BatchBuffer::from_matrix(&dmatrix![2.0; 0.0; 2.0; 1.0]);
        let mut scale = vec![0.0; 4];
        weigh(loss, y.batch(), weights, &mut scale);
        scale
    }

    #[test]
    fn the_mean_divides_by_the_count_by_default() {
        let weights = [1.0, 2.0, 0.0, 5.0];
        assert_eq!(scale(&MeanSquaredError, None), [0.25; 4]);
        assert_eq!(scale(&MeanSquaredError, Some(&weights)), [0.25, 0.5, 0.0, 1.25]);
        let sum = MeanSquaredError.reduction(Reduction::Sum);
        assert_eq!(scale(&sum, Some(&weights)), weights);
        let weighted = MeanSquaredError.reduction(Reduction::MeanWithSampleWeight);
        assert_eq!(scale(&weighted, Some(&weights)), [0.125, 0.25, 0.0, 0.625]);
        assert_eq!(scale(&weighted, Some(&[0.0; 4])), [0.0; 4]);
    }

    #[test]
    fn ignored_samples_do_not_count() {
        let loss = SparseCategoricalCrossentropy.ignore_class(2);
        assert_eq!(scale(&loss, None), [0.0, 0.5, 0.0, 0.5]);
        assert_eq!(scale(&loss, Some(&[1.0, 2.0, 3.0, 4.0])), [0.0, 1.0, 0.0, 2.0]);
        let weighted = loss.reduction(Reduction::MeanWithSampleWeight);
        assert_eq!(scale(&weighted, Some(&[1.0, 2.0, 3.0, 6.0])), [0.0, 0.25, 0.0, 0.75]);
    }

    #[test]
    fn the_sum_of_one_loss_of_a_batch_is_itself() {
        let loss = Dice.reduction(Reduction::Sum);
        assert_eq!(scale(&loss, None), [0.25; 4]);
        assert_eq!(scale(&loss, Some(&[1.0, 2.0, 3.0, 6.0])), [1.0, 2.0, 3.0, 6.0]);
    }
}
