//! Statistics of the values of a column in each group.

use crate::error::{Error, Result};

use super::ranks::ranks;
use super::{Column, IntegerColumn, MISSING, Table};

/// One column of what [`GroupBy::aggregate`](super::GroupBy::aggregate) makes: a statistic of the values of a column in each group. Missing
/// values do not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aggregate {
    column: String,
    statistic: Statistic,
    name: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Statistic {
    Rows,
    Count,
    Distinct,
    Sum,
    Mean,
    Min,
    Max,
    First,
}

impl Aggregate {
    fn of(column: impl Into<String>, statistic: Statistic) -> Aggregate {
        Aggregate { column: column.into(), statistic, name: None }
    }

    /// The number of rows, an integer; the column is called `rows`.
    pub fn rows() -> Aggregate {
        Self::of("", Statistic::Rows)
    }

    /// The number of values, an integer, `column_count`.
    pub fn count(column: impl Into<String>) -> Aggregate {
        Self::of(column, Statistic::Count)
    }

    /// The number of distinct values, an integer, `column_distinct`.
    pub fn distinct(column: impl Into<String>) -> Aggregate {
        Self::of(column, Statistic::Distinct)
    }

    /// The sum of numbers, 0 without any, `column_sum`; an integer of integers, and the number of `true` of booleans.
    pub fn sum(column: impl Into<String>) -> Aggregate {
        Self::of(column, Statistic::Sum)
    }

    /// The arithmetic mean of numbers, missing without any, `column_mean`.
    pub fn mean(column: impl Into<String>) -> Aggregate {
        Self::of(column, Statistic::Mean)
    }

    /// The smallest value, of the type of the column, `column_min`.
    pub fn min(column: impl Into<String>) -> Aggregate {
        Self::of(column, Statistic::Min)
    }

    /// The largest value, of the type of the column, `column_max`.
    pub fn max(column: impl Into<String>) -> Aggregate {
        Self::of(column, Statistic::Max)
    }

    /// The value of the first row that has one, of the type of the column, `column_first`.
    pub fn first(column: impl Into<String>) -> Aggregate {
        Self::of(column, Statistic::First)
    }

    /// Sets the name of the resulting column.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Aggregate {
        self.name = Some(name.into());
        self
    }

    /// The name of the new column.
    pub(super) fn output(&self) -> String {
        let statistic = match self.statistic {
            Statistic::Rows => return self.name.clone().unwrap_or_else(|| "rows".into()),
            Statistic::Count => "count",
            Statistic::Distinct => "distinct",
            Statistic::Sum => "sum",
            Statistic::Mean => "mean",
            Statistic::Min => "min",
            Statistic::Max => "max",
            Statistic::First => "first",
        };
        self.name.clone().unwrap_or_else(|| format!("{}_{statistic}", self.column))
    }

    /// The new column: one value for each group of rows.
    pub(super) fn column(&self, table: &Table, groups: &[&[usize]]) -> Result<Column> {
        let count = |of: &dyn Fn(&[usize]) -> usize| -> Column {
            groups.iter().map(|rows| of(rows) as i64).collect::<IntegerColumn>().into()
        };
        if self.statistic == Statistic::Rows {
            return Ok(count(&|rows| rows.len()));
        }
        let column = table.column(&self.column)?;
        Ok(match self.statistic {
            Statistic::Rows | Statistic::Count => {
                count(&|rows| rows.iter().filter(|&&row| !column.is_missing(row)).count())
            }
            Statistic::Distinct => {
                let ranks = ranks(column);
                count(&|rows| {
                    let present = rows.iter().map(|&row| ranks[row]).filter(|&rank| rank != MISSING);
                    let mut found: Vec<usize> = present.map(|rank| rank as usize).collect();
                    found.sort_unstable();
                    found.dedup();
                    found.len()
                })
            }
            Statistic::Sum => match column {
                Column::Integer(values) => {
                    let sum = |rows: &&[usize]| {
                        let sum: i128 = rows.iter().filter_map(|&row| values.get(row)).map(i128::from).sum();
                        i64::try_from(sum).map_err(|_| {
                            let value = format!("{sum} in the group of {}", table.place(rows[0]));
                            let expected = "a sum from −2⁶³ to 2⁶³ − 1; sum numbers in place of integers";
                            Error::argument("Aggregate::sum", "column", value, expected)
                        })
                    };
                    groups.iter().map(sum).collect::<Result<IntegerColumn>>()?.into()
                }
                _ => {
                    let values = table.numbers(&self.column)?;
                    Column::Number(groups.iter().map(|rows| present(values, rows).sum()).collect())
                }
            },
            Statistic::Mean => {
                let values = table.numbers(&self.column)?;
                let mean = |rows: &&[usize]| {
                    let (sum, count) =
                        present(values, rows).fold((0.0, 0_usize), |(sum, count), value| (sum + value, count + 1));
                    if count == 0 { f64::NAN } else { sum / count as f64 }
                };
                Column::Number(groups.iter().map(mean).collect())
            }
            Statistic::Min | Statistic::Max | Statistic::First => {
                let ranks = if self.statistic == Statistic::First { Vec::new() } else { ranks(column) };
                let chosen = |rows: &&[usize]| {
                    let mut present = rows.iter().copied().filter(|&row| !column.is_missing(row));
                    match self.statistic {
                        Statistic::Min => present.min_by_key(|&row| ranks[row]),
                        Statistic::Max => present.max_by_key(|&row| ranks[row]),
                        _ => present.next(),
                    }
                };
                column.take_some(&groups.iter().map(chosen).collect::<Vec<_>>())
            }
        })
    }
}

/// The numbers of these rows that are not missing.
fn present(values: &[f64], rows: &[usize]) -> impl Iterator<Item = f64> {
    rows.iter().map(|&row| values[row]).filter(|value| !value.is_nan())
}
