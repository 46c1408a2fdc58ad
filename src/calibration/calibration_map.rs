//! The fitted function of one class, or of all.

use super::isotonic_regression::{interpolate, isotonic_regression};
use super::log_odds::{log_odds, sigmoid};
use super::platt_scaling::platt_scaling;
use super::temperature_scaling::{inverse_temperature, softmax_derivatives};
use super::{CalibrationMethod, IsotonicCalibration, PlattScaling, TemperatureScaling};
use serde::{Deserialize, Serialize};

/// A non-decreasing function of a probability.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum CalibrationMap {
    /// `σ(slope·ln(p/(1−p)) + intercept)`.
    Sigmoid { slope: f64, intercept: f64 },
    /// Linear between places, constant beyond the first and the last.
    Isotonic { places: Vec<f64>, values: Vec<f64> },
    /// `σ(β·ln(p/(1−p)))`, of several classes `softmax(β·ln p)`.
    Temperature { inverse: f64 },
}

impl CalibrationMap {
    /// Fits the function to the probability of one class and to whether the class applies.
    pub(super) fn fit(method: CalibrationMethod, p: &[f64], positive: &[bool], weights: &[f64]) -> Self {
        let scores = || p.iter().map(|p| log_odds(*p)).collect::<Vec<f64>>();
        match method {
            PlattScaling => {
                let (slope, intercept) = platt_scaling(&scores(), positive, weights);
                CalibrationMap::Sigmoid { slope, intercept }
            }
            IsotonicCalibration => {
                let (places, values) = isotonic_regression(p, positive, weights);
                CalibrationMap::Isotonic { places, values }
            }
            TemperatureScaling => {
                let logits: Vec<[f64; 2]> = scores().into_iter().map(|z| [0.0, z]).collect();
                let rows = || {
                    let columns = logits.iter().zip(positive).zip(weights);
                    columns.map(|((z, positive), weight)| (&z[..], usize::from(*positive), *weight))
                };
                CalibrationMap::Temperature { inverse: inverse_temperature(|beta| softmax_derivatives(rows(), beta)) }
            }
        }
    }

    pub(super) fn apply(&self, p: f64) -> f64 {
        match self {
            CalibrationMap::Sigmoid { slope, intercept } => sigmoid(slope * log_odds(p) + intercept),
            CalibrationMap::Isotonic { places, values } => interpolate(places, values, p),
            CalibrationMap::Temperature { inverse } => sigmoid(inverse * log_odds(p)),
        }
    }

    /// The reason why the numbers, read from a file, are not valid; `None` if they are.
    pub(super) fn fault(&self) -> Option<String> {
        match self {
            CalibrationMap::Sigmoid { slope, intercept }
                if !(slope.is_finite() && *slope >= 0.0 && intercept.is_finite()) =>
            {
                Some(format!(
                    "its slope is {slope} and its intercept {intercept}; expected finite numbers, a slope of at least 0"
                ))
            }
            CalibrationMap::Temperature { inverse } if !(inverse.is_finite() && *inverse > 0.0) => {
                Some(format!("its inverse temperature is {inverse}; expected a finite number above 0"))
            }
            CalibrationMap::Isotonic { places, values } => {
                let within = |numbers: &[f64]| numbers.iter().all(|number| (0.0..=1.0).contains(number));
                let fits = !places.is_empty()
                    && places.len() == values.len()
                    && within(places)
                    && within(values)
                    && places.is_sorted_by(|a, b| a < b)
                    && values.is_sorted();
                (!fits).then(|| {
                    "its places and values do not make a function; expected equally many of each in [0, 1], ascending".into()
                })
            }
            _ => None,
        }
    }

    pub(super) fn method(&self) -> CalibrationMethod {
        match self {
            CalibrationMap::Sigmoid { .. } => PlattScaling,
            CalibrationMap::Isotonic { .. } => IsotonicCalibration,
            CalibrationMap::Temperature { .. } => TemperatureScaling,
        }
    }
}
