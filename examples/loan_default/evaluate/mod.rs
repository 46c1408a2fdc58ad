//! Step 4: predict the test rows, which were not used for training, and evaluate the predictions.

mod thresholds;

pub(crate) use thresholds::{WANTED_RECALL, surest, trade_off};

use crate::THRESHOLD;
use crate::load::Data;
use crate::task::Task;
use crate::text::percent;
use nalgebra::DMatrix;
use perceptra::Result;
use perceptra::metrics::{
    ClassCounts, ConfusionMatrix, PrecisionRecallCurve, accuracy_score, confusion_matrix, precision_recall_curve,
    precision_score, recall_score, roc_auc_score, to_classes,
};
use perceptra::prelude::*;

/// The scores of a model on the test rows.
pub(crate) struct Evaluation {
    pub probability: DMatrix<f32>,
    pub predicted: Vec<usize>,
    pub accuracy: f64,
    pub precision: f64,
    pub recall: f64,
    pub confusion: ConfusionMatrix,
    pub counts: ClassCounts,
    pub roc_auc: f64,
    pub curve: PrecisionRecallCurve,
}

/// Computes the probabilities, the classes at the threshold, and the scores of both.
pub(crate) fn evaluate(ann: &Model, data: &Data) -> Result<Evaluation> {
    let truth = &data.y_test;
    let probability = ann.predict(&data.x_test)?;
    let predicted = to_classes(&probability, THRESHOLD);
    let confusion = confusion_matrix(truth, &predicted)?;
    Ok(Evaluation {
        accuracy: accuracy_score(truth, &predicted)?,
        precision: precision_score(truth, &predicted)?,
        recall: recall_score(truth, &predicted)?,
        counts: confusion.binary()?,
        confusion,
        roc_auc: roc_auc_score(truth, &probability)?,
        curve: precision_recall_curve(truth, &probability)?,
        probability,
        predicted,
    })
}

/// Prints predictions and truth in two columns.
pub(crate) fn first_predictions(evaluation: &Evaluation, data: &Data, task: &Task) {
    say!("The first test {}, predicted and true (1: {}):", task.rows(), task.classes[1]);
    say!("  predicted  true");
    for (predicted, truth) in evaluation.predicted.iter().zip(data.y_test.iter()).take(10) {
        say!("  {predicted:>9}  {truth:>4}");
    }
    say!();
}

/// The confusion matrix, in counts and normalized, with the scores that follow from it.
pub(crate) fn confusion(title: &str, evaluation: &Evaluation) {
    say!("Test rows, {title} (threshold {THRESHOLD}):\n{}", evaluation.confusion);
    say!(
        "precision {}  recall {}  accuracy {}  ROC AUC {:.4}\n",
        percent(evaluation.precision),
        percent(evaluation.recall),
        percent(evaluation.accuracy),
        evaluation.roc_auc
    );
    say!("The same, normalized: each row sums to 1");
    say!("        predicted 0  predicted 1");
    for (class, row) in evaluation.confusion.normalized().row_iter().enumerate() {
        say!("true {class}  {:>11.4}  {:>11.4}", row[0], row[1]);
    }
    say!();
}
