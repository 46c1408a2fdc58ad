//! The engine: the way of a batch, file by file in the order in which it goes.
//!
//! | | file | |
//! |---|---|---|
//! | what is walked | [`network`] | the built layers with their weights |
//! | | [`architecture`], [`build`] | from the description of layers to that |
//! | what comes in | [`dataset`] | samples, targets and weights, side by side |
//! | | [`epoch_iterator`] | which batches an epoch goes over |
//! | | [`checks`] | whether a fit, an evaluation or a prediction is possible |
//! | a batch | [`plan`], [`workspace`] | where the values are that go from node to node, their gradients, scratch |
//! | | [`pass`] | the one forward and the one backward walk over the nodes |
//! | | [`loss`] | the loss of a batch, and its gradient where that is wanted |
//! | | [`penalties`] | what regularizers add to the loss and to the gradients |
//! | | [`optimizer_state`] | the step along the gradients |
//! | | [`running_metrics`] | loss and metrics so far |
//! | | [`train_step`], [`gradients`] | both walks and the loss between them, for a fit and for whoever checks a layer |
//! | a fit | [`fit_settings`], [`fit_inputs`] | numbers and flags, which can be repeated, and what one call takes |
//! | | [`fit_loop`] | epochs and steps |
//! | | [`fit_state`], [`recovery`] | where a fit is, backups, what is due after an error |
//! | an evaluation | [`measures`], [`evaluate_loop`] | loss and metrics without training |
//! | a prediction | [`predict_loop`] | block by block, over threads |
//! | who watches | [`callback`], [`context`] | the trait `Callback`, its description `CallbackItem`, and the fit as it sees it |
//! | | [`borrowed_callback`] | a callback that is lent to a fit |
//! | | [`callback_factory`] | a closure as such a description |
//! | | [`snapshot`], [`callback_state`] | what a callback keeps |
//! | what comes out | [`logs`], [`history`], [`progress`] | named values, those of all epochs, the display |
//!
//! It knows nothing of what users hold (`models`), of the callbacks there are (`callbacks`) and of files (`saving`).

mod architecture;
mod borrowed_callback;
pub(crate) mod build;
pub(crate) mod callback;
mod callback_factory;
pub(crate) mod callback_state;
pub(crate) mod checks;
pub(crate) mod context;
mod dataset;
mod epoch_iterator;
pub(crate) mod evaluate_loop;
mod fit_inputs;
pub(crate) mod fit_loop;
mod fit_settings;
pub(crate) mod fit_state;
mod gradients;
#[cfg(test)]
mod graph_tests;
mod history;
mod logs;
mod loss;
mod measures;
pub(crate) mod network;
mod optimizer_state;
mod pass;
mod penalties;
mod plan;
pub(crate) mod predict_loop;
mod progress;
mod recovery;
mod running_metrics;
mod snapshot;
mod train_step;
mod workspace;

pub(crate) use architecture::Architecture;
#[cfg(feature = "keras")]
pub(crate) use build::Blueprint;
pub use callback::{Callback, CallbackItem, Divergence};
pub(crate) use callback_factory::CallbackFactory;
pub use callback_state::CallbackState;
pub use context::Context;
pub(crate) use evaluate_loop::Callbacks;
pub(crate) use fit_inputs::FitInputs;
pub(crate) use fit_settings::{ClassWeights, FitSettings};
pub use gradients::Gradients;
pub use history::History;
pub use logs::Logs;
pub(crate) use measures::Measures;
pub use network::Network;
pub use progress::Verbosity;
pub(crate) use progress::{Progress, show_line};
pub use snapshot::Snapshot;
