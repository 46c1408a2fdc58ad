//! Correlations between columns of numbers.

use std::fmt;

use nalgebra::DMatrix;

use crate::error::{Error, Result};
use crate::sorting;
use crate::statistics::Moments;

use super::Table;
use super::display::write_grid;

/// A symmetric matrix of correlation coefficients with the names of its columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Correlation {
    names: Vec<String>,
    matrix: DMatrix<f64>,
}

impl Correlation {
    /// The names of the columns compared, in the order of the matrix.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The coefficients, columns × columns; NaN if a column has the same value in all rows compared.
    pub fn matrix(&self) -> &DMatrix<f64> {
        &self.matrix
    }

    /// The coefficients of one column with all others, the strongest first whatever its sign, NaN last.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`].
    pub fn with(&self, target: &str) -> Result<Vec<(&str, f64)>> {
        let index = self
            .names
            .iter()
            .position(|name| name == target)
            .ok_or_else(|| Error::unknown_column("the correlation matrix", target, &self.names))?;
        let others = (0..self.names.len()).filter(|&other| other != index);
        let mut found: Vec<_> = others.map(|other| (self.names[other].as_str(), self.matrix[(other, index)])).collect();
        let strength = |r: f64| if r.is_nan() { -1.0 } else { r.abs() };
        sorting::by_number(&mut found, |other| -strength(other.1));
        Ok(found)
    }
}

impl fmt::Display for Correlation {
    /// The matrix with two decimals.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut grid = vec![[String::new()].into_iter().chain(self.names.iter().cloned()).collect::<Vec<_>>()];
        for (row, name) in self.names.iter().enumerate() {
            let cells = self.matrix.row(row).iter().map(|r| format!("{r:.2}")).collect::<Vec<_>>();
            grid.push([name.clone()].into_iter().chain(cells).collect());
        }
        write_grid(f, &grid)
    }
}

impl Table {
    /// Pearson's correlation between all columns of numbers, over the rows in which both are present.
    ///
    /// `r = Σ(xᵢ − x̄)(yᵢ − ȳ) / √(Σ(xᵢ − x̄)² · Σ(yᵢ − ȳ)²)`
    ///
    /// ```
    /// # use perceptra::preprocessing::Table;
    /// let table = Table::new().with_numbers("a", [1.0, 1.0, 3.0, 3.0])?.with_numbers("b", [7.0, 7.0, 5.0, 5.0])?;
    /// assert_eq!(table.correlation().with("a")?, [("b", -1.0)]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// pandas, *DataFrame.corr*.
    pub fn correlation(&self) -> Correlation {
        self.correlate(|values| values.to_vec())
    }

    /// Spearman's correlation between all columns of numbers: [Pearson's](Self::correlation) of their ranks.
    ///
    /// It measures any monotone relation and does not mind heavy tails. Equal values share the mean of their
    /// ranks; where values are missing, only the rows in which both columns are present are ranked.
    ///
    /// # References
    ///
    /// C. Spearman, *The proof and measurement of association between two things* (1904); pandas,
    /// *DataFrame.corr*.
    pub fn spearman(&self) -> Correlation {
        self.correlate(ranks)
    }

    fn correlate(&self, prepare: impl Fn(&[f64]) -> Vec<f64>) -> Correlation {
        let columns: Vec<(&str, &[f64])> =
            self.iter().filter_map(|(name, column)| Some((name, column.as_numbers()?))).collect();
        // Complete columns are prepared once and not once per pair.
        let complete: Vec<Option<Vec<f64>>> = columns
            .iter()
            .map(|(_, values)| (!values.iter().any(|value| value.is_nan())).then(|| prepare(values)))
            .collect();
        let mut matrix = DMatrix::zeros(columns.len(), columns.len());
        for i in 0..columns.len() {
            for j in 0..=i {
                let r = match (&complete[i], &complete[j]) {
                    (Some(x), Some(y)) => pearson(x, y),
                    _ => {
                        let pairs = columns[i].1.iter().zip(columns[j].1);
                        let (x, y): (Vec<f64>, Vec<f64>) =
                            pairs.filter(|(x, y)| !x.is_nan() && !y.is_nan()).map(|(&x, &y)| (x, y)).unzip();
                        pearson(&prepare(&x), &prepare(&y))
                    }
                };
                // A column is itself to the last digit.
                let r = if i == j && !r.is_nan() { 1.0 } else { r };
                matrix[(i, j)] = r;
                matrix[(j, i)] = r;
            }
        }
        Correlation { names: columns.into_iter().map(|(name, _)| name.to_owned()).collect(), matrix }
    }
}

fn pearson(x: &[f64], y: &[f64]) -> f64 {
    let [of_x, of_y] = [x, y].map(Moments::of);
    if of_x.is_constant() || of_y.is_constant() {
        return f64::NAN;
    }
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for (x, y) in x.iter().zip(y) {
        let (dx, dy) = (of_x.distance(*x), of_y.distance(*y));
        xx += dx * dx;
        xy += dx * dy;
        yy += dy * dy;
    }
    // Rounding may pass 1.
    (xy / (xx.sqrt() * yy.sqrt())).clamp(-1.0, 1.0)
}

/// Ranks from 1; equal values share the mean of theirs.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    sorting::by_number(&mut order, |&row| values[row]);
    let mut ranks = vec![0.0; values.len()];
    let mut first = 0;
    for tied in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let rank = first as f64 + (tied.len() + 1) as f64 / 2.0;
        for &row in tied {
            ranks[row] = rank;
        }
        first += tied.len();
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coefficients_are_those_of_the_reference() {
        let case = crate::reference::case("table");
        let columns = case.matrix("columns");
        let mut table = Table::new();
        for (name, row) in ["a", "b", "c", "d"].into_iter().zip(columns.row_iter()) {
            table = table.with_numbers(name, row.iter().copied()).unwrap();
        }
        case.assert_close("pearson", table.correlation().matrix().as_slice(), 1e-13);
        case.assert_close("spearman", table.spearman().matrix().as_slice(), 1e-13);
        for (column, numbers) in table.describe().numbers.iter().enumerate() {
            approx::assert_relative_eq!(numbers.mean, case.numbers("mean")[column], epsilon = 1e-14);
            approx::assert_relative_eq!(numbers.std, case.numbers("std")[column], epsilon = 1e-14);
            assert_eq!(numbers.count, case.indices("count")[column]);
            let expected = &case.numbers("quantiles")[column * 5..column * 5 + 5];
            approx::assert_relative_eq!(numbers.quantiles.as_slice(), expected, epsilon = 1e-14);
        }
    }

    #[test]
    fn constant_columns_correlate_with_nothing() {
        for k in 1..200 {
            let table = Table::new().with_numbers("c", vec![f64::from(k) / 100.0; 37]).unwrap();
            let table = table.with_numbers("y", (0..37).map(f64::from)).unwrap();
            let table = table.with_numbers("d", vec![1.23765e18; 37]).unwrap();
            for matrix in [table.correlation().matrix, table.spearman().matrix] {
                for (i, j) in [(0, 0), (0, 1), (1, 0), (0, 2), (2, 2), (1, 2)] {
                    assert!(matrix[(i, j)].is_nan(), "{k} {i} {j}");
                }
                assert_eq!(matrix[(1, 1)], 1.0);
            }
            assert_eq!(table.describe().numbers[0].std, 0.0);
            assert_eq!((table.describe().numbers[2].std, table.describe().numbers[2].mean), (0.0, 1.23765e18));
        }
        let case = crate::reference::case("far_from_zero");
        let table = Table::new().with_numbers("c", [4.761904762; 37]).unwrap();
        let table = table.with_numbers("y", (0..37).map(f64::from)).unwrap();
        case.assert_close("constant_std", [table.describe().numbers[0].std], 0.0);
        let (found, expected) = (table.correlation().matrix, case.matrix("constant_corr"));
        assert!(found.iter().zip(&expected).all(|(a, b)| a == b || a.is_nan() && b.is_nan()), "{found} {expected}");
        // Only the rows in which both are present count.
        let table = Table::new().with_numbers("a", [0.1, 0.1, 0.1, 5.0]).unwrap();
        let table = table.with_numbers("b", [1.0, 2.0, 3.0, f64::NAN]).unwrap();
        assert!(table.correlation().matrix[(0, 1)].is_nan() && table.correlation().matrix[(0, 0)] == 1.0);
    }

    #[test]
    fn coefficients_hold_at_both_ends_of_the_range() {
        for size in [1e-320, 1e-200, 1e200, 8e307] {
            let table = Table::new().with_numbers("a", [size, -size, 2.0 * size]).unwrap();
            let table = table.with_numbers("b", [1.0, -1.0, 2.0]).unwrap().with_numbers("c", [0.0, 1.0, 1.0]).unwrap();
            let matrix = table.correlation().matrix;
            approx::assert_relative_eq!(matrix[(0, 1)], 1.0, max_relative = 1e-14);
            approx::assert_relative_eq!(matrix[(0, 2)], matrix[(1, 2)], max_relative = 1e-14);
        }
    }

    #[test]
    fn ties_share_their_rank() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, -2.0]), [3.5, 2.0, 3.5, 1.0]);
        assert_eq!(ranks(&[0.0, -0.0]), [1.5, 1.5]);
    }

    #[test]
    fn the_target_has_its_strongest_first_and_nan_last() {
        let table = Table::new().with_numbers("y", [0.0, 0.0, 1.0, 1.0]).unwrap();
        let table = table.with_numbers("constant", [5.0; 4]).unwrap();
        let table = table.with_numbers("weak", [0.0, 1.0, 0.0, 2.0]).unwrap();
        let table = table.with_numbers("strong", [9.0, 8.0, 1.0, 1.0]).unwrap().with_strings("t", ["x"; 4]).unwrap();
        let correlation = table.correlation();
        let found = correlation.with("y").unwrap();
        assert_eq!(found.iter().map(|pair| pair.0).collect::<Vec<_>>(), ["strong", "weak", "constant"]);
        assert!(found[0].1 < -0.9 && found[2].1.is_nan());
        assert!(matches!(correlation.with("t"), Err(Error::UnknownColumn { .. })));
        assert_eq!(correlation.to_string().lines().count(), 5);
    }
}
