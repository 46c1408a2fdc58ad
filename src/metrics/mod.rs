//! Metrics: what is reported beside the loss.
//!
//! [`Accuracy`](struct@Accuracy), [`Recall`](struct@Recall) and the other values with a state are given to `compile` and follow
//! training and evaluation, as Keras's do. The functions ([`confusion_matrix`], [`roc_auc_score`],
//! [`classification_report`]…) take all targets and predictions at once, as scikit-learn's do.

mod confusion;
mod constrained;
mod curve;
mod fbeta;
mod histogram;
mod largest;
mod lines;
mod margin;
mod metric;
mod names;
mod pointwise;
mod scores;
mod selection;
mod tally;
mod thresholds;
mod weighted_mean;

pub use crate::outputs::Outputs;
use crate::registry::family;

pub use curve::{Curve, SummationMethod};
pub use metric::{Direction, Metric, MetricList, MetricState, Width};
pub use names::get;
#[cfg(feature = "keras")]
pub(crate) use names::plain;
pub(crate) use names::resolve;
pub use r2_score::ClassAggregation;
pub use scores::{
    Average, ClassCounts, ClassReport, ClassificationReport, ConfusionMatrix, Number, PrecisionRecallCurve, RocCurve,
    Values, accuracy_score, average_precision_score, classification_report, confusion_matrix, f1_score, just_below,
    precision_recall_curve, precision_score, recall_score, roc_auc_score, roc_curve, to_classes,
};
pub use thresholds::Thresholds;

// One line an item: its file, and what it is called.
family! {
    Metric:
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
        let list: ::std::vec::Vec<::std::sync::Arc<dyn $crate::metrics::Metric<_>>> =
            ::std::vec![$(::std::sync::Arc::new($metric)),*];
        list
    }};
}
