//! The fit of a pipeline: rows are split, transformers and target learn, members are trained.

use super::default_columns::default_columns;
use super::output_link;
use super::prepared::{Prepared, PreparedRows, Recipe, member_seed, train};
use super::{FittedPipeline, FittedTarget, Pipeline, default_model};
use crate::model_selection::train_test_split;
use crate::models::{FitOptions, Verbosity};
use crate::preprocessing::{FitInput, Table};
use crate::random::fresh_seed;
use crate::{Error, Result, Scalar};

impl<T: Scalar> Pipeline<T> {
    /// Learns from the rows of a table.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for an option out of its range, data borrowed by the options, a trained model without
    /// [`warm_start`](Self::warm_start), and a model whose last layer or loss does not fit the target; [`Error::UnknownColumn`];
    /// the errors of [`ColumnTransformer::fit`](crate::preprocessing::ColumnTransformer::fit) and of [`Model::fit`](crate::Model::fit).
    pub fn fit(&self, table: &Table) -> Result<FittedPipeline<T>> {
        fitted(self, table, None, None)
    }

    /// Learns from the rows of a table, and validates on those of another one in place of a part of it.
    ///
    /// # Errors
    ///
    /// As [`fit`](Self::fit); [`Error::Argument`] for a [`validation`](Self::validation) part beside it.
    pub fn fit_validated(&self, train: &Table, validation: &Table) -> Result<FittedPipeline<T>> {
        fitted(self, train, Some(validation), None)
    }

    /// The fraction of the rows for validation.
    fn validation_fraction(&self, options: &FitOptions<T>) -> f64 {
        let by_options = options.settings.validation_split;
        let default = if self.model.is_none() { default_model::VALIDATION } else { 0.0 };
        self.validation.unwrap_or(if by_options > 0.0 { by_options } else { default })
    }
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
    let fitted = FittedPipeline::new(
        prepared.columns,
        prepared.target,
        members,
        link,
        pipeline.threshold,
        seed,
        table.names().to_vec(),
    );
    Ok(fitted.with_baseline_of(&prepared.train.x))
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
        Ok::<_, Error>(PreparedRows { x, weights, rows: table.select(target_columns)? })
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
pub(crate) fn row_weights(column: Option<&str>, table: &Table) -> Result<Option<Vec<f64>>> {
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
