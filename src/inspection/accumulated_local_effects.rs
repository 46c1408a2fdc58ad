use super::column_groups::all_used;
use super::grid::sorted_numbers;
use super::output::OutputChoice;
use super::replaced::{like, with_rows};
use crate::pipeline::FittedPipeline;
use crate::preprocessing::{Column, Table, Value};
use crate::significant::significant;
use crate::terminal_lines::truncated;
use crate::{Error, Result, Scalar};
use std::fmt;

/// Computes how the prediction changes along one raw column of numbers, from small changes to the existing rows: unlike
/// [`PartialDependence`](super::PartialDependence) it evaluates no combination of values that is far from all rows.
///
/// The edges `z_0 < … < z_K` are the smallest value and quantiles of the column (each an observed value); a bin holds the rows
/// with values above `z_{k−1}`, the first bin those of `z_0` as well, up to `z_k`. A bin's effect is the mean over its rows of
/// `f(z_k) − f(z_{k−1})`. The effects are summed from the left and then centred: the mean over all rows, each with the
/// mean of the effects at the two ends of its bin, is 0. Rows with a missing value are left out. A column of booleans has one
/// bin, from false to true.
///
/// | option | default |
/// |---|---|
/// | [`bins`](Self::bins) | 20, at least 1; fewer where quantiles coincide |
/// | [`output`](Self::output) | the positive label, or the only number |
/// | [`logits`](Self::logits) | false: the probability |
///
/// ```
/// use perceptra::inspection::AccumulatedLocalEffects;
/// use perceptra::prelude::*;
///
/// let table = Table::new()
///     .with_numbers("income", (0..80).map(f64::from))?
///     .with_booleans("paid", (0..80).map(|row| row >= 40))?;
/// let fitted = Pipeline::new(Target::binary("paid")).members(1).seed(1).fit(&table)?;
/// let effects = AccumulatedLocalEffects::new("income").bins(8).compute(&fitted, &table)?;
/// assert_eq!((effects.edges().len(), effects.counts().iter().sum::<usize>()), (9, 80));
/// assert!(effects.effects()[8] > effects.effects()[0]);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # References
///
/// D. Apley and J. Zhu, *Visualizing the effects of predictor variables in black box supervised learning models*, JRSS B 82
/// (2020).
#[derive(Debug, Clone)]
#[must_use = "nothing is computed before .compute(…)"]
pub struct AccumulatedLocalEffects {
    column: String,
    bins: usize,
    output: OutputChoice,
}

const ITEM: &str = "AccumulatedLocalEffects";

impl AccumulatedLocalEffects {
    /// Computes the effects of one column of numbers or booleans.
    pub fn new(column: impl Into<String>) -> Self {
        AccumulatedLocalEffects { column: column.into(), bins: 20, output: OutputChoice::default() }
    }

    /// The number of bins, with about equally many rows each.
    pub fn bins(mut self, bins: usize) -> Self {
        self.bins = bins;
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

    /// Computes the effects on a pipeline's predictions for the rows of a table.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for no bins, a column with fewer than two values, and an output that the target does not have;
    /// [`Error::ColumnType`] and [`Error::NotANumber`] for a column of strings, for which
    /// [`PartialDependence`](super::PartialDependence) can be used; [`Error::UnknownColumn`] for one that the
    /// pipeline does not use; [`Error::Empty`] for a table without rows; the errors of [`FittedPipeline::predict`].
    pub fn compute<T: Scalar>(&self, fitted: &FittedPipeline<T>, table: &Table) -> Result<LocalEffects> {
        all_used(fitted.columns(), std::slice::from_ref(&self.column))?;
        let output = self.output.resolve(ITEM, fitted.target(), None)?;
        self.run(&output.name, table, &|table| Ok(output.column(&fitted.table_values(table)?)))
    }

    fn run(&self, output: &str, table: &Table, predict: &dyn Fn(&Table) -> Result<Vec<f64>>) -> Result<LocalEffects> {
        if self.bins == 0 {
            return Err(Error::argument(ITEM, "bins", 0, "at least 1"));
        }
        with_rows("the table", table)?;
        if let Column::String(_) | Column::DateTime(_) = table.column(&self.column)? {
            let value = format!("\"{}\", which holds no numbers", self.column);
            return Err(Error::argument(
                ITEM,
                "column",
                value,
                "a column of numbers; for others use PartialDependence",
            ));
        }
        let numbers = table.numbers(&self.column)?;
        let edges = edges(&sorted_numbers(ITEM, table, &self.column, numbers)?, self.bins);
        if edges.len() < 2 {
            let value = format!("\"{}\" with the one value {}", self.column, edges[0]);
            return Err(Error::argument(ITEM, "column", value, "a column with at least two values"));
        }
        let rows: Vec<usize> = (0..numbers.len()).filter(|&row| !numbers[row].is_nan()).collect();
        // The bin of a value is the first one with an upper edge that is not below it.
        let bin = |row: &usize| edges[1..].partition_point(|edge| *edge < numbers[*row]).min(edges.len() - 2);
        let bins: Vec<usize> = rows.iter().map(bin).collect();
        let present = table.take(&rows)?;
        let at = |side: usize| {
            let replaced = like(table.column(&self.column)?, bins.iter().map(|bin| edges[bin + side]).collect());
            predict(&present.with_column(&self.column, replaced)?)
        };
        let (lower, upper) = (at(0)?, at(1)?);
        let (mut sums, mut counts) = (vec![0.0; edges.len() - 1], vec![0_usize; edges.len() - 1]);
        for (&bin, (lower, upper)) in bins.iter().zip(lower.iter().zip(&upper)) {
            sums[bin] += upper - lower;
            counts[bin] += 1;
        }
        let mut effects = vec![0.0];
        for (sum, &count) in sums.iter().zip(&counts) {
            let before = effects.last().copied().unwrap_or_default();
            effects.push(before + if count > 0 { sum / count as f64 } else { 0.0 });
        }
        let middles = effects.windows(2).zip(&counts).map(|(pair, &count)| (pair[0] + pair[1]) / 2.0 * count as f64);
        let mean = middles.sum::<f64>() / rows.len() as f64;
        effects.iter_mut().for_each(|effect| *effect -= mean);
        Ok(LocalEffects { column: self.column.clone(), output: output.into(), edges, effects, counts })
    }
}

/// The smallest value and the quantiles at `k/bins`, each the smallest value with at least that fraction of all at or below it.
fn edges(sorted: &[f64], bins: usize) -> Vec<f64> {
    let count = sorted.len();
    let quantile = |k: usize| {
        let rank = (k as f64 / bins as f64 * count as f64 - 4.0 * f64::EPSILON * count as f64).ceil().max(1.0) as usize;
        sorted[rank.min(count) - 1]
    };
    // More bins than values have the same edges as one bin for each value.
    let mut edges: Vec<f64> = match bins >= count {
        true => sorted.to_vec(),
        false => std::iter::once(sorted[0]).chain((1..=bins).map(quantile)).collect(),
    };
    edges.dedup();
    edges
}

/// The effects of a column on predictions, from [`AccumulatedLocalEffects`]; `Display` writes a table.
///
/// ```
/// use perceptra::prelude::*;
///
/// let table = Table::new()
///     .with_numbers("income", (0..80).map(f64::from))?
///     .with_booleans("paid", (0..80).map(|row| row % 40 + row % 7 > 20))?;
/// let pipeline = Pipeline::new(Target::binary("paid")).members(1).options(Fit::new().epochs(2).verbose(0)).seed(1);
/// let fitted = pipeline.fit(&table)?;
/// let effects = AccumulatedLocalEffects::new("income").bins(4).compute(&fitted, &table)?;
/// assert_eq!((effects.edges().len(), effects.counts().iter().sum::<usize>()), (5, 80));
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct LocalEffects {
    column: String,
    output: String,
    edges: Vec<f64>,
    effects: Vec<f64>,
    counts: Vec<usize>,
}

impl LocalEffects {
    /// The column.
    pub fn column(&self) -> &str {
        &self.column
    }

    /// The description of the predicted output.
    pub fn output(&self) -> &str {
        &self.output
    }

    /// The edges of the bins.
    pub fn edges(&self) -> &[f64] {
        &self.edges
    }

    /// The centred effect at each edge.
    pub fn effects(&self) -> &[f64] {
        &self.effects
    }

    /// The number of rows in each bin, one less than edges.
    pub fn counts(&self) -> &[usize] {
        &self.counts
    }

    /// The effects over the values of the column, as a plot.
    #[cfg(feature = "plot")]
    pub fn picture(&self) -> crate::plot::Lines {
        let lines = crate::plot::Lines::new(truncated(&self.output, 60))
            .x_label(&self.column)
            .y_label("accumulated local effect");
        lines.series("effect", &self.edges, &self.effects).horizontal(0.0, "mean")
    }
}

impl fmt::Display for LocalEffects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}\n{:>24}  {:>14}  {:>12}",
            truncated(&self.output, 80),
            truncated(&self.column, 24),
            "effect",
            "rows below"
        )?;
        for (index, (edge, effect)) in self.edges.iter().zip(&self.effects).enumerate() {
            let rows = index.checked_sub(1).map_or(String::new(), |bin| self.counts[bin].to_string());
            write!(f, "\n{:>24}  {:>14}  {rows:>12}", significant(*edge), significant(*effect))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
