use super::super::{Column, Table};
use super::{Features, RowValue};
use crate::Dependence;
use crate::items::json::from_value;
use crate::items::type_name;
use crate::{Error, Result};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::any::Any;
use std::fmt::Debug;

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ColumnKind {
    /// Numbers, NaN if one is missing.
    Numbers,
    /// Whole numbers of 64 bits, which count as numbers where an `f64` holds them.
    Integers,
    /// Booleans, which count as 1 and 0 where numbers are needed.
    Booleans,
    /// Dates, or dates and times.
    Dates,
    /// Strings.
    Strings,
}

impl ColumnKind {
    /// The type of this column.
    pub fn of(column: &Column) -> ColumnKind {
        match column {
            Column::Number(_) => ColumnKind::Numbers,
            Column::Integer(_) => ColumnKind::Integers,
            Column::Boolean(_) => ColumnKind::Booleans,
            Column::DateTime(_) => ColumnKind::Dates,
            Column::String(_) => ColumnKind::Strings,
        }
    }

    /// Whether a matrix can hold such columns.
    pub(crate) fn is_numeric(self) -> bool {
        !matches!(self, ColumnKind::Dates | ColumnKind::Strings)
    }
}

/// A fitted [`Transformer`](super::Transformer), with the state that it learned from the training rows.
///
/// It finds its columns in a table by name, and transforms each row independently of the other rows.
pub trait FittedTransformer: Any + Debug + Send + Sync {
    /// The names of the columns that it reads, which are those of the fit.
    fn inputs(&self) -> Vec<&str>;

    /// The names of the columns that it makes.
    fn outputs(&self) -> Vec<String>;

    /// The types of the columns that it makes, in the order of [`outputs`](Self::outputs); numbers by default.
    fn output_kinds(&self) -> Vec<ColumnKind> {
        vec![ColumnKind::Numbers; self.width()]
    }

    /// The names among [`outputs`](Self::outputs) that later transformers of a [`Chain`](struct@super::Chain) do not receive, such as
    /// whether a value was missing: the chain appends them, unchanged, to the columns that its last transformer makes. None by
    /// default.
    fn indicators(&self) -> Vec<String> {
        Vec::new()
    }

    /// For each of the columns that it makes, the positions among [`inputs`](Self::inputs) of the columns that it is made of: what a
    /// network attributes to a column that was made is attributed to those. By default a column of the name of an input is made of that one, and
    /// any other column of all inputs.
    fn sources(&self) -> Vec<Vec<usize>> {
        sources_by_name(&self.inputs(), &self.outputs())
    }

    /// The number of the columns that it makes; override it where counting is cheaper than naming.
    fn width(&self) -> usize {
        self.outputs().len()
    }

    /// The table of the columns that it makes, under the names of [`outputs`](Self::outputs); rows know where they came from if
    /// the new table starts as a [`Table::select`] of `table`.
    ///
    /// # Errors
    ///
    /// An error that names the column and the row that cannot be used.
    fn transform(&self, table: &Table) -> Result<Table>;

    /// Writes the columns that it makes, which are numbers, as columns of a matrix.
    ///
    /// By default those that [`transform`](Self::transform) makes; overriding it saves their memory.
    ///
    /// # Errors
    ///
    /// The errors of [`transform`](Self::transform); [`Error::ColumnType`] for strings and dates, [`Error::MissingValue`].
    fn write(&self, table: &Table, features: &mut Features<'_>) -> Result<()> {
        write_numbers(&self.transform(table)?, self.outputs(), features)
    }

    /// Appends what it makes of one row, whose values are those of its [`inputs`](Self::inputs) in order, and returns whether it did.
    ///
    /// Override it where single records are to be predicted in microseconds: the row must be the one that
    /// [`transform`](Self::transform) makes of a table of one record. Where that is an error return false, and a table is made,
    /// whose error names the value; this is the default.
    ///
    /// ```
    /// use perceptra::preprocessing::{FitInput, RowValue, StandardScaler, Table, Transformer};
    ///
    /// let table = Table::new().with_numbers("rate", [10.0, 20.0])?;
    /// let fitted = Transformer::fit(&StandardScaler::new(), FitInput::new(&table))?;
    /// let mut made = Vec::new();
    /// assert!(fitted.write_row(&[RowValue::Number(25.0)], &mut made));
    /// assert_eq!(made, [RowValue::Number(2.0)]);
    /// assert!(!fitted.write_row(&[RowValue::String("high")], &mut made));
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    fn write_row<'a>(&'a self, values: &[RowValue<'a>], made: &mut Vec<RowValue<'a>>) -> bool {
        let _ = (values, made);
        false
    }

    /// The columns that [`transform`](Self::transform) made these of.
    ///
    /// # Errors
    ///
    /// [`Error::Layer`] unless it is implemented, for not every transformer has a way back.
    fn inverse_transform(&self, table: &Table) -> Result<Table> {
        let _ = table;
        Err(no_way_back(type_name::<Self>()))
    }

    /// Returns the learned state, for a file; [`Transformer::restore`](super::Transformer::restore) reads it.
    ///
    /// # Errors
    ///
    /// [`Error::NotSerializable`] unless it is implemented.
    fn state(&self) -> Result<Value> {
        Err(no_state(type_name::<Self>(), "it does not write what it learned; implement FittedTransformer::state"))
    }

    /// How each column that it makes depends on a column of the table if that is not missing, in the order of
    /// [`outputs`](Self::outputs). By default [`Dependence::Unknown`] for each of its [`inputs`](Self::inputs), so that a pipeline
    /// cannot be [monotone](crate::pipeline::Pipeline::monotone) in it.
    ///
    /// Strings that become numbers have the order of these numbers; an indicator of missing values is independent of the others.
    fn dependences(&self, column: &str) -> Vec<Dependence> {
        let dependence = if self.inputs().contains(&column) { Dependence::Unknown } else { Dependence::Independent };
        vec![dependence; self.width()]
    }
}

fn sources_by_name(inputs: &[&str], outputs: &[String]) -> Vec<Vec<usize>> {
    let of = |name: &String| match inputs.iter().position(|input| input == name) {
        Some(input) => vec![input],
        None => (0..inputs.len()).collect(),
    };
    outputs.iter().map(of).collect()
}

fn write_numbers(made: &Table, names: Vec<String>, features: &mut Features<'_>) -> Result<()> {
    for (position, name) in names.into_iter().enumerate() {
        let column = made.column_near(position, &name)?;
        if !ColumnKind::of(column).is_numeric() {
            return Err(leaves_no_numbers(name, ColumnKind::of(column)));
        }
        match column.as_numbers() {
            Some(numbers) if !numbers.iter().any(|number| number.is_nan()) => features.column(numbers)?,
            // This is the error that names the row.
            _ => features.column(made.complete_numbers(&name)?)?,
        }
    }
    Ok(())
}

fn no_way_back(layer: String) -> Error {
    Error::Layer { layer, reason: "it has no way back from the columns that it makes".into() }
}

/// The [`sources`](FittedTransformer::sources) of a transformer that makes this many columns of each of its inputs in turn.
pub(in super::super) fn each_of_one(counts: impl IntoIterator<Item = usize>) -> Vec<Vec<usize>> {
    let mut sources = Vec::new();
    for (input, count) in counts.into_iter().enumerate() {
        sources.resize(sources.len() + count, vec![input]);
    }
    sources
}

/// The error for strings or dates where a matrix is made.
pub(in super::super) fn leaves_no_numbers(column: String, kind: ColumnKind) -> Error {
    let (found, expected) = match kind {
        ColumnKind::Dates => (
            "dates",
            "numbers, since a matrix is made of them; put DateParts or Elapsed before it, or after what makes it",
        ),
        _ => (
            "strings",
            "numbers, since a matrix is made of them; put an encoder after what makes it, as with \
             .then(OneHotEncoder::new())",
        ),
    };
    Error::ColumnType { column, expected: expected.into(), found }
}

fn no_state(item: String, reason: &str) -> Error {
    Error::NotSerializable { item, reason: reason.into() }
}

/// Serializes the fitted state of a transformer.
pub(in super::super) fn stated(item: &str, state: &impl Serialize) -> Result<Value> {
    serde_json::to_value(state).map_err(|error| not_stated(item, &error))
}

fn not_stated(item: &str, error: &serde_json::Error) -> Error {
    no_state(item.into(), &error.to_string())
}

/// Deserializes the fitted state of a transformer.
pub(in super::super) fn restored<S: DeserializeOwned>(item: &str, state: Value) -> Result<S> {
    from_value(state).map_err(|reason| Error::configuration(item, reason))
}

/// The dependences of columns that each depend only on the column of the same name, and rise with it.
pub(in super::super) fn rising(names: &[String], column: &str) -> Vec<Dependence> {
    let of = |name: &String| if name == column { Dependence::Increasing } else { Dependence::Independent };
    names.iter().map(of).collect()
}

/// The table of what a transformer writes as features.
pub(in super::super) fn table_of(fitted: &dyn FittedTransformer, table: &Table) -> Result<Table> {
    let mut columns = Vec::new();
    fitted.write(table, &mut Features::columns(&mut columns, table.nrows()))?;
    let columns = columns.into_iter().map(Column::Number).collect();
    Ok(table.of_outputs(fitted.outputs(), columns))
}

/// The table without the indicators of a transformer that made it, which are kept.
pub(in super::super) fn without_indicators(
    fitted: &dyn FittedTransformer,
    made: Table,
    kept: &mut Vec<(String, Column)>,
) -> Result<Table> {
    let indicators = fitted.indicators();
    if indicators.is_empty() {
        return Ok(made);
    }
    for name in &indicators {
        kept.push((name.clone(), made.column(name)?.clone()));
    }
    made.drop_columns(&indicators)
}

/// The table with the indicators appended as columns.
pub(in super::super) fn with_indicators(table: Table, indicators: Vec<(String, Column)>) -> Result<Table> {
    indicators.into_iter().try_fold(table, |table, (name, column)| table.with_column(name, column))
}
