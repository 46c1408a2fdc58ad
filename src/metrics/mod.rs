//! Metrics: what is reported beside the loss.
//!
//! [`Accuracy`](struct@Accuracy), [`Recall`](struct@Recall) and the other values with a state are given to `compile` and follow
//! training and evaluation, as Keras's do. The functions ([`confusion_matrix`], [`roc_auc_score`],
//! [`classification_report`]…) take all targets and predictions at once, as scikit-learn's do.

mod accuracy;
mod auc;
mod binary_accuracy;
mod binary_crossentropy;
mod categorical_accuracy;
mod categorical_crossentropy;
mod categorical_hinge;
mod concordance_correlation;
mod confusion;
mod constrained;
mod cosine_similarity;
mod crossentropy;
mod curve;
mod exact_accuracy;
mod f1_score;
mod false_negatives;
mod false_positives;
mod fbeta;
mod fbeta_score;
mod hinge;
mod histogram;
mod kl_divergence;
mod largest;
mod lines;
mod log_cosh_error;
mod margin;
mod mean;
mod mean_absolute_error;
mod mean_absolute_percentage_error;
mod mean_squared_error;
mod mean_squared_logarithmic_error;
mod metric;
mod names;
mod pearson_correlation;
mod pointwise;
mod poisson;
mod precision;
mod precision_at_recall;
mod r2_score;
mod recall;
mod recall_at_precision;
mod root_mean_squared_error;
mod scores;
mod selection;
mod sensitivity_at_specificity;
mod sparse_categorical_accuracy;
mod sparse_categorical_crossentropy;
mod sparse_top_k_categorical_accuracy;
mod specificity_at_sensitivity;
mod squared_hinge;
mod sum;
mod tally;
mod thresholds;
mod top_k_categorical_accuracy;
mod true_negatives;
mod true_positives;
mod weighted_mean;

pub use accuracy::Accuracy;
pub use auc::AUC;
pub use binary_accuracy::BinaryAccuracy;
pub use binary_crossentropy::BinaryCrossentropy;
pub use categorical_accuracy::CategoricalAccuracy;
pub use categorical_crossentropy::CategoricalCrossentropy;
pub use categorical_hinge::CategoricalHinge;
pub use concordance_correlation::ConcordanceCorrelation;
pub use cosine_similarity::CosineSimilarity;
pub use crossentropy::Crossentropy;
pub use curve::{Curve, SummationMethod};
pub use exact_accuracy::ExactAccuracy;
pub use f1_score::F1Score;
pub use false_negatives::FalseNegatives;
pub use false_positives::FalsePositives;
pub use fbeta_score::FBetaScore;
pub use hinge::Hinge;
pub use kl_divergence::KLDivergence;
pub use log_cosh_error::LogCoshError;
pub use mean::Mean;
pub use mean_absolute_error::MeanAbsoluteError;
pub use mean_absolute_percentage_error::MeanAbsolutePercentageError;
pub use mean_squared_error::MeanSquaredError;
pub use mean_squared_logarithmic_error::MeanSquaredLogarithmicError;
pub use metric::{Direction, Metric, MetricList, MetricState, Width};
pub use names::get;
#[cfg(feature = "keras")]
pub(crate) use names::plain;
pub(crate) use names::{all, resolve};
pub use pearson_correlation::PearsonCorrelation;
pub use poisson::Poisson;
pub use precision::Precision;
pub use precision_at_recall::PrecisionAtRecall;
pub use r2_score::{ClassAggregation, R2Score};
pub use recall::Recall;
pub use recall_at_precision::RecallAtPrecision;
pub use root_mean_squared_error::RootMeanSquaredError;
pub use scores::{
    Average, ClassCounts, ClassReport, ClassificationReport, ConfusionMatrix, Number, PrecisionRecallCurve, RocCurve,
    Values, accuracy_score, average_precision_score, classification_report, confusion_matrix, f1_score,
    precision_recall_curve, precision_score, recall_score, roc_auc_score, roc_curve, to_classes,
};
pub use sensitivity_at_specificity::SensitivityAtSpecificity;
pub use sparse_categorical_accuracy::SparseCategoricalAccuracy;
pub use sparse_categorical_crossentropy::SparseCategoricalCrossentropy;
pub use sparse_top_k_categorical_accuracy::SparseTopKCategoricalAccuracy;
pub use specificity_at_sensitivity::SpecificityAtSensitivity;
pub use squared_hinge::SquaredHinge;
pub use sum::Sum;
pub use thresholds::Thresholds;
pub use top_k_categorical_accuracy::TopKCategoricalAccuracy;
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
