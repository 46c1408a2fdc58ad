//! Callbacks: what happens beside training, at the beginning and end of fits, epochs and batches.

mod callback;
mod context;
mod early_stopping;
mod lambda;
mod monitor;

pub use callback::Callback;
pub use context::{Context, Snapshot};
pub use early_stopping::EarlyStopping;
pub use lambda::LambdaCallback;
pub use monitor::Mode;
