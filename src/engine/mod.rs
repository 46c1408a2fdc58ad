//! Training, evaluation and prediction. The files, in the order in which a batch passes through them:
//!
//! | | file | |
//! |---|---|---|
//! | the model |  [`network`] | the built layers with their weights |
//! | | [`architecture`], [`build`] | from the description of layers to a network |
//! | the data |  [`samples`], [`dataset`] | samples, targets and weights as one record per sample, and their order |
//! | | [`sample_window`] | the samples of the next batches, if the matrices are not copied completely |
//! | | [`window_filler`] | copies these samples from the matrices |
//! | | [`window_ahead`] | a thread that copies the next window during training |
//! | | [`epoch_iterator`] | the batches of an epoch |
//! | | [`block_reader`], [`row_stream`] | the blocks of a source, read ahead; its rows, a window of the dataset at a time |
//! | | [`argument_names`] | the names of the arguments in messages |
//! | | [`checks`] | whether a fit, an evaluation or a prediction is possible |
//! | a batch | [`plan`], [`workspace`] | the memory of the nodes' outputs, their gradients and scratch |
//! | | [`pass`] | the forward and the backward pass over the nodes |
//! | | [`loss`] | the loss of a batch and its gradient |
//! | | [`penalties`] | the terms of regularizers in the loss and in the gradients |
//! | | [`optimizer_state`] | the update of the weights |
//! | | [`running_metrics`] | running loss and metrics |
//! | | [`train_step`], [`gradients`] | forward pass, loss and backward pass, for a fit and for checks of a layer |
//! | | [`row_parts`] | a step of a large batch, with the rows divided among threads |
//! | a gradient | [`input_gradients`] | the gradients of predictions with respect to the samples |
//! | a fit | [`fit_settings`], [`fit_inputs`] | the repeatable settings, and the data of one call |
//! | | [`prepare`] | checks and buffers of a fit |
//! | | [`fit_loop`] | epochs and steps |
//! | | [`resumable_fit`] | a fit in several parts |
//! | | [`fit_state`], [`recovery`] | the position in a fit, backups, cleanup after an error |
//! | a distributed fit | [`ranks`], [`rank_identity`] | the communication between ranks, and the check that all ranks run the same fit |
//! | | [`rank_decisions`], [`rank_epoch`], [`part_step`] | the decisions of rank 0; an epoch; a step with a part of the rows on each rank |
//! | an evaluation | [`measures`], [`evaluate_loop`] | loss and metrics without training |
//! | a prediction | [`predict_loop`] | prediction block by block, on several threads |
//! | | [`row_plan`], [`predict_row`] | prediction of a single sample: the plan, made once, and the call |
//! | callbacks | [`callback`], [`context`] | the trait `Callback`, its description `CallbackItem`, and its view of the fit |
//! | | [`borrowed_callback`] | a callback that a fit borrows |
//! | | [`callback_factory`] | a closure that makes a callback for each fit |
//! | | [`snapshot`], [`callback_state`] | saved weights, and the stored state of callbacks |
//! | the results | [`logs`], [`history`], [`progress`] | named values of an epoch, the values of all epochs, the progress display |
//!
//! The engine imports neither `models`, nor `callbacks`, nor `saving`.

mod architecture;
pub(crate) mod argument_names;
pub(crate) mod block_reader;
mod borrowed_callback;
pub(crate) mod build;
pub(crate) mod callback;
mod callback_factory;
pub(crate) mod callback_state;
pub(crate) mod checks;
pub(crate) mod context;
mod dataset;
mod dependences;
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
mod input_gradients;
mod logs;
mod loss;
mod measures;
pub(crate) mod network;
mod optimizer_state;
mod part_step;
mod pass;
mod penalties;
mod plan;
pub(crate) mod predict_loop;
mod predict_row;
mod prepare;
mod progress;
mod rank_decisions;
mod rank_epoch;
pub(crate) mod rank_identity;
pub(crate) mod ranks;
mod recovery;
mod resumable_fit;
mod row_parts;
mod row_plan;
mod row_stream;
mod running_metrics;
mod sample_window;
mod samples;
mod snapshot;
mod train_step;
mod window_ahead;
mod window_filler;
mod workspace;

pub(crate) use architecture::Architecture;
#[cfg(feature = "keras")]
pub(crate) use build::Blueprint;
pub use callback::{Callback, CallbackItem, Divergence};
pub(crate) use callback_factory::CallbackFactory;
pub use callback_state::CallbackState;
pub use context::Context;
pub(crate) use evaluate_loop::Callbacks;
pub(crate) use fit_inputs::{FitInputs, SharedSamples, SourceInputs, ValidationMatrices};
pub(crate) use fit_settings::{ClassWeights, FitSettings};
pub use gradients::Gradients;
pub use history::History;
pub(crate) use input_gradients::InputGradients;
pub use logs::Logs;
pub(crate) use measures::Measures;
pub use network::Network;
pub(crate) use prepare::Trained;
pub use progress::Verbosity;
pub(crate) use progress::{Progress, show_line};
pub(crate) use resumable_fit::ResumableFit;
pub(crate) use samples::Samples;
pub use snapshot::Snapshot;
