//! Metrics: what is reported beside the loss.
//!
//! [`Accuracy`], [`Recall`](struct@Recall) and the other values with a state are given to `compile` and follow
//! training and evaluation, as Keras's do. The functions ([`confusion_matrix`], [`roc_auc_score`],
//! [`classification_report`]…) take all targets and predictions at once, as scikit-learn's do.

mod accuracy;
mod auc;
mod binary_accuracy;
mod categorical_accuracy;
mod confusion;
mod constrained;
mod curve;
mod false_negatives;
mod false_positives;
mod histogram;
mod largest;
mod metric;
mod names;
mod pointwise;
mod precision;
mod precision_at_recall;
mod recall;
mod recall_at_precision;
mod scores;
mod selection;
mod sensitivity_at_specificity;
mod sparse_categorical_accuracy;
mod specificity_at_sensitivity;
mod tally;
mod thresholds;
mod true_negatives;
mod true_positives;
mod weighted_mean;

pub use accuracy::Accuracy;
pub use auc::AUC;
pub use binary_accuracy::BinaryAccuracy;
pub use categorical_accuracy::CategoricalAccuracy;
pub use curve::{Curve, SummationMethod};
pub use false_negatives::FalseNegatives;
pub use false_positives::FalsePositives;
pub use metric::{Direction, Metric, MetricList, MetricState, Width};
pub use names::get;
pub(crate) use names::resolve;
pub use precision::Precision;
pub use precision_at_recall::PrecisionAtRecall;
pub use recall::Recall;
pub use recall_at_precision::RecallAtPrecision;
pub use scores::{
    Average, ClassCounts, ClassReport, ClassificationReport, ConfusionMatrix, Number, PrecisionRecallCurve, RocCurve,
    Values, accuracy_score, average_precision_score, classification_report, confusion_matrix, f1_score,
    precision_recall_curve, precision_score, recall_score, roc_auc_score, roc_curve, to_classes,
};
pub use sensitivity_at_specificity::SensitivityAtSpecificity;
pub use sparse_categorical_accuracy::SparseCategoricalAccuracy;
pub use specificity_at_sensitivity::SpecificityAtSensitivity;
pub use thresholds::Thresholds;
pub use true_negatives::TrueNegatives;
pub use true_positives::TruePositives;

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
