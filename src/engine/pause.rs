//! A fit in several parts, which is paused at the end of an epoch and continued in memory.

use super::fit_state::{Position, StoredCallback};
use super::history::History;
use crate::Scalar;
use crate::optimizers::OptimizerState;

/// The end of the next part of a fit, and what the last part left.
///
/// All parts together train the same bits as the fit in one part: schedules follow the epochs of the whole, the order of the
/// samples and the state of the callbacks continue. What callbacks do at the end of a fit, such as restoring the best weights,
/// is done at the end of each part, and undone when the fit is continued.
pub(crate) struct Pause<T: Scalar> {
    /// The number of epochs after which the part ends.
    pub(super) until: usize,
    pub(super) left: Left<T>,
}

/// What the last part of a fit left.
pub(super) enum Left<T: Scalar> {
    /// There was none.
    Nothing,
    /// It was paused.
    Paused(Box<PausedFit<T>>),
    /// The fit has ended.
    End,
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

impl<T: Scalar> Pause<T> {
    /// Before the first part.
    pub(crate) fn new() -> Self {
        Pause { until: 0, left: Left::Nothing }
    }

    /// Sets the number of epochs, of all parts together, after which the next part ends.
    pub(crate) fn set_until(&mut self, epochs: usize) {
        self.until = epochs;
    }

    /// Whether there is nothing left to train.
    pub(crate) fn has_ended(&self) -> bool {
        matches!(self.left, Left::End)
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
                let (mut parts, mut pause) = (model(average), Pause::new());
                for (index, &until) in cuts.iter().enumerate() {
                    assert!(index == 0 || !pause.has_ended() || patience == 1);
                    if !pause.has_ended() {
                        pause.set_until(until);
                        let found = parts.fit(&x, &y, options(patience).part(&mut pause))?;
                        assert!(found.epochs().len() <= until);
                    }
                }
                assert!(pause.has_ended());
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
        let (mut short, mut part, mut pause) = (model(true), model(true), Pause::new());
        short.fit(&x, &y, options(20).epochs(4))?;
        pause.set_until(4);
        part.fit(&x, &y, options(20).part(&mut pause))?;
        assert_eq!(part.network()?.flat_weights(), short.network()?.flat_weights());
        assert!(!pause.has_ended() && short.history() == part.history());
        Ok(())
    }
}
