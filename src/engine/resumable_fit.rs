//! A fit in several parts: it stops at the end of an epoch and is resumed in memory.

use super::fit_state::{Position, StoredCallback};
use super::history::History;
use crate::Scalar;
use crate::optimizers::OptimizerState;

/// The progress of a fit in several parts, and the epoch at which the next part ends.
///
/// The result is the same, bit for bit, as that of one uninterrupted fit: schedules use the epochs of the whole fit, and the order
/// of the samples and the state of the callbacks continue. Changes that callbacks make at the end of a fit, for example restoring
/// the best weights, are made at the end of each part and undone when the fit is resumed.
pub(crate) struct ResumableFit<T: Scalar> {
    /// The number of epochs after which the part ends.
    pub(super) until: usize,
    pub(super) progress: FitProgress<T>,
}

/// The progress of a fit in several parts.
pub(super) enum FitProgress<T: Scalar> {
    NotStarted,
    Paused(Box<PausedFit<T>>),
    Finished,
}

/// The state of a fit at the end of an epoch.
pub(super) struct PausedFit<T: Scalar> {
    pub(super) weights: Vec<T>,
    pub(super) state: Vec<T>,
    pub(super) optimizer_state: OptimizerState<T>,
    pub(super) position: Position,
    pub(super) history: History,
    pub(super) callbacks: Vec<StoredCallback<T>>,
}

impl<T: Scalar> ResumableFit<T> {
    /// The progress before the first part.
    pub(crate) fn new() -> Self {
        ResumableFit { until: 0, progress: FitProgress::NotStarted }
    }

    /// Sets the number of epochs, of all parts together, after which the next part ends.
    pub(crate) fn set_until(&mut self, epochs: usize) {
        self.until = epochs;
    }

    /// Whether all epochs have been trained, or a callback has stopped the fit.
    pub(crate) fn is_finished(&self) -> bool {
        matches!(self.progress, FitProgress::Finished)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::{Fit, Model};
    use crate::prelude::*;
    use nalgebra::DMatrix;

    fn data() -> (DMatrix<f32>, DMatrix<f32>) {
        let x = DMatrix::from_fn(90, 3, |i, j| ((i * (2 * j + 3) + j) % 17) as f32 / 17.0 - 0.5);
        let y = DMatrix::from_fn(90, 1, |i, _| f32::from(u8::from(x[(i, 0)] + x[(i, 1)] > 0.1)));
        (x, y)
    }

    fn model(average: bool) -> Model {
        let layers = Sequential::new().add(Dense::new(5, Relu)).add(Dropout::new(0.2)).add(Dense::new(1, Sigmoid));
        let optimizer = SGD.learning_rate(CosineDecay::new(0.5, 60)).momentum(0.5).use_ema(average);
        layers.seed(3).compile(optimizer, BinaryCrossentropy, metrics![Accuracy])
    }

    fn options<'a>(patience: usize) -> Fit<'a, f32> {
        let stopping = EarlyStopping::new().patience(patience).restore_best_weights(true);
        Fit::new().batch_size(16).epochs(12).validation_split(0.2).callback(stopping).verbose(0)
    }

    #[test]
    fn parts_train_the_bits_of_the_whole() -> crate::Result<()> {
        let (x, y) = data();
        for (average, patience) in [(false, 20), (true, 20), (false, 1)] {
            let mut whole = model(average);
            let history = whole.fit(&x, &y, options(patience))?;
            for cuts in [&[12][..], &[4, 12], &[1, 2, 3, 7, 12], &[3, 5, 40]] {
                let (mut parts, mut resumable) = (model(average), ResumableFit::new());
                for (index, &until) in cuts.iter().enumerate() {
                    assert!(index == 0 || !resumable.is_finished() || patience == 1);
                    if !resumable.is_finished() {
                        resumable.set_until(until);
                        let found = parts.fit(&x, &y, options(patience).part(&mut resumable))?;
                        assert!(found.epochs().len() <= until);
                    }
                }
                assert!(resumable.is_finished());
                assert_eq!(parts.network()?.flat_weights(), whole.network()?.flat_weights());
                assert_eq!(parts.history(), &history);
                assert_eq!(parts.iterations(), whole.iterations());
            }
        }
        Ok(())
    }

    #[test]
    fn a_part_ends_as_a_fit_of_as_many_epochs() -> crate::Result<()> {
        let (x, y) = data();
        let (mut short, mut part, mut resumable) = (model(true), model(true), ResumableFit::new());
        short.fit(&x, &y, options(20).epochs(4))?;
        resumable.set_until(4);
        part.fit(&x, &y, options(20).part(&mut resumable))?;
        assert_eq!(part.network()?.flat_weights(), short.network()?.flat_weights());
        assert!(!resumable.is_finished() && short.history() == part.history());
        Ok(())
    }
}
