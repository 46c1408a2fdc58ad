use super::column_groups::all_used;
use super::dependence_curves::DependenceCurves;
use super::grid;
use super::output::OutputChoice;
use super::replaced::{constant, for_each, with_rows};
use crate::lists::try_map;
use crate::pipeline::{FittedPipeline, row_weights};
use crate::preprocessing::{Table, Value};
use crate::{Error, Result, Scalar};
use nalgebra::DMatrix;

/// Computes how the prediction depends on one or two raw columns, with all other columns as in the rows of a table.
///
/// At each value `v` of a grid the column is replaced by `v` in all rows; the dependence is the mean of the predictions, and
/// the individual curves are the predictions of the individual rows. The values are the distinct ones of the column. If there are
/// at least [`resolution`](Self::resolution), they are evenly spaced numbers between two quantiles, or, for dates and integers
/// beyond 2⁵³, values of the rows with equally many rows between each two. Unrealistic rows, for example a large loan with a small
/// income, count like others; [`AccumulatedLocalEffects`](super::AccumulatedLocalEffects) avoids them.
///
/// | option | default |
/// |---|---|
/// | [`with_column`](Self::with_column) | none: one column |
/// | [`resolution`](Self::resolution) | 100, at least 2 |
/// | [`percentiles`](Self::percentiles) | 0.05 and 0.95, in [0, 1] |
/// | [`individual`](Self::individual) | false: only the mean |
/// | [`weights`](Self::weights) | all rows count equally |
/// | [`output`](Self::output) | the positive label, or the only number |
/// | [`logits`](Self::logits) | false: the probability |
///
/// ```
/// use perceptra::inspection::PartialDependence;
/// use perceptra::prelude::*;
///
/// let table = Table::new()
///     .with_numbers("income", (0..80).map(f64::from))?
///     .with_strings("home", (0..80).map(|row| ["OWN", "RENT"][row % 2]))?
///     .with_booleans("paid", (0..80).map(|row| row >= 40))?;
/// let fitted = Pipeline::new(Target::binary("paid")).members(1).seed(1).fit(&table)?;
/// let dependence = PartialDependence::new("income").resolution(20).individual(true).compute(&fitted, &table)?;
/// assert!(dependence.average()[19] > dependence.average()[0]);
/// let both = PartialDependence::new("income").with_column("home").resolution(5).compute(&fitted, &table)?;
/// assert_eq!(both.average().len(), 5 * 2);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # References
///
/// J. Friedman, *Greedy function approximation*, Annals of Statistics 29 (2001). A. Goldstein et al., *Peeking inside the
/// black box: individual conditional expectation*, 2015. scikit-learn, *sklearn.inspection.partial_dependence* (method
/// `brute`).
#[derive(Debug, Clone)]
#[must_use = "nothing is computed before .compute(…)"]
pub struct PartialDependence {
    columns: Vec<String>,
    resolution: usize,
    percentiles: (f64, f64),
    individual: bool,
    weights: Option<String>,
    output: OutputChoice,
}

const ITEM: &str = "PartialDependence";

impl PartialDependence {
    /// Computes the dependence on one column.
    pub fn new(column: impl Into<String>) -> Self {
        PartialDependence {
            columns: vec![column.into()],
            resolution: 100,
            percentiles: (0.05, 0.95),
            individual: false,
            weights: None,
            output: OutputChoice::default(),
        }
    }

    /// A second column; the dependence is then computed for each pair of values.
    pub fn with_column(mut self, column: impl Into<String>) -> Self {
        self.columns.push(column.into());
        self
    }

    /// The number of values of a column of numbers.
    pub fn resolution(mut self, resolution: usize) -> Self {
        self.resolution = resolution;
        self
    }

    /// The quantiles between which the values of a column of numbers are.
    pub fn percentiles(mut self, low: f64, high: f64) -> Self {
        self.percentiles = (low, high);
        self
    }

    /// Whether to keep the curve of each row in addition to the mean.
    pub fn individual(mut self, individual: bool) -> Self {
        self.individual = individual;
        self
    }

    /// The column of the table with the weight of each row in the mean.
    pub fn weights(mut self, column: impl Into<String>) -> Self {
        self.weights = Some(column.into());
        self
    }

    /// The output that is shown: a label, or a column of a target with several.
    pub fn output(mut self, output: impl Into<Value>) -> Self {
        self.output.of = Some(output.into());
        self
    }

    /// Whether to show the logit of the probability instead of the probability.
    pub fn logits(mut self, logits: bool) -> Self {
        self.output.logits = logits;
        self
    }

    /// Computes the dependence of a pipeline's predictions for the rows of a table.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for an option out of its range, more than two columns, a column without values, and an output that
    /// the target does not have; [`Error::UnknownColumn`] for one that the pipeline does not use; [`Error::Empty`] for a table without rows; the errors of
    /// [`FittedPipeline::predict`].
    pub fn compute<T: Scalar>(&self, fitted: &FittedPipeline<T>, table: &Table) -> Result<DependenceCurves> {
        all_used(fitted.columns(), &self.columns)?;
        let output = self.output.resolve(ITEM, fitted.target(), None)?;
        self.run(&output.name, table, &|table| Ok(output.column(&fitted.table_values(table)?)))
    }

    pub(super) fn run(
        &self,
        output: &str,
        table: &Table,
        predict: &(dyn Fn(&Table) -> Result<Vec<f64>> + Sync),
    ) -> Result<DependenceCurves> {
        let (low, high) = self.percentiles;
        if !(low >= 0.0 && low < high && high <= 1.0) {
            return Err(Error::argument(ITEM, "percentiles", format!("{low} and {high}"), "0 ≤ low < high ≤ 1"));
        }
        if self.resolution < 2 {
            return Err(Error::argument(ITEM, "resolution", self.resolution, "at least 2"));
        }
        if self.columns.len() > 2 || self.columns.first() == self.columns.get(1) {
            return Err(Error::argument(ITEM, "columns", self.columns.join(", "), "one column, or two different ones"));
        }
        with_rows("the table", table)?;
        let of = |name: &String| grid::values(ITEM, table, name, self.resolution, self.percentiles);
        let values = try_map(self.columns.iter(), of)?;
        let weights = row_weights::<f64>(self.weights.as_deref(), table)?;
        let total = weights.as_ref().map_or(table.nrows() as f64, |weights| weights.iter().sum());
        if total <= 0.0 {
            return Err(Error::argument(ITEM, "weights", "0 for all rows", "a weight above 0 for one of them"));
        }
        let inner = values.get(1).map_or(1, Vec::len);
        let points = for_each(values[0].len() * inner, &|point| {
            let at = [point / inner, point % inner];
            let columns = self.columns.iter().zip(&values).zip(at);
            let replaced = columns.into_iter().try_fold(table.clone(), |table, ((name, values), at)| {
                let rows = table.nrows();
                table.with_column(name, constant(values.get(at), rows))
            })?;
            let predicted = predict(&replaced)?;
            let sum: f64 = match &weights {
                Some(weights) => predicted.iter().zip(weights).map(|(p, weight)| p * weight).sum(),
                None => predicted.iter().sum(),
            };
            Ok((sum / total, if self.individual { predicted } else { Vec::new() }))
        })?;
        let average = points.iter().map(|(mean, _)| *mean).collect();
        let individual =
            self.individual.then(|| DMatrix::from_fn(table.nrows(), points.len(), |row, point| points[point].1[row]));
        Ok(DependenceCurves { columns: self.columns.clone(), output: output.into(), values, average, individual })
    }
}

#[cfg(test)]
mod tests;
