use serde::{Deserialize, Serialize};
use std::fmt;

/// How a [`Calibrator`](super::Calibrator) maps probabilities.
///
/// No method maps a higher probability to a lower one, so what is monotone stays so.
///
/// ```
/// use perceptra::calibration::{CalibrationMethod, PlattScaling};
///
/// assert_eq!(PlattScaling, CalibrationMethod::PlattScaling);
/// assert_eq!(PlattScaling.to_string(), "Platt scaling");
/// ```
///
/// # References
///
/// scikit-learn, *sklearn.calibration.CalibratedClassifierCV*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CalibrationMethod {
    /// `σ(slope·ln(p/(1−p)) + intercept)` for each class, fitted by maximum likelihood with Platt's smoothed targets: two
    /// parameters, for few rows. The slope is at least 0, in scikit-learn any number: rows on which higher probabilities come with
    /// fewer positives get one probability for all. scikit-learn takes the decision function of an estimator, for a logistic output the same log-odds, and
    /// if there is none the probability as it is.
    ///
    /// Reference: J. Platt, *Probabilistic outputs for support vector machines*, 1999.
    PlattScaling,
    /// The monotone step function of least squares for each class, interpolated linearly: for 1,000 rows and more.
    ///
    /// Reference: B. Zadrozny and C. Elkan, *Transforming classifier scores into accurate multiclass probability estimates*, 2002.
    IsotonicCalibration,
    /// `softmax(ln p / T)` with one temperature `T` for all classes, of two classes `σ(ln(p/(1−p))/T)`; the most probable class
    /// stays the same.
    ///
    /// Reference: C. Guo et al., *On calibration of modern neural networks*, 2017.
    TemperatureScaling,
}

impl fmt::Display for CalibrationMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            CalibrationMethod::PlattScaling => "Platt scaling",
            CalibrationMethod::IsotonicCalibration => "isotonic calibration",
            CalibrationMethod::TemperatureScaling => "temperature scaling",
        })
    }
}
