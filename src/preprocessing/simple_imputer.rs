//! Values in place of missing ones.

use super::fitted_simple_imputer::{FittedSimpleImputer, ImputedColumn, kind_of};
use super::frequent_values::FrequentValues;
use super::missing_numbers::finite_or_missing;
use super::quantile_sketch::QuantileSketch;
use super::ranked_numbers::{RankedNumbers, SortedNumbers};
use super::scaling::present_numbers;
use super::transformer::{FoldedColumns, Folding, restored, without_values};
use super::{Accumulator, BooleanColumn, Column, ColumnKind, FitInput, FittedTransformer, Table, Transformer, Value};
use crate::items::argument::plain;
use crate::items::{Spec, invalid, item};
use crate::lists::try_map;
use crate::statistics::Moments;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The value by which a [`SimpleImputer`](struct@SimpleImputer) replaces missing ones.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImputeStrategy {
    /// The mean of the column's numbers.
    #[default]
    Mean,
    /// The median of the column's numbers, the mean of the two in the middle where their count is even.
    Median,
    /// The most frequent value of the column, the smallest of equally frequent ones.
    MostFrequent,
    /// One value for all columns.
    Constant,
}

plain!(ImputeStrategy);

item! {
    /// Replaces the missing values of each column by a value that is learned from the training rows, or given.
    ///
    /// | made by | takes | a missing value becomes |
    /// |---|---|---|
    /// | [`mean`](Self::mean) | numbers | the mean of the column |
    /// | [`median`](Self::median) | numbers | the median of the column |
    /// | [`most_frequent`](Self::most_frequent) | numbers, strings, booleans, dates | the most frequent value, the smallest of equally frequent ones |
    /// | [`constant`](Self::constant) | columns of the constant's type | the constant |
    ///
    /// Mean and median take booleans as 1 and 0. With [`indicator`](Self::indicator) there is a column `name_missing` after the
    /// others for each column in which a training value was missing, 1 if a value is missing and 0 elsewhere; a chain passes these
    /// to its end, unchanged. Columns in which every training value is missing are left out
    /// ([`FittedSimpleImputer::dropped`]) unless [`keep_empty_features`](Self::keep_empty_features) is set; they are then filled with the
    /// constant, or with 0, `false` or `"missing_value"`. A column that was one of strings at the fit stays one: numbers in it become the
    /// strings that spell them. Integers become numbers, and dates become strings of ISO 8601, which
    /// [`DateParts`](struct@super::DateParts) and [`Elapsed`](struct@super::Elapsed) read. Weights of rows are ignored. There is no inverse transformation.
    ///
    /// A fit over blocks of rows ([`Transformer::accumulator`]) is exact for constants, and for means up to the rounding of their sums.
    /// A median has the same bits up to 16,384 values of a column; beyond that it is that of a sketch, whose ranks are off by less than
    /// 0.1 % of the rows. The most frequent value is exact up to 131,072 distinct ones; beyond that the value occurs in at most
    /// 1/65,537 of the rows fewer than the most frequent one.
    ///
    /// ```
    /// use perceptra::preprocessing::{ColumnTransformer, SimpleImputer, StandardScaler, Table, Transformer};
    ///
    /// let train = Table::new().with_numbers("annual_inc", [10.0, f64::NAN, 30.0, 20.0])?;
    /// let columns = ColumnTransformer::new()
    ///     .add(SimpleImputer::median().indicator(true).then(StandardScaler::new()), ["annual_inc"]);
    /// let (fitted, x) = columns.fit_transform::<f64>(&train)?;
    /// assert_eq!(fitted.names(), ["annual_inc", "annual_inc_missing"]);
    /// assert_eq!(x.row(1).iter().copied().collect::<Vec<_>>(), [0.0, 1.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.impute.SimpleImputer*.
    pub struct SimpleImputer: "SimpleImputer" checked by has_a_constant {
        /// The value that replaces missing ones.
        strategy: ImputeStrategy = ImputeStrategy::Mean,
        /// The constant of [`ImputeStrategy::Constant`]: a finite number, a string or a boolean.
        fill_value: Option<Value> = None,
        /// Whether columns of 0 and 1 state which values were missing.
        indicator: bool = false,
        /// Whether columns without any training value are kept.
        keep_empty_features: bool = false,
    }
}

impl SimpleImputer {
    /// The defaults: means.
    pub fn new() -> Self {
        SimpleImputer
    }

    /// Creates an imputer that fills with the mean of each column.
    pub fn mean() -> Self {
        SimpleImputer
    }

    /// Creates an imputer that fills with the median of each column.
    pub fn median() -> Self {
        SimpleImputer.strategy(ImputeStrategy::Median)
    }

    /// Creates an imputer that fills with the most frequent value of each column.
    pub fn most_frequent() -> Self {
        SimpleImputer.strategy(ImputeStrategy::MostFrequent)
    }

    /// Creates an imputer that fills with this number, string or boolean.
    pub fn constant(value: impl Into<Value>) -> Self {
        SimpleImputer.strategy(ImputeStrategy::Constant).fill_value(value)
    }

    /// Learns from these columns the values that replace missing ones.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`]; [`Error::NotANumber`] for strings that have no mean or median; [`Error::ColumnType`] for a column of
    /// another type than the constant's; [`Error::InfiniteValue`] for an infinite number; [`Error::Empty`] for a table without rows;
    /// [`Error::Argument`] for an indicator that has the name of another column.
    pub fn fit<S: AsRef<str>>(
        &self,
        table: &Table,
        columns: impl IntoIterator<Item = S>,
    ) -> Result<FittedSimpleImputer> {
        self.check()?;
        if table.nrows() == 0 {
            return Err(Error::Empty { what: "the table".into(), advice: "fit needs at least one row".into() });
        }
        let column = |name: S| {
            let name = name.as_ref();
            let gaps = self.gaps(table, name)?;
            let value = if gaps.is_empty() { None } else { Some(self.value(table, name, &gaps)?) };
            self.imputed(name.to_owned(), &gaps, value)
        };
        self.checked(try_map(columns, column)?)
    }

    fn has_a_constant(&self) -> Result<()> {
        match (self.strategy, &self.fill_value) {
            (ImputeStrategy::Constant, None) => Err(invalid(
                self,
                "fill_value",
                "not set",
                "a number, string or boolean, as in SimpleImputer::constant(0.0)",
            )),
            (ImputeStrategy::Constant, Some(Value::Number(number))) if !number.is_finite() => {
                Err(invalid(self, "fill_value", number, "a finite number"))
            }
            (ImputeStrategy::Constant, _) | (_, None) => Ok(()),
            (_, Some(value)) => Err(invalid(self, "fill_value", value, "none, since the strategy is not Constant")),
        }
    }

    /// Returns the gaps of a column, from which its fill value is computed.
    fn gaps(&self, table: &Table, name: &str) -> Result<ColumnGaps> {
        let column = table.column(name)?;
        let (rows, missing, kind) = (column.len(), column.missing(), filled_kind(column));
        let (has_values, found) = (missing < rows, ColumnKind::of(column));
        let is_numeric = match self.strategy {
            ImputeStrategy::Mean | ImputeStrategy::Median => true,
            ImputeStrategy::MostFrequent | ImputeStrategy::Constant => kind == ColumnKind::Numbers,
        };
        if !(is_numeric && has_values) {
            return Ok(ColumnGaps { rows, missing, kind, found, moments: None });
        }
        let values = finite_or_missing(table, name)?;
        let moments = (self.strategy == ImputeStrategy::Mean).then(|| Moments::of(&values));
        Ok(ColumnGaps { rows, missing, kind, found, moments })
    }

    /// The value that replaces the missing values of a column with at least one known value.
    fn value(&self, table: &Table, name: &str, gaps: &ColumnGaps) -> Result<Value> {
        match (self.strategy, table.column(name)?) {
            (ImputeStrategy::Median, _) => Ok(Value::Number(middle(&RankedNumbers::of(present_numbers(table, name)?)))),
            (ImputeStrategy::MostFrequent, Column::Number(_) | Column::Integer(_)) => {
                Ok(Value::Number(most_frequent_number(&RankedNumbers::of(present_numbers(table, name)?))))
            }
            (ImputeStrategy::MostFrequent, Column::String(strings)) => {
                Ok(strings.counts().first().map_or("", |(text, _)| text).into())
            }
            (ImputeStrategy::MostFrequent, Column::DateTime(_)) => {
                let counts = table.value_counts(name)?;
                Ok(counts.into_iter().next().map_or(String::new(), |(at, _)| at).into())
            }
            (ImputeStrategy::MostFrequent, Column::Boolean(values)) => Ok(Value::Boolean(is_mostly_true(values))),
            (ImputeStrategy::Mean | ImputeStrategy::Constant, _) => self.known_value(name, gaps),
        }
    }

    /// The value that needs no more than what blocks of rows are summarized to.
    fn known_value(&self, name: &str, gaps: &ColumnGaps) -> Result<Value> {
        match (&self.fill_value, &gaps.moments) {
            (Some(value), _) if kind_of(value) == gaps.kind => Ok(value.clone()),
            (Some(value), _) => {
                let expected = match gaps.kind {
                    ColumnKind::Numbers | ColumnKind::Integers => "a number",
                    ColumnKind::Booleans => "a boolean",
                    ColumnKind::Strings | ColumnKind::Dates => "a string",
                };
                Err(Error::ColumnType {
                    column: name.to_owned(),
                    expected: format!(
                        "a column of the type of the constant, {value}; give such columns another \
                         SimpleImputer::constant(…) with {expected}"
                    ),
                    found: without_values(gaps.found, 0).kind(),
                })
            }
            (None, moments) => Ok(Value::Number(moments.map_or(0.0, |moments| moments.mean()))),
        }
    }

    /// The contribution of a block to the fill value of a column.
    fn block(&self, table: &Table, name: &str) -> Result<BlockGaps> {
        let gaps = self.gaps(table, name)?;
        let values = match self.strategy {
            _ if gaps.is_empty() => BlockValues::None,
            ImputeStrategy::Median => BlockValues::Numbers(present_numbers(table, name)?),
            ImputeStrategy::MostFrequent => BlockValues::Counts(FrequentValues::of(table, name)?),
            ImputeStrategy::Mean | ImputeStrategy::Constant => BlockValues::None,
        };
        Ok(BlockGaps { gaps, values })
    }

    fn imputed_of_blocks(&self, name: String, known: KnownGaps) -> Result<ImputedColumn> {
        // There was a row, so there is something.
        let Some(gaps) = known.gaps else { return Ok(ImputedColumn { name, fill: None, indicator: false }) };
        let value = match self.strategy {
            _ if gaps.is_empty() => None,
            ImputeStrategy::Median => Some(Value::Number(middle(&known.numbers.ranked()))),
            ImputeStrategy::MostFrequent => known.frequent.most_frequent(),
            ImputeStrategy::Mean | ImputeStrategy::Constant => Some(self.known_value(&name, &gaps)?),
        };
        self.imputed(name, &gaps, value)
    }

    fn imputed(&self, name: String, gaps: &ColumnGaps, value: Option<Value>) -> Result<ImputedColumn> {
        let indicator = self.indicator && gaps.missing > 0;
        let of_empty = || match (self.strategy, gaps.kind) {
            (ImputeStrategy::Constant, _) => self.fill_value.clone(),
            (ImputeStrategy::MostFrequent, ColumnKind::Strings) => Some("missing_value".into()),
            (ImputeStrategy::MostFrequent, ColumnKind::Booleans) => Some(false.into()),
            _ => Some(0.0.into()),
        };
        let fill = match value {
            None if self.keep_empty_features => of_empty(),
            value => value,
        };
        Ok(ImputedColumn { name, fill, indicator })
    }

    fn checked(&self, columns: Vec<ImputedColumn>) -> Result<FittedSimpleImputer> {
        let fitted = FittedSimpleImputer { columns };
        match fitted.unusable() {
            None => Ok(fitted),
            Some(reason) => {
                Err(invalid(self, "columns", reason, "each column once; rename a column, or use no indicator"))
            }
        }
    }
}

/// How many values of a column are missing, and its moments if its mean is needed.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct ColumnGaps {
    kind: ColumnKind,
    /// The type of the column, for messages.
    found: ColumnKind,
    rows: usize,
    missing: usize,
    moments: Option<Moments>,
}

impl ColumnGaps {
    fn is_empty(&self) -> bool {
        self.missing == self.rows
    }

    fn merge(&mut self, later: ColumnGaps) {
        // A block without any value of the column may have it as one of another type.
        if self.is_empty() {
            (self.kind, self.found) = (later.kind, later.found);
        }
        self.rows += later.rows;
        self.missing += later.missing;
        self.moments = match (self.moments, later.moments) {
            (Some(one), Some(other)) => Some(one.merge(&other)),
            (one, other) => one.or(other),
        };
    }
}

/// The contribution of a block of rows to the fill value of a column.
struct BlockGaps {
    gaps: ColumnGaps,
    values: BlockValues,
}

/// The values of a block that are needed for what replaces missing ones.
enum BlockValues {
    None,
    Numbers(Vec<f64>),
    Counts(FrequentValues),
}

/// The gaps of a column in the blocks so far.
#[derive(Default, Serialize, Deserialize)]
struct KnownGaps {
    gaps: Option<ColumnGaps>,
    numbers: QuantileSketch,
    frequent: FrequentValues,
}

impl KnownGaps {
    fn add(&mut self, block: BlockGaps) {
        self.add_gaps(Some(block.gaps));
        match block.values {
            BlockValues::None => {}
            BlockValues::Numbers(numbers) => numbers.into_iter().for_each(|number| self.numbers.insert(number)),
            BlockValues::Counts(counts) => self.frequent.merge(counts),
        }
    }

    fn merge(&mut self, later: KnownGaps) {
        self.add_gaps(later.gaps);
        self.numbers.merge(later.numbers);
        self.frequent.merge(later.frequent);
    }

    fn add_gaps(&mut self, later: Option<ColumnGaps>) {
        match (&mut self.gaps, later) {
            (Some(known), Some(later)) => known.merge(later),
            (known, later) => *known = known.or(later),
        }
    }
}

/// The type of what becomes of a column: integers are filled as numbers, dates as strings of ISO 8601.
fn filled_kind(column: &Column) -> ColumnKind {
    match ColumnKind::of(column) {
        ColumnKind::Integers => ColumnKind::Numbers,
        ColumnKind::Dates => ColumnKind::Strings,
        kind => kind,
    }
}

/// The median of sorted numbers, at least one.
fn middle(sorted: &RankedNumbers) -> f64 {
    let (low, high) = (sorted.at((sorted.count() - 1) / 2), sorted.at(sorted.count() / 2));
    let sum = low + high;
    if sum.is_finite() { sum / 2.0 } else { low / 2.0 + high / 2.0 }
}

/// The smallest of the most frequent of sorted numbers.
fn most_frequent_number(sorted: &RankedNumbers) -> f64 {
    let longer = |longest: (f64, usize), run: (f64, usize)| if run.1 > longest.1 { run } else { longest };
    // Both zeros are one number.
    sorted.runs().into_iter().fold((0.0, 0), longer).0 + 0.0
}

/// Whether `true` is more frequent than `false`.
fn is_mostly_true(values: &BooleanColumn) -> bool {
    let (yes, no) =
        values.iter().flatten().fold((0, 0), |(yes, no), value| if value { (yes + 1, no) } else { (yes, no + 1) });
    yes > no
}

impl Transformer for SimpleImputer {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        Ok(Arc::new(self.fit(input.columns(), input.columns().names())?))
    }

    fn accumulator(&self) -> Option<Box<dyn Accumulator>> {
        let (imputer, of_block) = (self.clone(), self.clone());
        let folding = Folding {
            measure: Box::new(move |input: &FitInput<'_>, name: &str| of_block.block(input.columns(), name)),
            add: KnownGaps::add,
            merge: KnownGaps::merge,
        };
        Some(FoldedColumns::boxed(self.clone(), folding, move |_, columns| {
            let column = |(name, known): (String, KnownGaps)| imputer.imputed_of_blocks(name, known);
            Ok(Arc::new(imputer.checked(try_map(columns, column)?)?))
        }))
    }

    fn restore(&self, state: serde_json::Value) -> Result<Arc<dyn FittedTransformer>> {
        let read: FittedSimpleImputer = restored("SimpleImputer", state)?;
        match read.unusable() {
            None => Ok(Arc::new(read)),
            Some(reason) => Err(Error::Configuration { item: "SimpleImputer".into(), reason }),
        }
    }
}

#[cfg(test)]
mod tests;
