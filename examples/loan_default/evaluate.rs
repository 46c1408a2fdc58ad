//! Step 4: predict the test rows, which no training has seen, and read the figures.

use crate::THRESHOLD;
use crate::load::Data;
use crate::text::{paragraph, percent};
use nalgebra::DMatrix;
use perceptra::Result;
use perceptra::metrics::{
    ClassCounts, ConfusionMatrix, PrecisionRecallCurve, confusion_matrix, just_below, precision_recall_curve,
    roc_auc_score, to_classes,
};
use perceptra::prelude::*;

/// The recall that a threshold is looked for to reach.
pub const WANTED_RECALL: f64 = 0.8;

/// The figures of a model on the test rows.
pub struct Evaluation {
    pub probability: DMatrix<f32>,
    pub confusion: ConfusionMatrix,
    pub counts: ClassCounts,
    pub roc_auc: f64,
    pub curve: PrecisionRecallCurve,
}

/// Probabilities, then everything that follows from them at the threshold.
pub fn evaluate(ann: &Model, data: &Data) -> Result<Evaluation> {
    let probability = ann.predict(&data.x_test)?;
    let confusion = confusion_matrix(&data.y_test, &to_classes(&probability, THRESHOLD))?;
    Ok(Evaluation {
        counts: confusion.binary()?,
        roc_auc: roc_auc_score(&data.y_test, &probability)?,
        curve: precision_recall_curve(&data.y_test, &probability)?,
        confusion,
        probability,
    })
}

/// The first customers of the test rows: probability, prediction, truth.
pub fn first_predictions(before: &Evaluation, after: &Evaluation, data: &Data) {
    println!("The first test customers, probability of default and prediction at {THRESHOLD}:");
    println!("  {:>8}  {:>19}  {:>19}", "", "before balancing", "after balancing");
    println!("  {:>8}  {:>11} {:>7}  {:>11} {:>7}", "truth", "probability", "default", "probability", "default");
    let word = |p: f32| if f64::from(p) > THRESHOLD { "yes" } else { "no" };
    for (i, truth) in data.y_test.iter().take(10).enumerate() {
        let (old, new) = (before.probability[i], after.probability[i]);
        let truth = if *truth == 1.0 { "yes" } else { "no" };
        println!("  {truth:>8}  {old:>11.3} {:>7}  {new:>11.3} {:>7}", word(old), word(new));
    }
    println!();
}

/// The confusion matrix with what follows from it.
pub fn confusion(title: &str, evaluation: &Evaluation) {
    let counts = evaluation.counts;
    println!("Test rows, {title} (threshold {THRESHOLD}):\n{}", evaluation.confusion);
    println!(
        "precision {}  recall {}  accuracy {}  ROC AUC {:.4}\n",
        percent(counts.precision()),
        percent(counts.recall()),
        percent(counts.accuracy()),
        evaluation.roc_auc
    );
}

/// Precision and recall at thresholds from 0.1 to 0.9: threshold, precision, recall.
pub fn by_threshold(evaluation: &Evaluation, data: &Data) -> Result<Vec<[f64; 3]>> {
    let figures = |tenths: u8| {
        let threshold = f64::from(tenths) / 10.0;
        let counts = confusion_matrix(&data.y_test, &to_classes(&evaluation.probability, threshold))?.binary()?;
        Ok([threshold, counts.precision(), counts.recall()])
    };
    (1..=9).map(figures).collect()
}

/// What another threshold would give, and the one that reaches the wanted recall.
pub fn thresholds(evaluation: &Evaluation, data: &Data) -> Result<()> {
    println!("After down-sampling, by threshold:\n  threshold  precision    recall");
    for [threshold, precision, recall] in by_threshold(evaluation, data)? {
        println!("  {threshold:>9.1}  {:>9}  {:>8}", percent(precision), percent(recall));
    }
    println!();
    let threshold = evaluation.curve.threshold_for_recall(WANTED_RECALL)?;
    let found = confusion_matrix(&data.y_test, &to_classes(&evaluation.probability, just_below::<f32>(threshold)))?;
    paragraph(&format!(
        "To find {:.0}% of the defaults the threshold has to be {threshold:.3}; then {} of those who are suspected do \
         default. Which threshold is right depends on what a missed default and a refused customer cost.",
        100.0 * WANTED_RECALL,
        percent(found.binary()?.precision()),
    ));
    Ok(())
}
