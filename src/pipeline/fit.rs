//! The fit of a pipeline: rows are split, transformers and target learn, members are trained.

use super::default_columns::default_columns;
use super::default_model::{self, TrainPairs};
use super::fitted_target::ClassForm;
use super::prepared::{self, MemberPlan, Prepared, PreparedRows, RowTargets, Validation, train};
use super::receipt::TableReceipt;
use super::validation_parts::ValidationParts;
use super::{FittedPipeline, FittedTarget, Pipeline, Receipt};
use super::{monotone, output_link};
use crate::error::counted;
use crate::error::number;
use crate::model_selection::train_test_split;
use crate::models::{FitOptions, Verbosity};
use crate::preprocessing::{FitInput, SelectedRows, Table};
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
        T::fit_pipeline(self, &SelectedRows::all(table), None, None)
    }

    /// Fits to all rows of `train`, and validates on `validation` instead of a fraction of `train`.
    ///
    /// # Errors
    ///
    /// The errors of [`fit`](Self::fit); [`Error::Argument`] if a [`validation_split`](Self::validation_split), of the
    /// pipeline or of its options, is given as well, and for a class without training rows.
    pub fn fit_validated(&self, train: &Table, validation: &Table) -> Result<FittedPipeline<T>> {
        T::fit_pipeline(self, &SelectedRows::all(train), Some(validation), None)
    }

    /// Learns from rows, and validates on those of a table if one is passed; for a fold, whose training rows may lack a label that
    /// others have, with the labels of all rows and without a progress display.
    pub(crate) fn fit_rows(
        &self,
        rows: &SelectedRows,
        validation: Option<&Table>,
        labels: Option<&FittedTarget>,
    ) -> Result<FittedPipeline<T>> {
        fitted(self, rows, validation, labels)
    }

    /// The options of the training.
    pub(super) fn plain_options(&self) -> Result<FitOptions<T>> {
        match &self.options {
            None => Ok(FitOptions::default()),
            Some(Ok(options)) => Ok(options.clone()),
            Some(Err(error)) => {
                let expected =
                    "plain options; the validation rows are a fraction, .validation_split(0.2), and weights a column";
                Err(Error::argument("Pipeline", "options", error, expected))
            }
        }
    }

    /// The fraction of the rows for validation.
    pub(super) fn validation_fraction(&self, options: &FitOptions<T>) -> f64 {
        let by_options = options.settings.validation_split;
        let default = if self.model.is_none() { default_model::VALIDATION } else { 0.0 };
        self.validation.unwrap_or(if by_options > 0.0 { by_options } else { default })
    }
}

/// Fits the pipeline to the training rows of one fold, without progress output. `labels` are the labels of all rows, since a fold may
/// lack one.
pub(super) fn quietly<T: Scalar>(
    pipeline: &Pipeline<T>,
    rows: &SelectedRows,
    labels: &FittedTarget,
) -> Result<FittedPipeline<T>> {
    T::fit_pipeline(pipeline, rows, None, Some(labels))
}

fn fitted<T: Scalar>(
    pipeline: &Pipeline<T>,
    rows: &SelectedRows,
    validation: Option<&Table>,
    labels: Option<&FittedTarget>,
) -> Result<FittedPipeline<T>> {
    pipeline.check()?;
    not_empty(rows.nrows(), "fit")?;
    if let Some(path) = &pipeline.cache {
        let expected = "none for a table in memory; it is for fit_batches";
        return Err(Error::argument("Pipeline", "cache", path.display(), expected));
    }
    let mut options = pipeline.plain_options()?;
    if labels.is_some() {
        options.settings.verbosity = Verbosity::Silent;
    }
    let seed = pipeline.seed.unwrap_or_else(fresh_seed);
    let fraction = pipeline.validation_fraction(&options);
    let prepared = match validation {
        Some(_) if pipeline.validation.is_some_and(|fraction| fraction > 0.0) => {
            let expected = "0 where the rows for validation are passed";
            return Err(Error::argument("Pipeline", "validation_split", fraction, expected));
        }
        Some(_) if pipeline.validation.is_none() && options.settings.validation_split > 0.0 => {
            let value = format!("with the validation_split {fraction}");
            let expected = "options without it where the rows for validation are passed";
            return Err(Error::argument("Pipeline", "options", value, expected));
        }
        Some(validation) => {
            let prepared = prepare(pipeline, rows, Some(&SelectedRows::all(validation)), labels, seed)?;
            prepared.target.check_training_rows(&prepared.train.rows.table())?;
            prepared
        }
        None => prepare_divided(pipeline, rows, fraction, labels, seed)?,
    };
    let table = rows.columns();
    let known = table.names().to_vec();
    let tables = labels.is_none().then(|| (TableReceipt::of(table), validation.map(TableReceipt::of)));
    let members = match &pipeline.model {
        Some(model) => {
            let model = monotone::constrained(model.clone(), &prepared.signs)?;
            let plan = MemberPlan { model, options };
            let count = pipeline.members.unwrap_or(1);
            train(&prepared, &plan, seed, 0..count)?
        }
        None => {
            let train_pairs: TrainPairs<'_, T> = &mut |pairs| prepared::train_pairs(&prepared, seed, pairs);
            default_model::train(pipeline, prepared.facts(), options, train_pairs)?
        }
    };
    let link = output_link::fitting(&members[0], &prepared.target)?.1;
    let mut fitted =
        FittedPipeline::new(prepared.columns, prepared.target, members, link, pipeline.threshold, seed, known)
            .with_baseline_of(&prepared.train.x());
    // Checked after training, since a callback may have set weights that violate the constraints.
    monotone::prove(&fitted, &pipeline.monotone)?;
    if let Some(tables) = tables {
        fitted.receipt = Some(Receipt::of(&fitted, tables, &prepared.train, &prepared.validation)?);
    }
    Ok(fitted)
}

/// The encoded rows, this fraction of them for validation.
pub(super) fn prepare_divided<T: Scalar>(
    pipeline: &Pipeline<T>,
    rows: &SelectedRows,
    fraction: f64,
    labels: Option<&FittedTarget>,
    seed: u64,
) -> Result<Prepared<T>> {
    if fraction == 0.0 {
        return prepare(pipeline, rows, None, labels, seed);
    }
    let count = rows.nrows();
    let for_validation = (fraction * count as f64).ceil() as usize;
    if for_validation == 0 || for_validation >= count {
        let expected = format!(
            "a fraction that leaves both parts some of the {}, or .validation_split(0.0) for no validation",
            counted(count, "row")
        );
        return Err(Error::argument("Pipeline", "validation_split", fraction, expected));
    }
    let classes = match pipeline.target.task.has_classes() {
        true => Some(classes_of(rows, &pipeline.target.columns[0])?),
        false => None,
    };
    if pipeline.model.is_some() || pipeline.columns.is_some() {
        let (train, validation) = divided(count, classes.as_deref(), fraction, seed)?;
        return prepare(pipeline, &rows.take(train), Some(&rows.take(validation)), labels, seed);
    }
    // The default transformers learn nothing from the target, so they may be fitted on the rows of all parts.
    let prepared = prepare(pipeline, rows, None, labels, seed)?;
    let parts = ValidationParts::new(count, classes.as_deref(), for_validation, seed);
    Ok(Prepared { validation: Validation::PerMember(parts), ..prepared })
}

/// The classes of rows as numbers.
fn classes_of(rows: &SelectedRows, column: &str) -> Result<Vec<f64>> {
    rows.select([column])?.table().classes(column)
}

/// Returns an error for a table without rows.
pub(super) fn not_empty(rows: usize, method: &str) -> Result<()> {
    match rows {
        0 => Err(Error::Empty { what: "the table".into(), advice: format!("{method} needs at least one row") }),
        _ => Ok(()),
    }
}

/// Divides rows into training and validation rows, with the same class fractions if the target has classes.
fn divided(count: usize, classes: Option<&[f64]>, fraction: f64, seed: u64) -> Result<(Vec<usize>, Vec<usize>)> {
    let split = || train_test_split(count).test_size(fraction).seed(seed);
    match classes {
        // A class with one row cannot be in both parts: then the parts are drawn without regard to classes.
        Some(classes) => match split().stratify_by(classes).indices() {
            Err(Error::Argument { .. }) => split().indices(),
            parts => parts,
        },
        None => split().indices(),
    }
}

fn prepare<T: Scalar>(
    pipeline: &Pipeline<T>,
    train: &SelectedRows,
    validation: Option<&SelectedRows>,
    labels: Option<&FittedTarget>,
    seed: u64,
) -> Result<Prepared<T>> {
    let target_columns = &pipeline.target.columns;
    let target_rows = train.select(target_columns)?;
    let targets = target_rows.table();
    let of_validation = validation.map(|rows| Ok::<_, Error>(rows.select(target_columns)?.table())).transpose()?;
    let target = match labels {
        Some(known) if known.task().has_classes() => known.clone(),
        _ => pipeline.target.fit(&targets, of_validation.as_ref()).map_err(|error| train.about_rows(error))?,
    };
    let table = train.columns();
    let mut excluded = pipeline.excluded.iter().chain(&pipeline.known_after);
    if let Some(name) = excluded.find(|name| !table.names().contains(name)) {
        return Err(Error::unknown_column("the table", name, table.names()));
    }
    let features = train.select(input_names(pipeline, table))?;
    monotone::check(pipeline, table, features.columns())?;
    let transformer = match &pipeline.columns {
        Some(columns) => columns.clone(),
        None => default_columns(&features.table())?,
    };
    let train_weights = selected_weights::<T>(pipeline, train)?;
    let mut input = FitInput::new(&targets).with_target(&targets)?.with_seed(seed);
    if let Some(weights) = &train_weights {
        input = input.with_weights(weights)?;
    }
    let (columns, made) =
        transformer.fit_rows(&features, input).map_err(|error| named(train.about_rows(error), pipeline))?;
    let signs = monotone::feature_signs(&columns, &pipeline.monotone)?;
    let class_weight = match &pipeline.class_weight {
        Some(weights) => Some(weights.of_classes(&target, &target.classes(&targets)?, train_weights.as_deref())?),
        None => None,
    };
    let form = match &pipeline.model {
        // The fit reports an invalid loss.
        Some(model) => output_link::class_form(model, &target).unwrap_or(ClassForm::OneHot),
        None => ClassForm::OneHot,
    };
    let row_targets = |rows, table: Table, weights: Option<Vec<f64>>| {
        let weights = match &class_weight {
            Some(of_class) => Some(weights_of_rows(of_class, &target.classes(&table)?, weights)),
            None => weights,
        };
        let weights = weights.map(|weights| weights.into_iter().map(T::of).collect());
        Ok::<_, Error>(RowTargets { y: target.encode::<T>(&table, form)?, form, weights, rows })
    };
    let of_train = row_targets(target_rows, targets, train_weights).map_err(|error| train.about_rows(error))?;
    let train = PreparedRows::encode(&columns, &features, &made, of_train)
        .map_err(|error| named(train.about_rows(error), pipeline))?;
    drop(made);
    let validation = match validation.zip(of_validation) {
        None => Validation::Absent,
        Some((rows, table)) => {
            let encode = || {
                let weights = selected_weights::<T>(pipeline, rows)?;
                let of_rows = row_targets(rows.select(target_columns)?, table, weights)?;
                PreparedRows::encode(&columns, &rows.select(input_names(pipeline, rows.columns()))?, &[], of_rows)
            };
            Validation::Shared(encode().map_err(|error| rows.about_rows(error))?)
        }
    };
    Ok(Prepared { columns, target, train, validation, signs })
}

/// The columns that are never inputs: target, row weights, excluded ones and those known only after the decision.
fn never_inputs<T: Scalar>(pipeline: &Pipeline<T>) -> impl Iterator<Item = &String> {
    pipeline.target.columns.iter().chain(&pipeline.weights).chain(&pipeline.excluded).chain(&pipeline.known_after)
}

/// The columns that transformers may use: neither the target, nor the weights, nor excluded columns.
pub(super) fn inputs<T: Scalar>(pipeline: &Pipeline<T>, table: &Table) -> Result<Table> {
    table.select(input_names(pipeline, table))
}

/// The names of the columns that transformers may take.
pub(super) fn input_names<'a, T: Scalar>(pipeline: &Pipeline<T>, table: &'a Table) -> Vec<&'a String> {
    table.names().iter().filter(|name| !never_inputs(pipeline).any(|kept| kept == *name)).collect()
}

/// The weights of selected rows.
pub(super) fn selected_weights<T: Scalar>(pipeline: &Pipeline<T>, rows: &SelectedRows) -> Result<Option<Vec<f64>>> {
    match &pipeline.weights {
        Some(name) => row_weights::<T>(Some(name), &rows.select([name])?.table()),
        None => Ok(None),
    }
}

/// Replaces "unknown column" by the reason why the pipeline withholds it, since the user sees the column in the table.
pub(super) fn named<T: Scalar>(error: Error, pipeline: &Pipeline<T>) -> Error {
    match error {
        Error::UnknownColumn { name, .. } if pipeline.known_after.contains(&name) => {
            let expected = "columns that are known at the decision; this one is .known_after([…]) it";
            Error::argument("Pipeline", "columns", format!("one with \"{name}\""), expected)
        }
        Error::UnknownColumn { name, .. } if never_inputs(pipeline).any(|kept| *kept == name) => {
            let expected = "only input columns: neither the target, nor the weights, nor excluded columns";
            Error::argument("Pipeline", "columns", format!("one with \"{name}\""), expected)
        }
        other => other,
    }
}

/// Returns each row's weight times the weight of its class; without row weights, the weight of the class.
pub(super) fn weights_of_rows(of_class: &[f64], classes: &[usize], weights: Option<Vec<f64>>) -> Vec<f64> {
    let of_row = |row: usize| weights.as_ref().map_or(1.0, |weights| weights[row]);
    classes.iter().enumerate().map(|(row, &class)| of_row(row) * of_class[class]).collect()
}

/// Returns the weights of the rows from `column`, `None` without one.
///
/// # Errors
///
/// [`Error::Argument`] unless all are finite and at least 0 in type `T`, and one is above 0.
pub(crate) fn row_weights<T: Scalar>(column: Option<&str>, table: &Table) -> Result<Option<Vec<f64>>> {
    let Some(name) = column else { return Ok(None) };
    match check_weights::<T>(name, table)? {
        true => Ok(Some(table.numbers(name)?.to_vec())),
        false => Err(refused_weights(format!("0 in all rows of \"{name}\", {}", table.nrows()))),
    }
}

/// Returns an error for weights of rows that are not finite or negative in type `T`; false if none is above 0.
pub(super) fn check_weights<T: Scalar>(name: &str, table: &Table) -> Result<bool> {
    let weights = table.complete_numbers(name)?;
    match weights.iter().position(|weight| !(T::of(*weight).is_finite() && *weight >= 0.0)) {
        Some(row) => Err(refused_weights(format!("{} at {}", number(weights[row]), table.place(row)))),
        None => Ok(weights.iter().any(|weight| T::of(*weight) != T::zero())),
    }
}

pub(super) fn refused_weights(value: String) -> Error {
    Error::argument("Pipeline", "weights", value, "finite numbers of at least 0, above 0 in at least one row")
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    #[test]
    fn a_table_for_validation_replaces_neither_training_rows_nor_a_fraction() {
        let table = |labels: &[&str]| {
            let rows = 0..labels.len() as u32;
            let table = Table::new().with_numbers("x", rows.map(f64::from)).unwrap();
            table.with_strings("y", labels.iter().copied()).unwrap()
        };
        let model = || Sequential::new().add(Dense::new(1, Sigmoid)).compile("adam", BinaryCrossentropy, ());
        let of = |options| Pipeline::new(Target::binary("y")).model(model()).options(options).seed(1);
        let (both, one) = (table(&["a", "b", "a", "b"]), table(&["a", "a", "a"]));
        let silent = || Fit::new().epochs(1).verbose(0);
        let message = |fitted: crate::Result<FittedPipeline>| fitted.unwrap_err().to_string();
        let error = message(of(silent()).fit_validated(&one, &both));
        assert!(error.contains("each with training rows") && error.contains("\"b\""), "{error}");
        let error = message(of(silent().validation_split(0.5)).fit_validated(&both, &one));
        assert!(error.contains("validation_split 0.5"), "{error}");
        assert!(of(silent().validation_split(0.5)).validation_split(0.0).fit_validated(&both, &one).is_ok());
        assert!(of(silent()).fit_validated(&both, &one).is_ok());
    }
}
