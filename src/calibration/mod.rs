//! Probabilities that are frequencies: calibration, prior correction, and how calibrated predictions are.
//!
//! A [`Calibrator`] learns from predictions for rows that the model was not fitted to; a [`PriorCorrection`] undoes what
//! down-sampling or class weights do to probabilities. A fitted pipeline takes both with `calibrate` and `correct_prior`; here
//! they work on matrices of probabilities.
//!
//! ```
//! use nalgebra::DMatrix;
//! use perceptra::calibration::{Calibrator, PlattScaling, expected_calibration_error};
//! use perceptra::scores::{ScoreInput, Truth};
//!
//! // Probabilities that are too far from one half: of those with 0.95 only 7 in 10 are positive.
//! let p = DMatrix::from_fn(200, 1, |row, _| if row % 2 == 0 { 0.95 } else { 0.05 });
//! let labels: Vec<usize> = (0..200).map(|row| usize::from((row % 2 == 0) == (row / 2 % 10 < 7))).collect();
//! let truth = Truth::Classes { labels: &labels, n_classes: 2 };
//!
//! let calibrator = Calibrator::fit(PlattScaling, &ScoreInput::new(truth, &p))?;
//! let calibrated = calibrator.transform(&p)?;
//! assert!((calibrated[0] - 0.7).abs() < 0.01);
//! let error = expected_calibration_error(&ScoreInput::new(truth, &calibrated), 10, 200, 1)?;
//! assert!(error.estimate < 0.01);
//! # Ok::<(), perceptra::Error>(())
//! ```

mod brier_decomposition;
mod calibration_error;
mod calibration_map;
mod calibrator;
mod each_row;
mod isotonic_regression;
mod log_odds;
mod method;
mod platt_scaling;
mod prior_correction;
mod reliability_diagram;
mod temperature_scaling;

pub use crate::bootstrap::BootstrapInterval;
pub use brier_decomposition::{BrierDecomposition, brier_decomposition};
pub use calibration_error::expected_calibration_error;
#[cfg(feature = "onnx")]
pub(crate) use calibration_map::CalibrationMap;
pub use calibrator::Calibrator;
#[cfg(feature = "onnx")]
pub(crate) use log_odds::CLIP;
pub use method::CalibrationMethod;
pub use method::CalibrationMethod::{IsotonicCalibration, PlattScaling, TemperatureScaling};
pub use prior_correction::PriorCorrection;
pub use reliability_diagram::{BinEdges, ReliabilityBin, ReliabilityDiagram, reliability_diagram};
