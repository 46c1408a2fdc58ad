//! Data-parallel training on several processes: each rank trains on its own rows, and all ranks train the same model.
//!
//! A rank is one of the processes of a job, counted from 0. Every rank runs the same program, builds the same model and passes its
//! part of the rows to [`fit`](crate::Model::fit) or [`fit_batches`](crate::Model::fit_batches), with
//! [`Fit::distributed`](crate::Fit::distributed). The crate `perceptra-mpi` has a [`Communicator`] over MPI; [`InProcess`] is one for
//! threads of a single process, for tests.
//!
//! ```
//! use perceptra::distributed::InProcess;
//! use perceptra::prelude::*;
//! use nalgebra::DMatrix;
//!
//! let histories = InProcess::run(2, |world| {
//!     // This rank's rows: every second one of 64.
//!     let x = DMatrix::from_fn(32, 1, |i, _| (2 * i + world.rank()) as f32 / 64.0);
//!     let y = x.map(|x| 3.0 * x - 1.0);
//!     let mut model = Sequential::new().seed(1).add(Dense::new(1, Linear)).compile("sgd", "mse", ());
//!     model.fit(&x, &y, Fit::new().batch_size(8).epochs(3).distributed(world).verbose(0))
//! })?;
//! assert_eq!(histories[0], histories[1]);
//! # use perceptra::distributed::Communicator;
//! # Ok::<(), perceptra::Error>(())
//! ```
//!
//! # What is computed
//!
//! A step with batch size b on N ranks equals the step of one process on all N·b rows: the loss is the mean over all of them, with
//! sample weights and class weights, even if the last batches differ in size or some ranks have no rows left. The gradients are summed
//! over the ranks, and each rank makes the same step. Losses, metrics and validation count the rows of all ranks.
//! [`BatchNormalization`](crate::layers::BatchNormalization) takes its statistics over the rows of all ranks. Dropout and noise draw
//! the same numbers as one process with the rows of rank 0 first: each rank draws the numbers for all rows and keeps those for its own.
//!
//! With [`Distributed::average_every`] each rank makes a number of independent steps before weights are averaged, which needs less
//! communication.
//!
//! | | |
//! |---|---|
//! | rows | each rank passes its own, at least one; an epoch ends when the rank with the most rows has used all of them |
//! | order | each rank shuffles its own rows, by the seed and its number; rank 0 shuffles as in a fit that is not distributed |
//! | first weights, optimizer state, seed | those of rank 0 |
//! | callbacks, files, progress display | those of rank 0; on other ranks callbacks are not called. Their decisions apply to all ranks: to stop, the learning rate, weights that they change, values that they add to the logs |
//! | validation data | each rank passes its part, or none does |
//! | errors | the fit ends on all ranks; the other ranks return [`Error::Rank`](crate::Error::Rank), which names the one that failed |
//!
//! # Pipelines, folds and trials
//!
//! | call | each rank passes | all ranks return |
//! |---|---|---|
//! | [`Pipeline::fit_distributed`](crate::pipeline::Pipeline::fit_distributed) | its own rows, as a source of tables | the same pipeline; what transformers and target learn is merged in the order of the ranks |
//! | [`CrossValidate::run_distributed`](crate::pipeline::CrossValidate::run_distributed) | the whole table | the scores of all folds, which are distributed over the ranks |
//! | [`Search::run_distributed`](crate::search::Search::run_distributed) | the whole table | the result of all trials, which are distributed over the ranks; the journal is that of rank 0 |
//!
//! The results of folds and trials are bitwise the same for any number of ranks, including one.
//!
//! # Ranks that differ
//!
//! Before the first step the ranks compare the crate's version, the element type, the vector instructions, the model and the options
//! of the fit; before a pipeline, folds or trials, their descriptions as well. If a rank differs from rank 0 or has no rows, the call
//! returns an error with the number of that rank.

mod communicator;
mod in_process;
mod settings;

pub use communicator::Communicator;
pub use in_process::InProcess;
pub use settings::Distributed;
