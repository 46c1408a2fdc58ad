//! The rows of a fit as matrices, and the training of members on them.

use super::FittedTarget;
use super::output_link;
use super::validation_parts::ValidationParts;
use crate::engine::Pause;
use crate::models::{Fit, FitOptions, Verbosity};
use crate::preprocessing::{FittedColumnTransformer, Table};
use crate::random::{Purpose, stream};
use crate::{Error, Model, Result, Scalar, num_threads};
use nalgebra::DMatrix;
use rand::Rng;
use rayon::prelude::*;
use std::borrow::Cow;
use std::ops::Range;

/// The rows of a fit, as matrices.
pub(super) struct Prepared<T: Scalar> {
    pub(super) columns: FittedColumnTransformer,
    pub(super) target: FittedTarget,
    pub(super) train: PreparedRows<T>,
    pub(super) validation: Validation<T>,
    /// The direction in which the prediction may move with each feature: 1, −1, or 0 for any; empty without a
    /// monotone column.
    pub(super) signs: Vec<i64>,
}

/// The rows that decide when a training stops.
pub(super) enum Validation<T: Scalar> {
    Absent,
    /// The same for all members.
    Rows(PreparedRows<T>),
    /// Some of the rows for training, others for each member.
    Parts(ValidationParts),
}

/// Rows for training or for validation.
#[derive(Clone)]
pub(super) struct PreparedRows<T: Scalar> {
    pub(super) x: DMatrix<T>,
    pub(super) weights: Option<Vec<T>>,
    pub(super) rows: Table,
}

/// What each member of an ensemble is trained by.
pub(super) struct Recipe<T: Scalar> {
    pub(super) model: Model<T>,
    pub(super) options: FitOptions<T>,
}

/// The rows that train one member and those that validate it.
struct MemberRows<'a, T: Scalar> {
    train: Cow<'a, PreparedRows<T>>,
    validation: Option<Cow<'a, PreparedRows<T>>>,
}

impl<T: Scalar> PreparedRows<T> {
    pub(super) fn take(&self, rows: &[usize]) -> Result<Self> {
        Ok(PreparedRows {
            x: self.x.select_rows(rows),
            weights: self.weights.as_ref().map(|weights| rows.iter().map(|&row| weights[row]).collect()),
            rows: self.rows.take(rows)?,
        })
    }
}

impl<T: Scalar> Prepared<T> {
    /// How many rows train a member.
    pub(super) fn training_rows(&self) -> usize {
        match &self.validation {
            Validation::Parts(parts) => parts.training_rows(),
            Validation::Absent | Validation::Rows(_) => self.train.x.nrows(),
        }
    }

    /// Whether there are rows for validation.
    pub(super) fn has_validation(&self) -> bool {
        !matches!(self.validation, Validation::Absent)
    }

    fn rows_of(&self, member: usize) -> Result<MemberRows<'_, T>> {
        let train = Cow::Borrowed(&self.train);
        Ok(match &self.validation {
            Validation::Absent => MemberRows { train, validation: None },
            Validation::Rows(rows) => MemberRows { train, validation: Some(Cow::Borrowed(rows)) },
            Validation::Parts(parts) => {
                let (train, validation) = parts.of(member);
                let taken = |rows: &[usize]| self.train.take(rows).map(Cow::Owned);
                MemberRows { train: taken(&train)?, validation: Some(taken(&validation)?) }
            }
        })
    }

    /// Trains the member of this number by a recipe.
    fn member(&self, recipe: &Recipe<T>, seed: u64, member: usize, quiet: bool) -> Result<Model<T>> {
        let mut model = self.started(&recipe.model, seed, member)?;
        self.train_model(&mut model, member, &recipe.options, quiet, None)?;
        Ok(model)
    }

    /// The member of this number before its training.
    pub(super) fn started(&self, model: &Model<T>, seed: u64, member: usize) -> Result<Model<T>> {
        let seed = stream(seed, Purpose::Member, member as u64).next_u64();
        let mut model = model.clone().seeded(seed);
        let network = model.build(self.train.x.ncols())?;
        if !self.signs.is_empty() {
            network.constrain();
        }
        Ok(model)
    }

    /// Trains a started member, or a part of its epochs; errors name the rows of the table that was split.
    pub(super) fn train_model(
        &self,
        model: &mut Model<T>,
        member: usize,
        options: &FitOptions<T>,
        quiet: bool,
        pause: Option<&mut Pause<T>>,
    ) -> Result<()> {
        let rows = self.rows_of(member)?;
        self.train_on(model, &rows, options, quiet, pause).map_err(|error| match (&rows.validation, &error) {
            (
                Some(part),
                Error::NotFinite { what, .. } | Error::Input { what, .. } | Error::SampleWeight { what, .. },
            ) if what.starts_with("validation") => part.rows.about_rows(error),
            _ => rows.train.rows.about_rows(error),
        })
    }

    fn train_on(
        &self,
        model: &mut Model<T>,
        MemberRows { train, validation }: &MemberRows<'_, T>,
        options: &FitOptions<T>,
        quiet: bool,
        pause: Option<&mut Pause<T>>,
    ) -> Result<()> {
        let (form, _) = output_link::fitting(model, &self.target)?;
        let y = self.target.encode::<T>(&train.rows, form)?;
        let validation_y = validation.as_ref().map(|part| self.target.encode::<T>(&part.rows, form)).transpose()?;
        let mut options = options.clone();
        options.settings.validation_split = 0.0;
        let mut fit = Fit::from(options);
        if quiet {
            fit = fit.verbose(Verbosity::Silent);
        }
        if let Some(weights) = &train.weights {
            fit = fit.sample_weight(weights);
        }
        if let (Some(part), Some(y)) = (validation, &validation_y) {
            fit = fit.validation_data(&part.x, y);
            if let Some(weights) = &part.weights {
                fit = fit.validation_weights(weights);
            }
        }
        if let Some(pause) = pause {
            fit = fit.part(pause);
        }
        model.fit(&train.x, &y, fit)?;
        if !self.signs.is_empty() {
            // As in Keras, an optimizer averages weights before they are projected.
            model.network_mut()?.constrain();
        }
        Ok(())
    }

    /// The least loss that a model had on the rows of the validation.
    pub(super) fn validation_loss(model: &Model<T>) -> Option<f64> {
        let history = model.history();
        let losses = history.get("val_loss")?;
        losses.iter().copied().filter(|loss| loss.is_finite()).reduce(f64::min)
    }
}

/// Trains the members of these numbers, at the same time where there are threads for it.
pub(super) fn train<T: Scalar>(
    prepared: &Prepared<T>,
    recipe: &Recipe<T>,
    seed: u64,
    members: Range<usize>,
) -> Result<Vec<Model<T>>> {
    train_each(prepared, seed, &members.map(|member| (recipe, member)).collect::<Vec<_>>())
}

/// Trains a member for each pair of a recipe and a number; the models are in the order of the pairs.
pub(super) fn train_each<T: Scalar>(
    prepared: &Prepared<T>,
    seed: u64,
    members: &[(&Recipe<T>, usize)],
) -> Result<Vec<Model<T>>> {
    let quiet = members.len() > 1;
    let one = |&(recipe, member): &(&Recipe<T>, usize)| prepared.member(recipe, seed, member, quiet);
    match num_threads() > 1 && members.len() > 1 {
        true => members.par_iter().with_max_len(1).map(one).collect(),
        false => members.iter().map(one).collect(),
    }
}
