//! From a raw table to a fitted pipeline: transformers, networks and target in one object, which is saved as one file.
//!
//! A [`Pipeline`] is a plain description; [`Pipeline::fit`] returns a [`FittedPipeline`], which predicts for tables and raw
//! records. A [`Target`] states what is predicted. With a target alone everything else has a default that suits most tables:
//!
//! ```
//! use perceptra::prelude::*;
//! use perceptra::preprocessing::Table;
//!
//! let flowers = Table::new()
//!     .with_numbers("length", (0..90).map(|row| f64::from(row % 30) + 40.0 * f64::from(row / 30)))?
//!     .with_strings("kind", (0..90).map(|row| ["setosa", "versicolor", "virginica"][row as usize / 30]))?;
//! let fitted = Pipeline::new(Target::multiclass("kind")).members(1).seed(1).fit(&flowers)?;
//! assert_eq!(fitted.predict_proba(&flowers)?.ncols(), 3);
//! # Ok::<(), perceptra::Error>(())
//! ```
//!
//! Nothing leaks: what is fitted on rows is fitted on the training rows, anew in each fit.

mod baseline;
mod cross_validate;
mod cross_validation;
mod default_columns;
mod default_model;
mod description;
mod evaluation;
mod files;
mod fit;
mod fitted_pipeline;
mod fitted_target;
mod from_parts;
mod monotone;
mod monotonicity;
#[cfg(feature = "onnx")]
mod onnx;
mod output_link;
#[expect(clippy::module_inception, reason = "the file is named after its one type, as all are")]
mod pipeline;
mod prediction;
mod prepared;
mod receipt;
mod receipt_of_fit;
mod target;
mod task;
mod truth;
mod validation_parts;
mod verify;

pub use cross_validate::{CrossValidate, cross_val_predict, cross_validate};
pub use cross_validation::CrossValidation;
pub use evaluation::Evaluation;
pub use fitted_pipeline::FittedPipeline;
pub use fitted_target::FittedTarget;
pub use monotonicity::Monotonicity;
pub use pipeline::Pipeline;
pub use prediction::Prediction;
pub use receipt::{Receipt, TableReceipt};
pub use target::Target;
pub use task::Task;
pub use verify::Verification;
