//! Step 3: train on the unbalanced rows, show that accuracy misleads, balance the classes and continue to train.

pub(crate) mod progress;

use crate::SPLIT_SEED;
use crate::load::Data;
use crate::task::Task;
use crate::text::{paragraph, percent, thousands};
use nalgebra::{DMatrix, DVector};
use perceptra::Result;
use perceptra::model_selection::{Rows, down_sample};
use perceptra::prelude::*;
use progress::SamplesDone;

pub(crate) const BATCH_SIZE: usize = 32;
pub(crate) const EPOCHS: usize = 10;

/// Trains for ten epochs in batches of 32. A second call continues where the first ended.
pub(crate) fn train(ann: &mut Model, x: &DMatrix<f32>, y: &DVector<f32>) -> Result<History> {
    let progress = SamplesDone::new(y.len(), BATCH_SIZE);
    ann.fit(x, y, Fit::new().batch_size(BATCH_SIZE).epochs(EPOCHS).callback(progress).verbose(0))
}

/// The value of a metric in the last epoch.
fn last(history: &History, name: &str) -> f64 {
    history.last(name).unwrap_or(f64::NAN)
}

/// Prints the accuracy and that of a constant prediction.
pub(crate) fn accuracy_misleads(history: &History, data: &Data, task: &Task) {
    say!();
    let rate = data.positive_rate();
    let (constant, accuracy, rows) = (task.constant(rate), rate.max(1.0 - rate), task.rows());
    paragraph(&format!(
        "Training accuracy is {}, which looks good until one asks what \"{constant}\" would score: {}, the fraction of \
         the majority. Where one class is rare, accuracy says little: {} Recall asks how many of the {} {} were found: {}.",
        percent(last(history, "accuracy")),
        percent(accuracy),
        if rate < 0.5 {
            "a model that finds none of its rows is right most of the time."
        } else {
            "the other one decides it."
        },
        thousands(data.positives_train()),
        task.positives,
        percent(last(history, "recall")),
    ));
    say!("{:<24} {:>9} {:>24}", "", task.positives, format!("accuracy of \"{constant}\""));
    if task.loans.is_some() {
        say!("{:<24} {:>9} {:>24}", "the tutorial's customers", percent(0.15), percent(0.85));
    }
    let these = format!("these {rows}");
    say!("{these:<24} {:>9} {:>24}\n", percent(rate), percent(accuracy));
}

/// Draws equal numbers of rows of both classes at random from the training rows: as they were read, and as matrices.
pub(crate) fn balance(data: &Data) -> Result<(Table, DMatrix<f32>, DVector<f32>)> {
    let rows = down_sample(&data.y_train).seed(SPLIT_SEED).rows()?;
    let (x, y) = (&data.x_train, &data.y_train).take_rows(&rows)?;
    Ok((data.train.take(&rows)?, x, y))
}

/// Prints a description of the rows of the second training.
pub(crate) fn describe_balanced(rows: usize) {
    paragraph(&format!(
        "Down-sampling the majority leaves {} rows, {} of each class. The same model is trained on them for {} \
         epochs more: its weights, Adam's moments and step count go on.",
        thousands(rows),
        thousands(rows / 2),
        EPOCHS
    ));
}

/// Training recall of the last epochs on skewed and on balanced rows.
pub(crate) fn recall_rises(imbalanced: &History, balanced: &History) {
    say!();
    let (before, after) = (last(imbalanced, "recall"), last(balanced, "recall"));
    let verb = if after > before { "rose" } else { "went" };
    paragraph(&format!("Recall in training {verb} from {} to {}.", percent(before), percent(after)));
}
