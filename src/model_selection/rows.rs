//! Data with rows that can be selected.

use nalgebra::allocator::Allocator;
use nalgebra::{DefaultAllocator, Dim, Dyn, Matrix, OMatrix, RawStorage};

use crate::error::{Error, Result};
#[cfg(feature = "tables")]
use crate::preprocessing::Table;

/// Data with rows that can be selected: a reference to a [`Table`], a nalgebra matrix or vector, or a slice; a pair of these with
/// one row per sample each; or a number of rows, for which a selection is a list of row numbers.
///
/// ```
/// use perceptra::{dmatrix, dvector};
/// use perceptra::model_selection::Rows;
///
/// let x = dmatrix![0.0, 1.0; 10.0, 11.0; 20.0, 21.0];
/// let y = dvector![0.0, 1.0, 2.0];
/// let (x_part, y_part) = (&x, &y).take_rows(&[2, 0])?;
/// assert_eq!(x_part, dmatrix![20.0, 21.0; 0.0, 1.0]);
/// assert_eq!(y_part, dvector![2.0, 0.0]);
/// # Ok::<(), perceptra::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no rows to select",
    label = "not data with rows",
    note = "pass a reference to a `Table`, a nalgebra matrix or a slice, a pair of those, or a number of rows"
)]
pub trait Rows {
    /// The type of a selection of rows.
    type Part;

    /// The number of rows.
    ///
    /// # Errors
    ///
    /// [`Error::Rows`] for a pair with different numbers of rows.
    fn row_count(&self) -> Result<usize>;

    /// Selects the rows at these positions, in this order.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a position beyond the last row.
    fn take_rows(&self, rows: &[usize]) -> Result<Self::Part>;

    /// Returns a number for each row that is the same for rows with the same value in this column.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`], always so for data without named columns; [`Error::MissingValue`].
    fn classes_of(&self, column: &str) -> Result<Vec<f64>> {
        Err(nameless(column, "give the values themselves with .stratify_by(&y) or .groups_by(&ids)"))
    }

    /// Returns a number for each row by which rows are ordered as by the numbers, integers or dates of this column; none may be missing.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`], always so for data without named columns; [`Error::ColumnType`]; [`Error::MissingValue`].
    fn numbers_of(&self, column: &str) -> Result<Vec<f64>> {
        Err(nameless(column, "give the numbers themselves with .time_by(&times)"))
    }
}

#[cfg(feature = "tables")]
impl Rows for &Table {
    type Part = Table;

    fn row_count(&self) -> Result<usize> {
        Ok(self.nrows())
    }

    fn take_rows(&self, rows: &[usize]) -> Result<Table> {
        self.take(rows)
    }

    fn classes_of(&self, column: &str) -> Result<Vec<f64>> {
        self.classes(column)
    }

    fn numbers_of(&self, column: &str) -> Result<Vec<f64>> {
        self.times(column)
    }
}

impl<T, R, C, S> Rows for &Matrix<T, R, C, S>
where
    T: nalgebra::Scalar,
    R: Dim,
    C: Dim,
    S: RawStorage<T, R, C>,
    DefaultAllocator: Allocator<Dyn, C>,
{
    type Part = OMatrix<T, Dyn, C>;

    fn row_count(&self) -> Result<usize> {
        Ok(self.nrows())
    }

    fn take_rows(&self, rows: &[usize]) -> Result<Self::Part> {
        within(rows, self.nrows())?;
        let columns = self.shape_generic().1;
        // Element by element, for views of any stride.
        let at = |row: usize, column| self[(rows[row], column)].clone();
        Ok(OMatrix::from_fn_generic(Dyn(rows.len()), columns, at))
    }
}

impl<T: Clone> Rows for &[T] {
    type Part = Vec<T>;

    fn row_count(&self) -> Result<usize> {
        Ok(self.len())
    }

    fn take_rows(&self, rows: &[usize]) -> Result<Vec<T>> {
        within(rows, self.len())?;
        Ok(rows.iter().map(|&row| self[row].clone()).collect())
    }
}

impl<T: Clone> Rows for &Vec<T> {
    type Part = Vec<T>;

    fn row_count(&self) -> Result<usize> {
        Ok(self.len())
    }

    fn take_rows(&self, rows: &[usize]) -> Result<Vec<T>> {
        self.as_slice().take_rows(rows)
    }
}

impl Rows for usize {
    type Part = Vec<usize>;

    fn row_count(&self) -> Result<usize> {
        Ok(*self)
    }

    fn take_rows(&self, rows: &[usize]) -> Result<Vec<usize>> {
        within(rows, *self)?;
        Ok(rows.to_vec())
    }
}

impl<A: Rows, B: Rows> Rows for (A, B) {
    type Part = (A::Part, B::Part);

    fn row_count(&self) -> Result<usize> {
        let (left, right) = (self.0.row_count()?, self.1.row_count()?);
        if left != right {
            return Err(Error::Rows {
                left: "the first of the pair",
                left_rows: left,
                right: "the second",
                right_rows: right,
            });
        }
        Ok(left)
    }

    fn take_rows(&self, rows: &[usize]) -> Result<Self::Part> {
        Ok((self.0.take_rows(rows)?, self.1.take_rows(rows)?))
    }

    fn classes_of(&self, column: &str) -> Result<Vec<f64>> {
        self.0.classes_of(column).or_else(|_| self.1.classes_of(column))
    }

    fn numbers_of(&self, column: &str) -> Result<Vec<f64>> {
        self.0.numbers_of(column).or_else(|_| self.1.numbers_of(column))
    }
}

/// The error for a column of data that has no names.
fn nameless(column: &str, cure: &str) -> Error {
    Error::unknown_column("data without column names", column, [""; 0]).with_note(cure)
}

fn within(rows: &[usize], count: usize) -> Result<()> {
    match rows.iter().find(|&&row| row >= count) {
        None => Ok(()),
        Some(row) => {
            Err(Error::argument("take_rows", "rows", row, format!("positions below {count}, the number of rows")))
        }
    }
}

#[cfg(test)]
mod tests {
    use nalgebra::{DMatrix, DVector};

    use super::*;

    #[test]
    fn views_of_any_stride_give_their_rows() {
        let matrix = DMatrix::from_fn(6, 4, |row, column| (10 * row + column) as f32);
        let view = matrix.view_with_steps((0, 0), (3, 2), (1, 1));
        let part = (&view).take_rows(&[2, 0]).unwrap();
        assert_eq!(part, DMatrix::from_row_slice(2, 2, &[40.0, 42.0, 0.0, 2.0]));
    }

    #[test]
    fn positions_beyond_the_end_and_unequal_pairs_are_refused() {
        let y = DVector::from_vec(vec![1.0, 2.0]);
        assert!(matches!((&y).take_rows(&[2]), Err(Error::Argument { .. })));
        assert!(matches!((&y, 3).row_count(), Err(Error::Rows { .. })));
        assert!(matches!(5.take_rows(&[5]), Err(Error::Argument { .. })));
        assert_eq!((&vec!['a', 'b']).take_rows(&[1, 1]).unwrap(), ['b', 'b']);
    }
}
