use super::calibration_map::CalibrationMap;
use super::each_row::each_row;
use super::log_odds::CLIP;
use super::temperature_scaling::{inverse_temperature, softmax_derivatives};
use super::{CalibrationMethod, TemperatureScaling};
use crate::error::counted;
use crate::scores::{ScoreInput, Task, Truth};
use crate::{Error, Result};
use nalgebra::DMatrix;
use serde::{Deserialize, Serialize};

/// Maps the probabilities of a model to calibrated ones; learned from rows that the model was not fitted to.
///
/// | task | Platt and isotonic | temperature |
/// |---|---|---|
/// | two classes | a function of the probability of class 1 | one temperature |
/// | several classes | a function for each class against all others, then divided by the sum; 1/classes if all are 0 | one temperature for all |
/// | several labels | a function for each label | a temperature for each label |
///
/// Log-odds are taken of probabilities clipped to `[2⁻⁵², 1 − 2⁻⁵²]`.
///
/// ```
/// use perceptra::dmatrix;
/// use perceptra::calibration::{Calibrator, TemperatureScaling};
/// use perceptra::scores::{ScoreInput, Truth};
///
/// // The model predicts with 99% confidence, but is right in three of four rows only.
/// let p = dmatrix![0.99; 0.99; 0.99; 0.01];
/// let truth = Truth::Classes { labels: &[1, 1, 0, 0], n_classes: 2 };
/// let calibrator = Calibrator::fit(TemperatureScaling, &ScoreInput::new(truth, &p))?;
/// assert!((calibrator.transform(&p)?[0] - 0.75).abs() < 1e-9);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # References
///
/// scikit-learn, *sklearn.calibration.CalibratedClassifierCV* with `FrozenEstimator`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibrator {
    form: CalibratorTask,
    /// One map for each column; a single one for several classes with temperature scaling.
    maps: Vec<CalibrationMap>,
}

/// The meaning of the columns of probabilities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum CalibratorTask {
    /// One column, the probability of class 1.
    Binary,
    /// This many columns, which sum to 1.
    Classes(usize),
    /// This many columns, each the probability of a separate label.
    Labels(usize),
}

impl Calibrator {
    /// Learns from the probabilities and the true classes of rows; sample weights are used, the threshold is not.
    ///
    /// # Errors
    ///
    /// The errors of [`ScoreInput::check`]; [`Error::Argument`] for a truth of numbers and for probabilities outside [0, 1];
    /// [`Error::Empty`] for a class without rows.
    pub fn fit(method: CalibrationMethod, input: &ScoreInput<'_>) -> Result<Self> {
        input.check()?;
        let (rows, columns) = input.prediction.shape();
        if let Truth::Numbers(_) = input.truth {
            let value = format!("that of {}", input.task());
            return Err(Error::argument("Calibrator", "truth", value, "classes; for numbers use conformal"));
        }
        if let Some(at) = input.prediction.iter().position(|p| !(0.0..=1.0).contains(p)) {
            let value = format!("{} in row {}", input.prediction[at], at % rows);
            return Err(Error::argument("Calibrator", "prediction", value, "probabilities from 0 to 1"));
        }
        let weights = input.sample_weights();
        let positive_rows = |is_positive: &dyn Fn(usize) -> bool, class: usize| {
            let positive: Vec<bool> = (0..rows).map(is_positive).collect();
            for wanted in [true, false] {
                if !positive.iter().zip(&weights).any(|(found, weight)| *found == wanted && *weight > 0.0) {
                    let others = if wanted { "" } else { "rows without " };
                    return Err(Error::Empty {
                        what: format!("Calibrator: {others}class {class} of the truth"),
                        advice: "calibrate on rows of every class".into(),
                    });
                }
            }
            Ok(positive)
        };
        let map = |column: &[f64], is_positive: &dyn Fn(usize) -> bool, class: usize| {
            Ok::<_, Error>(CalibrationMap::fit(method, column, &positive_rows(is_positive, class)?, &weights))
        };
        match (input.task(), input.truth) {
            (Task::Binary, Truth::Classes { labels, .. }) => {
                let p: Vec<f64> = input.positive()?.iter().copied().collect();
                Ok(Calibrator { form: CalibratorTask::Binary, maps: vec![map(&p, &|row| labels[row] == 1, 1)?] })
            }
            (Task::Multiclass, Truth::Classes { labels, n_classes }) => {
                let maps = if method == TemperatureScaling {
                    (0..n_classes).try_for_each(|class| positive_rows(&|row| labels[row] == class, class).map(drop))?;
                    let logits =
                        DMatrix::from_fn(columns, rows, |class, row| input.prediction[(row, class)].max(CLIP).ln());
                    let z = logits.as_slice();
                    let rows = || z.chunks(columns).zip(labels).zip(&weights).map(|((z, y), weight)| (z, *y, *weight));
                    let inverse = inverse_temperature(|beta| softmax_derivatives(rows(), beta));
                    vec![CalibrationMap::Temperature { inverse }]
                } else {
                    let each = (0..n_classes).map(|class| {
                        map(input.prediction.column(class).as_slice(), &|row| labels[row] == class, class)
                    });
                    each.collect::<Result<Vec<_>>>()?
                };
                Ok(Calibrator { form: CalibratorTask::Classes(n_classes), maps })
            }
            (_, Truth::Indicators(truth)) => {
                let each = (0..columns).map(|label| {
                    map(input.prediction.column(label).as_slice(), &|row| truth[(row, label)] == 1.0, label)
                });
                Ok(Calibrator { form: CalibratorTask::Labels(columns), maps: each.collect::<Result<_>>()? })
            }
            (task, _) => Err(Error::argument(
                "Calibrator",
                "truth",
                format!("that of {task}"),
                "classes; for numbers use conformal",
            )),
        }
    }

    /// Returns the calibrated probabilities, in a matrix of the same shape. For two classes there may be one column or two.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for another number of columns than in the fit, and for probabilities outside [0, 1].
    pub fn transform(&self, p: &DMatrix<f64>) -> Result<DMatrix<f64>> {
        let is_pair = self.form == CalibratorTask::Binary && p.ncols() == 2;
        if p.ncols() != self.width() && !is_pair {
            let expected = format!("{}, one for each class", self.width());
            return Err(Error::argument("Calibrator", "p", format!("of {}", counted(p.ncols(), "column")), expected));
        }
        if let Some(at) = p.iter().position(|p| !(0.0..=1.0).contains(p)) {
            let value = format!("{} in row {}", p[at], at % p.nrows());
            return Err(Error::argument("Calibrator", "p", value, "probabilities from 0 to 1"));
        }
        Ok(each_row(p, |row| self.apply(row)))
    }

    /// Calibrates one row with [`width`](Self::width) probabilities, or with two for two classes.
    pub(crate) fn apply(&self, row: &mut [f64]) {
        if let (CalibratorTask::Binary, [first, second], [map]) = (self.form, &mut *row, &self.maps[..]) {
            *second = map.apply(*second);
            *first = 1.0 - *second;
            return;
        }
        if let (CalibratorTask::Classes(_), [CalibrationMap::Temperature { inverse }]) = (self.form, &self.maps[..]) {
            row.iter_mut().for_each(|p| *p = inverse * p.max(CLIP).ln());
            let largest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            row.iter_mut().for_each(|z| *z = (*z - largest).exp());
        } else {
            row.iter_mut().zip(&self.maps).for_each(|(p, map)| *p = map.apply(*p));
        }
        if let CalibratorTask::Classes(count) = self.form {
            let sum: f64 = row.iter().sum();
            row.iter_mut().for_each(|p| *p = if sum == 0.0 { 1.0 / count as f64 } else { *p / sum });
        }
    }

    /// The number of columns: one for two classes, otherwise one for each class or label.
    pub(crate) fn width(&self) -> usize {
        match self.form {
            CalibratorTask::Binary => 1,
            CalibratorTask::Classes(count) | CalibratorTask::Labels(count) => count,
        }
    }

    /// Whether it accepts this many columns of probabilities; `exclusive` if they sum to 1.
    pub(crate) fn accepts(&self, columns: usize, exclusive: bool) -> bool {
        match self.form {
            CalibratorTask::Binary => (columns == 2 && exclusive) || (columns == 1 && !exclusive),
            CalibratorTask::Classes(count) => columns == count && exclusive,
            CalibratorTask::Labels(count) => columns == count && !exclusive,
        }
    }

    /// Whether it is for several classes, so that the probabilities of a row sum to 1.
    pub(crate) fn is_exclusive(&self) -> bool {
        matches!(self.form, CalibratorTask::Classes(_))
    }

    /// The function of each column.
    #[cfg(feature = "onnx")]
    pub(crate) fn maps(&self) -> &[CalibrationMap] {
        &self.maps
    }

    /// The calibration method.
    pub fn method(&self) -> CalibrationMethod {
        self.maps.first().map_or(TemperatureScaling, CalibrationMap::method)
    }

    /// Checks that values that were read from a file are consistent.
    pub(crate) fn check(&self) -> Result<()> {
        let wrong = |reason: String| Err(Error::configuration("Calibrator", reason));
        let width = self.width();
        if width == 0 || (self.is_exclusive() && width < 3) {
            return wrong(format!("it is for {width} classes; expected at least 3, or the form \"binary\""));
        }
        let expected = if self.is_exclusive() && self.method() == TemperatureScaling { 1 } else { width };
        if self.maps.len() != expected {
            return wrong(format!("it has {} functions; expected {expected}", self.maps.len()));
        }
        if self.maps.iter().any(|map| map.method() != self.method()) {
            return wrong("its functions are of several methods; expected one".into());
        }
        self.maps.iter().find_map(CalibrationMap::fault).map_or(Ok(()), wrong)
    }
}

#[cfg(test)]
mod tests;
