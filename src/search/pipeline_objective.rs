//! Pipelines evaluated on the rows of a table.

use super::Trial;
use super::objective::{Measured, Objective};
use super::row_groups::{group_scores, row_groups};
use super::workers::dealt;
use crate::error::counted;
use crate::items::Item;
use crate::lists::try_map;
use crate::model_selection::{Fold, Folds, folds_of, train_test_split};
use crate::pipeline::{Pipeline, TrialEncoding, TrialFit, TrialRows, TrialSplit};
use crate::preprocessing::{SelectedRows, Table};
use crate::scores::{LogLoss, RootMeanSquaredError, Score, score_of};
use crate::{Error, Result, Scalar};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// The rows on which trials are scored.
#[derive(Debug, Clone)]
pub(super) enum SearchValidation {
    Fraction(f64),
    Folds(Item<dyn Folds>),
}

impl SearchValidation {
    /// The description in the header of a journal.
    pub(super) fn describe(&self) -> serde_json::Result<Value> {
        Ok(match self {
            SearchValidation::Fraction(fraction) => json!({ "fraction": fraction }),
            SearchValidation::Folds(folds) => json!({ "folds": serde_json::to_value(folds)? }),
        })
    }
}

/// The pipelines of a search on a table.
pub(super) struct PipelineObjective<'a, T: Scalar> {
    table: &'a Table,
    make: &'a (dyn Fn(&Trial) -> Result<Pipeline<T>> + Send + Sync + 'a),
    score: Arc<dyn Score>,
    validation: &'a SearchValidation,
    seed: u64,
    /// The encoded rows of each distinct encoding.
    encoded: Mutex<Vec<KnownRows<T>>>,
    /// The networks of trials that may be continued, on each split.
    unfinished: Mutex<BTreeMap<usize, Vec<TrialFit<T>>>>,
}

/// An encoding, and its rows once a trial has computed them.
type KnownRows<T> = (TrialEncoding, Arc<OnceLock<Shared<T>>>);

/// The rows that trials share, or the error of encoding them.
type Shared<T> = std::result::Result<Arc<SharedRows<T>>, Mutex<Option<Box<Error>>>>;

/// The encoded splits of the table, shared by all trials with the same encoding.
struct SharedRows<T: Scalar> {
    splits: Vec<TrialRows<T>>,
    /// The mean numbers of training and test rows of the folds; `None` for a validation part.
    fold_rows: Option<(usize, usize)>,
    /// Groups of the rows of a validation part.
    groups: Vec<Vec<usize>>,
}

impl<'a, T: Scalar> PipelineObjective<'a, T> {
    pub(super) fn new(
        table: &'a Table,
        make: &'a (dyn Fn(&Trial) -> Result<Pipeline<T>> + Send + Sync + 'a),
        (score, first): (Option<&Item<dyn Score>>, &Trial),
        validation: &'a SearchValidation,
        seed: u64,
    ) -> Result<Self> {
        if let SearchValidation::Fraction(fraction) = validation
            && !(*fraction > 0.0 && *fraction < 1.0)
        {
            return Err(Error::argument("Search", "validation_split", fraction, "a fraction in (0, 1)"));
        }
        let score: Arc<dyn Score> = match score {
            Some(score) => score.checked()?,
            None if make(first)?.target().task().is_regression() => Arc::new(RootMeanSquaredError),
            None => Arc::new(LogLoss),
        };
        let (encoded, unfinished) = (Mutex::default(), Mutex::default());
        Ok(PipelineObjective { table, make, score, validation, seed, encoded, unfinished })
    }

    /// Returns the encoded rows of a pipeline. The first trial that needs them computes them, while others that need the same ones wait.
    fn shared(&self, pipeline: &Pipeline<T>) -> Result<Arc<SharedRows<T>>> {
        let key = pipeline.encoded()?;
        let cell = {
            let mut known = self.encoded.lock().unwrap_or_else(PoisonError::into_inner);
            match known.iter().find(|(encoded, _)| *encoded == key) {
                Some((_, cell)) => cell.clone(),
                None => {
                    let cell = Arc::new(OnceLock::new());
                    known.push((key, cell.clone()));
                    cell
                }
            }
        };
        match cell
            .get_or_init(|| self.encode(pipeline).map(Arc::new).map_err(|error| Mutex::new(Some(Box::new(error)))))
        {
            Ok(shared) => Ok(shared.clone()),
            // An `Error` cannot be cloned: the first caller takes it, and others repeat the encoding to get their own.
            Err(error) => match error.lock().unwrap_or_else(PoisonError::into_inner).take() {
                Some(error) => Err(*error),
                None => self.encode(pipeline).map(Arc::new),
            },
        }
    }

    fn encode(&self, pipeline: &Pipeline<T>) -> Result<SharedRows<T>> {
        let split = pipeline.split(self.table)?;
        let folds = match self.validation {
            SearchValidation::Fraction(fraction) => vec![self.part(&split, *fraction)?],
            SearchValidation::Folds(folds) => folds_of(folds.clone(), &split.folds_input(self.table, self.seed)?)?,
        };
        let encode = |fold: &Fold| {
            let (train, test) = (SelectedRows::of(self.table, fold.train.clone())?, self.table.take(&fold.test)?);
            split.encode(pipeline, &train, &test, self.seed)
        };
        let splits = try_map(folds.iter(), encode)?;
        let mean = |rows: &dyn Fn(&Fold) -> usize| folds.iter().map(rows).sum::<usize>() / folds.len().max(1);
        let (fold_rows, groups) = match self.validation {
            SearchValidation::Folds(_) => {
                (Some((mean(&|fold| fold.train.len()), mean(&|fold| fold.test.len()))), Vec::new())
            }
            SearchValidation::Fraction(_) => {
                let test = &folds[0].test;
                let classes: Option<Vec<usize>> =
                    split.classes().map(|classes| test.iter().map(|&row| classes[row]).collect());
                (None, row_groups(test.len(), classes.as_deref(), self.seed))
            }
        };
        Ok(SharedRows { splits, fold_rows, groups })
    }

    /// Draws the validation part, stratified by class where each class has enough rows.
    fn part(&self, split: &TrialSplit, fraction: f64) -> Result<Fold> {
        let parts = || train_test_split(self.table.nrows()).test_size(fraction).seed(self.seed);
        let plain = || {
            parts().split().map_err(|error| match error {
                Error::Argument { .. } => {
                    let rows = counted(self.table.nrows(), "row");
                    let expected =
                        format!("a fraction that leaves both parts some of the {rows}, or .cross_validation(…)");
                    Error::argument("Search", "validation_split", fraction, expected)
                }
                other => other,
            })
        };
        let (train, test) = match split.classes() {
            Some(classes) => match parts().stratify_by(classes).split() {
                Err(Error::Argument { .. }) => plain()?,
                found => found?,
            },
            None => plain()?,
        };
        Ok(Fold { train, test })
    }
}

/// The state of a trial on one split.
enum OnSplit<T: Scalar> {
    Scored {
        score: f64,
        groups: Vec<f64>,
        fit: TrialFit<T>,
    },
    /// The reason.
    Failed(String),
}

impl<T: Scalar> PipelineObjective<'_, T> {
    /// Trains a pipeline on the training rows of a split and scores it on the test rows.
    fn on_split(
        &self,
        pipeline: &Pipeline<T>,
        shared: &SharedRows<T>,
        index: usize,
        (seed, fraction): (u64, f64),
        before: Option<TrialFit<T>>,
    ) -> Result<OnSplit<T>> {
        let rows = &shared.splits[index];
        let (prediction, fit) = match rows.fit(pipeline, seed, fraction, before) {
            Ok(found) => found,
            Err(error @ Error::Diverged { .. }) => return Ok(OnSplit::Failed(error.to_string())),
            Err(error) => return Err(error),
        };
        if prediction.iter().any(|value| !value.is_finite()) {
            return Ok(OnSplit::Failed("a prediction is NaN or infinite".into()));
        }
        let input = rows.score_input(pipeline, &prediction);
        let score = score_of(self.score.clone(), &input)?;
        if score.is_nan() {
            return Ok(OnSplit::Failed(format!("{} is NaN", self.score.name())));
        }
        Ok(OnSplit::Scored { score, groups: group_scores(&*self.score, &input, &shared.groups), fit })
    }
}

impl<T: Scalar> Objective for PipelineObjective<'_, T> {
    fn evaluate(&self, trial: &Trial, fraction: f64, threads: usize) -> Result<Measured> {
        let pipeline = (self.make)(trial)?;
        let shared = self.shared(&pipeline)?;
        let seed = pipeline.given_seed().unwrap_or(trial.seed());
        let before = self.unfinished.lock().unwrap_or_else(PoisonError::into_inner).remove(&trial.number());
        let before: Vec<Mutex<Option<TrialFit<T>>>> =
            before.unwrap_or_default().into_iter().map(|fit| Mutex::new(Some(fit))).collect();
        let on_split = |index: usize| {
            let before = before.get(index).and_then(|fit| fit.lock().unwrap_or_else(PoisonError::into_inner).take());
            self.on_split(&pipeline, &shared, index, (seed, fraction), before)
        };
        let (mut scores, mut parts, mut fits) = (Vec::new(), Vec::new(), Vec::new());
        for found in dealt(shared.splits.len(), threads, &|| false, &on_split) {
            match found? {
                OnSplit::Scored { score, groups, fit } => {
                    scores.push(score);
                    parts.extend(groups);
                    fits.push(fit);
                }
                OnSplit::Failed(reason) => return Ok(Measured::failed(reason)),
            }
        }
        if fraction < 1.0 {
            self.unfinished.lock().unwrap_or_else(PoisonError::into_inner).insert(trial.number(), fits);
        }
        let score = scores.iter().sum::<f64>() / scores.len() as f64;
        if score.is_nan() {
            // Of infinite scores of both signs.
            return Ok(Measured::failed(format!("the mean of {} over the folds is NaN", self.score.name())));
        }
        let parts = if shared.fold_rows.is_some() { scores } else { parts };
        Ok(Measured { score, parts, fold_rows: shared.fold_rows, failure: None })
    }

    fn keep(&self, trials: &[usize]) {
        let mut unfinished = self.unfinished.lock().unwrap_or_else(PoisonError::into_inner);
        unfinished.retain(|number, _| trials.contains(number));
    }

    fn score_name(&self) -> String {
        self.score.name()
    }

    fn greater_is_better(&self) -> bool {
        self.score.greater_is_better()
    }
}
