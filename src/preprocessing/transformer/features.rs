use crate::{Error, Result, Scalar};
use nalgebra::DMatrix;
use std::any::Any;

/// The columns of a matrix, while transformers write them one after another.
///
/// A column is written at a time, so that its type of numbers is chosen once for all of its rows.
#[derive(Debug)]
pub struct Features<'a> {
    target: FeatureBuffer<'a>,
    rows: usize,
    width: usize,
    /// The numbers that the vector held before.
    before: usize,
}

#[derive(Debug)]
enum FeatureBuffer<'a> {
    Single(&'a mut Vec<f32>),
    Double(&'a mut Vec<f64>),
    Columns(&'a mut Vec<Vec<f64>>),
}

impl<'a> Features<'a> {
    /// Behind `data`, column by column, as a matrix has them.
    #[expect(clippy::ptr_arg, reason = "the type of the vector itself is examined")]
    pub(crate) fn of<T: Scalar>(data: &'a mut Vec<T>, rows: usize) -> Result<Self> {
        let before = data.len();
        let data: &mut dyn Any = data;
        let target = match data.is::<Vec<f32>>() {
            true => data.downcast_mut().map(FeatureBuffer::Single),
            false => data.downcast_mut().map(FeatureBuffer::Double),
        };
        let target = target.ok_or_else(|| Error::Layer {
            layer: "Features".into(),
            reason: "its numbers are neither f32 nor f64".into(),
        })?;
        Ok(Features { target, rows, width: 0, before })
    }

    /// Each column separately.
    pub(super) fn columns(columns: &'a mut Vec<Vec<f64>>, rows: usize) -> Self {
        Features { target: FeatureBuffer::Columns(columns), rows, width: 0, before: 0 }
    }

    /// The number of rows that a column must have.
    pub fn nrows(&self) -> usize {
        self.rows
    }

    /// The number of columns that were written.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Writes one column of numbers.
    ///
    /// # Errors
    ///
    /// [`Error::Rows`] for more or fewer numbers than rows.
    pub fn numbers(&mut self, values: impl IntoIterator<Item = f64>) -> Result<()> {
        self.column(&values.into_iter().collect::<Vec<f64>>())
    }

    /// Appends a column of numbers that is one slice.
    pub(in super::super) fn column(&mut self, values: &[f64]) -> Result<()> {
        match &mut self.target {
            FeatureBuffer::Single(data) => data.extend(values.iter().map(|&value| value as f32)),
            FeatureBuffer::Double(data) => data.extend_from_slice(values),
            FeatureBuffer::Columns(columns) => columns.push(values.to_vec()),
        }
        self.width += 1;
        self.all_rows(values.len())
    }

    /// Writes `width` columns of zeros, with a 1 in each row at its position, if it has one; positions from `width` on count
    /// as none.
    ///
    /// # Errors
    ///
    /// [`Error::Rows`] for more or fewer positions than rows.
    pub fn indicators(&mut self, width: usize, positions: impl IntoIterator<Item = Option<usize>>) -> Result<()> {
        self.marks(width, &positions.into_iter().collect::<Vec<_>>())
    }

    fn marks(&mut self, width: usize, positions: &[Option<usize>]) -> Result<()> {
        let rows = self.rows;
        match &mut self.target {
            FeatureBuffer::Single(data) => marked(zeros(data, width * rows), rows, width, positions),
            FeatureBuffer::Double(data) => marked(zeros(data, width * rows), rows, width, positions),
            FeatureBuffer::Columns(columns) => {
                let mut data = vec![0.0; width * rows];
                marked(&mut data, rows, width, positions);
                columns.extend((0..width).map(|column| data[column * rows..(column + 1) * rows].to_vec()));
            }
        }
        self.width += width;
        self.all_rows(positions.len())
    }

    /// Writes the columns of a matrix, made in the type of number that is needed.
    pub(in super::super) fn matrix(
        &mut self,
        single: impl FnOnce() -> Result<DMatrix<f32>>,
        double: impl FnOnce() -> Result<DMatrix<f64>>,
    ) -> Result<()> {
        let (rows, width) = match &mut self.target {
            FeatureBuffer::Single(data) => {
                let matrix = single()?;
                data.extend_from_slice(matrix.as_slice());
                matrix.shape()
            }
            FeatureBuffer::Double(data) => {
                let matrix = double()?;
                data.extend_from_slice(matrix.as_slice());
                matrix.shape()
            }
            FeatureBuffer::Columns(columns) => {
                let matrix = double()?;
                columns.extend(matrix.column_iter().map(|column| column.iter().copied().collect()));
                matrix.shape()
            }
        };
        self.width += width;
        self.all_rows(rows)
    }

    /// Returns an error for what became infinite in the columns that were written since there were `width`: a number can be larger than the
    /// element type of the matrix holds. `refuse` makes the error of a number: its row, its column among those, the number, and the
    /// element type.
    pub(in super::super) fn all_finite_since(
        &self,
        width: usize,
        refuse: impl Fn(usize, usize, f64, &'static str) -> Error,
    ) -> Result<()> {
        let start = width * self.rows;
        let infinite = match &self.target {
            FeatureBuffer::Single(data) => {
                let written = &data[(start + self.before).min(data.len())..];
                written.iter().position(|value| value.is_infinite()).map(|at| (at, f64::from(written[at]), "f32"))
            }
            FeatureBuffer::Double(data) => {
                let written = &data[(start + self.before).min(data.len())..];
                written.iter().position(|value| value.is_infinite()).map(|at| (at, written[at], "f64"))
            }
            FeatureBuffer::Columns(_) => None,
        };
        match infinite {
            Some((at, value, dtype)) => Err(refuse(at % self.rows, at / self.rows, value, dtype)),
            None => Ok(()),
        }
    }

    fn all_rows(&self, found: usize) -> Result<()> {
        match found == self.rows {
            true => Ok(()),
            false => {
                let (left, right) = ("the table", "a column that a transformer makes");
                Err(Error::Rows { left, left_rows: self.rows, right, right_rows: found })
            }
        }
    }
}

fn zeros<T: Scalar>(data: &mut Vec<T>, count: usize) -> &mut [T] {
    let before = data.len();
    data.resize(before + count, T::zero());
    &mut data[before..]
}

/// Sets the ones.
fn marked<T: Scalar>(data: &mut [T], rows: usize, width: usize, positions: &[Option<usize>]) {
    for (row, position) in positions.iter().enumerate().take(rows) {
        if let Some(position) = position.filter(|position| *position < width) {
            data[position * rows + row] = T::one();
        }
    }
}
