//! Converts columns of numbers to the values that networks learn, and back.

use super::super::Target;
use super::columns::complete;
use super::number_target::NumberTarget;
use super::state::FittedTarget;
use crate::preprocessing::Table;
use crate::statistics::{Extremes, Moments, standardize, unstandardize};
use crate::{Error, Result, Scalar};
use nalgebra::DMatrix;

impl Target {
    pub(super) fn number(&self, train: &Table, name: &str) -> Result<NumberTarget> {
        let moments = self.moments(train, name)?;
        self.number_of(name, moments)
    }

    /// The range of the numbers, and the moments of the values that are learned.
    pub(super) fn moments(&self, train: &Table, name: &str) -> Result<(Extremes, Moments)> {
        let values = complete(train, name)?;
        let learned: Vec<f64> = values.iter().map(|&y| self.forward(y)).collect();
        if let Some(row) = learned.iter().position(|y| !y.is_finite()) {
            let expected = "numbers of at least 0, or Target::regression(…).log(false)";
            return Err(Error::argument(self.named(), "log", format!("true with {}", values[row]), expected));
        }
        Ok((Extremes::of(values), Moments::of(&learned)))
    }

    /// The statistics of a column of numbers from its range and moments.
    pub(super) fn number_of(&self, name: &str, (range, moments): (Extremes, Moments)) -> Result<NumberTarget> {
        if range.min.is_nan() {
            let what = format!("the training rows of the target {name}");
            return Err(Error::Empty { what, advice: "pass at least one row".into() });
        }
        let (mean, scale) = match self.standardize {
            true => (moments.mean(), if moments.is_constant() { 1.0 } else { moments.deviation(0.0) }),
            false => (0.0, 1.0),
        };
        Ok(NumberTarget { mean, scale, low: range.min, high: range.max })
    }

    /// The value that is learned for a number, before it is standardized.
    fn forward(&self, y: f64) -> f64 {
        match self.log {
            true if y >= 0.0 => y.ln_1p(),
            true => f64::NAN,
            false => y,
        }
    }
}

impl FittedTarget {
    /// The values that are learned for the numbers of rows, rows × columns.
    pub(super) fn encode_numbers<T: Scalar>(&self, table: &Table) -> Result<DMatrix<T>> {
        let mut y = Vec::with_capacity(table.nrows() * self.numbers.len());
        for (name, number) in self.target.columns.iter().zip(&self.numbers) {
            for (row, &value) in complete(table, name)?.iter().enumerate() {
                let learned = self.target.forward(value);
                if !learned.is_finite() {
                    let value = format!("{value} ({})", table.place(row));
                    return Err(Error::argument(self.target.named(), "y", value, "numbers of at least 0"));
                }
                y.push(T::of(standardize(learned, number.mean, number.scale)));
            }
        }
        Ok(DMatrix::from_vec(table.nrows(), self.numbers.len(), y))
    }

    /// The statistics of the columns of numbers, in order.
    #[cfg(feature = "onnx")]
    pub(in super::super) fn numbers(&self) -> &[NumberTarget] {
        &self.numbers
    }

    /// One learned number in the units of its column, and its derivative.
    pub(in super::super) fn decoded(&self, column: usize, learned: f64) -> (f64, f64) {
        let Some(number) = self.numbers.get(column) else { return (learned, 1.0) };
        let y = unstandardize(learned, number.mean, number.scale);
        let (y, derivative) = if self.target.log { (y.exp_m1(), y.exp()) } else { (y, 1.0) };
        match self.target.clamp && !(number.low..=number.high).contains(&y) {
            true => (y.clamp(number.low, number.high), 0.0),
            false => (y, derivative * number.scale),
        }
    }

    /// Learned numbers in the units of the columns.
    pub(in super::super) fn decode(&self, mut learned: DMatrix<f64>) -> DMatrix<f64> {
        for (mut column, number) in learned.column_iter_mut().zip(&self.numbers) {
            for value in column.iter_mut() {
                let y = unstandardize(*value, number.mean, number.scale);
                let y = if self.target.log { y.exp_m1() } else { y };
                *value = if self.target.clamp { y.clamp(number.low, number.high) } else { y };
            }
        }
        learned
    }
}
