//! The winner, trained on all training rows and compared with the first model on the test rows.

use super::Found;
use crate::evaluate::{Evaluation, evaluate};
use crate::load::Data;
use crate::text::{paragraph, percent, signed};
use crate::train::progress::FitsDone;
use nalgebra::{DMatrix, DVector};
use perceptra::Result;
use perceptra::metrics::roc_auc_score;
use perceptra::model_selection::KFold;
use perceptra::model_selection::Rows;
use perceptra::prelude::*;

/// Parts of the test rows that the two models are compared on.
const PARTS: usize = 20;

/// The winner after its training.
pub(crate) struct Winner {
    pub name: String,
    pub model: Model,
    pub evaluation: Evaluation,
    /// The difference of the ROC AUC to the first model's: the mean over the parts of the test rows.
    pub difference: f64,
    /// The standard error of that mean.
    pub error: f64,
}

/// Trains the winner like the first model: on all training rows, then on the balanced ones.
pub(crate) fn refit(
    search: &Found,
    data: &Data,
    balanced: (&DMatrix<f32>, &DVector<f32>),
    first: &Evaluation,
    seed: u64,
) -> Result<Winner> {
    let winner = &search.winner;
    let mut model = winner.build(seed);
    let fit = || Fit::new().epochs(winner.epochs).verbose(0);
    let progress = FitsDone::new(2);
    model.fit(&data.x_train, &data.y_train, fit())?;
    progress.count(format!("{}, balanced rows", winner.name()));
    model.fit(balanced.0, balanced.1, fit())?;
    drop(progress);
    let evaluation = evaluate(&model, data)?;
    let (difference, error) = difference(first, &evaluation, data)?;
    let winner = Winner { name: winner.name(), model, evaluation, difference, error };
    show(&winner, first);
    Ok(winner)
}

/// The difference of the ROC AUC on each part of the test rows: its mean, and the standard error of the mean.
fn difference(first: &Evaluation, winner: &Evaluation, data: &Data) -> Result<(f64, f64)> {
    let parts = KFold::new(PARTS.min(data.y_test.len() / 10).max(2)).split(&data.y_test)?;
    let mut differences = Vec::new();
    for part in &parts {
        let truth = (&data.y_test).take_rows(&part.test)?;
        if truth.iter().all(|label| *label == truth[0]) {
            continue; // a small part may have one class only
        }
        let score = |evaluation: &Evaluation| roc_auc_score(&truth, &(&evaluation.probability).take_rows(&part.test)?);
        differences.push(score(winner)? - score(first)?);
    }
    let count = differences.len() as f64;
    let mean = differences.iter().sum::<f64>() / count;
    let variance = differences.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / (count - 1.0);
    Ok((mean, (variance / count).sqrt()))
}

fn show(winner: &Winner, first: &Evaluation) {
    paragraph(&format!(
        "The winner: {}. It is trained once more, as the first model was: on all training rows, then on the balanced \
         ones. Both models on the test rows:",
        winner.name
    ));
    say!("  {:<12}  {:>9}  {:>8}  {:>8}  {:>7}", "", "precision", "recall", "accuracy", "ROC AUC");
    for (name, e) in [("first model", first), ("winner", &winner.evaluation)] {
        let (precision, recall, accuracy) = (percent(e.precision), percent(e.recall), percent(e.accuracy));
        say!("  {name:<12}  {precision:>9}  {recall:>8}  {accuracy:>8}  {:>7.4}", e.roc_auc);
    }
    say!();
    let Winner { difference, error, .. } = winner;
    let verdict = if difference.abs() > 2.0 * error {
        "More than two standard errors: the difference is more than chance."
    } else {
        "Less than two standard errors: these rows do not tell the two apart."
    };
    paragraph(&format!(
        "ROC AUC of the winner minus that of the first model, in parts of the test rows: {}, with a standard \
         error of {error:.4}. {verdict}",
        signed(*difference),
    ));
}
