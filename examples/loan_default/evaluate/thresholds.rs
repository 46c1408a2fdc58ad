//! The threshold as a choice: more recall for less precision, or the other way round.

use super::Evaluation;
use crate::load::Data;
use crate::task::Task;
use crate::text::{paragraph, percent, thousands};
use perceptra::Result;
use perceptra::metrics::{PrecisionRecallCurve, precision_score, recall_score, to_classes};

/// The recall that a chosen threshold has to reach.
pub(crate) const WANTED_RECALL: f64 = 0.8;

/// The recall for a screening, which must miss few defaults.
const SCREENING_RECALL: f64 = 0.9;
/// The precision for a filter, which must suspect few customers wrongly.
const FILTER_PRECISION: f64 = 0.6;

/// Precision and recall at thresholds from 0.1 to 0.9: threshold, precision, recall.
fn by_threshold(evaluation: &Evaluation, data: &Data) -> Result<Vec<[f64; 3]>> {
    let scores = |tenths: u8| {
        let threshold = f64::from(tenths) / 10.0;
        let predicted = to_classes(&evaluation.probability, threshold);
        Ok([threshold, precision_score(&data.y_test, &predicted)?, recall_score(&data.y_test, &predicted)?])
    };
    (1..=9).map(scores).collect()
}

/// Prints precision and recall if only the rows with the highest probabilities are predicted as class 1: a perfect precision can be
/// meaningless.
pub(crate) fn surest(evaluation: &Evaluation, data: &Data, task: &Task) -> Result<()> {
    let mut order: Vec<usize> = (0..data.y_test.len()).collect();
    order.sort_by(|&a, &b| evaluation.probability[b].total_cmp(&evaluation.probability[a]));
    let scores = |named: &[usize]| -> Result<(f64, f64)> {
        let mut predicted = vec![0; data.y_test.len()];
        named.iter().for_each(|&row| predicted[row] = 1);
        Ok((precision_score(&data.y_test, &predicted)?, recall_score(&data.y_test, &predicted)?))
    };
    say!("Naming only the {} with the highest probabilities:", task.rows());
    say!("  {:>7}  {:>9}  {:>8}", "named", "precision", "recall");
    for named in [1, 10, 100, 1_000, 10_000].into_iter().filter(|named| *named <= order.len()) {
        let (precision, recall) = scores(&order[..named])?;
        say!("  {:>7}  {:>9}  {:>8}", thousands(named), percent(precision), percent(recall));
    }
    say!();
    if let Some(first) = order.iter().position(|row| data.y_test[*row] == 1.0) {
        let (precision, recall) = scores(&order[first..=first])?;
        paragraph(&format!(
            "One sure hit makes a perfect precision: to name one {}, here number {} of that list, and no other, has a \
             precision of {} and a recall of {}, 1 of {}.",
            task.a_positive(),
            first + 1,
            percent(precision),
            percent(recall),
            thousands(data.positives_test()),
        ));
    }
    Ok(())
}

/// Prints the scores at other thresholds, and three ways to choose one.
pub(crate) fn trade_off(evaluation: &Evaluation, data: &Data, task: &Task) -> Result<()> {
    say!("After down-sampling, by threshold:\n  threshold  precision    recall");
    for [threshold, precision, recall] in by_threshold(evaluation, data)? {
        say!("  {threshold:>9.1}  {:>9}  {:>8}", percent(precision), percent(recall));
    }
    say!();
    let curve = &evaluation.curve;
    say!("Three ways to choose:");
    say!("  {:<38} {:>9}  {:>9}  {:>8}", "", "threshold", "precision", "recall");
    let line = |name: &str, point: Option<usize>| match point {
        Some(point) => say!(
            "  {name:<38} {:>9.3}  {:>9}  {:>8}",
            curve.thresholds[point],
            percent(curve.precision[point]),
            percent(curve.recall[point])
        ),
        None => say!("  {name:<38} {:>9}", "none"),
    };
    line("screening: find 90%", for_recall(curve, SCREENING_RECALL));
    line(&format!("this walk: find {:.0}%", 100.0 * WANTED_RECALL), for_recall(curve, WANTED_RECALL));
    line("filter: 60% of the suspected are right", for_precision(curve, FILTER_PRECISION));
    say!();
    paragraph(&format!(
        "That is the precision/recall trade-off: finding more {} means suspecting more {} wrongly. Which threshold is \
         right depends on what each of the two errors costs.",
        task.positives,
        task.rows(),
    ));
    Ok(())
}

/// The point of the highest threshold that reaches a recall.
fn for_recall(curve: &PrecisionRecallCurve, recall: f64) -> Option<usize> {
    (0..curve.thresholds.len()).rev().find(|point| curve.recall[*point] >= recall)
}

/// The point of the lowest threshold that reaches a precision: it has the most recall.
fn for_precision(curve: &PrecisionRecallCurve, precision: f64) -> Option<usize> {
    (0..curve.thresholds.len()).find(|point| curve.precision[*point] >= precision)
}
