//! Step 3: train on the rows as they are, see that accuracy misleads, balance the classes and train on.

use crate::SPLIT_SEED;
use crate::evaluate::Evaluation;
use crate::load::Data;
use crate::text::{paragraph, percent, thousands};
use nalgebra::{DMatrix, DVector};
use perceptra::Result;
use perceptra::model_selection::{Rows, down_sample};
use perceptra::prelude::*;

pub const BATCH_SIZE: usize = 32;
pub const EPOCHS: usize = 10;

/// The defaults among the tutorial's training rows.
const TUTORIAL_COUNT: &str = "62,256";

/// Ten epochs in batches of 32. A second call goes on where the first ended.
pub fn train(ann: &mut Model, x: &DMatrix<f32>, y: &DVector<f32>) -> Result<History> {
    ann.fit(x, y, Fit::new().batch_size(BATCH_SIZE).epochs(EPOCHS))
}

/// The last epoch's figure of a name.
fn last(history: &History, name: &str) -> f64 {
    history.last(name).unwrap_or(f64::NAN)
}

/// Beside the accuracy, what a model would score that knows nothing.
pub fn accuracy_misleads(history: &History, data: &Data) {
    println!();
    paragraph(&format!(
        "Training accuracy is {}, which looks good until one asks what \"nobody defaults\" would score: {}, the \
         share of the majority. Where one class is rare, accuracy says little: a model that finds none of the {} \
         defaults is right most of the time. Recall asks how many of them were found: {}.",
        percent(last(history, "accuracy")),
        percent(data.majority_share()),
        thousands(data.positives_train()),
        percent(last(history, "recall")),
    ));
}

/// As many customers without default as with, drawn at random from the training rows.
pub fn balance(data: &Data) -> Result<(DMatrix<f32>, DVector<f32>)> {
    let rows = down_sample(&data.y_train).seed(SPLIT_SEED).rows()?;
    (&data.x_train, &data.y_train).take_rows(&rows)
}

/// What the second training works on.
pub fn describe_balanced(rows: usize) {
    paragraph(&format!(
        "Down-sampling the majority leaves {} rows, {} of each class. The same model is trained on them for {} \
         epochs more: its weights, Adam's moments and step count go on.",
        thousands(rows),
        thousands(rows / 2),
        EPOCHS
    ));
}

/// Training recall of the last epochs on skewed and on balanced rows.
pub fn recall_rises(imbalanced: &History, balanced: &History) {
    println!();
    paragraph(&format!(
        "Recall in training rose from {} to {}.",
        percent(last(imbalanced, "recall")),
        percent(last(balanced, "recall")),
    ));
}

/// What the tutorial observed, held against this run.
///
/// Its counts can only be repeated on a portfolio of its size.
pub fn observations(before: &Evaluation, after: &Evaluation, data: &Data, same_portfolio: bool) {
    let majority = data.majority_share();
    let (old, new) = (before.counts, after.counts);
    let per_class = data.positives_train();
    let claims = [
        (
            "accuracy lies near the majority's share (81.9%)",
            (old.accuracy() - majority).abs() < 0.01,
            format!("{} of {}", percent(old.accuracy()), percent(majority)),
        ),
        ("recall is next to nothing before balancing", old.recall() < 0.1, percent(old.recall())),
        (
            "recall rises with balanced classes",
            new.recall() > 2.0 * old.recall(),
            format!("{} to {}", percent(old.recall()), percent(new.recall())),
        ),
        ("62,256 customers in each class", per_class.abs_diff(62_256) <= 30, thousands(per_class)),
        (
            "accuracy hardly changes",
            (old.accuracy() - new.accuracy()).abs() < 0.05,
            format!("{} to {}", percent(old.accuracy()), percent(new.accuracy())),
        ),
    ];
    println!("The tutorial's observations, on this run's test rows:");
    for (claim, holds, figures) in claims {
        let verdict = match holds {
            true => "repeated",
            false if claim.contains(TUTORIAL_COUNT) && !same_portfolio => "another file",
            false => "contradicted",
        };
        println!("  {verdict:<13} {claim}: {figures}");
    }
    println!();
    paragraph(
        "That accuracy falls with balanced classes is what theory expects: a model that finds more defaults also \
         suspects more customers who pay.",
    );
}
