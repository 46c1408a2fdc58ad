use super::Context;
use crate::{Result, Scalar};

/// Something that is called at certain moments of a fit.
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

    fn on_train_batch_begin(&mut self, batch: usize, context: &mut Context<'_, T>) -> Result<()> {
        (**self).on_train_batch_begin(batch, context)
    }

    fn on_train_batch_end(&mut self, batch: usize, context: &mut Context<'_, T>) -> Result<()> {
        (**self).on_train_batch_end(batch, context)
    }
}
