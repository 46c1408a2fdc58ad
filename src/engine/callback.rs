use super::callback_state::CallbackState;
use super::context::Context;
use super::logs::Logs;
use crate::items::{Spec, type_name};
use crate::{Error, Result, Scalar};
use std::sync::Arc;

/// How a fit reacts to a loss that is NaN or infinite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Divergence {
    /// The fit returns [`Error::Diverged`](crate::Error::Diverged), unless another callback returns [`Divergence::Stop`].
    Fail,
    /// The fit ends without an error, with the history and the weights of the epochs before.
    Stop,
}

/// The description of a callback, from which each fit starts its own callback.
///
/// [`FitOptions`](crate::models::FitOptions) contain descriptions. A description has arguments and no state: callbacks that
/// fits start from it are independent, and the fits may run at the same time. Every callback of the crate has a description,
/// except those made of closures. Every type that implements [`Callback`], [`Spec`] and `Clone` is one: it returns a copy of
/// itself from [`Callback::item`] to be used as a description, and is registered with
/// [`Registry::callback`](crate::models::Registry::callback) to be found when a file is read.
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra::{Result, Scalar, callbacks::{CallbackItem, Context}, items::Spec};
/// use serde_json::{Value, json};
/// use std::sync::Arc;
///
/// /// Stops after a number of epochs.
/// #[derive(Debug, Clone)]
/// struct Budget {
///     epochs: usize,
/// }
///
/// impl Spec for Budget {
///     fn config(&self) -> Result<Value> {
///         Ok(json!({ "epochs": self.epochs }))
///     }
/// }
///
/// impl<T: Scalar> Callback<T> for Budget {
///     fn on_epoch_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
///         self.epochs = self.epochs.saturating_sub(1);
///         if self.epochs == 0 {
///             context.stop();
///         }
///         Ok(())
///     }
///
///     fn item(&self) -> Option<Arc<dyn CallbackItem<T>>> {
///         Some(Arc::new(self.clone()))
///     }
/// }
///
/// let options = Fit::new().epochs(9).callback(Budget { epochs: 2 }).verbose(0).options()?;
/// for _fold in 0..2 {
///     let mut model = Sequential::new().add(Dense::new(1, Linear)).compile("sgd", "mse", ());
///     let history = model.fit(&dmatrix![1.0; 2.0], &dmatrix![1.0; 2.0], Fit::from(&options))?;
///     assert_eq!(history.epochs().len(), 2);
/// }
///
/// let registry = Registry::new()
///     .callback("Budget", |config| Ok(Budget { epochs: config["epochs"].as_u64().unwrap_or(1) as usize }));
/// let again = FitOptions::<f32>::from_config(options.config()?, &registry)?;
/// assert_eq!(again.config()?, options.config()?);
/// # Ok::<(), perceptra::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not describe a callback",
    label = "does not implement `Callback<{T}>`, `Spec` and `Clone`",
    note = "what is `Callback`, `Spec` and `Clone` describes itself; closures are given to `Fit::callback_with`"
)]
pub trait CallbackItem<T: Scalar>: Spec {
    /// Creates a callback for one fit, with the state that it has before any fit.
    fn start(&self) -> Box<dyn Callback<T>>;
}

impl<T: Scalar, C: Callback<T> + Spec + Clone> CallbackItem<T> for C {
    fn start(&self) -> Box<dyn Callback<T>> {
        Box::new(self.clone())
    }
}

/// Code that is called at certain points of a fit, an evaluation or a prediction.
///
/// A [`Context`] gives it access to the fit: loss and metrics, learning rate, weights, stopping. An error that a hook
/// returns ends the fit, and `fit` returns it. Pass a `&mut` reference to `fit` to read the callback afterwards.
///
/// The hooks of a fit are called in Keras's order: `on_train_begin`; for every epoch `on_epoch_begin`, then for every step
/// `on_train_batch_begin` and `on_train_batch_end`, then `on_test_begin`, `on_test_batch_begin`, `on_test_batch_end` and
/// `on_test_end` of a validation, then `on_epoch_end`; finally `on_train_end`, or `on_train_error` (not in Keras) after an error.
///
/// A callback that keeps values from epoch to epoch returns them from [`state`](Callback::state), so that a fit resumed by
/// [`BackupAndRestore`](crate::callbacks::BackupAndRestore) has the same result as an uninterrupted one:
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra::{Result, Scalar, callbacks::{CallbackState, Context}};
///
/// /// Stops after a number of epochs, of all processes together.
/// struct Budget {
///     left: usize,
/// }
///
/// impl<T: Scalar> Callback<T> for Budget {
///     fn on_epoch_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
///         self.left = self.left.saturating_sub(1);
///         if self.left == 0 {
///             context.stop();
///         }
///         Ok(())
///     }
///
///     fn state(&self) -> Result<Option<CallbackState<T>>> {
///         CallbackState::new(self.left).map(Some)
///     }
///
///     fn restore_state(&mut self, state: CallbackState<T>, _: &mut Context<'_, T>) -> Result<()> {
///         self.left = state.values()?;
///         Ok(())
///     }
/// }
/// ```
///
/// For a callback made of closures use [`LambdaCallback`](crate::callbacks::LambdaCallback). For other callbacks implement the
/// trait:
///
/// ```
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
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a callback",
    label = "does not implement `Callback<{T}>`",
    note = "pass a value that implements `Callback`, or `&mut` one; a callback by its name is given to `Fit::callback_item`, \
            closures to `LambdaCallback`"
)]
pub trait Callback<T: Scalar> {
    /// Called before the first epoch.
    fn on_train_begin(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        let _ = context;
        Ok(())
    }

    /// Called after the last epoch, also if the fit was stopped, but not after an error.
    fn on_train_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        let _ = context;
        Ok(())
    }

    /// Called after an error ends the fit, whatever its source: a callback that changes the model at the end of a fit, for example
    /// to restore the best weights, does so here. Keras has no such hook.
    ///
    /// It is called once for every callback whose `on_train_begin` has succeeded and whose `on_train_end` has not. The
    /// weights are those after the last complete epoch. `fit` returns `error` in any case; an error returned here is added
    /// to its message.
    fn on_train_error(&mut self, error: &Error, context: &mut Context<'_, T>) -> Result<()> {
        let _ = (error, context);
        Ok(())
    }

    /// Called before an epoch, also when a fit is resumed within it.
    fn on_epoch_begin(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        let _ = context;
        Ok(())
    }

    /// Called after an epoch and its validation; the logs hold the loss and metrics of both.
    fn on_epoch_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        let _ = context;
        Ok(())
    }

    /// Called before a validation within the fit.
    fn on_test_begin(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        let _ = context;
        Ok(())
    }

    /// Called after a validation within the fit; the logs hold its loss and metrics.
    fn on_test_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        let _ = context;
        Ok(())
    }

    /// Called when the loss of step `batch` is NaN or infinite. The optimizer does not take the step, and the model returns to the
    /// weights from the beginning of the epoch whichever value is returned.
    fn on_divergence(&mut self, batch: usize, loss: f64, context: &mut Context<'_, T>) -> Result<Divergence> {
        let _ = (batch, loss, context);
        Ok(Divergence::Fail)
    }

    /// Called before the step `batch` of an epoch, counted from 0.
    fn on_train_batch_begin(&mut self, batch: usize, context: &mut Context<'_, T>) -> Result<()> {
        let _ = (batch, context);
        Ok(())
    }

    /// Called after the step `batch` of an epoch, counted from 0; the logs hold loss and metrics of the epoch so far.
    fn on_train_batch_end(&mut self, batch: usize, context: &mut Context<'_, T>) -> Result<()> {
        let _ = (batch, context);
        Ok(())
    }

    /// Called before a batch of a validation or an evaluation, counted from 0.
    fn on_test_batch_begin(&mut self, batch: usize) -> Result<()> {
        let _ = batch;
        Ok(())
    }

    /// Called after a batch of a validation or an evaluation; the logs hold its loss and metrics so far.
    fn on_test_batch_end(&mut self, batch: usize, logs: &Logs) -> Result<()> {
        let _ = (batch, logs);
        Ok(())
    }

    /// Called before an evaluation of this many batches by [`Model::evaluate_with`](crate::Model::evaluate_with); there is no
    /// fit and therefore no context.
    fn on_evaluate_begin(&mut self, steps: usize) -> Result<()> {
        let _ = steps;
        Ok(())
    }

    /// Called after an evaluation; the logs hold its loss and metrics.
    fn on_evaluate_end(&mut self, logs: &Logs) -> Result<()> {
        let _ = logs;
        Ok(())
    }

    /// Called before a prediction of this many batches.
    fn on_predict_begin(&mut self, steps: usize) -> Result<()> {
        let _ = steps;
        Ok(())
    }

    /// Called before a batch of a prediction, counted from 0.
    fn on_predict_batch_begin(&mut self, batch: usize) -> Result<()> {
        let _ = batch;
        Ok(())
    }

    /// Called after a batch of a prediction, counted from 0.
    fn on_predict_batch_end(&mut self, batch: usize) -> Result<()> {
        let _ = batch;
        Ok(())
    }

    /// Called after a prediction.
    fn on_predict_end(&mut self) -> Result<()> {
        Ok(())
    }

    /// The names of the values that the callback adds to the logs at the ends of epochs; none by default.
    ///
    /// Callbacks after this one can monitor them and use them in file names; those before it do not see them yet.
    fn added_logs(&self) -> Vec<String> {
        Vec::new()
    }

    /// The name under which a backup stores the state; by default the name of the Rust type.
    fn name(&self) -> String {
        type_name::<Self>()
    }

    /// The callback as a description, which other fits can use and a file can store; `None`, the default, for a callback that
    /// serves one fit only.
    ///
    /// A type that implements [`Spec`] and `Clone` returns `Some(Arc::new(self.clone()))`, with the state reset if it has one;
    /// see [`CallbackItem`]. Its [`Spec::check`] is called before a fit begins. A `&mut` reference serves one fit only, and
    /// `Spec::check` is not called for it, so a callback that may be passed by reference checks its arguments in `on_train_begin`.
    fn item(&self) -> Option<Arc<dyn CallbackItem<T>>> {
        None
    }

    /// The state of the callback, for a backup of the fit; none by default.
    ///
    /// It is called after every callback has been called for the batch or epoch that was just finished.
    ///
    /// # Errors
    ///
    /// Any reason why the state cannot be stored; it ends the fit.
    fn state(&self) -> Result<Option<CallbackState<T>>> {
        Ok(None)
    }

    /// Continues with a state that [`state`](Callback::state) returned, after `on_train_begin` of a fit that is resumed.
    ///
    /// A state is passed to the callback with its name; of several callbacks with that name, to the one with the same index among
    /// them.
    ///
    /// # Errors
    ///
    /// Any reason why the fit cannot continue from this state; it ends the fit before its first epoch.
    fn restore_state(&mut self, state: CallbackState<T>, context: &mut Context<'_, T>) -> Result<()> {
        let _ = (state, context);
        Ok(())
    }
}
