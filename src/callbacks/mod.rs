//! Callbacks: what happens beside training, at the beginning and end of fits, epochs and batches.
//!
//! Keras's names map as follows: [`History`] is what [`fit`](crate::Model::fit) returns, [`ProgbarLogger`] what
//! [`Fit::verbose`](crate::Fit::verbose) shows; the others are given to [`Fit::callback`](crate::Fit::callback).
//!
//! A callback that is passed by value may be a description from which any number of fits start their own: a
//! [`CallbackItem`], which [`FitOptions`](crate::models::FitOptions) keep and files hold. [`get`] makes one by its name.

mod arguments;
mod csv_file;
mod files;
mod fit_options;
mod lambda;
mod learning_rate_scheduler;
mod monitor;
mod names;
mod python_format;
mod save_freq;
mod template;

pub use crate::engine::{Callback, CallbackItem, CallbackState, Context, Divergence, History, Snapshot};
use arguments::callbacks;
pub use lambda::LambdaCallback;
pub use learning_rate_scheduler::LearningRateScheduler;
pub use monitor::Mode;
pub use names::get;
pub use save_freq::SaveFreq;

// One line a callback: its file, and what it is called.
callbacks! {
    backup_and_restore: BackupAndRestore;
    csv_logger: CSVLogger;
    early_stopping: EarlyStopping;
    model_checkpoint: ModelCheckpoint;
    progbar_logger: ProgbarLogger;
    reduce_lr_on_plateau: ReduceLROnPlateau;
    swap_ema_weights: SwapEMAWeights;
    tensor_board: TensorBoard, UpdateFreq;
    terminate_on_nan: TerminateOnNaN;
}
