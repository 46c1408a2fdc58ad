//! The rows of one split, encoded once for all trials of a search with the same encoding.

use super::default_model::{self, TrainPairs};
use super::output_link;
use super::prepared::{self, Prepared};
use super::truth::TrueValues;
use super::{ClassWeight, FittedTarget, Monotonicity, Pipeline, Target, fit, monotone};
use crate::engine::ResumableFit;
use crate::lists::try_map;
use crate::model_selection::FoldsInput;
use crate::models::Verbosity;
use crate::preprocessing::{ColumnTransformer, SelectedRows, Table};
use crate::scores::ScoreInput;
use crate::{Error, Model, Result, Scalar};
use nalgebra::DMatrix;

/// The parts of a pipeline that determine how it encodes rows: pipelines for which these are equal can use the same matrices.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TrialEncoding {
    target: Target,
    columns: Option<ColumnTransformer>,
    weights: Option<String>,
    class_weight: Option<ClassWeight>,
    excluded: Vec<String>,
    known_after: Vec<String>,
    monotone: Vec<(String, Monotonicity)>,
    /// The fraction of the training rows for validation during the fit.
    validation: f64,
}

/// The split of a table for trials: the target with the labels of all rows, and the data that determine folds.
pub(crate) struct TrialSplit {
    target: FittedTarget,
    classes: Option<Vec<usize>>,
}

/// Training and test rows as matrices.
pub(crate) struct TrialRows<T: Scalar> {
    prepared: Prepared<T>,
    test: DMatrix<T>,
    truth: TrueValues,
    weights: Option<Vec<f64>>,
}

/// The networks of a trial on one split, trained for a part of their epochs.
pub(crate) struct TrialFit<T: Scalar> {
    members: Vec<(Model<T>, ResumableFit<T>)>,
}

impl<T: Scalar> Pipeline<T> {
    /// Checks the ranges of arguments, and returns the settings that determine the encoding of rows.
    pub(crate) fn encoded(&self) -> Result<TrialEncoding> {
        self.check()?;
        Ok(TrialEncoding {
            target: self.target.clone(),
            columns: self.columns.clone(),
            weights: self.weights.clone(),
            class_weight: self.class_weight.clone(),
            excluded: self.excluded.clone(),
            known_after: self.known_after.clone(),
            monotone: self.monotone.clone(),
            validation: self.validation_fraction(&self.plain_options()?),
        })
    }

    /// The seed, if it was given.
    pub(crate) fn given_seed(&self) -> Option<u64> {
        self.seed
    }

    /// Learns the labels of a table.
    pub(crate) fn split(&self, table: &Table) -> Result<TrialSplit> {
        let target = self.target.fit(&table.select(&self.target.columns)?, None)?;
        let classes = if target.task().has_classes() { Some(target.classes(table)?) } else { None };
        Ok(TrialSplit { target, classes })
    }
}

impl TrialSplit {
    /// The class of each row, if the target has classes.
    pub(crate) fn classes(&self) -> Option<&[usize]> {
        self.classes.as_deref()
    }

    /// The input from which folds of the table are made.
    pub(crate) fn folds_input<'a>(&'a self, table: &'a Table, seed: u64) -> Result<FoldsInput<'a>> {
        let input = FoldsInput::of(table).with_seed(seed);
        match &self.classes {
            Some(classes) => input.with_classes(classes),
            None => Ok(input),
        }
    }

    /// Fits the transformers to the training rows, and encodes these and the test rows.
    pub(crate) fn encode<T: Scalar>(
        &self,
        pipeline: &Pipeline<T>,
        train: &SelectedRows,
        test: &Table,
        seed: u64,
    ) -> Result<TrialRows<T>> {
        let fraction = pipeline.validation_fraction(&pipeline.plain_options()?);
        let prepared = fit::prepare_divided(pipeline, train, fraction, Some(&self.target), seed)?;
        Ok(TrialRows {
            test: prepared.columns.transform::<T>(&fit::inputs(pipeline, test)?)?,
            truth: TrueValues::of(&prepared.target, test)?,
            weights: fit::row_weights::<T>(pipeline.weights.as_deref(), test)?,
            prepared,
        })
    }
}

impl<T: Scalar> TrialRows<T> {
    /// Trains a pipeline for this fraction of its epochs, in all parts together, and predicts the test rows.
    pub(crate) fn fit(
        &self,
        pipeline: &Pipeline<T>,
        seed: u64,
        fraction: f64,
        before: Option<TrialFit<T>>,
    ) -> Result<(DMatrix<f64>, TrialFit<T>)> {
        let mut options = pipeline.plain_options()?;
        options.settings.verbosity = Verbosity::Silent;
        let Some(model) = &pipeline.model else {
            if fraction < 1.0 {
                let expected = "one with .model(…), whose epochs can be divided, for a strategy that ends trials early";
                return Err(Error::argument("Pipeline", "model", "the default one", expected));
            }
            let train_pairs: TrainPairs<'_, T> = &mut |pairs| prepared::train_pairs(&self.prepared, seed, pairs);
            let members = default_model::train(pipeline, self.prepared.facts(), options, train_pairs)?;
            let ended = members.into_iter().map(|model| (model, ResumableFit::new())).collect();
            return self.predicted(TrialFit { members: ended });
        };
        let epochs = part_of(options.settings.epochs, fraction);
        let mut fit = match before {
            Some(before) => before,
            None => {
                let model = monotone::constrained(model.clone(), &self.prepared.signs)?;
                let start = |member| Ok((self.prepared.build_member(&model, seed, member)?, ResumableFit::new()));
                TrialFit { members: try_map(0..pipeline.members.unwrap_or(1), start)? }
            }
        };
        for (member, (model, resumable)) in
            fit.members.iter_mut().enumerate().filter(|(_, (_, resumable))| !resumable.is_finished())
        {
            resumable.set_until(epochs);
            self.prepared.fit_member(model, member, &options, true, Some(resumable))?;
        }
        self.predicted(fit)
    }

    fn predicted(&self, fit: TrialFit<T>) -> Result<(DMatrix<f64>, TrialFit<T>)> {
        let (first, _) = fit.members.first().ok_or(Error::NotBuilt)?;
        let link = output_link::fitting(first, &self.prepared.target)?.1;
        let members = fit.members.iter().map(|(model, _)| model);
        Ok((link.mean(&self.prepared.target, members, &self.test)?, fit))
    }

    /// The truth about the test rows and predictions for them.
    pub(crate) fn score_input<'a>(&'a self, pipeline: &Pipeline<T>, prediction: &'a DMatrix<f64>) -> ScoreInput<'a> {
        let input = ScoreInput::new(self.truth.truth(), prediction).with_threshold(pipeline.threshold);
        ScoreInput { weights: self.weights.as_deref(), ..input }
    }
}

/// This fraction of the epochs, rounded up: at least one if there is any.
fn part_of(epochs: usize, fraction: f64) -> usize {
    // A product such as 9·(1/3) may be just above the whole number that is meant.
    ((epochs as f64 * fraction - 1e-9).ceil() as usize).max(1).min(epochs)
}
