use super::callback_state::CallbackState;
use super::context::Context;
use super::logs::Logs;
use crate::items::{Spec, type_name};
use crate::{Error, Result, Scalar};
use std::sync::Arc;

/// The reaction of a fit to a loss that is NaN or infinite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Divergence {
    /// End with [`Error::Diverged`](crate::Error::Diverged), unless another callback wants it to stop.
    Fail,
    /// End as if it were finished, with the history of the epochs before and their weights.
    Stop,
}

/// A callback as a description, from which each fit starts its own callback.
///
/// [`FitOptions`](crate::models::FitOptions) hold these. A description is a value with arguments and no state: the
/// callbacks that fits start from it know nothing of each other, and fits may run at the same time. Every callback of the
/// crate but those made of closures has one, and every type that is [`Callback`], [`Spec`] and `Clone` is one; to be taken
/// as one it returns itself from [`Callback::item`], and to be found in a file it is named in
/// [`Registry::callback`](crate::models::Registry::callback).
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
    /// A callback for one fit, as if no fit had been before.
    fn start(&self) -> Box<dyn Callback<T>>;
}

impl<T: Scalar, C: Callback<T> + Spec + Clone> CallbackItem<T> for C {
    fn start(&self) -> Box<dyn Callback<T>> {
        Box::new(self.clone())
    }
}

/// Something that is called at certain moments of a fit, an evaluation or a prediction.
///
/// It sees the fit through a [`Context`]: loss and metrics, learning rate, weights, a way to stop. An error that it
/// returns ends the fit and is what `fit` returns. Pass a `&mut` reference to `fit` to read the callback afterwards.
///
/// The hooks of a fit are called in Keras's order: `on_train_begin`; for every epoch `on_epoch_begin`, then for every step
/// `on_train_batch_begin` and `on_train_batch_end`, then `on_test_begin`, `on_test_batch_begin`, `on_test_batch_end` and
/// `on_test_end` of a validation, then `on_epoch_end`; at last `on_train_end`, or, where Keras calls nothing,
/// `on_train_error`.
///
/// A callback that keeps something from epoch to epoch returns it from [`state`](Callback::state), so that a fit that
/// [`BackupAndRestore`](crate::callbacks::BackupAndRestore) resumes does what the whole fit would have done:
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
/// A callback that is no more than closures is a [`LambdaCallback`](crate::callbacks::LambdaCallback). Another one:
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
    /// Before the first epoch.
    fn on_train_begin(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        let _ = context;
        Ok(())
    }

    /// After the last epoch, also of a fit that was stopped. Not after an error.
    fn on_train_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        let _ = context;
        Ok(())
    }

    /// After an error that ends the fit, whoever returned it: what the callback holds for the end of the fit, such as the
    /// best weights, is to be given back now. Keras has no such hook.
    ///
    /// It is called once for every callback whose `on_train_begin` has succeeded and whose `on_train_end` has not. The
    /// weights are then those after the last whole epoch. `fit` returns `error` in any case; an error from here is added
    /// to its message.
    fn on_train_error(&mut self, error: &Error, context: &mut Context<'_, T>) -> Result<()> {
        let _ = (error, context);
        Ok(())
    }

    /// Before an epoch; also where a fit is resumed within an epoch.
    fn on_epoch_begin(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        let _ = context;
        Ok(())
    }

    /// After an epoch and its validation; the logs hold the loss and metrics of both.
    fn on_epoch_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        let _ = context;
        Ok(())
    }

    /// Before a validation within the fit.
    fn on_test_begin(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        let _ = context;
        Ok(())
    }

    /// After a validation within the fit; the logs hold its loss and metrics.
    fn on_test_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        let _ = context;
        Ok(())
    }

    /// When the loss of step `batch` is NaN or infinite. The step is not taken, and the model returns to the weights
    /// from the beginning of the epoch in either case.
    fn on_divergence(&mut self, batch: usize, loss: f64, context: &mut Context<'_, T>) -> Result<Divergence> {
        let _ = (batch, loss, context);
        Ok(Divergence::Fail)
    }

    /// Before the step `batch` of an epoch, counted from 0.
    fn on_train_batch_begin(&mut self, batch: usize, context: &mut Context<'_, T>) -> Result<()> {
        let _ = (batch, context);
        Ok(())
    }

    /// After the step `batch` of an epoch, counted from 0; the logs hold loss and metrics of the epoch so far.
    fn on_train_batch_end(&mut self, batch: usize, context: &mut Context<'_, T>) -> Result<()> {
        let _ = (batch, context);
        Ok(())
    }

    /// Before a batch of a validation or an evaluation, counted from 0.
    fn on_test_batch_begin(&mut self, batch: usize) -> Result<()> {
        let _ = batch;
        Ok(())
    }

    /// After a batch of a validation or an evaluation; the logs hold its loss and metrics so far.
    fn on_test_batch_end(&mut self, batch: usize, logs: &Logs) -> Result<()> {
        let _ = (batch, logs);
        Ok(())
    }

    /// Before an evaluation of this many batches: of [`Model::evaluate_with`](crate::Model::evaluate_with), which has no fit
    /// and so no context.
    fn on_evaluate_begin(&mut self, steps: usize) -> Result<()> {
        let _ = steps;
        Ok(())
    }

    /// After an evaluation; the logs hold its loss and metrics.
    fn on_evaluate_end(&mut self, logs: &Logs) -> Result<()> {
        let _ = logs;
        Ok(())
    }

    /// Before a prediction of this many batches.
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

    /// The names of the values that the callback adds to the logs at the ends of epochs; none by default.
    ///
    /// Callbacks after this one can monitor them and use them in file names; those before it do not see them yet.
    fn added_logs(&self) -> Vec<String> {
        Vec::new()
    }

    /// The name under which a backup keeps the state: by default that of the Rust type.
    fn name(&self) -> String {
        type_name::<Self>()
    }

    /// The callback as a description that can be repeated and saved; none, the default, for one that serves one fit.
    ///
    /// A type that implements [`Spec`] and `Clone` returns `Some(Arc::new(self.clone()))`, with the state of a fit that
    /// has not begun if it keeps any; see [`CallbackItem`]. Its [`Spec::check`] is called before a fit begins. A `&mut`
    /// reference serves one fit, and a callback that is to be passed as one checks itself in `on_train_begin`.
    fn item(&self) -> Option<Arc<dyn CallbackItem<T>>> {
        None
    }

    /// The state of the callback, for a backup of the fit; none by default.
    ///
    /// It is asked for when every callback has been called for the batch or epoch that was just finished.
    ///
    /// # Errors
    ///
    /// Any reason why the state cannot be stored; it ends the fit.
    fn state(&self) -> Result<Option<CallbackState<T>>> {
        Ok(None)
    }

    /// Continues with a state that [`state`](Callback::state) returned, after `on_train_begin` of a fit that is resumed.
    ///
    /// A state goes to the callback of its name; where several have one name, to the one in the same place among them.
    ///
    /// # Errors
    ///
    /// Any reason why the fit cannot continue from this state; it ends the fit before its first epoch.
    fn restore_state(&mut self, state: CallbackState<T>, context: &mut Context<'_, T>) -> Result<()> {
        let _ = (state, context);
        Ok(())
    }
}
