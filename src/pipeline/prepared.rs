//! The rows of a fit as matrices, and the training of members on them.

use super::FittedTarget;
use super::output_link;
use crate::engine::Pause;
use crate::models::{Fit, FitOptions, Verbosity};
use crate::preprocessing::{FittedColumnTransformer, Table};
use crate::random::{Purpose, stream};
use crate::{Model, Result, Scalar, num_threads};
use nalgebra::DMatrix;
use rand::Rng;
use rayon::prelude::*;

/// The rows of a fit, as matrices.
pub(super) struct Prepared<T: Scalar> {
    pub(super) columns: FittedColumnTransformer,
    pub(super) target: FittedTarget,
    pub(super) train: PreparedRows<T>,
    pub(super) validation: Option<PreparedRows<T>>,
}

/// Rows for training or for validation.
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

/// The seed of a member.
pub(super) fn member_seed(seed: u64, index: usize) -> u64 {
    stream(seed, Purpose::Member, index as u64).next_u64()
}

impl<T: Scalar> Prepared<T> {
    /// Trains one model, that of a recipe with this seed.
    fn member(&self, recipe: &Recipe<T>, seed: u64, quiet: bool) -> Result<Model<T>> {
        let mut model = recipe.model.clone().seeded(seed);
        model.build(self.train.x.ncols())?;
        self.train_model(&mut model, &recipe.options, quiet, None)?;
        Ok(model)
    }

    /// Trains a model that was built, or a part of its epochs.
    pub(super) fn train_model(
        &self,
        model: &mut Model<T>,
        options: &FitOptions<T>,
        quiet: bool,
        pause: Option<&mut Pause<T>>,
    ) -> Result<()> {
        let (form, _) = output_link::fitting(model, &self.target)?;
        let y = self.target.encode::<T>(&self.train.rows, form)?;
        let validation_y =
            self.validation.as_ref().map(|part| self.target.encode::<T>(&part.rows, form)).transpose()?;
        let mut options = options.clone();
        options.settings.validation_split = 0.0;
        let mut fit = Fit::from(options);
        if quiet {
            fit = fit.verbose(Verbosity::Silent);
        }
        if let Some(weights) = &self.train.weights {
            fit = fit.sample_weight(weights);
        }
        if let (Some(part), Some(y)) = (&self.validation, &validation_y) {
            fit = fit.validation_data(&part.x, y);
            if let Some(weights) = &part.weights {
                fit = fit.validation_weights(weights);
            }
        }
        if let Some(pause) = pause {
            fit = fit.part(pause);
        }
        model.fit(&self.train.x, &y, fit).map(drop)
    }

    /// The least loss that a model had on the rows of the validation.
    pub(super) fn validation_loss(&self, model: &Model<T>) -> Option<f64> {
        let history = model.history();
        let losses = history.get("val_loss")?;
        losses.iter().copied().filter(|loss| loss.is_finite()).reduce(f64::min)
    }
}

/// Trains a member for each seed, at the same time where there are threads for it.
pub(super) fn train<T: Scalar>(prepared: &Prepared<T>, recipe: &Recipe<T>, seeds: &[u64]) -> Result<Vec<Model<T>>> {
    train_each(prepared, &seeds.iter().map(|&seed| (recipe, seed)).collect::<Vec<_>>())
}

/// Trains a member for each pair of a recipe and a seed; the models are in the order of the pairs.
pub(super) fn train_each<T: Scalar>(prepared: &Prepared<T>, members: &[(&Recipe<T>, u64)]) -> Result<Vec<Model<T>>> {
    let quiet = members.len() > 1;
    let one = |&(recipe, seed): &(&Recipe<T>, u64)| prepared.member(recipe, seed, quiet);
    match num_threads() > 1 && members.len() > 1 {
        true => members.par_iter().with_max_len(1).map(one).collect(),
        false => members.iter().map(one).collect(),
    }
}
