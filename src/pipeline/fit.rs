//! The fit of a pipeline: rows are split, transformers and target learn, members are trained.

use super::default_columns::default_columns;
use super::output_link;
use super::{FittedPipeline, FittedTarget, Pipeline, default_model};
use crate::model_selection::train_test_split;
use crate::models::{Fit, FitOptions, Verbosity};
use crate::preprocessing::{FitInput, FittedColumnTransformer, Table};
use crate::random::{Purpose, fresh_seed, stream};
use crate::{Error, Model, Result, Scalar, num_threads};
use nalgebra::DMatrix;
use rand::Rng;
use rayon::prelude::*;

/// The rows of a fit, as matrices.
pub(super) struct Prepared<T: Scalar> {
    pub(super) columns: FittedColumnTransformer,
    pub(super) target: FittedTarget,
    pub(super) train: Part<T>,
    pub(super) validation: Option<Part<T>>,
}

/// Rows for training or for validation.
pub(super) struct Part<T: Scalar> {
    pub(super) x: DMatrix<T>,
    pub(super) weights: Option<Vec<T>>,
    rows: Table,
}

/// What each member of an ensemble is trained by.
pub(super) struct Recipe<T: Scalar> {
    pub(super) model: Model<T>,
    pub(super) options: FitOptions<T>,
}

pub(super) fn run<T: Scalar>(
    pipeline: &Pipeline<T>,
    table: &Table,
    validation: Option<&Table>,
) -> Result<FittedPipeline<T>> {
    fitted(pipeline, table, validation, None)
}

/// The fit of one fold, whose training rows may lack a label that others have; it shows no progress.
pub(super) fn quietly<T: Scalar>(
    pipeline: &Pipeline<T>,
    table: &Table,
    labels: &FittedTarget,
) -> Result<FittedPipeline<T>> {
    fitted(pipeline, table, None, Some(labels))
}

fn fitted<T: Scalar>(
    pipeline: &Pipeline<T>,
    table: &Table,
    validation: Option<&Table>,
    labels: Option<&FittedTarget>,
) -> Result<FittedPipeline<T>> {
    pipeline.check()?;
    let mut options = match &pipeline.options {
        None => FitOptions::default(),
        Some(Ok(options)) => options.clone(),
        Some(Err(error)) => {
            let expected =
                "plain options; the rows of a validation are a fraction, .validation(0.2), and weights a column";
            return Err(Error::argument("Pipeline", "options", error, expected));
        }
    };
    if labels.is_some() {
        options.settings.verbosity = Verbosity::Silent;
    }
    let seed = pipeline.seed.unwrap_or_else(fresh_seed);
    let fraction = pipeline.validation_fraction(&options);
    let prepared = match validation {
        Some(_) if pipeline.validation.is_some_and(|fraction| fraction > 0.0) => {
            let expected = "0 where the rows for validation are passed";
            return Err(Error::argument("Pipeline", "validation", fraction, expected));
        }
        Some(validation) => prepare(pipeline, table, Some(validation), labels, seed)?,
        None if fraction > 0.0 => {
            let (train, validation) = divided(pipeline, table, fraction, seed)?;
            prepare(pipeline, &train, Some(&validation), labels, seed)?
        }
        None => prepare(pipeline, table, None, labels, seed)?,
    };
    let members = match &pipeline.model {
        Some(model) => {
            let recipe = Recipe { model: model.clone(), options };
            let count = pipeline.members.unwrap_or(1);
            train(&prepared, &recipe, &(0..count).map(|index| member_seed(seed, index)).collect::<Vec<_>>())?
        }
        None => default_model::train(pipeline, &prepared, options, seed)?,
    };
    let link = output_link::fitting(&members[0], &prepared.target)?.1;
    Ok(FittedPipeline::new(
        prepared.columns,
        prepared.target,
        members,
        link,
        pipeline.threshold,
        seed,
        table.names().to_vec(),
    ))
}

/// The seed of a member.
pub(super) fn member_seed(seed: u64, index: usize) -> u64 {
    stream(seed, Purpose::Member, index as u64).next_u64()
}

/// Training rows and rows for validation, with the same fractions of the classes where there are such.
fn divided<T: Scalar>(pipeline: &Pipeline<T>, table: &Table, fraction: f64, seed: u64) -> Result<(Table, Table)> {
    let split = || train_test_split(table).test_size(fraction).seed(seed);
    match pipeline.target.task.has_classes() {
        // A class with one row cannot be in both parts: then the parts are drawn without regard to classes.
        true => match split().stratify(&pipeline.target.columns[0]).split() {
            Err(Error::Argument { .. }) => split().split(),
            parts => parts,
        },
        false => split().split(),
    }
}

fn prepare<T: Scalar>(
    pipeline: &Pipeline<T>,
    train: &Table,
    validation: Option<&Table>,
    labels: Option<&FittedTarget>,
    seed: u64,
) -> Result<Prepared<T>> {
    if train.nrows() == 0 {
        return Err(Error::Empty { what: "the table".into(), advice: "fit needs at least one row".into() });
    }
    let target_columns = &pipeline.target.columns;
    let targets = train.select(target_columns)?;
    let of_validation = validation.map(|table| table.select(target_columns)).transpose()?;
    let target = match labels {
        Some(known) if known.task().has_classes() => known.clone(),
        _ => pipeline.target.fit(&targets, of_validation.as_ref())?,
    };
    if let Some(name) = pipeline.excluded.iter().find(|name| !train.names().contains(name)) {
        return Err(Error::unknown_column("the table", name, train.names()));
    }
    let features = inputs(pipeline, train)?;
    let transformer = match &pipeline.columns {
        Some(columns) => columns.clone(),
        None => default_columns(&features)?,
    };
    let weights = |table: &Table| row_weights(pipeline.weights.as_deref(), table);
    let train_weights = weights(train)?;
    let mut input = FitInput::new(&features).with_target(&targets)?.with_seed(seed);
    if let Some(weights) = &train_weights {
        input = input.with_weights(weights)?;
    }
    let (columns, x) = transformer.fit_transform_with::<T>(input).map_err(|error| named(error, pipeline))?;
    let part = |table: &Table, x, weights: Option<Vec<f64>>| {
        let weights = weights.map(|weights| weights.into_iter().map(T::of).collect());
        Ok::<_, Error>(Part { x, weights, rows: table.select(target_columns)? })
    };
    let train = part(train, x, train_weights)?;
    let validation = validation
        .map(|table| part(table, columns.transform::<T>(&inputs(pipeline, table)?)?, weights(table)?))
        .transpose()?;
    Ok(Prepared { columns, target, train, validation })
}

/// The columns that are no inputs.
fn beside<T: Scalar>(pipeline: &Pipeline<T>) -> impl Iterator<Item = &String> {
    pipeline.target.columns.iter().chain(&pipeline.weights).chain(&pipeline.excluded)
}

/// The columns that transformers may take: neither the target, nor the weights, nor what is excluded.
pub(super) fn inputs<T: Scalar>(pipeline: &Pipeline<T>, table: &Table) -> Result<Table> {
    let is_input = |name: &&String| !beside(pipeline).any(|kept| kept == *name);
    table.select(table.names().iter().filter(is_input))
}

/// A column that the pipeline keeps from the transformers is not unknown to the user.
fn named<T: Scalar>(error: Error, pipeline: &Pipeline<T>) -> Error {
    match error {
        Error::UnknownColumn { name, .. } if beside(pipeline).any(|kept| *kept == name) => {
            let expected = "inputs alone: neither the target, nor the weights, nor excluded columns";
            Error::argument("Pipeline", "columns", format!("one with \"{name}\""), expected)
        }
        other => other,
    }
}

/// The weights of the rows by their column.
pub(super) fn row_weights(column: Option<&str>, table: &Table) -> Result<Option<Vec<f64>>> {
    let Some(name) = column else { return Ok(None) };
    let weights = table.complete_numbers(name)?;
    match weights.iter().position(|weight| !(weight.is_finite() && *weight >= 0.0)) {
        None => Ok(Some(weights.to_vec())),
        Some(row) => {
            let value = format!("{} ({})", weights[row], table.place(row));
            Err(Error::argument("Pipeline", "weights", value, "finite numbers of at least 0"))
        }
    }
}

impl<T: Scalar> Prepared<T> {
    /// Trains one model, that of a recipe with this seed.
    fn member(&self, recipe: &Recipe<T>, seed: u64, quiet: bool) -> Result<Model<T>> {
        let mut model = recipe.model.clone().seeded(seed);
        model.build(self.train.x.ncols())?;
        let (form, _) = output_link::fitting(&model, &self.target)?;
        let y = self.target.encode::<T>(&self.train.rows, form)?;
        let validation_y =
            self.validation.as_ref().map(|part| self.target.encode::<T>(&part.rows, form)).transpose()?;
        let mut options = recipe.options.clone();
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
        model.fit(&self.train.x, &y, fit)?;
        Ok(model)
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
