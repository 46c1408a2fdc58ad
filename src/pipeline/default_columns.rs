//! The transformers of a pipeline without columns, by the types of the columns.
//!
//! | column | becomes |
//! |---|---|
//! | numbers | the value, mapped to a normal distribution by its quantile, and its piecewise-linear encoding; a missing value becomes the median, with an indicator column |
//! | integers | as numbers if an `f64` can represent all of them, otherwise as strings |
//! | dates | the sine and cosine of month, day, weekday and, if there are times, hour, and the year, standardized; the days since 1970-01-01 as numbers; a missing date is the median of these |
//! | strings, booleans | a column for each category; a missing value is a separate category; a category that the training rows do not have is all zeros |
//! | without two distinct values | not used |

use crate::preprocessing::{
    Chain, Clip, Column, ColumnTransformer, DateParts, DateTime, Elapsed, OneHotEncoder, OutputDistribution,
    PiecewiseLinearEncoder, QuantileTransformer, SimpleImputer, StandardScaler, Table, Transformer, Unknown, Value,
};
use crate::{Error, Result};

/// The bins of the piecewise-linear encoding.
const BINS: usize = 24;

/// The additional bins for a column with a dominant value.
const DOMINATED_BINS: usize = 16;

/// The absolute value at which normal quantiles are clipped: Φ⁻¹(0.999).
const CUT: f64 = 3.0902;

/// The columns of a table with at least two distinct values, by their default transformers.
#[derive(Debug, Default)]
struct Kinds {
    numbers: Vec<String>,
    dates: Vec<String>,
    categories: Vec<String>,
}

/// The properties of a column that determine its transformer.
#[derive(Debug, Clone, Copy)]
struct ColumnFacts {
    /// Whether all its values are the same.
    is_constant: bool,
    /// Whether all integers are exact in `f64`.
    is_exact: bool,
}

impl ColumnFacts {
    fn of(column: &Column) -> Self {
        ColumnFacts { is_constant: is_constant(column), is_exact: column.as_numbers().is_some() }
    }
}

/// Finds the kinds of the columns of a table that comes in blocks.
#[derive(Debug, Default)]
pub(super) struct KindsOfBlocks {
    /// The first row.
    first: Option<Table>,
    facts: Vec<ColumnFacts>,
}

impl KindsOfBlocks {
    /// Takes the features of a block with a row.
    pub(super) fn update(&mut self, features: &Table) -> Result<()> {
        let Some(first) = &self.first else {
            self.facts = features.iter().map(|(_, column)| ColumnFacts::of(column)).collect();
            self.first = Some(features.head(1));
            return Ok(());
        };
        for ((name, column), facts) in features.iter().zip(&mut self.facts) {
            let mut found = ColumnFacts { is_constant: false, is_exact: column.as_numbers().is_some() };
            if facts.is_constant {
                let with_first = Table::concat_rows([&first.select([name])?, &features.select([name])?])?;
                found.is_constant = is_constant(with_first.column(name)?);
            }
            facts.is_constant = found.is_constant;
            facts.is_exact &= found.is_exact;
        }
        Ok(())
    }

    /// The first value of each column and the properties that determine its transformers, for other ranks.
    pub(super) fn state(&self) -> Result<Vec<(Option<Value>, bool, bool)>> {
        let Some(first) = &self.first else { return Ok(Vec::new()) };
        let record = first.record(0)?;
        let of_column =
            |(name, facts): (&String, &ColumnFacts)| (record.get(name).cloned(), facts.is_constant, facts.is_exact);
        Ok(first.names().iter().zip(&self.facts).map(of_column).collect())
    }

    /// Replaces the findings by those of all ranks.
    pub(super) fn join_states(&mut self, ranks: &[Vec<(Option<Value>, bool, bool)>]) {
        for (index, facts) in self.facts.iter_mut().enumerate() {
            let of_ranks = || ranks.iter().filter_map(|columns| columns.get(index));
            let first = of_ranks().next().map(|(first, ..)| first);
            facts.is_constant = of_ranks().all(|(value, constant, _)| *constant && Some(value) == first);
            facts.is_exact = of_ranks().all(|(.., exact)| *exact);
        }
    }

    /// The transformers for the columns of all blocks.
    pub(super) fn default_columns(self, features: &Table) -> Result<ColumnTransformer> {
        of_kinds(Kinds::by(features, &self.facts).some(features)?)
    }
}

impl Kinds {
    fn of(features: &Table) -> Self {
        Kinds::by(features, &features.iter().map(|(_, column)| ColumnFacts::of(column)).collect::<Vec<_>>())
    }

    fn by(features: &Table, facts: &[ColumnFacts]) -> Self {
        let mut kinds = Kinds::default();
        for ((name, column), facts) in features.iter().zip(facts).filter(|(_, facts)| !facts.is_constant) {
            let of_kind = match column {
                Column::Number(_) => &mut kinds.numbers,
                Column::Integer(_) if facts.is_exact => &mut kinds.numbers,
                Column::DateTime(_) => &mut kinds.dates,
                Column::Integer(_) | Column::Boolean(_) | Column::String(_) => &mut kinds.categories,
            };
            of_kind.push(name.to_owned());
        }
        kinds
    }

    /// Returns an error if no column is left.
    fn some(self, features: &Table) -> Result<Self> {
        match self.numbers.is_empty() && self.dates.is_empty() && self.categories.is_empty() {
            false => Ok(self),
            true if features.ncols() == 0 => Err(Error::Empty {
                what: "the table without target, weights and excluded columns".into(),
                advice:
                    "pass a table with at least one column more, or leave one out of .exclude(…) and .known_after(…)"
                        .into(),
            }),
            true => Err(Error::Empty {
                what: format!("what is left of the {} columns without the target", features.ncols()),
                advice: "pass at least one column that has two distinct values in the training rows".into(),
            }),
        }
    }
}

/// Whether all values are the same, with missing ones counted as one value; infinite ones are left to the transformers, which refuse them.
fn is_constant(column: &Column) -> bool {
    let differs = |same: &dyn Fn(usize) -> bool| (1..column.len()).any(|row| !same(row));
    match column {
        Column::Number(values) => {
            let is_infinite = values.first().is_some_and(|first| first.is_infinite());
            !is_infinite && !differs(&|row| values[row] == values[0] || (values[row].is_nan() && values[0].is_nan()))
        }
        Column::Integer(values) => !differs(&|row| values.get(row) == values.get(0)),
        Column::DateTime(values) => !differs(&|row| values.get(row) == values.get(0)),
        Column::Boolean(values) => !differs(&|row| values.get(row) == values.get(0)),
        Column::String(strings) => !differs(&|row| strings.codes()[row] == strings.codes()[0]),
    }
}

/// The position in the year, the week and the day.
fn parts_of_dates() -> Chain {
    DateParts::new().cyclic(true).then(SimpleImputer::median()).then(StandardScaler::new())
}

/// The days since 1970-01-01.
fn days() -> Elapsed {
    Elapsed::since(DateTime::from_microseconds(0))
}

/// The transformers for the default network.
pub(super) fn default_columns(features: &Table) -> Result<ColumnTransformer> {
    of_kinds(Kinds::of(features).some(features)?)
}

fn of_kinds(Kinds { numbers, dates, categories }: Kinds) -> Result<ColumnTransformer> {
    let mut columns = ColumnTransformer::new();
    let ranks = QuantileTransformer::new().output_distribution(OutputDistribution::Normal);
    let ranks = ranks.then(Clip::values(-CUT, CUT)).then(SimpleImputer::median().indicator(true));
    let pieces = PiecewiseLinearEncoder::new().bins(BINS).dominated_bins(DOMINATED_BINS).then(SimpleImputer::median());
    if !numbers.is_empty() {
        columns = columns.add(ranks.clone(), numbers.clone()).add(pieces.clone(), numbers);
    }
    if !dates.is_empty() {
        columns = columns
            .add(parts_of_dates(), dates.clone())
            .add(days().then(ranks), dates.clone())
            .add(days().then(pieces), dates);
    }
    if !categories.is_empty() {
        columns = columns.add(OneHotEncoder::new().unknown(Unknown::Zeros), categories);
    }
    Ok(columns)
}

/// The transformers for a linear model.
pub(super) fn linear_columns(features: &Table) -> Result<ColumnTransformer> {
    let Kinds { numbers, dates, categories } = Kinds::of(features).some(features)?;
    let mut columns = ColumnTransformer::new();
    if !numbers.is_empty() {
        columns = columns.add(SimpleImputer::median().indicator(true).then(StandardScaler::new()), numbers);
    }
    if !dates.is_empty() {
        let days = days().then(SimpleImputer::median().indicator(true)).then(StandardScaler::new());
        columns = columns.add(parts_of_dates(), dates.clone()).add(days, dates);
    }
    if !categories.is_empty() {
        columns = columns.add(OneHotEncoder::new().unknown(Unknown::Zeros), categories);
    }
    Ok(columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_whose_columns_are_all_excluded_is_refused_with_the_cure() {
        use crate::prelude::{Pipeline, Target};
        let table = Table::new().with_numbers("x", (0..9).map(f64::from)).unwrap();
        let table = table.with_numbers("y", (0..9).map(f64::from)).unwrap();
        let pipeline = Pipeline::<f32>::new(Target::regression("y")).exclude(["x"]);
        let message = pipeline.fit(&table).unwrap_err().to_string();
        assert!(message.contains("excluded columns") && message.contains(".exclude(…)"), "{message}");
    }

    #[test]
    fn blocks_have_the_transformers_of_the_whole() -> Result<()> {
        let date = |day: i64| DateTime::from_microseconds(day * 86_400_000_000);
        let table = Table::new()
            .with_numbers("late_change", (0..40).map(|row| f64::from(row / 39)))?
            .with_numbers("constant", [2.0; 40])?
            .with_numbers("missing", [f64::NAN; 40])?
            .with_integers("id", (0..40).map(|row| if row == 39 { i64::MAX } else { row }))?
            .with_integers("count", (0..40).map(|row| row % 3))?
            .with_date_times("at", (0..40).map(date))?
            .with_strings("same", ["x"; 40])?
            .with_booleans("late", (0..40).map(|row| row > 20))?;
        for size in [1, 7, 40] {
            let mut kinds = KindsOfBlocks::default();
            for start in (0..40).step_by(size) {
                kinds.update(&table.take(&(start..(start + size).min(40)).collect::<Vec<_>>())?)?;
            }
            assert_eq!(kinds.default_columns(&table.head(0))?, default_columns(&table)?);
        }
        Ok(())
    }

    #[test]
    fn dates_become_parts_and_days_and_long_integers_categories() -> Result<()> {
        let date = |day: i64| DateTime::from_microseconds(day * 86_400_000_000);
        let table = Table::new()
            .with_date_times("at", (0..40).map(|row| date(30 * row)))?
            .with_integers("count", (0..40).map(|row| row % 7))?
            .with_integers("branch", (0..40).map(|row| i64::MAX - row % 2))?;
        let linear = linear_columns(&table)?.fit(&table)?.names();
        let parts = ["year", "month_sin", "month_cos", "day_sin", "day_cos", "weekday_sin", "weekday_cos", "days"];
        let expected = parts.map(|part| format!("at_{part}"));
        assert_eq!((&linear[0], &linear[1..9]), (&"count".to_owned(), &expected[..]));
        assert_eq!(linear[9..], ["branch_9223372036854775806", "branch_9223372036854775807"]);
        let (columns, x) = default_columns(&table)?.fit_transform::<f64>(&table)?;
        assert!(columns.names().iter().any(|name| name == "at_days_bin1"), "{:?}", columns.names());
        assert_eq!(columns.transform_record::<f64>(&table.record(11)?)?, x.row(11));
        Ok(())
    }
}
