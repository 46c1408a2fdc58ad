//! Callbacks: code that runs at the beginning and the end of fits, epochs and batches.
//!
//! Keras's names map as follows: [`fit`](crate::Model::fit) returns [`History`]; [`Fit::verbose`](crate::Fit::verbose) shows the
//! display of [`ProgbarLogger`]; the others are passed to [`Fit::callback`](crate::Fit::callback).
//!
//! A callback that is passed by value may be a description from which any number of fits start their own callback: a
//! [`CallbackItem`], which [`FitOptions`](crate::models::FitOptions) and files can contain. [`get`] creates one by its name.

mod csv_file;
mod files;
mod fit_options;
mod lambda;
mod learning_rate_scheduler;
mod monitor;
#[cfg(test)]
mod names;
mod open;
mod python_format;
mod save_freq;
mod template;

pub use crate::engine::{Callback, CallbackItem, CallbackState, Context, Divergence, History, Snapshot};
use crate::items::family;
pub use lambda::LambdaCallback;
pub use learning_rate_scheduler::LearningRateScheduler;
pub use monitor::Mode;
pub use save_freq::SaveFreq;
pub use tensor_board::UpdateFreq;

// One line per callback: its file and its name.
family! {
    /// Creates the callback with Keras's class name and with arguments under Keras's names; `null` for the defaults.
    ///
    /// [`LambdaCallback`] and [`LearningRateScheduler`] are made of
    /// closures and have no configuration.
    ///
    /// ```
    /// use perceptra::callbacks;
    /// use perceptra::prelude::*;
    /// use serde_json::json;
    ///
    /// let stopping = callbacks::get("EarlyStopping", json!({ "monitor": "loss", "min_delta": 1e9 }))?;
    /// let fit = Fit::new().epochs(9).callback_item(stopping).verbose(0);
    /// let mut model = Sequential::new().add(Dense::new(1, Linear)).compile("sgd", "mse", ());
    /// let history = model.fit(&dmatrix![1.0; 2.0], &dmatrix![1.0; 2.0], fit)?;
    /// assert_eq!(history.epochs().len(), 2);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    CallbackItem<T>: "callback", T::callbacks(), str::to_string, &[];
    /// Adds a callback.
    registered by callback;
    backup_and_restore: BackupAndRestore;
    csv_logger: CSVLogger;
    early_stopping: EarlyStopping<T>;
    model_checkpoint: ModelCheckpoint;
    progbar_logger: ProgbarLogger;
    reduce_lr_on_plateau: ReduceLROnPlateau;
    swap_ema_weights: SwapEMAWeights;
    tensor_board: TensorBoard;
    terminate_on_nan: TerminateOnNaN;
}
