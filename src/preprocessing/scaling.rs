//! The check of a matrix and the pass over it, for all scalers.

use nalgebra::{DMatrix, Dim, Matrix, RawStorage};

use serde::{Serialize, de::DeserializeOwned};
use std::fmt::Debug;

use super::Table;
use crate::Dependence;
use crate::error::{Error, Result, number};
use crate::scalar::Scalar;

/// The operation that a fitted scaler applies to each column separately.
pub(crate) trait Scaler: Debug + Send + Sync + Serialize + DeserializeOwned + 'static {
    /// The statistics of one column.
    type Column;

    fn columns(&self) -> &[Self::Column];

    fn apply(column: &Self::Column, x: f64) -> f64;

    fn invert(column: &Self::Column, z: f64) -> f64;

    /// The transformer and the numbers that it takes, if `x` is none of them.
    fn refused(_: &Self::Column, _x: f64) -> Option<(&'static str, &'static str)> {
        None
    }

    /// The transformer and the numbers that it makes, if `z` is none of them.
    fn refused_back(_: &Self::Column, _z: f64) -> Option<(&'static str, &'static str)> {
        None
    }

    /// The dependence of the result on `x`.
    fn dependence(column: &Self::Column) -> Dependence;

    /// Whether it can have come of a fit to this many columns.
    fn fits(&self, columns: usize) -> bool;
}

/// The numbers of a table's column, NaN if one is missing; an infinite one is refused.
pub(super) fn finite_numbers<'a>(table: &'a Table, name: &str) -> Result<&'a [f64]> {
    let values = table.numbers(name)?;
    match values.iter().position(|value| value.is_infinite()) {
        Some(row) => Err(Error::InfiniteValue { place: table.place(row), column: name.to_owned(), value: values[row] }),
        None => Ok(values),
    }
}

/// The numbers of a table's column that are not missing, at least one.
pub(super) fn present_numbers(table: &Table, name: &str) -> Result<Vec<f64>> {
    let present: Vec<f64> = finite_numbers(table, name)?.iter().copied().filter(|value| !value.is_nan()).collect();
    if present.is_empty() { Err(without_value(name)) } else { Ok(present) }
}

/// The error for a column in which every value is missing, where something is learned from its values.
pub(super) fn without_value(name: &str) -> Error {
    let advice = "fit needs at least one value in every column; remove columns in which every value is missing with \
                  drop_empty_columns()";
    Error::Empty { what: format!("column \"{name}\""), advice: advice.into() }
}

/// The error for the number in a row of a table's column that a transformer does not take.
pub(super) fn out_of_domain(
    table: &Table,
    name: &str,
    row: usize,
    value: f64,
    (item, expected): (&str, &str),
) -> Error {
    let value = format!("{} at {}", number(value), table.place(row));
    Error::Argument { item: format!("{item} of column \"{name}\""), argument: "x", value, expected: expected.into() }
}

/// Returns an error for a matrix with infinite values or with a column that has no value at all; some NaN passes.
pub(super) fn finite<T: Scalar, R: Dim, C: Dim, S: RawStorage<T, R, C>>(x: &Matrix<T, R, C, S>) -> Result<()> {
    for column in 0..x.ncols() {
        let mut present = 0;
        for row in 0..x.nrows() {
            let value = x[(row, column)].to_f64();
            if value.is_infinite() {
                return Err(Error::NotFinite { what: "x", row, column, value });
            }
            present += usize::from(!value.is_nan());
        }
        if present == 0 {
            let what = format!("column {column} of x (counted from 0)");
            return Err(Error::Empty { what, advice: "fit needs at least one value in every column".into() });
        }
    }
    Ok(())
}

/// The numbers of a column of a matrix.
pub(super) fn column_numbers<T: Scalar, R: Dim, C: Dim, S: RawStorage<T, R, C>>(
    x: &Matrix<T, R, C, S>,
    column: usize,
) -> Vec<f64> {
    (0..x.nrows()).map(|row| x[(row, column)].to_f64()).collect()
}

/// The matrix of `value(statistics, x)`, for a matrix with a column for each of the statistics.
pub(super) fn map_columns<F, T: Scalar, R: Dim, C: Dim, S: RawStorage<T, R, C>>(
    x: &Matrix<T, R, C, S>,
    statistics: &[F],
    value: impl Fn(&F, f64) -> f64,
) -> Result<DMatrix<T>> {
    if x.ncols() != statistics.len() {
        return Err(Error::Features { what: "x", expected: statistics.len(), found: x.ncols() });
    }
    let at = |row, column: usize| T::of(value(&statistics[column], x[(row, column)].to_f64()));
    Ok(DMatrix::from_fn(x.nrows(), x.ncols(), at))
}
