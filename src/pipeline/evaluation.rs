use super::fit::not_empty;
use super::held_out::JudgedRows;
use super::{FittedPipeline, HeldOut, Task};
use crate::items::Item;
use crate::scores::{Score, ScoreInput, ScoreList, score_of};
use crate::significant::significant;
use crate::terminal_lines::truncated;
use crate::{Result, Scalar};
use std::fmt;

/// The scores of a fitted pipeline on the rows of a table; `Display` shows them one a line.
///
/// ```
/// use perceptra::prelude::*;
///
/// let table = Table::new()
///     .with_numbers("income", (0..80).map(f64::from))?
///     .with_booleans("paid", (0..80).map(|row| row % 40 + row % 7 > 20))?;
/// let pipeline = Pipeline::new(Target::binary("paid")).members(1).options(Fit::new().epochs(2).verbose(0)).seed(1);
/// let fitted = pipeline.fit(&table)?;
/// let evaluation = fitted.evaluate(&table)?;
/// assert!(evaluation.rows() == 80 && evaluation.get("roc_auc").is_some());
/// println!("{evaluation}");
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    task: Task,
    rows: usize,
    scores: Vec<(String, f64)>,
}

impl Evaluation {
    /// The value of a score by its name, `"roc_auc"`.
    pub fn get(&self, name: &str) -> Option<f64> {
        self.scores.iter().find(|(known, _)| known == name).map(|(_, value)| *value)
    }

    /// Names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, f64)> {
        self.scores.iter().map(|(name, value)| (name.as_str(), *value))
    }

    /// These scores of predictions; one that the rows do not have is an error if `strict`, and is left out otherwise.
    pub(super) fn of(
        task: Task,
        rows: usize,
        input: &ScoreInput<'_>,
        scores: &[Item<dyn Score>],
        strict: bool,
    ) -> Result<Self> {
        input.check()?;
        let mut found = Vec::with_capacity(scores.len());
        for score in scores {
            let name = score.checked()?.name();
            match score_of(score.clone(), input) {
                Ok(value) => found.push((name, value)),
                Err(error) if strict => return Err(error),
                Err(_) => {}
            }
        }
        Ok(Evaluation { task, rows, scores: found })
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }
}

impl fmt::Display for Evaluation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.scores.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0).min(60);
        write!(f, "{}, {} row{}", self.task, self.rows, if self.rows == 1 { "" } else { "s" })?;
        self.scores
            .iter()
            .try_for_each(|(name, value)| write!(f, "\n  {:width$}  {}", truncated(name, width), significant(*value)))
    }
}

/// The scores that are shown for a task.
pub(super) fn usual_scores(task: Task) -> Vec<Item<dyn Score>> {
    match task {
        Task::Binary => crate::scores![
            "roc_auc",
            "average_precision",
            "log_loss",
            "brier",
            "accuracy",
            "balanced_accuracy",
            "precision",
            "recall"
        ],
        Task::Multiclass => crate::scores!["log_loss", "roc_auc", "accuracy", "balanced_accuracy"],
        Task::Multilabel => crate::scores!["log_loss", "roc_auc", "average_precision"],
        Task::Regression | Task::MultiRegression => {
            crate::scores!["r2", "root_mean_squared_error", "mean_absolute_error", "median_absolute_error"]
        }
    }
}

impl<T: Scalar> FittedPipeline<T> {
    /// The usual scores of the task on rows, a table which has the columns of the target or out-of-fold predictions.
    ///
    /// Rows of a table count once each unless their [weights](HeldOut#weights) are named:
    /// `evaluate(HeldOut::from(&table).weights("weight"))`.
    ///
    /// A score that is not defined for these rows, such as the area under the ROC curve if all are of one class, is left out.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let table = Table::new()
    ///     .with_numbers("x", (0..80).map(f64::from))?
    ///     .with_booleans("large", (0..80).map(|row| row >= 40))?;
    /// let fitted = Pipeline::new(Target::binary("large")).members(1).seed(1).fit(&table)?;
    /// assert!(fitted.evaluate(&table)?.get("roc_auc") > Some(0.99));
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`predict`](Self::predict), and those of the target's columns.
    pub fn evaluate<'a>(&self, rows: impl Into<HeldOut<'a>>) -> Result<Evaluation> {
        T::evaluate_pipeline(self, rows.into(), &usual_scores(self.target.task()), false)
    }

    /// These scores on rows.
    ///
    /// # Errors
    ///
    /// The errors of [`evaluate`](Self::evaluate); those of [`score_of`] for a score that does not fit the task or that these rows do not have.
    pub fn evaluate_with<'a, M>(&self, rows: impl Into<HeldOut<'a>>, scores: impl ScoreList<M>) -> Result<Evaluation> {
        T::evaluate_pipeline(self, rows.into(), &scores.into_list(), true)
    }

    pub(crate) fn evaluated(&self, rows: HeldOut<'_>, scores: &[Item<dyn Score>], strict: bool) -> Result<Evaluation> {
        not_empty(rows.table.nrows(), "evaluate")?;
        let judged = JudgedRows::adjusted(self, rows)?;
        let input = judged.input().with_threshold(self.threshold);
        Evaluation::of(self.target.task(), rows.table.nrows(), &input, scores, strict)
    }
}
