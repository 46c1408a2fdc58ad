use super::Context;
use crate::models::Logs;
use crate::{Result, Scalar};

/// What a fit is to do about a loss that is NaN or infinite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Divergence {
    /// End with [`Error::Diverged`](crate::Error::Diverged), unless another callback wants it to stop.
    Fail,
    /// End as if it were finished, with the history of the epochs before and their weights.
    Stop,
}

/// Something that is called at certain moments of a fit, an evaluation or a prediction.
///
/// It sees the fit through a [`Context`]: figures, learning rate, weights, a way to stop. An error that it
/// returns ends the fit and is what `fit` returns. Give `fit` a `&mut` reference to look at the callback afterwards.
///
/// ```
/// use nalgebra::dmatrix;
/// use perceptra::prelude::*;
/// use perceptra::{Result, Scalar, callbacks::Context};
///
/// /// Remembers the best loss.
/// #[derive(Default)]
/// struct Best(Option<f64>);
///
/// impl<T: Scalar> Callback<T> for Best {
///     fn on_epoch_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
///         let loss = context.logs().loss();
///         self.0 = Some(self.0.map_or(loss, |best| best.min(loss)));
///         Ok(())
///     }
/// }
///
/// let mut best = Best::default();
/// let mut model = Sequential::new().add(Dense::new(1, Linear)).compile("sgd", "mse", ());
/// model.fit(&dmatrix![1.0; 2.0], &dmatrix![1.0; 2.0], Fit::new().epochs(3).callback(&mut best).verbose(0))?;
/// assert!(best.0.is_some());
/// # Ok::<(), perceptra::Error>(())
/// ```
pub trait Callback<T: Scalar> {
    /// Before the first epoch.
    fn on_train_begin(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        let _ = context;
        Ok(())
    }

    /// After the last epoch, also of a fit that was stopped.
    fn on_train_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        let _ = context;
        Ok(())
    }

    /// Before an epoch.
    fn on_epoch_begin(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        let _ = context;
        Ok(())
    }

    /// After an epoch and its validation; the logs hold their figures.
    fn on_epoch_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        let _ = context;
        Ok(())
    }

    /// Before a validation within the fit.
    fn on_test_begin(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        let _ = context;
        Ok(())
    }

    /// After a validation within the fit; the logs hold its figures.
    fn on_test_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        let _ = context;
        Ok(())
    }

    /// When the loss of step `batch` is NaN or infinite. The step is not taken, and the model returns to the weights
    /// from the beginning of the epoch whatever is answered.
    fn on_divergence(&mut self, batch: usize, loss: f64, context: &mut Context<'_, T>) -> Result<Divergence> {
        let _ = (batch, loss, context);
        Ok(Divergence::Fail)
    }

    /// Before the step `batch` of an epoch, counted from 0.
    fn on_train_batch_begin(&mut self, batch: usize, context: &mut Context<'_, T>) -> Result<()> {
        let _ = (batch, context);
        Ok(())
    }

    /// After the step `batch` of an epoch, counted from 0; the logs hold the figures of the epoch so far.
    fn on_train_batch_end(&mut self, batch: usize, context: &mut Context<'_, T>) -> Result<()> {
        let _ = (batch, context);
        Ok(())
    }

    /// Before a batch of a validation or an evaluation, counted from 0.
    fn on_test_batch_begin(&mut self, batch: usize) -> Result<()> {
        let _ = batch;
        Ok(())
    }

    /// After a batch of a validation or an evaluation; the logs hold its figures so far.
    fn on_test_batch_end(&mut self, batch: usize, logs: &Logs) -> Result<()> {
        let _ = (batch, logs);
        Ok(())
    }

    /// Before an evaluation of so many batches: of [`Model::evaluate_with`](crate::Model::evaluate_with), which has no fit
    /// and so no context.
    fn on_evaluate_begin(&mut self, steps: usize) -> Result<()> {
        let _ = steps;
        Ok(())
    }

    /// After an evaluation; the logs hold its figures.
    fn on_evaluate_end(&mut self, logs: &Logs) -> Result<()> {
        let _ = logs;
        Ok(())
    }

    /// Before a prediction of so many batches.
    fn on_predict_begin(&mut self, steps: usize) -> Result<()> {
        let _ = steps;
        Ok(())
    }

    /// Before a batch of a prediction, counted from 0.
    fn on_predict_batch_begin(&mut self, batch: usize) -> Result<()> {
        let _ = batch;
        Ok(())
    }

    /// After a batch of a prediction, counted from 0.
    fn on_predict_batch_end(&mut self, batch: usize) -> Result<()> {
        let _ = batch;
        Ok(())
    }

    /// After a prediction.
    fn on_predict_end(&mut self) -> Result<()> {
        Ok(())
    }
}

impl<T: Scalar, C: Callback<T> + ?Sized> Callback<T> for &mut C {
    fn on_train_begin(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        (**self).on_train_begin(context)
    }

    fn on_train_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        (**self).on_train_end(context)
    }

    fn on_epoch_begin(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        (**self).on_epoch_begin(context)
    }

    fn on_epoch_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        (**self).on_epoch_end(context)
    }

    fn on_test_begin(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        (**self).on_test_begin(context)
    }

    fn on_test_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        (**self).on_test_end(context)
    }

    fn on_divergence(&mut self, batch: usize, loss: f64, context: &mut Context<'_, T>) -> Result<Divergence> {
        (**self).on_divergence(batch, loss, context)
    }

    fn on_train_batch_begin(&mut self, batch: usize, context: &mut Context<'_, T>) -> Result<()> {
        (**self).on_train_batch_begin(batch, context)
    }

    fn on_train_batch_end(&mut self, batch: usize, context: &mut Context<'_, T>) -> Result<()> {
        (**self).on_train_batch_end(batch, context)
    }

    fn on_test_batch_begin(&mut self, batch: usize) -> Result<()> {
        (**self).on_test_batch_begin(batch)
    }

    fn on_test_batch_end(&mut self, batch: usize, logs: &Logs) -> Result<()> {
        (**self).on_test_batch_end(batch, logs)
    }

    fn on_evaluate_begin(&mut self, steps: usize) -> Result<()> {
        (**self).on_evaluate_begin(steps)
    }

    fn on_evaluate_end(&mut self, logs: &Logs) -> Result<()> {
        (**self).on_evaluate_end(logs)
    }

    fn on_predict_begin(&mut self, steps: usize) -> Result<()> {
        (**self).on_predict_begin(steps)
    }

    fn on_predict_batch_begin(&mut self, batch: usize) -> Result<()> {
        (**self).on_predict_batch_begin(batch)
    }

    fn on_predict_batch_end(&mut self, batch: usize) -> Result<()> {
        (**self).on_predict_batch_end(batch)
    }

    fn on_predict_end(&mut self) -> Result<()> {
        (**self).on_predict_end()
    }
}
