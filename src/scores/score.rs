//! The trait of all scores.

use super::score_input::ScoreInput;
use super::task::Task;
use crate::error::Result;
use crate::items::{IntoItem, Item, Spec, snake_case};

/// A number for predictions, computed from all targets and predictions at once.
///
/// Built-in and user-defined ones are the same. A score is called through [`score_of`](super::score_of), which checks arguments, task and
/// input, or directly where these are known to be right; those of the crate check them in any case.
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra::scores::{Score, ScoreInput, Task, Truth, score_of};
/// use perceptra::{Result, items::Spec};
///
/// /// What rejected good customers and accepted bad ones cost.
/// #[derive(Debug)]
/// struct Cost;
///
/// impl Spec for Cost {}
///
/// impl Score for Cost {
///     fn greater_is_better(&self) -> bool {
///         false
///     }
///
///     fn tasks(&self) -> Vec<Task> {
///         vec![Task::Binary]
///     }
///
///     fn score(&self, input: &ScoreInput<'_>) -> Result<f64> {
///         let samples = input.labels()?.iter().zip(input.classes()?).zip(input.sample_weights());
///         let cost = samples.map(|((truth, predicted), weight)| match (truth, predicted) {
///             (0, 1) => weight,
///             (1, 0) => 5.0 * weight,
///             _ => 0.0,
///         });
///         Ok(cost.sum())
///     }
/// }
///
/// let p = dmatrix![0.1; 0.7; 0.2];
/// let input = ScoreInput::new(Truth::Classes { labels: &[0, 0, 1], n_classes: 2 }, &p);
/// assert_eq!(score_of(Cost, &input)?, 6.0);
/// let list = scores![Cost, RocAuc];
/// assert_eq!((list.len(), list[0].get()?.name()), (2, "cost".into()));
/// # Ok::<(), perceptra::Error>(())
/// ```
pub trait Score: Spec {
    /// The name in tables and reports: the class name in snake case, with the arguments that make it another score.
    fn name(&self) -> String {
        snake_case(&self.class_name())
    }

    /// Whether larger values are better, as for accuracy; smaller ones are for errors and losses.
    fn greater_is_better(&self) -> bool;

    /// The tasks whose predictions it compares; by default all.
    fn tasks(&self) -> Vec<Task> {
        Task::ALL.to_vec()
    }

    /// The score of these predictions.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) for a task that it does not fit, with the scores that do; those of the function of its
    /// name in [`metrics`](mod@crate::metrics) for data that has no such score, such as truth of a single class.
    fn score(&self, input: &ScoreInput<'_>) -> Result<f64>;
}

/// A list of scores: [`scores!`](macro@crate::scores), an array or a vector of one type (`["roc_auc", "log_loss"]`), or `()` for none.
///
/// `M` distinguishes the implementations and is never written.
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra::scores::ScoreList;
///
/// fn names<M>(list: impl ScoreList<M>) -> perceptra::Result<Vec<String>> {
///     list.into_list().iter().map(|score| Ok(score.get()?.name())).collect()
/// }
///
/// assert_eq!(names(scores![RocAuc, "brier"])?, ["roc_auc", "brier"]);
/// assert_eq!(names(["f1", "mae"])?, ["f1", "mean_absolute_error"]);
/// # Ok::<(), perceptra::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a list of scores",
    label = "not a list of scores",
    note = "pass `scores![RocAuc, \"log_loss\"]`, an array or a vector of one type such as `[\"roc_auc\"]`, or `()` for none"
)]
pub trait ScoreList<M> {
    /// The scores as a list of items.
    fn into_list(self) -> Vec<Item<dyn Score>>;
}

impl<M, I: IntoItem<dyn Score, M>, const N: usize> ScoreList<M> for [I; N] {
    fn into_list(self) -> Vec<Item<dyn Score>> {
        self.into_iter().map(I::into_item).collect()
    }
}

impl<M, I: IntoItem<dyn Score, M>> ScoreList<M> for Vec<I> {
    fn into_list(self) -> Vec<Item<dyn Score>> {
        self.into_iter().map(I::into_item).collect()
    }
}

impl ScoreList<()> for () {
    fn into_list(self) -> Vec<Item<dyn Score>> {
        Vec::new()
    }
}
