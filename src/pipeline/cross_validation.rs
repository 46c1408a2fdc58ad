use crate::error::counted;
use crate::model_selection::{PairedComparison, compare};
use crate::scores::Score;
use crate::significant::significant;
use crate::terminal_lines::truncated;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// The scores of every fold, from [`cross_validate`](super::cross_validate()); `Display` shows means and standard errors.
///
/// ```
/// use perceptra::prelude::*;
///
/// let table = Table::new()
///     .with_numbers("income", (0..80).map(f64::from))?
///     .with_booleans("paid", (0..80).map(|row| row % 40 + row % 7 > 20))?;
/// let pipeline = Pipeline::new(Target::binary("paid")).members(1).options(Fit::new().epochs(2).verbose(0)).seed(1);
/// let scores = cross_validate(&pipeline, &table, StratifiedKFold::new(3), scores![LogLoss])?;
/// assert_eq!(scores.values("log_loss").map(|values| values.len()), Some(3));
/// assert!(scores.mean("log_loss") > Some(0.0) && scores.standard_error("log_loss") > Some(0.0));
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct CrossValidation {
    names: Vec<String>,
    greater_is_better: Vec<bool>,
    folds: Vec<FoldScores>,
    seed: u64,
}

/// The result of one fold.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct FoldScores {
    #[serde(with = "crate::json_numbers::bits_of_list")]
    pub(super) scores: Vec<f64>,
    /// The scores of the dummy and of the linear model, if they were requested.
    #[serde(with = "crate::json_numbers::bits_of_lists")]
    pub(super) baselines: Vec<Vec<f64>>,
    /// The rows to train on and to test on.
    pub(super) rows: (usize, usize),
    /// Of the test rows and of the true values in them.
    pub(super) checksum: u32,
    pub(super) fit_seconds: f64,
    pub(super) score_seconds: f64,
}

/// The names of the baselines.
const BASELINES: [&str; 2] = ["dummy", "linear"];

impl CrossValidation {
    pub(super) fn new(scores: &[Arc<dyn Score>], folds: Vec<FoldScores>, seed: u64) -> Self {
        CrossValidation {
            names: scores.iter().map(|score| score.name()).collect(),
            greater_is_better: scores.iter().map(|score| score.greater_is_better()).collect(),
            folds,
            seed,
        }
    }

    /// The names of the scores.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// A score of every fold, by its name.
    pub fn values(&self, score: &str) -> Option<Vec<f64>> {
        let index = self.index(score)?;
        Some(self.folds.iter().map(|fold| fold.scores[index]).collect())
    }

    /// The mean of a score over the folds.
    pub fn mean(&self, score: &str) -> Option<f64> {
        self.values(score).map(|values| mean(&values))
    }

    /// The standard error of the mean of a score, `s/√k` with the standard deviation `s` of the `k` folds (denominator
    /// `k − 1`); NaN with one fold.
    ///
    /// Since folds share training rows it is an underestimate; to compare two pipelines use [`compare`](Self::compare), which
    /// corrects for that.
    pub fn standard_error(&self, score: &str) -> Option<f64> {
        self.values(score).map(|values| standard_error(&values))
    }

    /// A score of a baseline, `"dummy"` or `"linear"`, in every fold, if baselines were requested.
    pub fn baseline(&self, baseline: &str, score: &str) -> Option<Vec<f64>> {
        let (which, index) = (BASELINES.iter().position(|name| *name == baseline)?, self.index(score)?);
        self.folds.iter().map(|fold| Some(fold.baselines.get(which)?[index])).collect()
    }

    /// The seconds that the fit of each fold took, while others ran at the same time.
    pub fn fit_seconds(&self) -> Vec<f64> {
        self.folds.iter().map(|fold| fold.fit_seconds).collect()
    }

    /// The seconds that prediction and scores of each fold took.
    pub fn score_seconds(&self) -> Vec<f64> {
        self.folds.iter().map(|fold| fold.score_seconds).collect()
    }

    /// The seed, given to the pipeline or drawn.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// How much larger a score of this pipeline is than that of another one on the same folds, with the standard error that
    /// Nadeau and Bengio correct for shared training rows; see [`compare`](crate::model_selection::compare).
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a score that one of the two does not have, for folds of other rows, and for other true values in
    /// them; as [`compare`](crate::model_selection::compare).
    pub fn compare(&self, other: &CrossValidation, score: &str) -> Result<PairedComparison> {
        let refuse = |value: String, expected: String| {
            Err(Error::argument("CrossValidation::compare", "score", value, expected))
        };
        let (Some(a), Some(b)) = (self.values(score), other.values(score)) else {
            return refuse(format!("\"{score}\""), format!("one that both have: {}", self.names.join(", ")));
        };
        let sizes = |of: &CrossValidation| of.folds.iter().map(|fold| fold.rows).collect::<Vec<_>>();
        if sizes(self) != sizes(other) {
            return refuse(
                "of folds of other sizes".into(),
                "scores on the same folds; give both pipelines one seed, or the folds a seed".into(),
            );
        }
        let mut pairs = self.folds.iter().zip(&other.folds);
        if let Some(fold) = pairs.position(|(one, other)| one.checksum != other.checksum) {
            return refuse(
                format!("of folds that differ: other test rows, or other true values in them, in fold {fold} (counted from 0)"),
                "scores on the same folds of one table, for one target; give both pipelines one seed, or the folds a seed"
                    .into(),
            );
        }
        let count = self.folds.len();
        let mean = |rows: &dyn Fn(&FoldScores) -> usize| self.folds.iter().map(rows).sum::<usize>() / count.max(1);
        compare(&a, &b, mean(&|fold| fold.rows.0), mean(&|fold| fold.rows.1))
    }

    fn index(&self, score: &str) -> Option<usize> {
        self.names.iter().position(|name| name == score)
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn standard_error(values: &[f64]) -> f64 {
    let (count, mean) = (values.len() as f64, mean(values));
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0);
    if values.len() < 2 { f64::NAN } else { (variance / count).sqrt() }
}

impl fmt::Display for CrossValidation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let has_baselines = self.folds.iter().any(|fold| !fold.baselines.is_empty());
        // Two or four columns of numbers leave this much of a line.
        let most = if has_baselines { 32 } else { 56 };
        let width = (self.names.iter().map(|name| name.chars().count()).max().unwrap_or(0).max(3) + 2).min(most);
        write!(f, "{}, {:.1} s of fits", counted(self.folds.len(), "fold"), self.fit_seconds().iter().sum::<f64>())?;
        write!(f, "\n{:width$}  {:>10}  {:>10}", "score", "mean", "± error")?;
        if has_baselines {
            write!(f, "  {:>10}  {:>10}", BASELINES[0], BASELINES[1])?;
        }
        for (score, greater) in self.names.iter().zip(&self.greater_is_better) {
            let values = self.values(score).unwrap_or_default();
            // The arrow states which way is better.
            let name = format!("{} {}", truncated(score, width - 2), if *greater { "↑" } else { "↓" });
            let (mean_score, error) = (significant(mean(&values)), significant(standard_error(&values)));
            write!(f, "\n{name:width$}  {mean_score:>10}  {error:>10}")?;
            for baseline in BASELINES.iter().filter(|_| has_baselines) {
                let of_baseline = self.baseline(baseline, score).map_or(f64::NAN, |values| mean(&values));
                write!(f, "  {:>10}", significant(of_baseline))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{CrossValidation, FoldScores};
    use crate::prelude::*;

    fn of_numbers(y: fn(u32) -> f64, seed: u64, folds: KFold) -> CrossValidation {
        let table = Table::new()
            .with_numbers("x", (0..40).map(f64::from))
            .and_then(|table| table.with_numbers("y", (0..40).map(y)))
            .unwrap();
        let model = Sequential::new().add(Dense::new(1, Linear)).compile("adam", "mse", ());
        let options = Fit::new().epochs(1).verbose(0);
        let pipeline = Pipeline::new(Target::regression("y")).model(model).options(options).seed(seed);
        cross_validate(&pipeline, &table, folds, scores!["r2"]).unwrap()
    }

    #[test]
    fn scores_of_any_scale_fit_into_80_columns() {
        let scores = |scale: f64| {
            let scores: Vec<f64> = [1.5, -2.0, 1.25].iter().map(|score| scale * score).collect();
            let baselines = vec![scores.clone(), scores.clone()];
            FoldScores { scores, baselines, rows: (2, 1), checksum: 0, fit_seconds: 1e6, score_seconds: 0.0 }
        };
        let name = "mean_absolute_percentage_error_of_the_last_year";
        for scale in [1e-300, 1e-5, 1.0, 1e6, 1e300] {
            let made = CrossValidation {
                names: vec![name.into(), "r2".into(), "pinball_loss_0.9".into()],
                greater_is_better: vec![false, true, false],
                folds: vec![scores(scale), scores(scale)],
                seed: 1,
            };
            let text = made.to_string();
            assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
            let last: Vec<&str> = text.lines().last().unwrap_or_default().split_whitespace().collect();
            assert_eq!(last[2].parse::<f64>().unwrap(), 1.25 * scale, "{text}");
        }
    }

    #[test]
    fn scores_of_other_folds_or_targets_are_not_compared() {
        let line = |row: u32| f64::from(row);
        let drawn = || KFold::new(4).shuffle(true);
        let one = of_numbers(line, 1, drawn());
        assert!(one.compare(&of_numbers(line, 1, drawn()), "r2").is_ok());
        let refused = [
            of_numbers(line, 2, drawn()),
            of_numbers(line, 1, KFold::new(4)),
            of_numbers(|row| f64::from(row) + f64::from(u8::from(row == 7)), 1, drawn()),
        ];
        for other in refused {
            let error = one.compare(&other, "r2").unwrap_err().to_string();
            assert!(error.contains("in fold ") && error.contains("or the folds a seed"), "{error}");
        }
        let seeded = |seed| of_numbers(line, seed, drawn().seed(3));
        assert!(seeded(1).compare(&seeded(2), "r2").is_ok());
    }
}
