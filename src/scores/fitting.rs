//! Whether a score fits a task.

use serde_json::Value;

use super::score::Score;
use super::score_input::ScoreInput;
use super::task::Task;
use crate::error::{Error, Result};
use crate::items::{Family, IntoItem};

/// The score of these predictions by an item, a name such as `"roc_auc"`, or a shared pointer, with arguments, task and input checked.
///
/// ```
/// use perceptra::dmatrix;
/// use perceptra::scores::{RocAuc, ScoreInput, Truth, score_of};
///
/// let p = dmatrix![0.1; 0.4; 0.35; 0.8];
/// let input = ScoreInput::new(Truth::Classes { labels: &[0, 0, 1, 1], n_classes: 2 }, &p);
/// assert_eq!(score_of(RocAuc, &input)?, 0.75);
/// let error = score_of("r2", &input).unwrap_err().to_string();
/// assert!(error.contains("for binary classification there are accuracy, "));
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// The errors of [`Score::score`] and [`ScoreInput::check`]; [`Error::Unknown`] for a name that does not exist; [`Error::Argument`] for a score
/// that does not fit the task, with those that do, and where a user-defined score returns NaN.
pub fn score_of<M>(score: impl IntoItem<dyn Score, M>, input: &ScoreInput<'_>) -> Result<f64> {
    let score = score.into_item().checked()?;
    check(&*score, input)?;
    let value = score.score(input)?;
    if value.is_nan() {
        return Err(Error::argument(
            score.class_name(),
            "score",
            "NaN",
            "a number, or an error that states why there is none",
        ));
    }
    Ok(value)
}

/// Checks the arguments of a score, that it fits the task, and the input.
pub(super) fn check(score: &dyn Score, input: &ScoreInput<'_>) -> Result<()> {
    score.check()?;
    if !score.tasks().contains(&input.task()) {
        return Err(unfit(score, input.task()));
    }
    input.check()
}

/// The error for a score that does not fit a task, with those that do.
pub(super) fn unfit(score: &dyn Score, task: Task) -> Error {
    let made = <dyn Score>::names().into_iter().filter_map(|name| <dyn Score>::get(name, Value::Null).ok());
    let fitting: Vec<String> =
        made.filter(|other| other.tasks().contains(&task)).map(|other| other.class_name()).collect();
    let tasks: Vec<String> = score.tasks().iter().map(ToString::to_string).collect();
    let expected = format!("{}; for {task} there are {}", tasks.join(", "), fitting.join(", "));
    Error::argument(score.class_name(), "task", task, expected)
}

#[cfg(test)]
mod tests {
    use super::super::{Brier, ScoreInput, Truth};
    use super::*;
    use crate::dmatrix;
    use crate::items::Spec;
    use nalgebra::DMatrix;
    use std::sync::Arc;

    #[test]
    fn values_names_and_pointers_are_scores() {
        let p = dmatrix![0.5; 0.5];
        let input = ScoreInput::new(Truth::Classes { labels: &[0, 1], n_classes: 2 }, &p);
        let shared: Arc<dyn Score> = Arc::new(Brier);
        for score in crate::scores![Brier, "brier", String::from("Brier"), shared, Arc::new(Brier)] {
            assert_eq!(score_of(score, &input).unwrap(), 0.25);
        }
        assert!(matches!(score_of("bier", &input), Err(Error::Unknown { .. })));
    }

    /// Returns a fixed value.
    #[derive(Debug)]
    struct Fixed(f64);

    impl Spec for Fixed {}

    impl Score for Fixed {
        fn greater_is_better(&self) -> bool {
            true
        }

        fn score(&self, _: &ScoreInput<'_>) -> Result<f64> {
            Ok(self.0)
        }
    }

    #[test]
    fn user_defined_scores_are_checked_like_those_of_the_crate() {
        let y = dmatrix![0.5; 0.5];
        let input = ScoreInput::new(Truth::Numbers(&y), &y);
        assert_eq!(score_of(Fixed(2.0), &input).unwrap(), 2.0);
        assert_eq!(Fixed(1.0).name(), "fixed");
        assert!(matches!(score_of(Fixed(f64::NAN), &input), Err(Error::Argument { argument: "score", .. })));
        let none = DMatrix::zeros(0, 1);
        assert!(matches!(
            score_of(Fixed(2.0), &ScoreInput::new(Truth::Numbers(&none), &none)),
            Err(Error::Empty { .. })
        ));
    }
}
