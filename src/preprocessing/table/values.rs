//! Values of columns: as slices, as a matrix, and texts turned into numbers.

use nalgebra::{DMatrix, DVector};

use crate::error::{Error, Result};
use crate::scalar::Scalar;

use super::{Column, MISSING, Table, TextColumn};

impl Table {
    /// The numbers of a column, NaN where one is missing.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`]; for a column of texts [`Error::NotANumber`] with the first value that is none.
    pub fn numbers(&self, column: &str) -> Result<&[f64]> {
        match self.column(column)? {
            Column::Number(values) => Ok(values),
            Column::Text(texts) => {
                let is_text = |text: &str| text.trim().parse::<f64>().is_err();
                let mut rows = texts.iter().enumerate();
                match rows.find_map(|(row, text)| text.filter(|text| is_text(text)).map(|text| (row, text))) {
                    Some((row, text)) => Err(Error::NotANumber {
                        place: self.place(row),
                        column: column.to_owned(),
                        value: text.to_owned(),
                    }),
                    None => Err(Error::ColumnType {
                        column: column.to_owned(),
                        expected: "numbers; turn its texts into numbers with map_text".into(),
                        found: "text",
                    }),
                }
            }
        }
    }

    /// The texts of a column.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`], or [`Error::ColumnType`] for a column of numbers.
    pub fn text(&self, column: &str) -> Result<&TextColumn> {
        match self.column(column)? {
            Column::Text(texts) => Ok(texts),
            Column::Number(_) => Err(Error::ColumnType {
                column: column.to_owned(),
                expected: "text; to read its numbers as text use CsvOptions::new().text([…])".into(),
                found: "numbers",
            }),
        }
    }

    /// How often each value of a column occurs, the most frequent first; missing values are not counted.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`].
    pub fn value_counts(&self, column: &str) -> Result<Vec<(String, usize)>> {
        match self.column(column)? {
            Column::Text(texts) => {
                Ok(texts.counts().into_iter().map(|(text, count)| (text.to_owned(), count)).collect())
            }
            Column::Number(values) => {
                let mut sorted: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
                sorted.sort_unstable_by(f64::total_cmp);
                let runs = sorted.chunk_by(|a, b| a == b).map(|run| (run[0].to_string(), run.len()));
                let mut counts: Vec<(String, usize)> = runs.collect();
                counts.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
                Ok(counts)
            }
        }
    }

    /// The table with a column of texts turned into numbers; a missing text becomes a missing number.
    ///
    /// The closure is asked once per distinct text.
    ///
    /// ```
    /// # use perceptra::preprocessing::Table;
    /// let table = Table::new().with_text("term", ["36 months", "60 months"])?;
    /// let table = table.map_text("term", |term| term.strip_suffix(" months")?.parse().ok())?;
    /// assert_eq!(table.numbers("term")?, [36.0, 60.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Unmapped`] with value and row where the closure returns `None`, [`Error::UnknownColumn`], or
    /// [`Error::ColumnType`] for a column that holds numbers already.
    pub fn map_text(&self, column: &str, number: impl Fn(&str) -> Option<f64>) -> Result<Table> {
        let texts = self.text(column)?;
        let numbers: Vec<Option<f64>> = texts.all_categories().iter().map(|text| number(text)).collect();
        let mut mapped = Vec::with_capacity(self.rows);
        for (row, &code) in texts.codes().iter().enumerate() {
            mapped.push(match numbers.get(code as usize) {
                Some(&Some(number)) => number,
                None => f64::NAN,
                Some(None) => {
                    return Err(Error::Unmapped {
                        place: self.place(row),
                        column: column.to_owned(),
                        value: texts.get(row).unwrap_or_default().to_owned(),
                    });
                }
            });
        }
        self.with_column(column, mapped)
    }

    /// The table with the texts of a column replaced by the numbers they are paired with.
    ///
    /// ```
    /// # use perceptra::preprocessing::Table;
    /// let table = Table::new().with_text("status", ["Fully Paid", "Charged Off"])?;
    /// let table = table.replace_text("status", [("Fully Paid", 0.0), ("Charged Off", 1.0)])?;
    /// assert_eq!(table.numbers("status")?, [0.0, 1.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`map_text`](Self::map_text): [`Error::Unmapped`] for a text that is in no pair.
    pub fn replace_text<S: AsRef<str>>(
        &self,
        column: &str,
        numbers: impl IntoIterator<Item = (S, f64)>,
    ) -> Result<Table> {
        let numbers: Vec<(S, f64)> = numbers.into_iter().collect();
        self.map_text(column, |text| numbers.iter().find(|(known, _)| known.as_ref() == text).map(|pair| pair.1))
    }

    /// The matrix of these columns, rows × columns, in this order.
    ///
    /// ```
    /// # use perceptra::preprocessing::Table;
    /// let table = Table::new().with_numbers("a", [1.0, 2.0])?.with_numbers("b", [3.0, 4.0])?;
    /// let x = table.to_matrix::<f32>(["b", "a"])?;
    /// assert_eq!(x[(1, 0)], 4.0);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`], [`Error::NotANumber`] for a column of texts, [`Error::MissingValue`].
    pub fn to_matrix<T: Scalar>(&self, columns: impl IntoIterator<Item = impl AsRef<str>>) -> Result<DMatrix<T>> {
        let mut data = Vec::new();
        let mut count = 0;
        for column in columns {
            let values = self.complete_numbers(column.as_ref())?;
            data.extend(values.iter().map(|&value| T::of(value)));
            count += 1;
        }
        Ok(DMatrix::from_vec(self.rows, count, data))
    }

    /// One column as a vector, for targets.
    ///
    /// # Errors
    ///
    /// As [`to_matrix`](Self::to_matrix).
    pub fn to_vector<T: Scalar>(&self, column: &str) -> Result<DVector<T>> {
        let values = self.complete_numbers(column)?;
        Ok(DVector::from_iterator(values.len(), values.iter().map(|&value| T::of(value))))
    }

    /// The numbers of a column in which none is missing.
    pub(crate) fn complete_numbers(&self, column: &str) -> Result<&[f64]> {
        let values = self.numbers(column)?;
        match values.iter().position(|value| value.is_nan()) {
            Some(row) => Err(Error::MissingValue { place: self.place(row), column: column.to_owned() }),
            None => Ok(values),
        }
    }

    /// One class number per row for the distinct values of a column, in which none may be missing.
    pub(crate) fn classes(&self, column: &str) -> Result<Vec<f64>> {
        match self.column(column)? {
            Column::Number(_) => Ok(self.complete_numbers(column)?.to_vec()),
            Column::Text(texts) => match texts.codes().iter().position(|&code| code == MISSING) {
                Some(row) => Err(Error::MissingValue { place: self.place(row), column: column.to_owned() }),
                None => Ok(texts.codes().iter().map(|&code| f64::from(code)).collect()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let terms: TextColumn = [Some("36 months"), None, Some("60 months")].into_iter().collect();
        let table = Table::new().with_numbers("rate", [1.0, f64::NAN, 1.0]).unwrap();
        table.with_column("term", terms).unwrap()
    }

    #[test]
    fn texts_become_numbers_and_missing_stays_missing() {
        let mapped = table().replace_text("term", [("36 months", 36.0), ("60 months", 60.0)]).unwrap();
        let numbers = mapped.numbers("term").unwrap();
        assert_eq!((numbers[0], numbers[2]), (36.0, 60.0));
        assert!(numbers[1].is_nan());
    }

    #[test]
    fn an_unmapped_text_is_named_with_its_row() {
        let error = table().replace_text("term", [("36 months", 36.0)]).unwrap_err().to_string();
        assert!(
            error.starts_with("row 2 (counted from 0), column \"term\": the mapping has no number for \"60 months\"")
        );
        assert!(matches!(table().map_text("rate", |_| None), Err(Error::ColumnType { .. })));
    }

    #[test]
    fn a_text_in_place_of_a_number_is_named() {
        let error = table().numbers("term").unwrap_err().to_string();
        assert!(error.starts_with("row 0 (counted from 0), column \"term\": \"36 months\" is not a number"), "{error}");
        let digits = Table::new().with_text("zip", ["80331"]).unwrap();
        assert!(matches!(digits.numbers("zip"), Err(Error::ColumnType { .. })));
    }

    #[test]
    fn a_matrix_has_no_missing_values() {
        let error = table().to_matrix::<f64>(["rate"]).unwrap_err();
        assert!(matches!(error, Error::MissingValue { place: crate::error::Place::Row(1), .. }));
        assert_eq!(table().drop_missing().to_vector::<f32>("rate").unwrap().as_slice(), [1.0, 1.0]);
    }

    #[test]
    fn values_are_counted() {
        assert_eq!(table().value_counts("rate").unwrap(), [("1".to_owned(), 2)]);
        assert_eq!(table().value_counts("term").unwrap().len(), 2);
    }
}
