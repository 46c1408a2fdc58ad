//! A column transformer after the fit.

use crate::Dependence;
use crate::lists::{joined, try_map};
use nalgebra::{DMatrix, RowDVector};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::{Map, Value, json};

use super::super::missing_numbers::name_given_twice;
use super::super::table::SelectedRows;
use super::super::text_to_number::NumberedColumns;
use super::super::transformer::{Features, FittedStep};
use super::super::{FittedTransformer, Record, Table};
use super::record_plan::RecordPlan;
use crate::error::{Error, Result};
use crate::memory;
use crate::scalar::Scalar;
use std::collections::HashSet;

/// A [`ColumnTransformer`](super::ColumnTransformer), or a [`FeatureSpace`](struct@crate::preprocessing::FeatureSpace), that learned from
/// the training rows.
#[derive(Debug, Clone, PartialEq)]
pub struct FittedColumnTransformer {
    pub(crate) conversions: Vec<NumberedColumns>,
    pub(crate) steps: Vec<FittedStep>,
    /// The plan for single records; `None` if every record is transformed as a table.
    plan: Option<RecordPlan>,
}

/// Serialized as in a file of a [`FittedPipeline`](crate::pipeline::FittedPipeline): an object with `steps`, each with `class_name`, `config` and `state`.
impl Serialize for FittedColumnTransformer {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        self.config().map_err(ser::Error::custom)?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for FittedColumnTransformer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        Self::from_config(Value::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

/// The table after all conversions.
pub(super) fn converted(conversions: &[NumberedColumns], table: &Table) -> Result<Table> {
    conversions.iter().try_fold(table.clone(), |table, conversion| conversion.replace(&table))
}

/// Returns an error for two columns of one name.
pub(super) fn distinct(item: &str, fitted: &FittedColumnTransformer) -> Result<()> {
    let names = fitted.names();
    let Some(name) = name_given_twice(&names) else { return Ok(()) };
    let mut made_of: Vec<&str> = Vec::new();
    for (_, sources) in names.iter().zip(fitted.sources()).filter(|(made, _)| *made == name) {
        made_of.extend(sources);
    }
    made_of.sort_unstable();
    made_of.dedup();
    let (origin, cure): (String, &str) = match made_of[..] {
        [one, other] => (
            format!(", one made of \"{one}\" and one of \"{other}\""),
            "; rename one of the two with Table::rename, or exclude it",
        ),
        [one] => (
            format!(", both made of \"{one}\""),
            "; for both, give one of them a copy of the column under another name, by Table::with_column",
        ),
        _ => (String::new(), "; rename a column with Table::rename, or exclude it"),
    };
    let value = format!("two that are called \"{name}\" after the transformation{origin}");
    Err(Error::argument(item, "columns", value, format!("each column once{cure}")))
}

/// Writes the columns that a transformer made at its fit.
fn write_made(fitted: &dyn FittedTransformer, made: &Table, features: &mut Features<'_>) -> Result<()> {
    let mut names = fitted.outputs().into_iter();
    names.try_for_each(|name| features.column(made.complete_numbers(&name)?))
}

/// The error for the output of a step for a row: if a number became infinite, it names the number of the table.
fn infinite(step: &FittedStep, table: &Table, row: usize, made: usize, value: f64, dtype: &'static str) -> Error {
    let (place, inputs) = (table.place(row), step.fitted.inputs());
    if let Some([source]) = step.fitted.sources().get(made).map(Vec::as_slice)
        && let Some(&column) = inputs.get(*source)
        && let Ok(numbers) = table.numbers(column)
        && let Some(&value) = numbers.get(row)
        && value.is_finite()
    {
        return Error::Overflow { place, column: column.to_owned(), value, dtype };
    }
    let column = step.fitted.outputs().into_iter().nth(made).unwrap_or_default();
    Error::InfiniteValue { place, column, value }
}

/// The error about a number that an earlier stage of a chain made infinite: it names the finite number of the table.
fn overflow_of(error: Error, table: &Table) -> Error {
    if let Error::InfiniteValue { place, column, .. } = &error
        && let Ok(numbers) = table.numbers(column)
        && let Some(row) = (0..table.nrows()).find(|row| table.place(*row) == *place)
        && let Some(&value) = numbers.get(row)
        && value.is_finite()
    {
        // Stages of a chain compute in `f64` for every network.
        return Error::Overflow { place: place.clone(), column: column.clone(), value, dtype: "f64" };
    }
    error
}

impl FittedColumnTransformer {
    pub(super) fn of_parts(conversions: Vec<NumberedColumns>, steps: Vec<FittedStep>) -> Self {
        let plan = RecordPlan::of(&conversions, &steps);
        FittedColumnTransformer { conversions, steps, plan }
    }

    /// Creates it from transformers that name their columns themselves.
    pub(in super::super) fn of_steps(item: &str, steps: Vec<FittedStep>) -> Result<Self> {
        let fitted = Self::of_parts(Vec::new(), steps);
        distinct(item, &fitted)?;
        Ok(fitted)
    }

    /// The number of the matrix's columns, which may be more than names would fit into memory.
    pub(crate) fn width(&self) -> usize {
        self.steps.iter().fold(0, |width, step| width.saturating_add(step.width))
    }

    /// The names of the matrix's columns.
    pub fn names(&self) -> Vec<String> {
        joined(&self.steps, |step| step.fitted.outputs())
    }

    /// The columns that a table or record must have.
    pub fn inputs(&self) -> Vec<&str> {
        joined(&self.steps, |step| step.fitted.inputs())
    }

    /// For each column of the matrix, the names of the table's columns from which it is computed.
    pub(crate) fn sources(&self) -> Vec<Vec<&str>> {
        fn of_step(step: &FittedStep) -> Vec<Vec<&str>> {
            let inputs = step.fitted.inputs();
            let of =
                |sources: Vec<usize>| sources.into_iter().filter_map(|source| inputs.get(source).copied()).collect();
            let mut sources: Vec<Vec<&str>> = step.fitted.sources().into_iter().map(of).collect();
            // A user-defined transformer may report another number of columns than it makes.
            sources.resize(step.width, inputs.clone());
            sources
        }
        joined(&self.steps, of_step)
    }

    /// Checks that the parts are consistent; the error states what is wrong.
    pub(super) fn check(&self) -> std::result::Result<(), String> {
        let inputs: HashSet<&str> = self.inputs().into_iter().collect();
        let mut converted = self.conversions.iter().flat_map(|conversion| &conversion.columns);
        match converted.find(|name| !inputs.contains(name.as_str())) {
            Some(name) => Err(format!("the preprocessing turns \"{name}\" into a number, which it does not use")),
            None => Ok(()),
        }
    }

    /// The learned state, in the form for a file.
    pub(crate) fn config(&self) -> Result<Value> {
        let steps = try_map(self.steps.iter(), FittedStep::config)?;
        let mut config = Map::from_iter([("steps".to_string(), Value::Array(steps))]);
        if !self.conversions.is_empty() {
            config.insert("conversions".into(), json!(self.conversions));
        }
        Ok(config.into())
    }

    /// Restores the value that [`config`](Self::config) returned.
    pub(crate) fn from_config(config: Value) -> Result<Self> {
        let unreadable = |reason: String| Error::configuration("ColumnTransformer", reason);
        let Value::Object(mut config) = config else {
            return Err(unreadable(format!("expected an object with \"steps\", not {config}")));
        };
        let conversions = config.remove("conversions").unwrap_or_else(|| json!([]));
        let conversions = serde_json::from_value(conversions).map_err(|error| unreadable(error.to_string()))?;
        let steps = match config.remove("steps") {
            Some(Value::Array(steps)) => try_map(steps, FittedStep::from_config)?,
            _ => return Err(unreadable("it lacks its list of \"steps\"".into())),
        };
        if let Some(unknown) = config.keys().next() {
            return Err(Error::unknown_argument("ColumnTransformer", unknown, ["conversions", "steps"]));
        }
        let fitted = Self::of_parts(conversions, steps);
        fitted.check().map_err(unreadable)?;
        Ok(fitted)
    }

    /// The matrix of the table's rows, rows × [`names`](Self::names).
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`], [`Error::NotANumber`] or [`Error::ColumnType`], [`Error::MissingValue`],
    /// [`Error::UnknownCategory`], [`Error::Unmapped`].
    pub fn transform<T: Scalar>(&self, table: &Table) -> Result<DMatrix<T>> {
        self.matrix(table, &[])
    }

    /// The matrices of blocks of rows, in their order, each passed on with the position of its first row; of the rows of the fit with
    /// what transformers made of them.
    pub(crate) fn each_block<T: Scalar>(
        &self,
        rows: &SelectedRows,
        made: &[Option<Table>],
        pass_on: &mut dyn FnMut(usize, DMatrix<T>) -> Result<()>,
    ) -> Result<()> {
        let mut inputs = self.inputs();
        let mut known = HashSet::new();
        inputs.retain(|name| known.insert(*name));
        let rows = &rows.select(inputs)?;
        for block in rows.blocks() {
            let of_block: Vec<Option<Table>> = match block.len() == rows.nrows() {
                true => made.to_vec(),
                false => {
                    let part = |made: &Table| SelectedRows::all(made).block(block.clone());
                    made.iter().map(|made| made.as_ref().map(part)).collect()
                }
            };
            let first = block.start;
            match self.matrix(&rows.block(block), &of_block) {
                Ok(matrix) => pass_on(first, matrix)?,
                // The error names the first place in all rows, column by column, and no place in the block.
                Err(error) => return Err(self.matrix::<T>(&rows.table(), made).err().unwrap_or(error)),
            }
        }
        Ok(())
    }

    /// The matrix of the output of each step, or of its output at the fit.
    pub(crate) fn matrix<T: Scalar>(&self, table: &Table, made: &[Option<Table>]) -> Result<DMatrix<T>> {
        let table = &converted(&self.conversions, table)?;
        let mut data = memory::with_capacity(&[table.nrows(), self.width()]).map_err(|lack| {
            let purpose = format!("a matrix of {} rows and {} columns", table.nrows(), self.width());
            lack.error("ColumnTransformer", purpose, "transform parts of the table in turn")
        })?;
        let width = self.written(&mut data, table, made)?;
        Ok(DMatrix::from_vec(table.nrows(), width, data))
    }

    /// Encodes one raw record as a row of the matrix, for services that predict single records.
    ///
    /// # Errors
    ///
    /// [`Error::MissingValue`] for a name that the record lacks, unless its encoder makes zeros of it; otherwise as [`transform`](Self::transform).
    pub fn transform_record<T: Scalar>(&self, record: &Record) -> Result<RowDVector<T>> {
        match self.plan.as_ref().and_then(|plan| plan.row(&self.conversions, &self.steps, record)) {
            Some(row) => Ok(RowDVector::from_vec(row)),
            None => self.transform_one_row(record),
        }
    }

    /// Transforms the record by way of a table of one row, for any transformer and any value.
    pub(in super::super) fn transform_one_row<T: Scalar>(&self, record: &Record) -> Result<RowDVector<T>> {
        let table = Table::from_record(record, self.inputs());
        let converted = match self.conversions.is_empty() {
            true => table,
            false => converted(&self.conversions, &table)?,
        };
        let mut row = Vec::new();
        self.written(&mut row, &converted, &[])?;
        Ok(RowDVector::from_vec(row))
    }

    /// Writes the output of each step, and returns the number of columns.
    fn written<T: Scalar>(&self, data: &mut Vec<T>, table: &Table, made: &[Option<Table>]) -> Result<usize> {
        self.write_steps(Features::of(data, table.nrows())?, table, made)
    }

    fn write_steps(&self, mut features: Features<'_>, table: &Table, made: &[Option<Table>]) -> Result<usize> {
        for (index, step) in self.steps.iter().enumerate() {
            let before = features.width();
            match made.get(index) {
                Some(Some(made)) => write_made(&*step.fitted, made, &mut features)?,
                _ => step.fitted.write(table, &mut features).map_err(|error| overflow_of(error, table))?,
            }
            features.all_finite_since(before, |row, column, value, dtype| {
                infinite(step, table, row, column, value, dtype)
            })?;
            let (found, expected) = (features.width() - before, step.width);
            if found != expected {
                let reason = format!("it made {found} columns and names {expected}");
                return Err(Error::Layer { layer: step.transformer.class_name(), reason });
            }
        }
        Ok(features.width())
    }

    /// How each column of the matrix depends on a column of the table if that is not missing, in the order of
    /// [`names`](Self::names).
    ///
    /// ```
    /// use perceptra::Dependence::{Increasing, Independent};
    /// use perceptra::preprocessing::{ColumnTransformer, OneHotEncoder, StandardScaler, Table};
    ///
    /// let train = Table::new().with_numbers("rate", [10.0, 20.0])?.with_strings("home", ["OWN", "RENT"])?;
    /// let columns = ColumnTransformer::new().add(StandardScaler::new(), ["rate"]).add(OneHotEncoder::new(), ["home"]);
    /// assert_eq!(columns.fit(&train)?.dependences("rate"), [Increasing, Independent, Independent]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    pub fn dependences(&self, column: &str) -> Vec<Dependence> {
        let before = self.conversions.iter().filter(|conversion| conversion.columns.iter().any(|name| name == column));
        let before = before.fold(Dependence::Increasing, |before, conversion| {
            conversion.dependences(column).into_iter().fold(Dependence::Independent, Dependence::and).then(before)
        });
        let mut dependences = joined(&self.steps, |step| step.fitted.dependences(column));
        dependences.iter_mut().for_each(|next| *next = before.then(*next));
        dependences
    }
}
