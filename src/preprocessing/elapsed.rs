//! The time between two points in time as a number.

use super::transformer::{each_of_one, restored, stated, stateless};
use super::{Accumulator, Column, DateTime, FitInput, FittedTransformer, Table, Transformer};
use crate::items::argument::plain;
use crate::items::arguments::configuration;
use crate::items::{Spec, invalid, item};
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use std::sync::Arc;

/// The interval that an [`Elapsed`](struct@Elapsed) measures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeSpan {
    /// The time from the dates of one column to those of another.
    Between(String, String),
    /// The time from one date to those of a column.
    Since(DateTime),
    /// The time from the dates of a column to one date.
    Until(DateTime),
}

/// The unit of an [`Elapsed`](struct@Elapsed).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeUnit {
    /// Seconds.
    Seconds,
    /// 60 seconds.
    Minutes,
    /// 3600 seconds.
    Hours,
    /// 24 hours.
    #[default]
    Days,
    /// 7 days.
    Weeks,
}

plain!(TimeSpan, TimeUnit);

impl TimeUnit {
    fn microseconds(self) -> f64 {
        let seconds = match self {
            TimeUnit::Seconds => 1.0,
            TimeUnit::Minutes => 60.0,
            TimeUnit::Hours => 3600.0,
            TimeUnit::Days => 86_400.0,
            TimeUnit::Weeks => 604_800.0,
        };
        seconds * 1e6
    }
}

impl fmt::Display for TimeUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TimeUnit::Seconds => "seconds",
            TimeUnit::Minutes => "minutes",
            TimeUnit::Hours => "hours",
            TimeUnit::Days => "days",
            TimeUnit::Weeks => "weeks",
        })
    }
}

item! {
    /// Makes a column of the time that elapsed between two points in time, with its fraction.
    ///
    /// | made by | result, in the unit | name |
    /// |---|---|---|
    /// | [`between`](Self::between) | `to − from` of two columns, and nothing of the others that it is given | `from_to_to_days` |
    /// | [`since`](Self::since) | `column − date` of each column | `column_days` |
    /// | [`until`](Self::until) | `date − column` of each column | `column_days` |
    ///
    /// Later minus earlier is positive. The result is missing where a date is. Strings are read as ISO 8601, so that a record has its dates
    /// as `"2024-02-29"`. Nothing is learned from the rows; weights are ignored. There is no inverse transformation, and ONNX has no
    /// operators for dates.
    ///
    /// It learns only the names and types of its columns, so a fit over blocks of rows ([`Transformer::accumulator`]) is exact.
    ///
    /// ```
    /// use perceptra::preprocessing::{ColumnTransformer, DateTime, Elapsed, Table, TimeUnit};
    ///
    /// let table = Table::new().with_strings("issued", ["2024-02-28"])?.with_strings("paid", ["2024-03-01T12:00"])?;
    /// let columns = ColumnTransformer::new()
    ///     .add(Elapsed::between("issued", "paid"), ["issued", "paid"])
    ///     .add(Elapsed::until(DateTime::date(2024, 3, 1)?).unit(TimeUnit::Hours), ["issued"]);
    /// let (columns, x) = columns.fit_transform::<f64>(&table)?;
    /// assert_eq!(columns.names(), ["issued_to_paid_days", "issued_hours"]);
    /// assert_eq!(x.as_slice(), [2.5, 48.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    #[derive(PartialEq)]
    pub struct Elapsed: "Elapsed" (span: TimeSpan) checked by has_columns {
        /// The unit.
        unit: TimeUnit = TimeUnit::Days,
        /// The name of the one new column; by default it is made of the names of the dates.
        name: Option<String> = None,
    }
}

impl Elapsed {
    /// The time from the dates of one column to those of another.
    pub fn between(from: impl Into<String>, to: impl Into<String>) -> Self {
        Self::with(TimeSpan::Between(from.into(), to.into()))
    }

    /// The time from this date to those of each column.
    pub fn since(date: DateTime) -> Self {
        Self::with(TimeSpan::Since(date))
    }

    /// The time from the dates of each column to this date.
    pub fn until(date: DateTime) -> Self {
        Self::with(TimeSpan::Until(date))
    }

    fn has_columns(&self) -> Result<()> {
        match &self.span {
            TimeSpan::Between(from, to) if from == to => {
                Err(invalid(self, "span", format!("from \"{from}\" to itself"), "two columns"))
            }
            _ => Ok(()),
        }
    }

    /// The new column that is made of one column, or of two.
    fn output(&self, column: &str) -> String {
        match (&self.name, &self.span) {
            (Some(name), _) => name.clone(),
            (None, TimeSpan::Between(from, to)) => format!("{from}_to_{to}_{}", self.unit),
            (None, _) => format!("{column}_{}", self.unit),
        }
    }

    fn elapsed(&self, from: Option<DateTime>, to: Option<DateTime>) -> f64 {
        match (from, to) {
            (Some(from), Some(to)) => {
                let microseconds = i128::from(to.microseconds()) - i128::from(from.microseconds());
                microseconds as f64 / self.unit.microseconds()
            }
            _ => f64::NAN,
        }
    }

    fn of_columns(&self, columns: &[String]) -> Result<ElapsedColumns> {
        let columns = match &self.span {
            TimeSpan::Between(from, to) => vec![from.clone(), to.clone()],
            _ => columns.to_vec(),
        };
        match &self.name {
            Some(name) if !matches!(self.span, TimeSpan::Between(..)) && columns.len() > 1 => {
                let value = format!("\"{name}\" for {} columns", columns.len());
                Err(invalid(self, "name", value, "a single column where a name is given"))
            }
            _ => Ok(ElapsedColumns { elapsed: self.clone(), columns }),
        }
    }
}

impl Transformer for Elapsed {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        self.check()?;
        let fitted = self.of_columns(input.columns().names())?;
        fitted.transform(input.columns())?;
        Ok(Arc::new(fitted))
    }

    fn accumulator(&self) -> Option<Box<dyn Accumulator>> {
        Some(stateless(self))
    }

    fn restore(&self, state: Value) -> Result<Arc<dyn FittedTransformer>> {
        let read: ElapsedColumns = restored("Elapsed", state)?;
        let is_alike = read.elapsed == *self
            && self
                .check()
                .and_then(|()| self.of_columns(&read.columns))
                .is_ok_and(|again| again.columns == read.columns);
        match is_alike {
            true => Ok(Arc::new(read)),
            false => Err(Error::configuration("Elapsed", "its state is of other arguments")),
        }
    }
}

/// Columns of dates and the times that are measured.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ElapsedColumns {
    #[serde(with = "configuration")]
    elapsed: Elapsed,
    columns: Vec<String>,
}

impl FittedTransformer for ElapsedColumns {
    fn inputs(&self) -> Vec<&str> {
        self.columns.iter().map(String::as_str).collect()
    }

    fn outputs(&self) -> Vec<String> {
        match self.elapsed.span {
            TimeSpan::Between(..) => vec![self.elapsed.output("")],
            _ => self.columns.iter().map(|column| self.elapsed.output(column)).collect(),
        }
    }

    fn sources(&self) -> Vec<Vec<usize>> {
        match self.elapsed.span {
            TimeSpan::Between(..) => vec![vec![0, 1]],
            _ => each_of_one(self.columns.iter().map(|_| 1)),
        }
    }

    fn transform(&self, table: &Table) -> Result<Table> {
        let elapsed = |from, to| self.elapsed.elapsed(from, to);
        let mut made: Vec<Column> = Vec::new();
        match &self.elapsed.span {
            TimeSpan::Between(from, to) => {
                let (from, to) = (table.dates(from)?, table.dates(to)?);
                made.push(from.iter().zip(to.iter()).map(|(from, to)| elapsed(from, to)).collect::<Vec<f64>>().into());
            }
            span => {
                for column in &self.columns {
                    let at = |at: Option<DateTime>| match span {
                        TimeSpan::Until(date) => elapsed(at, Some(*date)),
                        TimeSpan::Since(date) => elapsed(Some(*date), at),
                        TimeSpan::Between(..) => f64::NAN,
                    };
                    made.push(table.dates(column)?.iter().map(at).collect::<Vec<f64>>().into());
                }
            }
        }
        Ok(table.of_outputs(self.outputs(), made))
    }

    fn state(&self) -> Result<Value> {
        stated("Elapsed", self)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ColumnTransformer, DateTimeColumn, FittedColumnTransformer, Record};
    use super::*;
    use crate::reference;

    fn table() -> Table {
        let case = reference::case("date_strings");
        let strings = case.strings();
        let later: Vec<&str> = strings.iter().skip(1).chain(&strings[..1]).copied().collect();
        Table::new().with_strings("a", strings).unwrap().with_strings("b", later).unwrap()
    }

    fn made(elapsed: &Elapsed, table: &Table) -> Vec<f64> {
        let made = elapsed.fit(FitInput::new(table)).unwrap().transform(table).unwrap();
        made.numbers(&elapsed.output("a")).unwrap().to_vec()
    }

    #[test]
    fn spans_are_those_of_the_reference() {
        let case = reference::case("date_spans");
        let date = DateTime::date(2020, 1, 1).unwrap().at(12, 0, 0).unwrap();
        let first = table().select(["a"]).unwrap();
        for (unit, name) in [(TimeUnit::Seconds, "seconds"), (TimeUnit::Hours, "hours"), (TimeUnit::Days, "days")] {
            case.assert_close(
                &format!("between_{name}"),
                made(&Elapsed::between("a", "b").unit(unit), &table()),
                1e-12,
            );
            let since = made(&Elapsed::since(date).unit(unit), &first);
            case.assert_close(&format!("since_{name}"), &since, 1e-12);
            let until = made(&Elapsed::until(date).unit(unit), &first);
            assert!(since.iter().zip(&until).all(|(since, until)| *since == -until));
        }
        let week = Elapsed::since(date).unit(TimeUnit::Weeks);
        let days = made(&Elapsed::since(date), &first);
        assert!(made(&week, &first).iter().zip(days).all(|(week, days)| (7.0 * week - days).abs() < 1e-9));
    }

    #[test]
    fn the_longest_span_fits() {
        let ends = [i64::MIN, i64::MAX].map(DateTime::from_microseconds);
        let table = Table::new().with_date_times("a", [ends[0]]).unwrap().with_date_times("b", [ends[1]]).unwrap();
        assert_eq!(made(&Elapsed::between("a", "b").unit(TimeUnit::Seconds), &table), [2f64.powi(64) / 1e6]);
    }

    #[test]
    fn it_travels_in_a_file() -> Result<()> {
        let date = DateTime::date(2020, 1, 1)?;
        let columns = ColumnTransformer::new()
            .add(Elapsed::between("a", "b").name("span"), ["a", "b"])
            .add(Elapsed::until(date), ["b"]);
        let (fitted, x) = columns.fit_transform::<f64>(&table())?;
        assert_eq!(fitted.names(), ["span", "b_days"]);
        let text = serde_json::to_string(&fitted).expect("JSON");
        let again: FittedColumnTransformer = serde_json::from_str(&text).expect("the same");
        assert_eq!(again, fitted);
        let record = table().parse_dates("a")?.record(2)?;
        assert_eq!(again.transform_record::<f64>(&record)?, x.row(2));
        let missing = again.transform_record::<f64>(&Record::new().with("b", "2020-01-01"));
        assert!(matches!(missing, Err(Error::MissingValue { .. })));
        for (from, to) in [("[\"a\",\"b\"]", "[\"b\",\"a\"]"), ("\"2020-01-01\"", "\"2020-01-02\"")] {
            let at = text.rfind(from).expect("in the state");
            let hostile = format!("{}{to}{}", &text[..at], &text[at + from.len()..]);
            assert!(serde_json::from_str::<FittedColumnTransformer>(&hostile).is_err(), "{to}");
        }
        Ok(())
    }

    #[test]
    fn unfit_columns_are_refused_and_missing_dates_stay_missing() -> Result<()> {
        let fit = |elapsed: Elapsed, table: &Table| elapsed.fit(FitInput::new(table)).unwrap_err();
        assert!(fit(Elapsed::between("a", "a"), &table()).to_string().contains("expected two columns"));
        assert!(matches!(fit(Elapsed::between("a", "x"), &table()), Error::UnknownColumn { .. }));
        let named = fit(Elapsed::since(DateTime::from_microseconds(0)).name("x"), &table());
        assert!(matches!(named, Error::Argument { argument: "name", .. }));
        let words = table().with_strings("a", vec!["soon"; table().nrows()])?;
        assert!(matches!(fit(Elapsed::between("a", "b"), &words), Error::NotADate { .. }));
        let dates: DateTimeColumn = [None, Some("2024-02-29".parse()?)].into_iter().collect();
        let gaps = Table::new().with_column("a", dates)?;
        assert!(made(&Elapsed::since(DateTime::from_microseconds(0)), &gaps)[0].is_nan());
        Ok(())
    }
}
