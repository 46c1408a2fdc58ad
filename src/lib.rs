//! Neural networks on tables with the workflow of Keras: add, compile, fit, evaluate, predict.
//!
//! For a Rust programmer who has a table and wants a trained model in a Rust program, and for a user of Keras who finds its names,
//! defaults and meaning here, on [`nalgebra`] matrices.
//!
//! ```
//! use nalgebra::{DMatrix, DVector};
//! use perceptra::prelude::*;
//!
//! // Is the sum of two numbers above 1? Samples × features, and one target for each sample.
//! let x = DMatrix::from_fn(200, 2, |i, j| ((i * (7 + 4 * j)) % 20) as f32 / 20.0);
//! let y = DVector::from_fn(200, |i, _| f32::from(u8::from(x[(i, 0)] + x[(i, 1)] > 1.0)));
//!
//! let mut ann = Sequential::new()
//!     .add(Dense::new(12, Relu))
//!     .add(Dense::new(12, Relu))
//!     .add(Dense::new(1, Sigmoid))
//!     .compile(Adam::default(), BinaryCrossentropy::default(), metrics![Accuracy, Recall, Precision]);
//!
//! let history = ann.fit(&x, &y, Fit::new().batch_size(32).epochs(10))?;
//! let probability = ann.predict(&x)?;
//! assert_eq!((history.epochs().len(), probability.shape()), (10, (200, 1)));
//! # Ok::<(), perceptra::Error>(())
//! ```
//!
//! | module | what is there |
//! |---|---|
//! | [`prelude`] | what a program usually needs |
//! | [`models`] | [`Sequential`], [`Model`], [`Network`], the options of [`Fit`], `History` |
//! | [`layers`], [`activations`] | what a model is made of |
//! | [`batches`] | sources of rows in blocks, for tables larger than memory |
//! | [`losses`], [`optimizers`], [`metrics`](mod@metrics) | what `compile` takes; scores, curves and the confusion matrix of all predictions |
//! | [`initializers`], [`regularizers`], [`constraints`] | how weights begin, and what is asked of them |
//! | [`distributed`] | one fit on several processes, such as those of an MPI job |
//! | [`callbacks`] | code that runs during training: early stopping, checkpoints, logs, user-defined ones |
//! | [`model_selection`] | splits, folds, resampling, class weights |
//! | [`preprocessing`] | one-hot targets, normalized features; tables, encoders, scalers (feature `tables`) |
//! | [`pipeline`] | from a raw table to a fitted pipeline |
//! | [`calibration`], [`decisions`] | probabilities that are frequencies; thresholds, costs, intervals, records unlike the training rows |
//! | [`scores`](mod@scores) | scores of predictions as items, for lists of them |
//! | [`inspection`] | importance and dependence of columns, the reasons of one prediction, leaks in the data |
//! | [`search`] | the arguments of a pipeline: spaces, strategies, a journal |
//! | [`saving`] | files of other programs: Keras (feature `keras`) and ONNX (feature `onnx`) |
//! | `plot` | pictures as SVG and a page that holds them (feature `plot`) |
//! | `report` | one call from a fitted pipeline and test rows to a report (features `plot` and `tables`) |
//! | [`error`], [`items`] | the one error type; how items describe themselves |
//!
//! `pipeline`, `calibration`, `decisions`, `scores`, `inspection`, `search` and `report` are there with the feature `tables`.
//!
//! # Features
//!
//! | feature | default | |
//! |---|---|---|
//! | `progress` | on | a bar while fitting on a terminal; without it a line per epoch |
//! | `tables` | off | tables and their transformers, pipelines, cross-validation, search, calibration, decisions, explanations; with `plot` reports. No further package, about as much code as all else |
//! | `csv` | off | `tables`, and tables from and to CSV files, plain or compressed with gzip |
//! | `arrow` | off | `tables`, and tables from Arrow's record batches and back, by `Table::from_record_batches` and `to_record_batch` |
//! | `ndarray` | off | matrices of ndarray where matrices are taken |
//! | `keras` | off | Keras's files, both ways: models, weights and the optimizer's state (`saving::keras`) |
//! | `plot` | off | pictures; no further package |
//! | `onnx` | off | `tables`, and models as ONNX files |
//! | `f64` | off | the code for `f64` is compiled with the crate; without it a program that uses `f64` compiles that itself |
//!
//! # What is promised
//!
//! - The same seed, build and machine give the same bits; the generator is [Xoshiro256++](Random).
//! - Nothing that can be passed makes the library panic: misuse is an [`Error`] that states what was expected, what came, and what
//!   to do. NaN and infinity in the data are refused with row and column.
//! - A steady training step of built-in items allocates nothing; a [`Network`] predicts from many threads at once without locks.
//! - Results agree with Keras 3 within stated bounds, held by golden values in the tests; deliberate differences are stated where they are.
//! - AVX-512, AVX2 or neither is chosen at run time; the environment variable `PERCEPTRA_SIMD` (`portable`, `avx2`) asks for less.
//! - `unsafe` code is in the kernels only.
//!
//! The repository's `docs/` has a walkthrough from the neuron to a loan scored, a user's guide, a page that maps Keras's names, and a contributor's guide.

#![deny(unsafe_code)]
#![warn(missing_docs)]
// The lower floors have functions for tables alone, and their documentation refers to tables.
#![cfg_attr(not(feature = "tables"), allow(dead_code, unused_imports, rustdoc::broken_intra_doc_links))]
#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod activations;
#[cfg(feature = "arrow")]
pub mod arrow;
mod as_column;
mod as_matrix;
mod atomic;
mod batch;
pub mod batches;
#[cfg(feature = "tables")]
mod bootstrap;
#[cfg(feature = "tables")]
pub mod calibration;
pub mod callbacks;
mod categories;
mod checksum;
pub mod constraints;
#[cfg(feature = "tables")]
pub mod decisions;
mod dependence;
pub mod distributed;
mod dmatrix;
mod engine;
pub mod error;
pub mod initializers;
#[cfg(feature = "tables")]
pub mod inspection;
pub mod items;
mod json_numbers;
mod kernels;
pub mod layers;
mod lists;
pub mod losses;
mod memory;
pub mod metrics;
pub mod model_selection;
pub mod models;
mod monomorphized;
#[cfg(feature = "ndarray")]
pub mod ndarray;
mod numeric;
pub mod optimizers;
mod outputs;
#[cfg(feature = "tables")]
pub mod pipeline;
#[cfg(feature = "plot")]
pub mod plot;
pub mod prelude;
#[cfg(feature = "tables")]
pub mod preprocessing;
#[cfg(not(feature = "tables"))]
pub mod preprocessing {
    //! Targets and features that are matrices already. Tables and their transformers are here with the feature `tables`.

    mod normalize;
    mod to_categorical;

    pub use normalize::{Order, normalize};
    pub use to_categorical::to_categorical;
}
mod random;
#[cfg(test)]
mod random_cases;
#[cfg(test)]
mod reference;
pub mod regularizers;
#[cfg(all(feature = "plot", feature = "tables"))]
pub mod report;
pub mod saving;
mod scalar;
#[cfg(feature = "tables")]
pub mod scores;
#[cfg(feature = "tables")]
pub mod search;
mod shape;
mod significant;
mod sorting;
mod statistics;
mod terminal_lines;
mod threads;
mod variables;

/// The pages of `docs/`, compiled and run with the tests.
#[cfg(doctest)]
mod documents {
    #[doc = include_str!("../docs/walkthrough.md")]
    mod walkthrough {}
    #[doc = include_str!("../docs/guide.md")]
    mod guide {}
    #[doc = include_str!("../docs/keras.md")]
    mod keras {}
    #[cfg(feature = "csv")]
    #[doc = include_str!("../docs/tables.md")]
    mod tables {}
    #[doc = include_str!("../docs/decisions.md")]
    mod decisions {}
    #[doc = include_str!("../docs/contributing.md")]
    mod contributing {}
}

pub use batch::{Batch, BatchBuffer, BatchMut};
pub use dependence::Dependence;
#[doc(hidden)]
pub use dmatrix::{matrix_of_rows, vector_of};
pub use error::{Error, Result};
pub use models::{Fit, Model, Network, Sequential};
pub use numeric::Numeric;
pub use random::Random;
pub use scalar::{DType, Scalar};
pub use threads::{num_threads, set_num_threads};
pub use variables::Variable;
