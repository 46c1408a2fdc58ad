use super::column_groups::{grouped, used};
use super::importances::{ColumnImportance, ColumnImportances};
use super::replaced::{for_each, reordered, with_rows};
use crate::items::{IntoItem, Item};
use crate::pipeline::{FittedPipeline, TrueValues, row_weights};
use crate::preprocessing::Table;
use crate::random::{Purpose, fresh_seed, shuffle, stream};
use crate::scores::{Score, ScoreInput, score_of};
use crate::{Error, Result, Scalar};
use nalgebra::DMatrix;

/// Measures the importance of each raw column by the loss of a fitted pipeline's score when its values are permuted among the rows.
///
/// With the score `s` of the table and `s_r` of the table with the column permuted, the importance in repeat `r` is `s − s_r`
/// for a score where larger is better, and `s_r − s` otherwise. Nothing is refitted. Columns with the same information divide
/// their importance or hide each other's: put them into one [`group`](Self::group), whose columns are permuted together.
///
/// The interval is that of the mean over the repeats; it does not include the uncertainty due to a small table. Use rows that
/// the pipeline was not fitted to.
///
/// | option | default |
/// |---|---|
/// | [`repeats`](Self::repeats) | 5, from 1 to 100,000 |
/// | [`seed`](Self::seed) | drawn from the operating system |
/// | [`group`](Self::group) | none: each column separately |
/// | [`weights`](Self::weights) | all rows count equally |
/// | [`level`](Self::level) | 0.95, in (0, 1) |
///
/// ```
/// use perceptra::inspection::PermutationImportance;
/// use perceptra::prelude::*;
///
/// let table = Table::new()
///     .with_numbers("income", (0..80).map(f64::from))?
///     .with_numbers("noise", (0..80).map(|row| f64::from(row * 37 % 80)))?
///     .with_booleans("large", (0..80).map(|row| row >= 40))?;
/// let fitted = Pipeline::new(Target::binary("large")).members(1).seed(1).fit(&table)?;
/// let importances = PermutationImportance::new(RocAuc).repeats(10).seed(1).compute(&fitted, &table)?;
/// assert_eq!(importances.columns()[0].name, "income");
/// println!("{importances}");
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # References
///
/// L. Breiman, *Random forests*, Machine Learning 45 (2001). scikit-learn, *sklearn.inspection.permutation_importance*.
#[derive(Debug, Clone)]
#[must_use = "nothing is computed before .compute(…)"]
pub struct PermutationImportance {
    score: Item<dyn Score>,
    repeats: usize,
    seed: Option<u64>,
    groups: Vec<(String, Vec<String>)>,
    weights: Option<String>,
    level: f64,
}

const ITEM: &str = "PermutationImportance";

impl PermutationImportance {
    /// Measures importance by a score, given as an item or its name.
    pub fn new<M>(score: impl IntoItem<dyn Score, M>) -> Self {
        let score = score.into_item();
        PermutationImportance { score, repeats: 5, seed: None, groups: Vec::new(), weights: None, level: 0.95 }
    }

    /// The number of permutations of each column, from 1 to 100,000.
    pub fn repeats(mut self, repeats: usize) -> Self {
        self.repeats = repeats;
        self
    }

    /// The seed of the permutations. The same seed gives the same bits for any number of threads.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Columns that are permuted together and have one importance.
    pub fn group(mut self, name: impl Into<String>, columns: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.groups.push((name.into(), columns.into_iter().map(Into::into).collect()));
        self
    }

    /// The column of the table with the weight of each row in the score.
    pub fn weights(mut self, column: impl Into<String>) -> Self {
        self.weights = Some(column.into());
        self
    }

    /// The level of the confidence intervals.
    pub fn level(mut self, level: f64) -> Self {
        self.level = level;
        self
    }

    /// Computes the importances of the columns that a pipeline uses, on the rows of a table with the columns of the target.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for an option out of its range and a score that does not fit the task; [`Error::Empty`] for a table
    /// without rows; [`Error::UnknownColumn`]; the errors of [`FittedPipeline::predict`] and of the score.
    pub fn compute<T: Scalar>(&self, fitted: &FittedPipeline<T>, table: &Table) -> Result<ColumnImportances> {
        let truth = TrueValues::of(fitted.target(), table)?;
        let predict = |table: &Table| fitted.table_values(table);
        self.run(&used(fitted.columns()), table, &truth, fitted.threshold(), &predict)
    }

    fn run(
        &self,
        columns: &[String],
        table: &Table,
        truth: &TrueValues,
        threshold: f64,
        predict: &(dyn Fn(&Table) -> Result<DMatrix<f64>> + Sync),
    ) -> Result<ColumnImportances> {
        if !(1..=100_000).contains(&self.repeats) {
            return Err(Error::argument(ITEM, "repeats", self.repeats, "from 1 to 100,000"));
        }
        if !(self.level > 0.0 && self.level < 1.0) {
            return Err(Error::argument(ITEM, "level", self.level, "a probability between 0 and 1"));
        }
        with_rows("the table", table)?;
        let groups = grouped(ITEM, columns, &self.groups)?;
        let (score, seed) = (self.score.checked()?, self.seed.unwrap_or_else(fresh_seed));
        let weights = row_weights::<f64>(self.weights.as_deref(), table)?;
        let scored = |table: &Table| {
            let prediction = predict(table)?;
            let mut input = ScoreInput::new(truth.truth(), &prediction).with_threshold(threshold);
            input.weights = weights.as_deref();
            score_of(self.score.clone(), &input)
        };
        let baseline = scored(table)?;
        let sign = if score.greater_is_better() { 1.0 } else { -1.0 };
        let values = for_each(groups.len() * self.repeats, &|job| {
            let (group, repeat) = (job / self.repeats, job % self.repeats);
            let order = order(seed, group, repeat, table.nrows());
            Ok(sign * (baseline - scored(&reordered(table, &groups[group].columns, &order)?)?))
        })?;
        let columns = groups.into_iter().zip(values.chunks(self.repeats));
        let columns = columns
            .map(|(group, values)| ColumnImportance::new(group.name, group.columns, values.to_vec(), None, self.level))
            .collect();
        let method = "Permutation importance";
        Ok(ColumnImportances { method, score: score.name(), baseline, level: self.level, columns }.sorted())
    }
}

/// The rows in the order of a repeat for one group.
fn order(seed: u64, group: usize, repeat: usize, rows: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..rows).collect();
    let position = ((group as u64) << 32) ^ repeat as u64;
    shuffle(&mut order, &mut stream(seed, Purpose::Permutation, position));
    order
}

#[cfg(test)]
mod tests;
