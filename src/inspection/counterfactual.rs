use super::candidates::Candidates;
use super::column_groups::{all_used, distinct, used};
use super::counterfactual_explanation::{ColumnChange, CounterfactualExplanation};
use super::replaced::with_rows;
use crate::lists::{joined, try_map};
use crate::pipeline::{FittedPipeline, Prediction};
use crate::preprocessing::{Record, Table, Value};
use crate::sorting;
use crate::{Error, Result, Scalar};

/// Finds the smallest change to given columns of a record that reverses the decision.
///
/// The cost of a change is a sum over the changed columns: `|new − old|/σ` for a number, with the standard deviation `σ` of the
/// column in a table, and 1 for another category, another boolean, or a value in place of a missing one.
///
/// Candidates are the categories and numbers of the table, or an even selection of them if there would be more than
/// [`max_combinations`](Self::max_combinations) combinations. Combinations are tried in the order of their costs. For the first 32
/// that reverse the decision, each number is moved towards the record's by bisection as long as the decision stays reversed; the
/// cheapest of these is the result. Columns of whole numbers keep whole numbers. With one column, the result is the smallest change
/// if the decision changes only once between two values of the table; with several columns, it is approximately the smallest.
///
/// | option | default |
/// |---|---|
/// | [`columns`](Self::columns) | none: the columns that may change must be given |
/// | [`to`](Self::to) | any other label |
/// | [`max_combinations`](Self::max_combinations) | 100,000 combinations, at most 10,000,000 |
///
/// ```
/// use perceptra::inspection::Counterfactual;
/// use perceptra::prelude::*;
///
/// let table = Table::new()
///     .with_numbers("loan_amnt", (0..80).map(|row| 100.0 * f64::from(row)))?
///     .with_booleans("default", (0..80).map(|row| row >= 40))?;
/// let fitted = Pipeline::new(Target::binary("default")).members(1).seed(1).fit(&table)?;
/// let applicant = Record::new().with("loan_amnt", 6000.0);
/// let found = Counterfactual::new().columns(["loan_amnt"]).find(&fitted, &applicant, &table)?;
/// let found = found.expect("smaller loans are paid back");
/// assert!(found.cost() > 0.0 && found.record().get("loan_amnt").is_some());
/// println!("{found}");
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # References
///
/// S. Wachter, B. Mittelstadt and C. Russell, *Counterfactual explanations without opening the black box*, Harvard Journal of
/// Law & Technology 31 (2018).
#[derive(Debug, Clone)]
#[must_use = "nothing is computed before .find(…)"]
pub struct Counterfactual {
    columns: Vec<String>,
    to: Option<Value>,
    max_combinations: usize,
}

const ITEM: &str = "Counterfactual";
/// The largest number of combinations, which are kept in memory.
const MOST_COMBINATIONS: usize = 10_000_000;
/// The number of combinations that are predicted together.
const BATCH: usize = 256;
/// The number of cheapest combinations that are refined.
const REFINED: usize = 32;
/// The largest number of bisections between the number of a record and one that reverses the decision.
const MAX_BISECTIONS: usize = 48;

impl Default for Counterfactual {
    fn default() -> Self {
        Self::new()
    }
}

impl Counterfactual {
    /// Creates a search without columns, which must be added.
    pub fn new() -> Self {
        Counterfactual { columns: Vec::new(), to: None, max_combinations: 100_000 }
    }

    /// The columns that may change, for example those that an applicant can influence; at most 16.
    pub fn columns(mut self, columns: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.columns.extend(columns.into_iter().map(Into::into));
        self
    }

    /// The label that the changed record has to get; by default any other label.
    pub fn to(mut self, label: impl Into<Value>) -> Self {
        self.to = Some(label.into());
        self
    }

    /// The largest number of combinations that are predicted: at least `2ⁿ` for n columns, two values of each, and at most 10,000,000.
    pub fn max_combinations(mut self, count: usize) -> Self {
        self.max_combinations = count;
        self
    }

    /// Searches the smallest change of a record, with values of the columns from a table; `None` if no combination of them reverses the
    /// decision, or if the record already has the label of [`to`](Self::to).
    ///
    /// # Errors
    ///
    /// The errors about the record: see [`FittedPipeline::predict_record`]. [`Error::Argument`] for no columns or more than
    /// 16, a column that is not used by the pipeline, a label that the target does not have, a target without classes, and a
    /// value of another type than the column's in the table; [`Error::Empty`] for a table without rows;
    /// [`Error::UnknownColumn`] for a table that lacks a column.
    pub fn find<T: Scalar>(
        &self,
        fitted: &FittedPipeline<T>,
        record: &Record,
        table: &Table,
    ) -> Result<Option<CounterfactualExplanation>> {
        let before = fitted.predict_record(record)?;
        let Some(decided) = label(&before) else {
            let expected = "one of classes, whose decision can be reversed";
            return Err(Error::argument(ITEM, "target", fitted.target().task(), expected));
        };
        let labels = fitted.target().labels();
        if let Some(to) = self.to.as_ref().filter(|to| !labels.contains(to)) {
            let known = labels.iter().map(Value::to_string).collect::<Vec<_>>().join(", ");
            return Err(Error::argument(ITEM, "to", to, format!("one of {known}")));
        }
        if self.to.as_ref() == Some(decided) {
            return Ok(None);
        }
        let columns = distinct(self.columns.iter().map(String::as_str));
        all_used(fitted.columns(), &columns)?;
        if columns.is_empty() || columns.len() > 16 {
            let value = format!("a list of {}", columns.len());
            return Err(Error::argument(ITEM, "columns", value, "the 1 to 16 columns that may change"));
        }
        if !(1 << columns.len()..=MOST_COMBINATIONS).contains(&self.max_combinations) {
            let expected = format!("from {}, two values of each column, to 10,000,000", 1 << columns.len());
            return Err(Error::argument(ITEM, "max_combinations", self.max_combinations, expected));
        }
        with_rows("the table", table)?;
        let search = CombinationSearch {
            candidates: self.candidates(&columns, record, table)?,
            record,
            base: Table::from_record(record, used(fitted.columns()).iter().map(String::as_str)),
            is_wanted_label: &|label| label != decided && self.to.as_ref().is_none_or(|to| label == to),
            decide: &|table| fitted.predict(table),
            decide_record: &|record| fitted.predict_record(record),
        };
        let mut best: Option<(Record, f64)> = None;
        for (combination, record) in search.cheapest()? {
            let (record, cost) = search.refined(&combination, record)?;
            if best.as_ref().is_none_or(|(_, least)| cost < *least) {
                best = Some((record, cost));
            }
        }
        let Some((record, cost)) = best else { return Ok(None) };
        let after = fitted.predict_record(&record)?;
        let changed = columns.iter().filter(|name| record.get(name) != search.record.get(name));
        let change = |name: &String| ColumnChange {
            column: name.clone(),
            from: search.record.get(name).cloned(),
            to: record.get(name).cloned(),
        };
        let changes = changed.map(change).collect();
        Ok(Some(CounterfactualExplanation { changes, cost, before, after, record }))
    }

    /// The candidate values of all columns, limited so that there are at most `max_combinations` combinations.
    fn candidates(&self, columns: &[String], record: &Record, table: &Table) -> Result<Vec<Candidates>> {
        let all = |most: usize| try_map(columns.iter(), |name| Candidates::of(ITEM, table, name, record, most));
        let product = |all: &[Candidates]| all.iter().map(|one| one.others.len() + 1).fold(1, usize::saturating_mul);
        let mut most = self.max_combinations.min(table.nrows()).max(1);
        loop {
            let found = all(most)?;
            if product(&found) <= self.max_combinations || most == 1 {
                return Ok(found);
            }
            most = (most * 3 / 4).min(most - 1).max(1);
        }
    }
}

/// The decided label.
fn label(prediction: &Prediction) -> Option<&Value> {
    match prediction {
        Prediction::Binary { label, .. } | Prediction::Class { label, .. } => Some(label),
        _ => None,
    }
}

/// The search over combinations, independent of the element type.
struct CombinationSearch<'a> {
    candidates: Vec<Candidates>,
    record: &'a Record,
    /// The record as a table.
    base: Table,
    is_wanted_label: &'a dyn Fn(&Value) -> bool,
    decide: &'a dyn Fn(&Table) -> Result<Vec<Prediction>>,
    decide_record: &'a dyn Fn(&Record) -> Result<Prediction>,
}

/// For each column 0 to keep the value of the record, otherwise the index of the candidate, counted from 1.
type Combination = Vec<usize>;

impl CombinationSearch<'_> {
    fn reverses(&self, record: &Record) -> Result<bool> {
        Ok(label(&(self.decide_record)(record)?).is_some_and(self.is_wanted_label))
    }

    /// All combinations with at least one change, the cheapest first.
    fn combinations(&self) -> Vec<(f64, Combination)> {
        let mut all: Vec<(f64, Combination)> = vec![(0.0, Vec::new())];
        for candidates in &self.candidates {
            let costs = || std::iter::once(0.0).chain(candidates.others.iter().map(|(_, cost)| *cost)).enumerate();
            let longer = |(cost, combination): &(f64, Combination)| {
                let (cost, combination) = (*cost, combination.clone());
                costs()
                    .map(move |(choice, more)| (cost + more, combination.iter().copied().chain([choice]).collect()))
                    .collect::<Vec<_>>()
            };
            all = joined(&all, longer);
        }
        all.retain(|(_, combination)| combination.iter().any(|choice| *choice > 0));
        sorting::by_number(&mut all, |combination| combination.0);
        all
    }

    /// The cheapest combinations that reverse the decision, and the record with each.
    fn cheapest(&self) -> Result<Vec<(Combination, Record)>> {
        let mut found = Vec::new();
        for batch in self.combinations().chunks(BATCH) {
            let rows = self.base.take(&vec![0; batch.len()])?;
            let columns = self.candidates.iter().enumerate();
            let table = columns.into_iter().try_fold(rows, |table, (index, candidates)| {
                let values = batch.iter().map(|(_, combination)| candidates.value(combination[index]));
                table.with_column(&candidates.name, candidates.column(values))
            })?;
            for (prediction, (_, combination)) in (self.decide)(&table)?.iter().zip(batch) {
                if label(prediction).is_some_and(self.is_wanted_label) {
                    let record = self.changed(combination);
                    // A batch may round differently from a single record, which is what a user will predict.
                    if self.reverses(&record)? {
                        found.push((combination.clone(), record));
                    }
                    if found.len() == REFINED {
                        return Ok(found);
                    }
                }
            }
        }
        Ok(found)
    }

    /// The record with the values of a combination.
    fn changed(&self, combination: &[usize]) -> Record {
        let changed = self.candidates.iter().zip(combination).filter(|(_, choice)| **choice > 0);
        changed.fold(self.record.clone(), |record, (candidates, &choice)| match candidates.value(choice) {
            Some(value) => record.with(&candidates.name, value.clone()),
            None => record,
        })
    }

    /// Moves the changed numbers towards those of the original record by bisection while the decision stays reversed; returns the record
    /// and the cost of the change.
    fn refined(&self, combination: &[usize], mut record: Record) -> Result<(Record, f64)> {
        let mut cost = 0.0;
        for (candidates, &choice) in self.candidates.iter().zip(combination).filter(|(_, choice)| **choice > 0) {
            let (Some(Value::Number(original)), Some(&Value::Number(new))) =
                (&candidates.original, record.get(&candidates.name))
            else {
                cost += candidates.others[choice - 1].1;
                continue;
            };
            // Whole numbers begin at the one next to the record's.
            let start = match candidates.is_whole {
                true if new > *original => original.floor(),
                true => original.ceil(),
                false => *original,
            };
            let (mut near, mut far) = (start, new);
            for _ in 0..MAX_BISECTIONS {
                let middle = near / 2.0 + far / 2.0;
                // Whole numbers are rounded away from the record's.
                let middle = match candidates.is_whole {
                    true if far > near => middle.ceil(),
                    true => middle.floor(),
                    false => middle,
                };
                if middle == far || middle == near {
                    break;
                }
                let moved = record.clone().with(&candidates.name, middle);
                if self.reverses(&moved)? {
                    (far, record) = (middle, moved);
                } else {
                    near = middle;
                }
            }
            cost += candidates.cost(far);
        }
        Ok((record, cost))
    }
}

#[cfg(test)]
mod tests;
