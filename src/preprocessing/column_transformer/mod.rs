//! Scalers and encoders joined on the named columns of a table.

mod accumulator;
mod fitted;
mod number_notation;
mod record_plan;
mod selector;
mod without;

use nalgebra::DMatrix;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::sync::Arc;

pub(crate) use accumulator::{ColumnAccumulator, ColumnTraining};
pub use fitted::FittedColumnTransformer;
pub use selector::Selector;

use super::table::SelectedRows;
use super::text_to_number::NumberedColumns;
use super::transformer::FittedStep;
use super::{ColumnKind, FitInput, FittedTransformer, Passthrough, Table, TextToNumber, Transformer};
use crate::error::{Error, Result};
use crate::items::{IntoItem, Item};
use crate::scalar::Scalar;

/// The treatment of columns that have no transformer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Remainder {
    /// The remaining columns are left out.
    #[default]
    Drop,
    /// The remaining columns follow the others, unchanged.
    Passthrough,
}

/// Joins scalers and encoders, each on its own columns, into one matrix.
///
/// The columns of the matrix follow the order in which the transformers were added. Fit on the training rows
/// only; the fitted transformer carries their statistics to test rows, and serializes to travel with a model.
///
/// | option | default |
/// |---|---|
/// | [`remainder`](Self::remainder) | [`Remainder::Drop`] |
///
/// ```
/// use perceptra::preprocessing::{ColumnTransformer, OneHotEncoder, Record, StandardScaler, Table};
///
/// let train = Table::new().with_numbers("rate", [10.0, 20.0])?.with_strings("home", ["OWN", "RENT"])?;
/// let columns = ColumnTransformer::new()
///     .add(StandardScaler::new(), ["rate"])
///     .add(OneHotEncoder::new(), ["home"])
///     .fit(&train)?;
/// assert_eq!(columns.names(), ["rate", "home_OWN", "home_RENT"]);
/// let applicant = Record::new().with("rate", 25.0).with("home", "RENT");
/// assert_eq!(columns.transform_record::<f32>(&applicant)?.as_slice(), [2.0, 0.0, 1.0]);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # References
///
/// scikit-learn, *sklearn.compose.ColumnTransformer*.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnTransformer {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    conversions: Vec<NumberedColumns>,
    steps: Vec<(Item<dyn Transformer>, Selector)>,
    remainder: Remainder,
}

/// Fits a transformer, and returns its output for the training rows if it differs from that for other rows.
type FitStep<'a> = dyn Fn(&dyn Transformer, FitInput<'_>) -> Result<(Arc<dyn FittedTransformer>, Option<Table>)> + 'a;

/// A transformer with the names of its columns.
type PlannedStep = (Arc<dyn Transformer>, Vec<String>);

impl ColumnTransformer {
    /// A transformer without any columns yet.
    pub fn new() -> ColumnTransformer {
        ColumnTransformer::default()
    }

    /// Adds a transformer, or its class name, for the columns of a selector, as a list of their names is one; where there is
    /// none it makes none.
    #[must_use]
    pub fn add<M>(
        mut self,
        transformer: impl IntoItem<dyn Transformer, M>,
        columns: impl Into<Selector>,
    ) -> ColumnTransformer {
        self.steps.push((transformer.into_item(), columns.into()));
        self
    }

    /// Turns the strings of these columns into numbers before any transformer sees them, so that a scaler can follow.
    ///
    /// It names no columns of the matrix: give them to a transformer as well. For a single transformer
    /// [`TextToNumber`](struct@TextToNumber) comes before it with [`then`](Transformer::then).
    #[must_use]
    pub fn text_to_number(
        mut self,
        to_number: TextToNumber,
        columns: impl IntoIterator<Item = impl Into<String>>,
    ) -> ColumnTransformer {
        let columns = columns.into_iter().map(Into::into).collect();
        self.conversions.push(NumberedColumns { to_number, columns });
        self
    }

    /// Adds columns of numbers as they are.
    #[must_use]
    pub fn passthrough(self, columns: impl Into<Selector>) -> ColumnTransformer {
        self.add(Passthrough, columns)
    }

    /// Sets the treatment of columns without a transformer. Defaults to [`Remainder::Drop`].
    #[must_use]
    pub fn remainder(mut self, remainder: Remainder) -> ColumnTransformer {
        self.remainder = remainder;
        self
    }

    /// Fits every transformer to its columns of the table.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] for a table without rows or a transformer without any column; [`Error::UnknownColumn`],
    /// [`Error::NotANumber`] and, from encoders, [`Error::MissingValue`] for columns that do not fit; [`Error::InfiniteValue`] for an
    /// infinite value; [`Error::Unmapped`] for a string that is to become a number and has none; [`Error::ColumnType`] for
    /// strings that would leave it; [`Error::Argument`] if two transformers yield columns of the same name.
    pub fn fit(&self, table: &Table) -> Result<FittedColumnTransformer> {
        self.fit_with(FitInput::new(table))
    }

    /// Learns from columns together with a target, weights or a seed.
    ///
    /// Columns of the table that have the name of one of the target's are selected by their name only.
    ///
    /// # Errors
    ///
    /// The errors of [`fit`](Self::fit).
    pub fn fit_with(&self, input: FitInput<'_>) -> Result<FittedColumnTransformer> {
        let fit = |transformer: &dyn Transformer, input: FitInput<'_>| Ok((transformer.fit(input)?, None));
        self.fitted(&SelectedRows::all(input.columns()), input, &fit).map(|(fitted, _)| fitted)
    }

    /// Fits to rows of which each transformer receives only a copy of its columns; what comes second it made of the rows of the fit
    /// where that differs. The input has as many rows, and its columns are not used.
    pub(crate) fn fit_rows(
        &self,
        rows: &SelectedRows,
        input: FitInput<'_>,
    ) -> Result<(FittedColumnTransformer, Vec<Option<Table>>)> {
        self.fitted(rows, input, &|transformer, input| transformer.fit_transform(input))
    }

    /// Fits each transformer with `fit`, and returns its output for the training rows if it differs from that for other rows.
    fn fitted(
        &self,
        rows: &SelectedRows,
        mut input: FitInput<'_>,
        fit: &FitStep<'_>,
    ) -> Result<(FittedColumnTransformer, Vec<Option<Table>>)> {
        if rows.nrows() == 0 {
            return Err(Error::Empty { what: "the table".into(), advice: "fit needs at least one row".into() });
        }
        let target = input.target().map(Table::names).unwrap_or_default();
        let rows = match self.conversions.is_empty() {
            true => rows.clone(),
            false => SelectedRows::all(&fitted::converted(&self.conversions, &rows.table())?),
        };
        let (mut steps, mut made) = (Vec::new(), Vec::new());
        // The block has the same names and types of columns as the rows.
        for (transformer, names) in self.planned(rows.columns(), target)? {
            let columns = rows.select(&names)?.table();
            let (fitted, differing) = fit(&*transformer, input.part(&columns))?;
            leaves_numbers(&*fitted)?;
            steps.push(FittedStep::new(transformer, fitted));
            made.push(differing);
        }
        Ok((self.joined(steps)?, made))
    }

    /// The transformers with the columns that each of them receives, by the names and types of a table's columns, those of the
    /// target among them.
    fn planned(&self, table: &Table, target: &[String]) -> Result<Vec<PlannedStep>> {
        let (mut plan, mut taken) = (Vec::new(), HashSet::new());
        for (transformer, selector) in &self.steps {
            let mut names = selector.names(table)?;
            if !selector.is_by_name() {
                names.retain(|name| !target.contains(name));
            }
            taken.extend(names.iter().cloned());
            plan.push((transformer.checked()?, names));
        }
        if self.remainder == Remainder::Passthrough {
            let is_left = |name: &&String| !taken.contains(*name) && !target.contains(*name);
            let left = table.names().iter().filter(is_left).cloned().collect();
            let passthrough: Arc<dyn Transformer> = Arc::new(Passthrough);
            plan.push((passthrough, left));
        }
        Ok(plan)
    }

    /// The transformers after their fit, if their columns can be one matrix.
    fn joined(&self, steps: Vec<FittedStep>) -> Result<FittedColumnTransformer> {
        let fitted = FittedColumnTransformer::of_parts(self.conversions.clone(), steps);
        if fitted.width() == 0 {
            return Err(self.without_columns(&fitted));
        }
        if let Err(reason) = fitted.check() {
            return Err(Error::Argument {
                item: "ColumnTransformer".into(),
                argument: "text_to_number",
                value: reason,
                expected: "columns that a transformer is given as well".into(),
            });
        }
        fitted::distinct("ColumnTransformer", &fitted)?;
        Ok(fitted)
    }

    /// Why no columns come out.
    fn without_columns(&self, fitted: &FittedColumnTransformer) -> Error {
        match fitted.inputs().first() {
            None => Error::Empty {
                what: "the ColumnTransformer".into(),
                advice: "name columns with .add(…) or .passthrough(…)".into(),
            },
            Some(name) => Error::Empty {
                what: format!("what the ColumnTransformer makes of \"{name}\""),
                advice: "its only category is the one that is dropped; keep it with DropCategory::IfBinary or \
                         DropCategory::Never, or take other columns"
                    .into(),
            },
        }
    }

    /// Fits to the rows of the table and transforms them.
    ///
    /// # Errors
    ///
    /// The errors of [`fit`](Self::fit).
    pub fn fit_transform<T: Scalar>(&self, table: &Table) -> Result<(FittedColumnTransformer, DMatrix<T>)> {
        self.fit_transform_with(FitInput::new(table))
    }

    /// Fits as [`fit_with`](Self::fit_with) does, and transforms the rows of the fit: a transformer that encodes them otherwise than
    /// other rows, since it uses the target, does so here.
    ///
    /// # Errors
    ///
    /// The errors of [`fit`](Self::fit).
    pub fn fit_transform_with<T: Scalar>(&self, input: FitInput<'_>) -> Result<(FittedColumnTransformer, DMatrix<T>)> {
        let table = input.columns();
        let (fitted, made) = self.fit_rows(&SelectedRows::all(table), input)?;
        let x = fitted.matrix(table, &made)?;
        Ok((fitted, x))
    }
}

/// Returns an error for strings and dates where a matrix is to be made.
fn leaves_numbers(fitted: &dyn FittedTransformer) -> Result<()> {
    let kinds: Vec<ColumnKind> = fitted.output_kinds();
    match kinds.iter().position(|kind| !kind.is_numeric()) {
        Some(output) => {
            let name = fitted.outputs().into_iter().nth(output).unwrap_or_default();
            Err(super::transformer::leaves_no_numbers(name, kinds[output]))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
