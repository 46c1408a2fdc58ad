//! Year, month, weekday and other parts of dates as numbers.

use super::missing_numbers::name_given_twice;
use super::transformer::{ByColumn, each_of_one, restored, stated};
use super::{Accumulator, DateTime, DateTimeColumn, FitInput, FittedTransformer, Table, Transformer};
use crate::items::argument::plain;
use crate::items::{Spec, invalid, item};
use crate::lists::try_map;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::f64::consts::TAU;
use std::fmt;
use std::sync::Arc;

/// A part of a date that [`DateParts`](struct@DateParts) extracts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DatePart {
    /// The year.
    Year,
    /// The quarter of the year, 1 to 4.
    Quarter,
    /// The month, 1 to 12.
    Month,
    /// The day of the month from 1.
    Day,
    /// The day of the week, 0 for Monday to 6 for Sunday.
    Weekday,
    /// The day of the year from 1.
    DayOfYear,
    /// The hour, 0 to 23.
    Hour,
    /// The minute, 0 to 59.
    Minute,
}

plain!(DatePart);

impl DatePart {
    fn name(self) -> &'static str {
        match self {
            DatePart::Year => "year",
            DatePart::Quarter => "quarter",
            DatePart::Month => "month",
            DatePart::Day => "day",
            DatePart::Weekday => "weekday",
            DatePart::DayOfYear => "day_of_year",
            DatePart::Hour => "hour",
            DatePart::Minute => "minute",
        }
    }

    fn of(self, at: DateTime) -> f64 {
        match self {
            DatePart::Year => at.year() as f64,
            DatePart::Quarter => f64::from((at.month() - 1) / 3 + 1),
            DatePart::Month => f64::from(at.month()),
            DatePart::Day => f64::from(at.day()),
            DatePart::Weekday => f64::from(at.weekday()),
            DatePart::DayOfYear => f64::from(at.day_of_year()),
            DatePart::Hour => f64::from(at.hour()),
            DatePart::Minute => f64::from(at.minute()),
        }
    }

    /// The fraction of the period that has passed, for periodic parts.
    fn phase(self, at: DateTime) -> Option<f64> {
        let (first, period) = match self {
            DatePart::Year => return None,
            DatePart::Quarter => (1.0, 4.0),
            DatePart::Month => (1.0, 12.0),
            DatePart::Day => (1.0, f64::from(at.days_in_month())),
            DatePart::Weekday => (0.0, 7.0),
            DatePart::DayOfYear => (1.0, f64::from(at.days_in_year())),
            DatePart::Hour => (0.0, 24.0),
            DatePart::Minute => (0.0, 60.0),
        };
        Some((self.of(at) - first) / period)
    }
}

impl fmt::Display for DatePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

item! {
    /// Makes columns of numbers of the parts of dates: year, month, day, weekday, and the hour if there is one.
    ///
    /// A column `issued` becomes `issued_year`, `issued_month` and so on. With [`cyclic`](Self::cyclic) a part that comes again becomes two
    /// columns, `issued_month_sin` and `issued_month_cos`, in which December is next to January:
    ///
    /// `sin(2π · (part − first) / period)`, `cos(2π · (part − first) / period)`
    ///
    /// with the periods 4 quarters, 12 months, the days of the month, 7 weekdays, the days of the year, 24 hours and 60 minutes. A year remains a
    /// number. Strings are read as ISO 8601, so that a record has its dates as `"2024-02-29"`. All parts of a missing date are missing; put a
    /// [`SimpleImputer`](struct@super::SimpleImputer) after it. Weights are ignored. There is no inverse transformation, and ONNX
    /// has no operators for dates.
    ///
    /// A fit over blocks of rows ([`Transformer::accumulator`]) is exact.
    ///
    /// ```
    /// use perceptra::preprocessing::{ColumnTransformer, DatePart, DateParts, Table};
    ///
    /// let table = Table::new().with_strings("issued", ["2024-02-29", "2023-12-31"])?.parse_dates("issued")?;
    /// let (columns, x) = ColumnTransformer::new().add(DateParts::new(), ["issued"]).fit_transform::<f64>(&table)?;
    /// assert_eq!(columns.names(), ["issued_year", "issued_month", "issued_day", "issued_weekday"]);
    /// assert_eq!(x.row(0).iter().copied().collect::<Vec<_>>(), [2024.0, 2.0, 29.0, 3.0]);
    /// let weekday = DateParts::new().parts([DatePart::Weekday]).cyclic(true);
    /// let columns = ColumnTransformer::new().add(weekday, ["issued"]).fit(&table)?;
    /// assert_eq!(columns.names(), ["issued_weekday_sin", "issued_weekday_cos"]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// pandas, *Series.dt*.
    pub struct DateParts: "DateParts" checked by has_parts {
        /// The parts, in their order. By default year, month, day and weekday, and the hour of columns in which a training value
        /// has a time of the day.
        parts: Option<Vec<DatePart>> = None,
        /// Whether parts that come again become a sine and a cosine.
        cyclic: bool = false,
    }
}

impl DateParts {
    /// The defaults.
    pub fn new() -> Self {
        DateParts
    }

    fn has_parts(&self) -> Result<()> {
        match &self.parts {
            Some(parts) if parts.is_empty() => Err(invalid(self, "parts", "[]", "at least one part")),
            Some(parts) => match (1..parts.len()).find(|&index| parts[..index].contains(&parts[index])) {
                Some(index) => Err(invalid(self, "parts", format!("{} twice", parts[index]), "each part once")),
                None => Ok(()),
            },
            None => Ok(()),
        }
    }

    fn column(&self, name: String, has_time: bool) -> DatedColumn {
        let default = || {
            let parts = [DatePart::Year, DatePart::Month, DatePart::Day, DatePart::Weekday];
            parts.into_iter().chain(has_time.then_some(DatePart::Hour)).collect()
        };
        DatedColumn { name, parts: self.parts.clone().unwrap_or_else(default) }
    }

    fn fitted(cyclic: bool, columns: Vec<DatedColumn>) -> Result<Arc<dyn FittedTransformer>> {
        let fitted = DatedColumns { columns, cyclic };
        match name_given_twice(&fitted.outputs()) {
            None => Ok(Arc::new(fitted)),
            Some(name) => {
                Err(Error::argument("DateParts", "columns", format!("two that become \"{name}\""), "each once"))
            }
        }
    }
}

impl Transformer for DateParts {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        self.check()?;
        let table = input.columns();
        let column = |name: &String| Ok(self.column(name.clone(), !table.dates(name)?.are_dates()));
        Self::fitted(self.cyclic, try_map(table.names().iter(), column)?)
    }

    fn accumulator(&self) -> Option<Box<dyn Accumulator>> {
        let parts = self.clone();
        Some(ByColumn::boxed(
            "DateParts",
            |table, name| Ok(!table.dates(name)?.are_dates()),
            |has_time, later| *has_time |= later,
            move |columns| {
                parts.check()?;
                let column = |(name, has_time)| parts.column(name, has_time);
                Self::fitted(parts.cyclic, columns.into_iter().map(column).collect())
            },
        ))
    }

    fn restore(&self, state: Value) -> Result<Arc<dyn FittedTransformer>> {
        let read: DatedColumns = restored("DateParts", state)?;
        let unusable = |reason: &str| Err(Error::configuration("DateParts", reason));
        let fits = |column: &DatedColumn| match &self.parts {
            Some(parts) => column.parts == *parts,
            None => column.parts == self.column(String::new(), column.parts.contains(&DatePart::Hour)).parts,
        };
        if read.cyclic != self.cyclic || !read.columns.iter().all(fits) {
            return unusable("its state is of other arguments");
        }
        Self::fitted(read.cyclic, read.columns).or_else(|error| unusable(&error.to_string()))
    }
}

/// Columns of dates and their parts.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DatedColumns {
    columns: Vec<DatedColumn>,
    cyclic: bool,
}

/// The values of one column of dates.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DatedColumn {
    name: String,
    parts: Vec<DatePart>,
}

impl FittedTransformer for DatedColumns {
    fn inputs(&self) -> Vec<&str> {
        self.columns.iter().map(|column| column.name.as_str()).collect()
    }

    fn outputs(&self) -> Vec<String> {
        let mut names = Vec::new();
        for DatedColumn { name, parts } in &self.columns {
            for part in parts {
                match self.cyclic && *part != DatePart::Year {
                    true => names.extend([format!("{name}_{part}_sin"), format!("{name}_{part}_cos")]),
                    false => names.push(format!("{name}_{part}")),
                }
            }
        }
        names
    }

    fn sources(&self) -> Vec<Vec<usize>> {
        let width = |part: &DatePart| if self.cyclic && *part != DatePart::Year { 2 } else { 1 };
        each_of_one(self.columns.iter().map(|column| column.parts.iter().map(width).sum()))
    }

    fn transform(&self, table: &Table) -> Result<Table> {
        let mut made = Vec::new();
        for DatedColumn { name, parts } in &self.columns {
            let dates = table.dates(name)?;
            for part in parts {
                made.extend(numbers(&dates, *part, self.cyclic).into_iter().map(|values| values.into()));
            }
        }
        Ok(table.of_outputs(self.outputs(), made))
    }

    fn state(&self) -> Result<Value> {
        stated("DateParts", self)
    }
}

/// Writes one column of numbers, or two for a cyclic part.
fn numbers(dates: &DateTimeColumn, part: DatePart, cyclic: bool) -> Vec<Vec<f64>> {
    let made = |of: &dyn Fn(DateTime) -> f64| dates.iter().map(|at| at.map_or(f64::NAN, of)).collect();
    let phase = |at| part.phase(at).unwrap_or_default() * TAU;
    match cyclic && part != DatePart::Year {
        true => vec![made(&|at| phase(at).sin()), made(&|at| phase(at).cos())],
        false => vec![made(&|at| part.of(at))],
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ColumnTransformer, FittedColumnTransformer, Record};
    use super::*;
    use crate::reference;

    const ALL: [DatePart; 8] = [
        DatePart::Year,
        DatePart::Quarter,
        DatePart::Month,
        DatePart::Day,
        DatePart::Weekday,
        DatePart::DayOfYear,
        DatePart::Hour,
        DatePart::Minute,
    ];

    /// Dates of the reference.
    fn table() -> Table {
        let case = reference::case("date_strings");
        let strings = case.strings();
        Table::new().with_strings("at", strings).unwrap().parse_dates("at").unwrap()
    }

    fn made(parts: &DateParts, table: &Table) -> Table {
        parts.fit(FitInput::new(table)).unwrap().transform(table).unwrap()
    }

    #[test]
    fn parts_are_those_of_the_reference() {
        let case = reference::case("date_parts");
        let made = made(&DateParts::new().parts(ALL), &table());
        for (part, (name, column)) in ALL.into_iter().zip(made.iter()) {
            assert_eq!(name, format!("at_{part}"));
            assert_eq!(column.as_numbers().unwrap(), case.numbers(part.name()), "{part}");
        }
    }

    #[test]
    fn parts_that_come_again_are_points_on_a_circle() {
        let case = reference::case("date_cycles");
        let made = made(&DateParts::new().parts(ALL).cyclic(true), &table());
        assert_eq!(made.ncols(), 15);
        for part in &ALL[1..] {
            for function in ["sin", "cos"] {
                let name = format!("{part}_{function}");
                case.assert_close(&name, made.numbers(&format!("at_{name}")).unwrap(), 1e-12);
            }
        }
    }

    #[test]
    fn hours_are_made_where_a_training_value_has_one() -> Result<()> {
        let dates = Table::new().with_strings("d", ["2024-02-29", "2024-03-01"])?;
        let both = dates.with_strings("t", ["2024-02-29", "2024-03-01T07:59"])?;
        let fitted = DateParts::new().fit(FitInput::new(&both))?;
        assert_eq!(fitted.outputs()[3..], ["d_weekday", "t_year", "t_month", "t_day", "t_weekday", "t_hour"]);
        let late = dates.with_strings("t", ["2024-02-29T23:00", "2024-03-01"])?;
        assert_eq!(fitted.transform(&late)?.numbers("t_hour")?, [23.0, 0.0]);
        let mut blocks = DateParts::new().accumulator().expect("blocks");
        [[0], [1]].iter().try_for_each(|rows| blocks.update(FitInput::new(&both.take(rows)?)))?;
        assert_eq!(blocks.finish()?.outputs(), fitted.outputs());
        Ok(())
    }

    #[test]
    fn a_record_has_its_dates_as_strings() -> Result<()> {
        let table = table();
        let (columns, x) =
            ColumnTransformer::new().add(DateParts::new().cyclic(true), ["at"]).fit_transform::<f64>(&table)?;
        let text = serde_json::to_string(&columns).expect("JSON");
        let again: FittedColumnTransformer = serde_json::from_str(&text).expect("the same");
        assert_eq!(again, columns);
        for row in 0..table.nrows() {
            let json = serde_json::to_string(&table.record(row)?).expect("JSON");
            let record: Record = serde_json::from_str(&json).expect("a record");
            assert_eq!(again.transform_record::<f64>(&record)?, x.row(row), "{json}");
        }
        let error = again.transform_record::<f64>(&Record::new().with("at", "29.02.2024")).unwrap_err().to_string();
        assert!(error.contains("\"29.02.2024\" is not a date: expected 2024-02-29"), "{error}");
        let error = again.transform_record::<f64>(&Record::new().with("at", 2024.0)).unwrap_err().to_string();
        assert!(error.contains("expected a date as a string of ISO 8601"), "{error}");
        assert!(matches!(again.transform_record::<f64>(&Record::new()), Err(Error::MissingValue { .. })));
        for (from, to) in [("\"cyclic\":true", "\"cyclic\":false"), ("[\"year\",\"month\"", "[\"month\"")] {
            let at = text.rfind(from).expect("in the state");
            let hostile = format!("{}{to}{}", &text[..at], &text[at + from.len()..]);
            assert!(serde_json::from_str::<FittedColumnTransformer>(&hostile).is_err(), "{to}");
        }
        Ok(())
    }

    #[test]
    fn parts_of_a_missing_date_are_missing() -> Result<()> {
        let dates: DateTimeColumn = [None, Some("2024-02-29".parse()?)].into_iter().collect();
        let table = Table::new().with_column("at", dates)?;
        for cyclic in [false, true] {
            let made = made(&DateParts::new().cyclic(cyclic), &table);
            assert!(made.iter().all(|(_, column)| column.is_missing(0) && !column.is_missing(1)));
        }
        Ok(())
    }

    #[test]
    fn unusable_parts_and_columns_are_refused() -> Result<()> {
        let fit = |parts: DateParts, table: &Table| parts.fit(FitInput::new(table)).unwrap_err().to_string();
        assert!(fit(DateParts::new().parts([]), &table()).contains("at least one part"));
        let twice = DateParts::new().parts([DatePart::Day, DatePart::Day]);
        assert!(fit(twice, &table()).contains("day twice; expected each part once"));
        let numbers = Table::new().with_numbers("at", [1.0])?;
        assert!(fit(DateParts::new(), &numbers).contains("holds numbers; expected dates; read them with CsvOptions"));
        Ok(())
    }
}
