//! Columns as matrices, as vectors and as class numbers.

use nalgebra::{DMatrix, DVector};

use crate::error::{Error, Result};
use crate::scalar::Scalar;

use super::optional_integers::OptionalIntegers;
use super::{Column, MISSING, Table};

impl Table {
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
    /// [`Error::UnknownColumn`], [`Error::NotANumber`] for a column of strings, [`Error::MissingValue`].
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
    /// The errors of [`to_matrix`](Self::to_matrix).
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

    /// Numbers that order the rows by a column of numbers, integers or dates in which none is missing.
    pub(crate) fn times(&self, column: &str) -> Result<Vec<f64>> {
        match self.column(column)? {
            // An `f64` may not hold their difference, so the positions among the distinct ones count.
            Column::DateTime(_) | Column::Integer(_) => self.classes(column),
            _ => Ok(self.complete_numbers(column)?.to_vec()),
        }
    }

    /// The position of each value among the distinct ones, in ascending order.
    fn ranks(&self, column: &str, values: &OptionalIntegers) -> Result<Vec<f64>> {
        let mut distinct: Vec<i64> = values.present().collect();
        distinct.sort_unstable();
        distinct.dedup();
        let rank = |value: i64| distinct.partition_point(|known| *known < value) as f64;
        let missing = |row| Error::MissingValue { place: self.place(row), column: column.to_owned() };
        values.iter().enumerate().map(|(row, value)| value.map(rank).ok_or_else(|| missing(row))).collect()
    }

    /// One class number per row for the distinct values of a column, in which none may be missing.
    pub(crate) fn classes(&self, column: &str) -> Result<Vec<f64>> {
        match self.column(column)? {
            Column::Number(_) | Column::Boolean(_) => Ok(self.complete_numbers(column)?.to_vec()),
            Column::Integer(values) => match values.as_numbers() {
                Some(_) => Ok(self.complete_numbers(column)?.to_vec()),
                None => self.ranks(column, values.integers()),
            },
            Column::DateTime(values) => self.ranks(column, values.microseconds()),
            Column::String(strings) => match strings.codes().iter().position(|&code| code == MISSING) {
                Some(row) => Err(Error::MissingValue { place: self.place(row), column: column.to_owned() }),
                None => Ok(strings.codes().iter().map(|&code| f64::from(code)).collect()),
            },
        }
    }

    /// A number for each row, such that rows are ordered as their values in the column are; strings by their characters.
    pub(crate) fn sorted_classes(&self, column: &str) -> Result<Vec<f64>> {
        let codes = self.classes(column)?;
        let Column::String(strings) = self.column(column)? else { return Ok(codes) };
        let categories = strings.all_categories();
        let mut sorted: Vec<&str> = categories.iter().map(String::as_str).collect();
        sorted.sort_unstable();
        let rank = |category: &String| sorted.partition_point(|known| *known < category.as_str()) as f64;
        let ranks: Vec<f64> = categories.iter().map(rank).collect();
        Ok(codes.into_iter().map(|code| ranks[code as usize]).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_ordered_by_their_characters() {
        let table = Table::new().with_strings("grade", ["C", "A", "B", "A"]).unwrap();
        assert_eq!(table.sorted_classes("grade").unwrap(), [2.0, 0.0, 1.0, 0.0]);
    }

    #[test]
    fn a_matrix_has_no_missing_values() {
        let table = Table::new().with_numbers("rate", [1.0, f64::NAN, 1.0]).unwrap();
        let error = table.to_matrix::<f64>(["rate"]).unwrap_err();
        assert!(matches!(error, Error::MissingValue { place: crate::error::Place::Row(1), .. }));
        assert_eq!(table.drop_missing().unwrap().to_vector::<f32>("rate").unwrap().as_slice(), [1.0, 1.0]);
    }
}
