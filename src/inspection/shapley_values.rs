use super::column_groups::used;
use super::explanation::{Contribution, Explanation};
use super::output::OutputChoice;
use super::replaced::{for_each, with_rows};
use crate::pipeline::{FittedPipeline, Task};
use crate::preprocessing::{Column, Record, Table, Value};
use crate::random::{Purpose, fresh_seed, shuffle, stream};
use crate::{Error, Result, Scalar};

/// Computes the contribution of each raw column to a prediction (Shapley values): the mean over all orders in which the record's
/// values can replace the values of other rows.
///
/// The value of a set `S` of columns is `v(S)`, the mean prediction over the rows of the background with the columns of `S`
/// replaced by those of the record. The contribution of column `i` of `n` is `Σ_S |S|!·(n − |S| − 1)!/n!·(v(S ∪ {i}) − v(S))` over
/// the sets without it (interventional Shapley values). Sets consist of raw columns, no gradients are needed, and the values add up
/// to the prediction minus the mean prediction over the background.
///
/// | method | cost in predictions | |
/// |---|---|---|
/// | [`exact`](Self::exact), the default | `2ⁿ` times the rows of the background | at most 12 columns |
/// | [`sampled`](Self::sampled) | permutations `· n` times the rows | any number of columns, with standard errors |
///
/// A background of 50 to 200 rows is usually enough: [`Table::take`] with random rows, or [`Table::head`].
///
/// ```
/// use perceptra::inspection::ShapleyValues;
/// use perceptra::prelude::*;
///
/// let table = Table::new()
///     .with_numbers("income", (0..80).map(f64::from))?
///     .with_strings("home", (0..80).map(|row| ["OWN", "RENT"][row % 2]))?
///     .with_booleans("paid", (0..80).map(|row| row >= 40))?;
/// let fitted = Pipeline::new(Target::binary("paid")).members(1).seed(1).fit(&table)?;
/// let applicant = Record::new().with("income", 75.0).with("home", "RENT");
/// let exact = ShapleyValues::new(&table.head(60)).explain(&fitted, &applicant)?;
/// assert!((exact.sum() - (exact.prediction() - exact.baseline())).abs() < 1e-4);
/// let sampled = ShapleyValues::new(&table.head(60)).sampled(8).seed(1).explain(&fitted, &applicant)?;
/// assert!(sampled.values()[0].standard_error.is_some());
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # References
///
/// L. Shapley, *A value for n-person games*, 1953. E. Štrumbelj and I. Kononenko, *Explaining prediction models and individual
/// predictions with feature contributions*, Knowledge and Information Systems 41 (2014). R. Mitchell et al., *Sampling
/// permutations for Shapley value estimation*, JMLR 23 (2022): pairs of opposite orders.
#[derive(Debug, Clone)]
#[must_use = "nothing is computed before .explain(…)"]
pub struct ShapleyValues {
    background: Table,
    permutations: Option<usize>,
    seed: Option<u64>,
    output: OutputChoice,
}

const ITEM: &str = "ShapleyValues";
/// The largest number of columns for exact values.
const MOST_COLUMNS: usize = 12;
/// The largest number of sampled permutations.
const MOST_PERMUTATIONS: usize = 1_000_000;

impl ShapleyValues {
    /// Creates an explanation relative to the rows of a table, the background.
    pub fn new(background: &Table) -> Self {
        ShapleyValues {
            background: background.clone(),
            permutations: None,
            seed: None,
            output: OutputChoice::default(),
        }
    }

    /// Uses all sets of columns, for at most 12 columns; the default.
    pub fn exact(mut self) -> Self {
        self.permutations = None;
        self
    }

    /// Uses this many orders of the columns, from 2 to 1,000,000, in pairs of a random order and its reverse (rounded up to whole
    /// pairs). The standard error of a value is that of the mean over pairs; there is none for a single pair.
    pub fn sampled(mut self, permutations: usize) -> Self {
        self.permutations = Some(permutations);
        self
    }

    /// The seed of the orders that are drawn. The same seed gives the same bits for any number of threads.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// The output that is explained: a label, or a column of a target with several.
    pub fn output(mut self, output: impl Into<Value>) -> Self {
        self.output.of = Some(output.into());
        self
    }

    /// Whether to explain, and average, the logits of probabilities instead of the probabilities.
    pub fn logits(mut self, logits: bool) -> Self {
        self.output.logits = logits;
        self
    }

    /// Computes the contribution of each column to the prediction for a record.
    ///
    /// # Errors
    ///
    /// The errors about the record: see [`FittedPipeline::predict_record`]. [`Error::Empty`] for a background without rows,
    /// [`Error::UnknownColumn`] for one that lacks a column; [`Error::Argument`] for exact values of more than 12 columns,
    /// fewer than 2 permutations or more than 1,000,000, and an output that the target does not have.
    pub fn explain<T: Scalar>(&self, fitted: &FittedPipeline<T>, record: &Record) -> Result<Explanation> {
        let values = fitted.values(&fitted.encoded(record)?)?;
        let decided = (fitted.target().task() == Task::Multiclass).then(|| values.row(0).transpose().imax());
        let output = self.output.resolve(ITEM, fitted.target(), decided)?;
        let columns = used(fitted.columns());
        with_rows("the background", &self.background)?;
        let game = Game {
            background: self.background.select(&columns)?,
            record: Table::from_record(record, columns.iter().map(String::as_str)).take(&vec![
                0;
                self.background
                    .nrows()
            ])?,
            predict: &|table: &Table| Ok(output.column(&fitted.table_values(table)?)),
            full: output.column(&values)[0],
            columns: &columns,
        };
        let (baseline, added) = match self.permutations {
            None => game.exact()?,
            Some(permutations) => game.sampled(permutations, self.seed.unwrap_or_else(fresh_seed))?,
        };
        let columns = columns.iter().zip(&added).map(|(name, added)| Contribution::of(record, name, added.0, added.1));
        let compared_with = "mean over the background:";
        Ok(Explanation {
            output: output.name.clone(),
            compared_with,
            prediction: game.full,
            baseline,
            columns: columns.collect(),
        })
    }
}

/// The values of sets of columns.
struct Game<'a> {
    background: Table,
    /// A table that repeats the record for each row of the background.
    record: Table,
    columns: &'a [String],
    /// The prediction for the record.
    full: f64,
    predict: &'a (dyn Fn(&Table) -> Result<Vec<f64>> + Sync),
}

/// The baseline, and the contribution of each column with its standard error.
type Added = (f64, Vec<(f64, Option<f64>)>);

impl Game<'_> {
    /// The mean prediction with the columns of a set from the record.
    fn value(&self, is_in: &dyn Fn(usize) -> bool) -> Result<f64> {
        let from_record = self.columns.iter().enumerate().filter(|(column, _)| is_in(*column));
        let table = from_record.into_iter().try_fold(self.background.clone(), |table, (_, name)| {
            let column: &Column = self.record.column(name)?;
            table.with_column(name, column.clone())
        })?;
        let predicted = (self.predict)(&table)?;
        Ok(predicted.iter().sum::<f64>() / predicted.len() as f64)
    }

    fn exact(&self) -> Result<Added> {
        let count = self.columns.len();
        if count > MOST_COLUMNS {
            let expected =
                format!("at most {MOST_COLUMNS} columns for .exact(); sample permutations of more, as .sampled(200)");
            return Err(Error::argument(ITEM, "columns", format!("{count} of the pipeline"), expected));
        }
        let sets = 1_usize << count;
        let mut values = for_each(sets - 1, &|set| self.value(&|column| (set >> column) & 1 == 1))?;
        values.push(self.full);
        // |S|!·(n − |S| − 1)!/n! = 1/(n·C(n − 1, |S|)).
        let mut weights = vec![1.0 / count.max(1) as f64];
        for size in 1..count {
            let before = weights[size - 1];
            weights.push(before * size as f64 / (count - size) as f64);
        }
        let added = (0..count).map(|column| {
            let without = (0..sets).filter(|set| (set >> column) & 1 == 0);
            let terms =
                without.map(|set| weights[set.count_ones() as usize] * (values[set | (1 << column)] - values[set]));
            (terms.sum(), None)
        });
        Ok((values[0], added.collect()))
    }

    fn sampled(&self, permutations: usize, seed: u64) -> Result<Added> {
        if !(2..=MOST_PERMUTATIONS).contains(&permutations) {
            let expected = "from 2 permutations, an order and its reverse, to 1,000,000";
            return Err(Error::argument(ITEM, "sampled", permutations, expected));
        }
        let (count, pairs) = (self.columns.len(), permutations.div_ceil(2));
        let none = self.value(&|_| false)?;
        let each = for_each(pairs, &|pair| {
            let mut order: Vec<usize> = (0..count).collect();
            shuffle(&mut order, &mut stream(seed, Purpose::Permutation, pair as u64));
            let mut added = vec![0.0; count];
            self.add(&order, none, &mut added)?;
            order.reverse();
            self.add(&order, none, &mut added)?;
            added.iter_mut().for_each(|added| *added /= 2.0);
            Ok(added)
        })?;
        let number = pairs as f64;
        let summary = |column: usize| {
            let mean = each.iter().map(|added| added[column]).sum::<f64>() / number;
            let squares: f64 = each.iter().map(|added| (added[column] - mean).powi(2)).sum();
            (mean, (pairs > 1).then(|| (squares / (number - 1.0) / number).sqrt()))
        };
        Ok((none, (0..count).map(summary).collect()))
    }

    /// Adds the contribution of each column for this order of the columns.
    fn add(&self, order: &[usize], none: f64, added: &mut [f64]) -> Result<()> {
        let mut before = none;
        for (place, &column) in order.iter().enumerate() {
            let set = &order[..=place];
            let value = if set.len() == order.len() { self.full } else { self.value(&|column| set.contains(&column))? };
            added[column] += value - before;
            before = value;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
