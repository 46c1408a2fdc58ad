//! Metrics: values that are reported together with the loss.
//!
//! [`Accuracy`](struct@Accuracy), [`Recall`](struct@Recall) and the other metrics with a state are given to `compile`
//! and follow training and evaluation, as Keras's do. The functions ([`confusion_matrix`], [`roc_auc_score`],
//! [`classification_report`]…) take all targets and predictions at once, as scikit-learn's do.

mod arguments;
mod arithmetic;
mod forms;
mod metric;
mod names;
mod scores;
mod states;

pub use crate::as_column::AsColumn;
use crate::items::{family, snake_case};
pub use crate::outputs::Outputs;

pub use arguments::curve::{Curve, SummationMethod};
pub use arguments::thresholds::Thresholds;
pub use metric::{Direction, Metric, MetricList, MetricState, Width};
pub(crate) use names::plain;
pub use r2_score::ClassAggregation;
pub use scores::{
    AsTruth, Average, ClassCounts, ClassReport, ClassificationReport, ConfusionMatrix, GainsRow, GainsTable,
    KappaWeights, MultiClass, MultiOutput, PrecisionRecallCurve, RocCurve, WeightedTruth, accuracy_score,
    average_precision_score, balanced_accuracy_score, brier_score_loss, classification_report, cohen_kappa_score,
    confusion_matrix, explained_variance_score, f1_score, fbeta_score, gains_table, gini, just_below, ks_statistic,
    log_loss, matthews_corrcoef, max_error, mean_absolute_error, mean_absolute_percentage_error, mean_pinball_loss,
    median_absolute_error, multiclass_average_precision_score, multiclass_roc_auc_score,
    multilabel_average_precision_score, multilabel_roc_auc_score, precision_recall_curve, precision_score, r2_score,
    recall_score, roc_auc_score, roc_curve, root_mean_squared_error, to_classes, top_k_accuracy_score, weighted,
};
pub(crate) use scores::{ClassSums, balanced_accuracy, class_score, explained_variance, label_score, r2};

/// Other names that Keras accepts, and the names of loss functions that are also metrics.
const ALIASES: &[(&str, &str)] = &[
    ("acc", "accuracy"),
    ("ce", "crossentropy"),
    ("bce", "BinaryCrossentropy"),
    ("BCE", "BinaryCrossentropy"),
    ("mse", "MeanSquaredError"),
    ("MSE", "MeanSquaredError"),
    ("mae", "MeanAbsoluteError"),
    ("MAE", "MeanAbsoluteError"),
    ("mape", "MeanAbsolutePercentageError"),
    ("MAPE", "MeanAbsolutePercentageError"),
    ("msle", "MeanSquaredLogarithmicError"),
    ("MSLE", "MeanSquaredLogarithmicError"),
    ("kld", "KLDivergence"),
    ("KLD", "KLDivergence"),
    ("kullback_leibler_divergence", "KLDivergence"),
    ("log_cosh", "LogCoshError"),
    ("logcosh", "LogCoshError"),
    ("fbeta_score", "FBetaScore"),
];

// One line for each item: its file and its names.
family! {
    /// The metric of Keras's class name, its snake-case form or an alias, with arguments under Keras's names; `null`
    /// takes the defaults.
    Metric<T>: "metric", T::metrics(), snake_case, ALIASES;
    /// Adds a metric.
    registered by metric;
    [also
        fn named(name: &str) -> crate::Result<std::sync::Arc<Self>> {
            get(plain(name), serde_json::json!({ "name": name }))
        }
    ]
    accuracy: Accuracy;
    auc: AUC;
    binary_accuracy: BinaryAccuracy;
    binary_crossentropy: BinaryCrossentropy;
    categorical_accuracy: CategoricalAccuracy;
    categorical_crossentropy: CategoricalCrossentropy;
    categorical_hinge: CategoricalHinge;
    concordance_correlation: ConcordanceCorrelation;
    cosine_similarity: CosineSimilarity;
    crossentropy: Crossentropy;
    exact_accuracy: ExactAccuracy;
    f1_score: F1Score;
    false_negatives: FalseNegatives;
    false_positives: FalsePositives;
    fbeta_score: FBetaScore;
    hinge: Hinge;
    kl_divergence: KLDivergence;
    log_cosh_error: LogCoshError;
    mean: Mean;
    mean_absolute_error: MeanAbsoluteError;
    mean_absolute_percentage_error: MeanAbsolutePercentageError;
    mean_squared_error: MeanSquaredError;
    mean_squared_logarithmic_error: MeanSquaredLogarithmicError;
    pearson_correlation: PearsonCorrelation;
    poisson: Poisson;
    precision: Precision;
    precision_at_recall: PrecisionAtRecall;
    r2_score: R2Score;
    recall: Recall;
    recall_at_precision: RecallAtPrecision;
    root_mean_squared_error: RootMeanSquaredError;
    sensitivity_at_specificity: SensitivityAtSpecificity;
    sparse_categorical_accuracy: SparseCategoricalAccuracy;
    sparse_categorical_crossentropy: SparseCategoricalCrossentropy;
    sparse_top_k_categorical_accuracy: SparseTopKCategoricalAccuracy;
    specificity_at_sensitivity: SpecificityAtSensitivity;
    squared_hinge: SquaredHinge;
    sum: Sum;
    top_k_categorical_accuracy: TopKCategoricalAccuracy;
    true_negatives: TrueNegatives;
    true_positives: TruePositives;
}

/// A list of metrics for [`compile`](crate::Sequential::compile): `metrics![Accuracy, Recall, Precision]`.
///
/// Names are allowed too: `metrics!["accuracy", Recall.thresholds([0.3])]`.
#[macro_export]
macro_rules! metrics {
    ($($metric:expr),* $(,)?) => {{
        let list: ::std::vec::Vec<$crate::items::Item<dyn $crate::metrics::Metric<_>>> =
            ::std::vec![$($crate::items::IntoItem::into_item($metric)),*];
        list
    }};
}
