//! Scores: numbers for finished predictions, as items.
//!
//! A score is given by value, by name or as a shared pointer wherever a list of scores is expected: [`scores!`](macro@crate::scores).
//! The functions that compute them are in [`metrics`](mod@crate::metrics), which also holds the metrics that follow training.
//!
//! ```
//! use perceptra::prelude::*;
//! use perceptra::scores::{ScoreInput, Truth};
//!
//! let p = dmatrix![0.1; 0.4; 0.35; 0.8];
//! let input = ScoreInput::new(Truth::Classes { labels: &[0, 0, 1, 1], n_classes: 2 }, &p);
//! for score in scores![RocAuc, LogLoss, "brier", FBeta.beta(2.0)] {
//!     let score = score.get()?;
//!     println!("{}: {}", score.name(), score.score(&input)?);
//! }
//! # Ok::<(), perceptra::Error>(())
//! ```

use crate::items::family;

mod averaged;
mod binary_rows;
mod fitting;
mod names;
mod score;
mod score_input;
mod task;
#[cfg(test)]
mod universal_tests;

pub(crate) use binary_rows::BinaryRows;
pub use fitting::score_of;
pub use score::{Score, ScoreList};
pub use score_input::{ScoreInput, Truth};
pub use task::Task;

/// Abbreviations, and names of scikit-learn's functions.
const ALIASES: &[(&str, &str)] = &[
    ("accuracy_score", "accuracy"),
    ("average_precision_score", "average_precision"),
    ("balanced_accuracy_score", "balanced_accuracy"),
    ("brier_score_loss", "brier"),
    ("cohen_kappa_score", "cohen_kappa"),
    ("explained_variance_score", "explained_variance"),
    ("f1", "f_beta"),
    ("f1_score", "f_beta"),
    ("fbeta_score", "f_beta"),
    ("ks", "kolmogorov_smirnov"),
    ("ks_statistic", "kolmogorov_smirnov"),
    ("mae", "mean_absolute_error"),
    ("mape", "mean_absolute_percentage_error"),
    ("matthews_corrcoef", "matthews_correlation"),
    ("mcc", "matthews_correlation"),
    ("mean_pinball_loss", "pinball_loss"),
    ("precision_score", "precision"),
    ("r2_score", "r2"),
    ("recall_score", "recall"),
    ("rmse", "root_mean_squared_error"),
    ("roc_auc_score", "roc_auc"),
    ("top_k_accuracy_score", "top_k_accuracy"),
];

// One line for each item: its file and its name.
family! {
    /// The score of a name, with arguments by their names; `null` takes the defaults.
    ///
    /// ```
    /// use perceptra::scores;
    /// use serde_json::json;
    ///
    /// assert_eq!(scores::get("pinball_loss", json!({ "quantile": 0.9 }))?.name(), "pinball_loss_0.9");
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    Score: "score", all(), names::type_of, ALIASES;
    /// Adds a score.
    registered by score;
    accuracy: Accuracy;
    average_precision: AveragePrecision;
    balanced_accuracy: BalancedAccuracy;
    brier: Brier;
    cohen_kappa: CohenKappa;
    explained_variance: ExplainedVariance;
    f_beta: FBeta;
    gini: Gini;
    kolmogorov_smirnov: KolmogorovSmirnov;
    log_loss: LogLoss;
    matthews_correlation: MatthewsCorrelation;
    max_error: MaxError;
    mean_absolute_error: MeanAbsoluteError;
    mean_absolute_percentage_error: MeanAbsolutePercentageError;
    median_absolute_error: MedianAbsoluteError;
    pinball_loss: PinballLoss;
    precision: Precision;
    r2: R2;
    recall: Recall;
    roc_auc: RocAuc;
    root_mean_squared_error: RootMeanSquaredError;
    top_k_accuracy: TopKAccuracy;
}

/// The names of the scores.
///
/// ```
/// assert!(perceptra::scores::names().contains(&"roc_auc"));
/// ```
pub fn names() -> Vec<&'static str> {
    all().into_iter().map(|entry| entry.name).collect()
}

/// A list of scores: `scores![RocAuc, LogLoss, Brier]`.
///
/// Names and shared pointers are allowed too: `scores!["roc_auc", FBeta.beta(2.0)]`. Scores whose name a metric of training has, such as
/// `Accuracy`, are reached as [`scores::Accuracy`](struct@crate::scores::Accuracy) or by name.
#[macro_export]
macro_rules! scores {
    ($($score:expr),* $(,)?) => {{
        let list: ::std::vec::Vec<$crate::items::Item<dyn $crate::scores::Score>> =
            ::std::vec![$($crate::items::IntoItem::into_item($score)),*];
        list
    }};
}
