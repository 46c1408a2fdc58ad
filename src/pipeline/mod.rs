//! Pipelines from a raw table to predictions: transformers, networks and target in one object, which is saved as one file.
//!
//! A [`Pipeline`] is a plain description; [`Pipeline::fit`] returns a [`FittedPipeline`], which predicts for tables and raw
//! records. A [`Target`] states what is predicted. If only a target is given, everything else has a default that suits most tables:
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
//! Decisions are learned after the fit, from rows that the pipeline was not fitted to, and are stored in the same file:
//! [`calibrate`](FittedPipeline::calibrate), [`correct_prior`](FittedPipeline::correct_prior),
//! [`choose_threshold`](FittedPipeline::choose_threshold), [`conformal`](FittedPipeline::conformal),
//! [`domain`](FittedPipeline::domain). [`assess_record`](FittedPipeline::assess_record) answers one raw record with all of it.
//!
//! Nothing leaks: everything that is fitted on rows is fitted on the training rows of each fit only.

mod assessment;
mod baseline;
mod calibrate;
mod choose_threshold;
mod class_weight;
mod conformal;
mod cross_conformal;
mod cross_validate;
mod cross_validation;
mod decisions;
mod default_columns;
mod default_model;
mod description;
mod domain;
mod evaluation;
mod files;
mod fit;
mod fitted_description;
mod fitted_pipeline;
mod fitted_target;
mod from_parts;
mod held_out;
mod known_columns;
mod monotone;
mod monotonicity;
#[cfg(feature = "onnx")]
mod onnx;
mod out_of_fold;
mod output_gradient;
mod output_link;
#[expect(clippy::module_inception, reason = "the file is named after its one type, as all are")]
mod pipeline;
mod pipeline_ranks;
#[cfg(feature = "csv")]
mod predict_csv;
mod prediction;
mod prepared;
mod receipt;
mod receipt_of_fit;
mod step_receipt;
mod streamed;
mod target;
mod trial_rows;
mod truth;
mod validation_parts;
mod verify;
mod without_columns;

pub use crate::scores::Task;
pub use assessment::Assessment;
pub use class_weight::ClassWeight;
pub use cross_conformal::CrossConformal;
pub use cross_validate::{CrossValidate, cross_val_predict, cross_validate};
pub use cross_validation::CrossValidation;
pub use evaluation::Evaluation;
pub use fitted_pipeline::FittedPipeline;
pub use fitted_target::FittedTarget;
pub use held_out::HeldOut;
pub use monotonicity::Monotonicity;
pub use out_of_fold::OutOfFold;
pub use pipeline::Pipeline;
pub use prediction::Prediction;
pub use receipt::{Receipt, StepReceipt, TableReceipt};
pub(crate) use streamed::WriteTablePredictions;
pub use target::Target;
pub(crate) use trial_rows::{TrialEncoding, TrialFit, TrialRows, TrialSplit};
pub use verify::Verification;
pub(crate) use {fit::row_weights, truth::TrueValues};
