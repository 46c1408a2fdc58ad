use super::prediction_set::{SetScore, prediction_set};
use crate::error::counted;
use crate::error::number;
use crate::scores::{ScoreInput, Task, Truth};
use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// Split-conformal prediction: an interval or a set of classes that contains the true value of a new record with probability at
/// least 1 − α.
///
/// It learns a quantile, the ⌈(n + 1)(1 − α)⌉-th smallest of n scores, from calibration rows that were used neither to train nor to
/// calibrate the model. For numbers the score is `|y − ŷ|`, so the interval is `ŷ ± quantile`; for classes it is a [`SetScore`]. The
/// guarantee holds for any model, for new records from the same distribution as the calibration rows, on average over both. A set
/// always contains the most probable class.
///
/// ```
/// use nalgebra::DMatrix;
/// use perceptra::decisions::{Conformal, ConformalRegion, SetScore};
/// use perceptra::scores::{ScoreInput, Truth};
///
/// // The prediction is wrong by 1, …, 19.
/// let truth = DMatrix::from_fn(19, 1, |row, _| (row + 1) as f64);
/// let predicted = DMatrix::zeros(19, 1);
/// let input = ScoreInput::new(Truth::Numbers(&truth), &predicted);
/// let conformal = Conformal::fit(0.1, SetScore::default(), &input)?;
/// assert_eq!(conformal.region(&[100.0])?, ConformalRegion::Intervals(vec![[82.0, 118.0]]));
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # References
///
/// V. Vovk, A. Gammerman and G. Shafer, *Algorithmic learning in a random world*, 2005; J. Lei et al., *Distribution-free predictive
/// inference for regression*, 2018.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conformal {
    alpha: f64,
    rows: usize,
    form: RegionForm,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum RegionForm {
    /// The half width of the interval for each column of numbers.
    Intervals { quantiles: Vec<f64> },
    /// The largest score of a class in the set.
    Sets { score: SetScore, quantile: f64, classes: usize },
}

/// The region that contains the true value of a record with the stated probability.
///
/// ```
/// use perceptra::decisions::ConformalRegion;
///
/// let holds = |region: &ConformalRegion, class: usize| match region {
///     ConformalRegion::Classes(classes) => classes.contains(&class),
///     _ => false,
/// };
/// assert!(holds(&ConformalRegion::Classes(vec![0, 2]), 2));
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ConformalRegion {
    /// The lower and the upper end for each column of numbers.
    Intervals(Vec<[f64; 2]>),
    /// The indices of classes, ascending.
    Classes(Vec<usize>),
}

impl Conformal {
    /// Learns from the predictions of calibration rows, with an error rate α in (0, 1) and a score, which is used for classes only. With
    /// several columns of numbers, each column has its own interval with coverage 1 − α.
    ///
    /// # Errors
    ///
    /// The errors of [`ScoreInput::check`]; [`Error::Argument`] for an α out of its range, for fewer rows than `⌈1/α⌉ − 1`, for several
    /// labels, for weights, and for probabilities outside [0, 1].
    pub fn fit(alpha: f64, score: SetScore, input: &ScoreInput<'_>) -> Result<Self> {
        input.check()?;
        if input.weights.is_some() {
            return Err(Error::argument("Conformal", "weights", "given", "none: each calibration row counts once"));
        }
        let rows = input.rows();
        let rank = rank(alpha, rows)?;
        let smallest = |mut scores: Vec<f64>| {
            scores.sort_unstable_by(f64::total_cmp);
            scores[rank - 1]
        };
        let form = match (input.task(), input.truth) {
            (_, Truth::Numbers(truth)) => {
                let columns = truth.column_iter().zip(input.prediction.column_iter());
                let of_column =
                    columns.map(|(y, p)| smallest(y.iter().zip(p.iter()).map(|(y, p)| (y - p).abs()).collect()));
                let quantiles: Vec<f64> = of_column.collect();
                if let Some(width) = quantiles.iter().find(|width| !width.is_finite()) {
                    return Err(Error::argument("Conformal", "residuals", width, "differences that an f64 can hold"));
                }
                RegionForm::Intervals { quantiles }
            }
            (Task::Binary | Task::Multiclass, Truth::Classes { labels, n_classes }) => {
                are_probabilities(input.prediction.as_slice())?;
                let scores = labels.iter().enumerate().map(|(row, label)| {
                    let p: Vec<f64> = input.prediction.row(row).iter().copied().collect();
                    score.scores(&of_classes(&p, n_classes))[*label]
                });
                RegionForm::Sets { score, quantile: smallest(scores.collect()), classes: n_classes }
            }
            (task, _) => {
                let expected = "one of classes, or numbers; a label that may apply together with others has no set";
                return Err(Error::argument("Conformal", "task", task, expected));
            }
        };
        Ok(Conformal { alpha, rows, form })
    }

    /// The region for the prediction of a record: the predicted numbers, or the probabilities of all classes. For two classes the
    /// probability of class 1 suffices.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for another number of columns, for numbers that are not finite, and for probabilities outside [0, 1].
    pub fn region(&self, prediction: &[f64]) -> Result<ConformalRegion> {
        let (fits, count) = match &self.form {
            RegionForm::Intervals { quantiles } => (prediction.len() == quantiles.len(), quantiles.len()),
            RegionForm::Sets { classes, .. } => {
                (prediction.len() == *classes || (*classes == 2 && prediction.len() == 1), *classes)
            }
        };
        if !fits {
            let value = format!("of {}", counted(prediction.len(), "column"));
            return Err(Error::argument("Conformal", "prediction", value, counted(count, "column")));
        }
        Ok(match &self.form {
            RegionForm::Intervals { quantiles } => {
                if let Some(y) = prediction.iter().find(|y| !y.is_finite()) {
                    return Err(Error::argument("Conformal", "prediction", y, "finite numbers"));
                }
                let ends = prediction.iter().zip(quantiles).map(|(y, width)| [y - width, y + width]);
                ConformalRegion::Intervals(ends.collect())
            }
            RegionForm::Sets { score, quantile, classes } => {
                are_probabilities(prediction)?;
                ConformalRegion::Classes(prediction_set(*score, *quantile, &of_classes(prediction, *classes)))
            }
        })
    }

    /// The fraction of rows with the true value in the region; for several columns of numbers, the smallest fraction of a column.
    ///
    /// # Errors
    ///
    /// The errors of [`ScoreInput::check`] and of [`region`](Self::region).
    pub fn coverage(&self, input: &ScoreInput<'_>) -> Result<f64> {
        input.check()?;
        let columns = if let RegionForm::Intervals { quantiles } = &self.form { quantiles.len() } else { 1 };
        let mut held = vec![0_usize; columns];
        for row in 0..input.rows() {
            let p: Vec<f64> = input.prediction.row(row).iter().copied().collect();
            match (self.region(&p)?, input.truth) {
                (ConformalRegion::Intervals(ends), Truth::Numbers(truth)) => {
                    for ((count, [low, high]), y) in held.iter_mut().zip(&ends).zip(truth.row(row).iter()) {
                        *count += usize::from(low <= y && y <= high);
                    }
                }
                (ConformalRegion::Classes(classes), Truth::Classes { labels, .. }) => {
                    held[0] += usize::from(classes.contains(&labels[row]));
                }
                _ => return Err(Error::argument("Conformal", "truth", input.task(), "that of the calibration rows")),
            }
        }
        Ok(held.into_iter().min().unwrap_or(0) as f64 / input.rows() as f64)
    }

    /// The largest expected rate of records with the true value outside of the region.
    pub fn alpha(&self) -> f64 {
        self.alpha
    }

    /// The number of calibration rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The half widths of the intervals, or the largest score of a class in a set.
    pub fn quantiles(&self) -> &[f64] {
        match &self.form {
            RegionForm::Intervals { quantiles } => quantiles,
            RegionForm::Sets { quantile, .. } => std::slice::from_ref(quantile),
        }
    }

    /// Checks that values that were read from a file are consistent with each other and with this many columns of numbers or classes.
    pub(crate) fn check(&self, numbers: usize, classes: usize) -> Result<()> {
        let expected = match &self.form {
            RegionForm::Intervals { quantiles } => quantiles.len() == numbers && numbers > 0,
            RegionForm::Sets { classes: count, .. } => *count == classes && classes > 1,
        };
        let finite = self.quantiles().iter().all(|quantile| quantile.is_finite() && *quantile >= 0.0);
        match expected && finite && rank(self.alpha, self.rows).is_ok() {
            true => Ok(()),
            false => {
                Err(Error::configuration("Conformal", "its numbers are out of their ranges, or for another target"))
            }
        }
    }
}

/// Checks that all numbers are in [0, 1].
fn are_probabilities(p: &[f64]) -> Result<()> {
    match p.iter().find(|p| !(0.0..=1.0).contains(*p)) {
        Some(p) => Err(Error::argument("Conformal", "prediction", p, "probabilities from 0 to 1")),
        None => Ok(()),
    }
}

/// The probability of each class, also if only that of class 1 is given for two classes.
fn of_classes(p: &[f64], classes: usize) -> Vec<f64> {
    match p {
        [p] if classes == 2 => vec![1.0 - p, *p],
        _ => p.to_vec(),
    }
}

/// The rank `⌈(n + 1)(1 − α)⌉` of the quantile among n scores.
pub(super) fn rank(alpha: f64, rows: usize) -> Result<usize> {
    if !(alpha > 0.0 && alpha < 1.0) {
        return Err(Error::argument("Conformal", "alpha", alpha, "a number in (0, 1)"));
    }
    // The last factor prevents a product that is a whole number up to rounding from being rounded up.
    let rank = ((rows as f64 + 1.0) * (1.0 - alpha) * (1.0 - 1e-14)).ceil().max(1.0);
    if rank > rows as f64 {
        let needed = (1.0 / alpha * (1.0 - 1e-14)).ceil() - 1.0;
        let expected = format!(
            "at least {} for alpha {}, or an alpha of at least {} for {}",
            if needed < 1e15 { counted(needed.max(1.0) as usize, "row") } else { format!("{needed:.0e} rows") },
            number(alpha),
            number(1.0 / (rows as f64 + 1.0)),
            counted(rows, "row")
        );
        return Err(Error::argument("Conformal", "calibration rows", rows, expected));
    }
    Ok(rank as usize)
}

#[cfg(test)]
mod tests;
