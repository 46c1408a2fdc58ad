//! Scores of finished predictions: functions of all targets and scores at once, as in scikit-learn.

mod average_precision_score;
mod class_counts;
mod class_scores;
mod classification_report;
mod confusion_matrix;
mod paired;
mod precision_recall_curve;
mod ranking;
mod roc_auc_score;
mod roc_curve;
mod to_classes;

pub use average_precision_score::average_precision_score;
pub use class_counts::ClassCounts;
pub use class_scores::{accuracy_score, f1_score, precision_score, recall_score};
pub use classification_report::{ClassReport, ClassificationReport, classification_report};
pub use confusion_matrix::{Average, ConfusionMatrix, confusion_matrix};
pub use precision_recall_curve::{PrecisionRecallCurve, precision_recall_curve};
pub use roc_auc_score::roc_auc_score;
pub use roc_curve::{RocCurve, roc_curve};
pub use to_classes::{just_below, to_classes};
