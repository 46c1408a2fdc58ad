//! The plots of the report.

use super::Run;
use crate::THRESHOLD;
use crate::evaluate::{Evaluation, WANTED_RECALL};
use crate::tune::{Trial, Width};
use perceptra::Result;
use perceptra::plot::{Bars, ConfusionPicture, Lines};
use perceptra::prelude::*;

/// A plot as file name, caption and SVG.
pub(super) type Picture = (&'static str, &'static str, String);

pub(super) fn draw(run: &Run<'_>) -> Result<Vec<Picture>> {
    let Run { task, data, imbalanced, balanced, before, after, .. } = run;
    let [zero, one] = &task.classes;
    let classes = Bars::new("Rows with complete records")
        .bar(zero.as_str(), data.rows_kept - data.positives_kept)
        .bar(one.as_str(), data.positives_kept);
    let loss = Lines::new("Loss while training")
        .x_label("epoch")
        .y_label("binary cross-entropy")
        .epochs("as they are", imbalanced.get("loss").unwrap_or(&[]))
        .epochs("balanced", balanced.get("loss").unwrap_or(&[]));
    let confusion = |title: &str, evaluation: &Evaluation| {
        ConfusionPicture::new(title, evaluation.confusion.counts()).labels([zero, one]).to_svg()
    };
    Ok(vec![
        ("classes", "How many rows there are of each class.", classes.to_svg()?),
        ("correlation", "Correlation of all columns of numbers.", run.numbers.heat_map().to_svg()?),
        ("loss", "Loss of both trainings; that of balanced rows is higher because they are harder.", loss.to_svg()?),
        ("training", "On the rows as they are.", history("Training, as they are", imbalanced)?),
        ("training_balanced", "On balanced rows.", history("Training, balanced", balanced)?),
        ("confusion", "Test rows before down-sampling.", confusion("Before down-sampling", before)?),
        ("confusion_balanced", "Test rows after down-sampling.", confusion("After down-sampling", after)?),
        ("thresholds", "What other thresholds would give, after down-sampling.", thresholds(run)?),
        ("widening", "Loss by width of one hidden layer.", widening(&run.search.widths)?),
        ("tuning", "ROC AUC of each network, with the standard error of the mean over the folds.", tuning(run)?),
    ])
}

/// The metrics by epoch.
fn history(title: &str, history: &History) -> Result<String> {
    let lines = Lines::new(title).x_label("epoch").y_range(0.0, 1.0);
    let metrics = ["accuracy", "recall", "precision"];
    metrics.iter().fold(lines, |lines, name| lines.epochs(*name, history.get(name).unwrap_or(&[]))).to_svg()
}

/// Precision and recall over the thresholds; a few hundred of the hundred thousand points are drawn.
fn thresholds(run: &Run<'_>) -> Result<String> {
    let curve = &run.after.curve;
    let every = (curve.thresholds.len() / 400).max(1);
    let thin =
        |values: &[f64]| -> Vec<f64> { values[..curve.thresholds.len()].iter().step_by(every).copied().collect() };
    let x = thin(&curve.thresholds);
    Lines::new("Precision and recall by threshold")
        .x_label("threshold")
        .y_range(0.0, 1.0)
        .series("precision", &x, &thin(&curve.precision))
        .series("recall", &x, &thin(&curve.recall))
        .vertical(THRESHOLD, format!("{THRESHOLD}"))
        .vertical(curve.threshold_for_recall(WANTED_RECALL)?, format!("recall {WANTED_RECALL}"))
        .to_svg()
}

/// The losses by the number of units of one hidden layer.
fn widening(widths: &[Width]) -> Result<String> {
    let units: Vec<f64> = widths.iter().map(|width| width.units as f64).collect();
    let losses = |of: fn(&Width) -> f64| widths.iter().map(of).collect::<Vec<_>>();
    Lines::new("Adding units until the network over-fits")
        .x_label("units in one hidden layer")
        .y_label("loss")
        .series("training", &units, &losses(|width| width.training_loss))
        .series("validation", &units, &losses(|width| width.validation_loss))
        .to_svg()
}

fn tuning(run: &Run<'_>) -> Result<String> {
    let mut trials: Vec<&Trial> = run.search.trials.iter().collect();
    trials.sort_by(|a, b| b.roc_auc.total_cmp(&a.roc_auc));
    let bars = Bars::new("Networks compared").decimals(4);
    let bars =
        trials.iter().fold(bars, |bars, trial| bars.bar_with_error(trial.candidate.name(), trial.roc_auc, trial.error));
    bars.baseline(0.5).horizontal().to_svg()
}
