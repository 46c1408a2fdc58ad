//! Values of columns: as slices, one by one, and strings converted to numbers.

use crate::error::{Error, Result};
use crate::sorting;

use super::optional_integers::OptionalIntegers;
use super::{
    BooleanColumn, Categories, Column, DateTime, DateTimeColumn, Found, IntegerColumn, StringColumn, Table, Value,
    spelling,
};

impl Table {
    /// The numbers of a column, NaN if one is missing; integers as numbers, booleans as 1 and 0.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`]; [`Error::ColumnType`] for dates, and for integers of which an `f64` cannot hold one, with the first such
    /// row; for a column of strings [`Error::NotANumber`] with the first value that is none.
    pub fn numbers(&self, column: &str) -> Result<&[f64]> {
        let strings = match self.column(column)? {
            Column::Number(values) => return Ok(values),
            Column::Integer(values) => return values.as_numbers().ok_or_else(|| self.inexact(column, values)),
            Column::Boolean(values) => return Ok(values.as_numbers()),
            Column::DateTime(_) => {
                let expected = "numbers; DateParts or Elapsed make numbers of dates".into();
                return Err(Error::ColumnType { column: column.to_owned(), expected, found: "dates" });
            }
            Column::String(strings) => strings,
        };
        let is_word = |text: &str| spelling::number(text).is_none();
        let mut rows = strings.iter().enumerate();
        match rows.find_map(|(row, text)| text.filter(|text| is_word(text)).map(|text| (row, text))) {
            Some((row, text)) => {
                Err(Error::NotANumber { place: self.place(row), column: column.to_owned(), value: text.to_owned() })
            }
            None => Err(Error::ColumnType {
                column: column.to_owned(),
                expected: match self.is_record() {
                    true => "a number, without quotes".into(),
                    false => {
                        "numbers; read it as such with CsvOptions::new().numbers([…]), which rounds whole numbers \
                              above 2⁵³, or turn its strings into numbers with map_strings"
                            .into()
                    }
                },
                found: "strings",
            }),
        }
    }

    /// The error for integers that no number holds.
    #[cold]
    fn inexact(&self, column: &str, values: &IntegerColumn) -> Error {
        let row = values.inexact_row().unwrap_or_default();
        let value = values.get(row).unwrap_or_default();
        let expected = format!(
            "whole numbers that an f64 holds, as all up to 2⁵³, not {value} ({}); encode identifiers as categories, or read the column with \
             CsvOptions::new().numbers([…]), which rounds them",
            self.place(row)
        );
        Error::ColumnType { column: column.to_owned(), expected, found: "integers" }
    }

    /// The integers of a column.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`], or [`Error::ColumnType`] for a column of another type.
    pub fn integers(&self, column: &str) -> Result<&IntegerColumn> {
        match self.column(column)? {
            Column::Integer(values) => Ok(values),
            other => Err(Error::ColumnType {
                column: column.to_owned(),
                expected: "integers; to read whole numbers as such use CsvOptions::new().integers([…])".into(),
                found: other.kind(),
            }),
        }
    }

    /// The dates and times of a column.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`], or [`Error::ColumnType`] for a column of another type.
    pub fn date_times(&self, column: &str) -> Result<&DateTimeColumn> {
        match self.column(column)? {
            Column::DateTime(values) => Ok(values),
            other => Err(Error::ColumnType {
                column: column.to_owned(),
                expected: "dates; to read them use CsvOptions::new().dates([…]), to make them of strings parse_dates"
                    .into(),
                found: other.kind(),
            }),
        }
    }

    /// The booleans of a column.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`], or [`Error::ColumnType`] for a column of another type.
    pub fn booleans(&self, column: &str) -> Result<&BooleanColumn> {
        match self.column(column)? {
            Column::Boolean(values) => Ok(values),
            other => Err(Error::ColumnType {
                column: column.to_owned(),
                expected: "booleans; to read 0 and 1 as such use CsvOptions::new().booleans([…])".into(),
                found: other.kind(),
            }),
        }
    }

    /// The strings of a column.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`], or [`Error::ColumnType`] for a column of another type.
    pub fn strings(&self, column: &str) -> Result<&StringColumn> {
        match self.column(column)? {
            Column::String(strings) => Ok(strings),
            other => Err(Error::ColumnType {
                column: column.to_owned(),
                expected: format!(
                    "strings; to read its {} as strings use CsvOptions::new().strings([…]), to use them as numbers take them as they are",
                    other.kind()
                ),
                found: other.kind(),
            }),
        }
    }

    /// The frequency of each value of a column, the most frequent first; missing values are not counted.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`].
    pub fn value_counts(&self, column: &str) -> Result<Vec<(String, usize)>> {
        match self.column(column)? {
            Column::String(strings) => {
                Ok(strings.counts().into_iter().map(|(text, count)| (text.to_owned(), count)).collect())
            }
            Column::Number(values) => {
                // Adding zero makes -0 and 0 one value.
                let mut sorted: Vec<f64> =
                    values.iter().filter(|value| !value.is_nan()).map(|value| value + 0.0).collect();
                sorted.sort_unstable_by(f64::total_cmp);
                let runs = sorted.chunk_by(|a, b| a == b).map(|run| (run[0].to_string(), run.len()));
                Ok(most_frequent_first(runs.collect()))
            }
            Column::Integer(values) => Ok(counted(values.integers(), &|value| value.to_string())),
            Column::DateTime(values) => {
                Ok(counted(values.microseconds(), &|value| DateTime::from_microseconds(value).to_string()))
            }
            Column::Boolean(values) => {
                let count =
                    |value: bool| (value.to_string(), values.iter().filter(|&found| found == Some(value)).count());
                let mut counts: Vec<(String, usize)> = [false, true].map(count).into();
                counts.retain(|&(_, count)| count > 0);
                Ok(most_frequent_first(counts))
            }
        }
    }

    /// The table with a column of strings converted to numbers; a missing string becomes a missing number.
    ///
    /// The closure is asked once per distinct string.
    ///
    /// ```
    /// # use perceptra::preprocessing::Table;
    /// let table = Table::new().with_strings("term", ["36 months", "60 months"])?;
    /// let table = table.map_strings("term", |term| term.strip_suffix(" months")?.parse().ok())?;
    /// assert_eq!(table.numbers("term")?, [36.0, 60.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Unmapped`] with value and row where the closure returns `None`, [`Error::UnknownColumn`], or
    /// [`Error::ColumnType`] for a column that holds numbers already.
    pub fn map_strings(&self, column: &str, number: impl Fn(&str) -> Option<f64>) -> Result<Table> {
        let strings = self.strings(column)?;
        let numbers: Vec<Option<f64>> = strings.all_categories().iter().map(|text| number(text)).collect();
        let mut mapped = Vec::with_capacity(self.rows);
        for (row, &code) in strings.codes().iter().enumerate() {
            mapped.push(match numbers.get(code as usize) {
                Some(&Some(number)) => number,
                None => f64::NAN,
                Some(None) => {
                    return Err(Error::Unmapped {
                        place: self.place(row),
                        column: column.to_owned(),
                        value: strings.get(row).unwrap_or_default().to_owned(),
                    });
                }
            });
        }
        self.with_column(column, mapped)
    }

    /// The table with the values of a column replaced by the numbers they are paired with.
    ///
    /// In a column of numbers or booleans a value is paired by the string that spells it, so that a column is replaced alike
    /// in a file where it was read as numbers.
    ///
    /// ```
    /// # use perceptra::preprocessing::Table;
    /// let table = Table::new().with_strings("status", ["Fully Paid", "Charged Off"])?;
    /// let table = table.replace_strings("status", [("Fully Paid", 0.0), ("Charged Off", 1.0)])?;
    /// assert_eq!(table.numbers("status")?, [0.0, 1.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`]; [`Error::Unmapped`] for a value that is in no pair; [`Error::ColumnType`] for numbers that
    /// two strings of the pairs spell.
    pub fn replace_strings<S: AsRef<str>>(
        &self,
        column: &str,
        numbers: impl IntoIterator<Item = (S, f64)>,
    ) -> Result<Table> {
        let numbers: Vec<(S, f64)> = numbers.into_iter().collect();
        let known = Categories::of_strings(numbers.iter().map(|(text, _)| text.as_ref()));
        let number = |(row, found): (usize, Found)| match found {
            Found::Known(index) => Ok(numbers[index].1),
            Found::Missing => Ok(f64::NAN),
            Found::Unknown => Err(Error::Unmapped {
                place: self.place(row),
                column: column.to_owned(),
                value: self.spelled(column, row),
            }),
        };
        let found = known.find(self, column)?.into_iter().enumerate();
        self.with_column(column, found.map(number).collect::<Result<Vec<f64>>>()?)
    }

    /// The value in a row, `None` if it is missing or there is no such column.
    pub(crate) fn value(&self, column: &str, row: usize) -> Option<Value> {
        match self.column(column).ok()? {
            Column::Number(values) => {
                values.get(row).filter(|value| !value.is_nan()).map(|&value| Value::Number(value))
            }
            Column::Integer(values) => values.get(row).map(Value::from),
            Column::Boolean(values) => values.get(row).map(Value::Boolean),
            Column::DateTime(values) => values.get(row).map(Value::from),
            Column::String(strings) => strings.get(row).map(Value::from),
        }
    }

    /// The value in a row as it is spelled, for messages.
    pub(crate) fn spelled(&self, column: &str, row: usize) -> String {
        match self.value(column, row) {
            Some(Value::String(text)) => text,
            Some(other) => other.to_string(),
            None => String::new(),
        }
    }
}

/// The frequency of each integer as text, the most frequent first, equally frequent ones in ascending order.
fn counted(values: &OptionalIntegers, spelled: &dyn Fn(i64) -> String) -> Vec<(String, usize)> {
    let mut sorted: Vec<i64> = values.present().collect();
    sorted.sort_unstable();
    most_frequent_first(sorted.chunk_by(|a, b| a == b).map(|run| (spelled(run[0]), run.len())).collect())
}

fn most_frequent_first(mut counts: Vec<(String, usize)>) -> Vec<(String, usize)> {
    sorting::by_integer(&mut counts, |&(_, count)| -(count as i64));
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let terms: StringColumn = [Some("36 months"), None, Some("60 months")].into_iter().collect();
        let table = Table::new().with_numbers("rate", [1.0, f64::NAN, 1.0]).unwrap();
        table.with_column("term", terms).unwrap()
    }

    #[test]
    fn strings_become_numbers_and_missing_stays_missing() {
        let mapped = table().replace_strings("term", [("36 months", 36.0), ("60 months", 60.0)]).unwrap();
        let numbers = mapped.numbers("term").unwrap();
        assert_eq!((numbers[0], numbers[2]), (36.0, 60.0));
        assert!(numbers[1].is_nan());
    }

    #[test]
    fn an_unmapped_text_is_named_with_its_row() {
        let error = table().replace_strings("term", [("36 months", 36.0)]).unwrap_err().to_string();
        assert!(
            error.starts_with("row 2 (counted from 0), column \"term\": the mapping has no number for \"60 months\"")
        );
        assert!(matches!(table().map_strings("rate", |_| None), Err(Error::ColumnType { .. })));
    }

    #[test]
    fn a_text_in_place_of_a_number_is_named() {
        let error = table().numbers("term").unwrap_err().to_string();
        assert!(error.starts_with("row 0 (counted from 0), column \"term\": \"36 months\" is not a number"), "{error}");
        let digits = Table::new().with_strings("zip", ["80331"]).unwrap();
        assert!(matches!(digits.numbers("zip"), Err(Error::ColumnType { .. })));
    }

    #[test]
    fn booleans_are_numbers_and_words() {
        let owner: BooleanColumn = [Some(true), None, Some(true)].into_iter().collect();
        let table = table().with_column("owner", owner).unwrap();
        assert_eq!(table.number_names(), ["rate", "owner"]);
        assert_eq!(table.value_counts("owner").unwrap(), [("true".to_owned(), 2)]);
        assert_eq!(table.booleans("owner").unwrap().get(0), Some(true));
        let complete = table.take(&[0, 2]).unwrap();
        assert_eq!(complete.to_matrix::<f32>(["owner", "rate"]).unwrap().as_slice(), [1.0; 4]);
        assert_eq!(complete.classes("owner").unwrap(), [1.0, 1.0]);
        assert_eq!(complete.correlation().names(), ["rate", "owner"]);
        assert_eq!(table.describe().numbers[1].mean, 1.0);
        assert!(table.to_vector::<f64>("owner").unwrap_err().to_string().contains("missing"));
        assert!(table.booleans("rate").unwrap_err().to_string().contains("CsvOptions::new().booleans"));
        assert!(table.strings("owner").unwrap_err().to_string().starts_with("column \"owner\" holds booleans"));
        assert!(table.to_string().contains("true") && table.to_string().contains("—"));
        let record = table.record(0).unwrap();
        assert_eq!(record.get("owner"), Some(&true.into()));
        assert_eq!(Table::from_record(&record, ["owner"]).numbers("owner").unwrap(), [1.0]);
        let kept = table.filter(|row| Ok(row.boolean("owner")? == Some(true) && row.number("owner")? == 1.0)).unwrap();
        assert_eq!(kept.nrows(), 2);
    }

    #[test]
    fn integers_are_numbers_where_each_is_exact() {
        let ids: IntegerColumn = [Some(3), None, Some((1 << 53) + 1)].into_iter().collect();
        let table = table().with_column("id", ids).unwrap();
        assert_eq!(table.number_names(), ["rate"]);
        let error = table.numbers("id").unwrap_err().to_string();
        let expected = "column \"id\" holds integers; expected whole numbers that an f64 holds, as all up to 2⁵³, not \
                        9007199254740993 (row 2 (counted from 0))";
        assert!(error.starts_with(expected), "{error}");
        assert_eq!(table.value_counts("id").unwrap(), [("3".to_owned(), 1), ("9007199254740993".to_owned(), 1)]);
        assert_eq!(table.record(2).unwrap().get("id"), Some(&"9007199254740993".into()));
        assert_eq!(table.take(&[2, 0, 2]).unwrap().classes("id").unwrap(), [1.0, 0.0, 1.0]);
        assert_eq!(table.describe().numbers[1].missing, 1);
        assert!(table.to_string().contains("9007199254740993"));
        assert!(table.filter(|row| Ok(row.number("id")? > 0.0)).unwrap_err().to_string().contains("row.integer"));
        assert_eq!(table.filter(|row| Ok(row.integer("id")? == Some(3))).unwrap().nrows(), 1);
        let table = table.take(&[0, 1]).unwrap();
        assert_eq!(table.number_names(), ["rate", "id"]);
        assert_eq!(table.numbers("id").unwrap()[0], 3.0);
        assert_eq!(table.record(0).unwrap().get("id"), Some(&3.0.into()));
        assert_eq!(table.drop_missing().unwrap().to_vector::<f32>("id").unwrap().as_slice(), [3.0]);
        assert_eq!(table.replace_strings("id", [("3", 7.0)]).unwrap().numbers("id").unwrap()[0], 7.0);
        assert!(table.integers("rate").unwrap_err().to_string().contains("CsvOptions::new().integers"));
    }

    #[test]
    fn dates_are_points_in_time_and_no_numbers() {
        let dates: DateTimeColumn =
            [Some("2024-02-29".parse().unwrap()), None, Some("2023-12-31T18:00".parse().unwrap())]
                .into_iter()
                .collect();
        let table = table().with_column("at", dates).unwrap();
        assert_eq!((table.number_names(), table.column("at").unwrap().missing()), (vec!["rate"], 1));
        assert!(table.numbers("at").unwrap_err().to_string().contains("DateParts or Elapsed"));
        assert!(table.strings("at").is_err() && table.booleans("at").is_err() && table.date_times("rate").is_err());
        let later = table.filter(|row| Ok(row.date_time("at")? > Some("2024-01-01".parse()?))).unwrap();
        assert_eq!(later.record(0).unwrap().get("at"), Some(&"2024-02-29".into()));
        assert!(table.to_string().contains("2024-02-29T00:00:00") && later.to_string().ends_with("1 row × 3 columns"));
        assert_eq!(table.take(&[0, 2, 0]).unwrap().classes("at").unwrap(), [1.0, 0.0, 1.0]);
        assert_eq!(table.value_counts("at").unwrap()[0].0, "2023-12-31T18:00:00");
        let summary = table.describe();
        assert_eq!((summary.date_times[0].distinct, summary.numbers.len()), (2, 1));
        assert!(summary.to_string().contains("2023-12-31T18:00:00"), "{summary}");
        assert_eq!(table.drop_missing().unwrap().nrows(), 2);
    }

    #[test]
    fn values_of_any_type_are_replaced_by_their_spelling() {
        let pairs = [("1", 10.0), ("2", 20.0), ("True", 30.0)];
        let replaced = |column: Column| {
            Table::new().with_column("c", column)?.replace_strings("c", pairs)?.numbers("c").map(<[f64]>::to_vec)
        };
        let strings: StringColumn = [Some("2"), Some("True")].into_iter().collect();
        assert_eq!(replaced(strings.into()).unwrap(), [20.0, 30.0]);
        assert_eq!(replaced(vec![2.0, 1.0].into()).unwrap(), [20.0, 10.0]);
        assert_eq!(replaced(vec![true].into()).unwrap(), [30.0]);
        assert!(replaced(vec![3.0].into()).unwrap_err().to_string().contains("no number for \"3\""));
    }

    #[test]
    fn values_are_counted() {
        assert_eq!(table().value_counts("rate").unwrap(), [("1".to_owned(), 2)]);
        assert_eq!(table().value_counts("term").unwrap().len(), 2);
        let zeros = Table::new().with_numbers("n", [-0.0, 1.0, 0.0, -0.0]).unwrap();
        assert_eq!(zeros.value_counts("n").unwrap(), [("0".to_owned(), 3), ("1".to_owned(), 1)]);
    }
}
