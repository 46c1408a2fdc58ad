//! A candidate's cross-validation.

use super::candidate::Candidate;
use super::sample::Sample;
use crate::train::progress::FitsDone;
use perceptra::Result;
use perceptra::metrics::roc_auc_score;
use perceptra::model_selection::{Fold, Rows};
use perceptra::prelude::*;

/// A candidate with the means over the folds: the loss on the rows trained on, and loss and ROC AUC on those left out.
#[derive(Clone)]
pub(crate) struct Trial {
    pub candidate: Candidate,
    pub training_loss: f64,
    pub validation_loss: f64,
    pub roc_auc: f64,
    /// The standard error of the mean ROC AUC.
    pub error: f64,
    /// The ROC AUC of each fold.
    scores: Vec<f64>,
}

/// Trains a candidate once per fold, each time without the rows of the fold, and judges it on those.
///
/// Every fold has a thread of its own; each starts from the same initial weights.
pub(super) fn cross_validate(candidate: &Candidate, sample: &Sample, seed: u64, progress: &FitsDone) -> Result<Trial> {
    let on_fold = |fold: &Fold| -> Result<[f64; 3]> {
        let (x_train, y_train) = (&sample.x, &sample.y).take_rows(&fold.train)?;
        let (x_test, y_test) = (&sample.x, &sample.y).take_rows(&fold.test)?;
        let mut model = candidate.build(seed);
        model.fit(&x_train, &y_train, Fit::new().epochs(candidate.epochs).verbose(0))?;
        progress.count(candidate.name());
        let (training, validation) = (model.evaluate(&x_train, &y_train)?, model.evaluate(&x_test, &y_test)?);
        Ok([training.loss(), validation.loss(), roc_auc_score(&y_test, &model.predict(&x_test)?)?])
    };
    let results = std::thread::scope(|scope| {
        let threads: Vec<_> = sample.folds.iter().map(|fold| scope.spawn(|| on_fold(fold))).collect();
        let joined =
            threads.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        joined.collect::<Result<Vec<_>>>()
    })?;
    let column = |index: usize| results.iter().map(|fold| fold[index]).collect::<Vec<_>>();
    let scores = column(2);
    let (roc_auc, error) = mean_and_error(&scores);
    let (training_loss, validation_loss) = (mean_and_error(&column(0)).0, mean_and_error(&column(1)).0);
    Ok(Trial { candidate: candidate.clone(), training_loss, validation_loss, roc_auc, error, scores })
}

impl Trial {
    /// How much higher the ROC AUC is than another's on the same folds: mean, and its standard error.
    pub(crate) fn minus(&self, other: &Trial) -> (f64, f64) {
        let differences: Vec<f64> = self.scores.iter().zip(&other.scores).map(|(a, b)| a - b).collect();
        mean_and_error(&differences)
    }
}

/// The mean of some values, and the standard error of that mean.
pub(super) fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0);
    (mean, (variance / count).sqrt())
}
