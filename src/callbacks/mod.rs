//! Callbacks: what happens beside training, at the beginning and end of fits, epochs and batches.
//!
//! Keras's names map as follows: [`History`] is what [`fit`](crate::Model::fit) returns, [`ProgbarLogger`] what
//! [`Fit::verbose`](crate::Fit::verbose) shows; the others are given to [`Fit::callback`](crate::Fit::callback).

mod arguments;
mod backup_and_restore;
mod csv_file;
mod csv_logger;
mod early_stopping;
mod files;
mod fit_options;
mod lambda;
mod learning_rate_scheduler;
mod model_checkpoint;
mod monitor;
mod names;
mod progbar_logger;
mod python_format;
mod reduce_lr_on_plateau;
mod save_freq;
mod swap_ema_weights;
mod template;
mod tensor_board;
mod terminate_on_nan;

pub use crate::engine::{Callback, CallbackItem, CallbackState, Context, Divergence, History, Snapshot};
pub use backup_and_restore::BackupAndRestore;
pub use csv_logger::CSVLogger;
pub use early_stopping::EarlyStopping;
pub use lambda::LambdaCallback;
pub use learning_rate_scheduler::LearningRateScheduler;
pub use model_checkpoint::ModelCheckpoint;
pub use monitor::Mode;
pub use names::get;
pub use progbar_logger::ProgbarLogger;
pub use reduce_lr_on_plateau::ReduceLROnPlateau;
pub use save_freq::SaveFreq;
pub use swap_ema_weights::SwapEMAWeights;
pub use tensor_board::{TensorBoard, UpdateFreq};
pub use terminate_on_nan::TerminateOnNaN;
