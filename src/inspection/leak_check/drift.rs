//! The distance between the distributions of a column in two parts.

use super::cells::{MISSING, codes};
use crate::Result;
use crate::preprocessing::{Column, Table};

/// A distance from 0 to 1 between the distributions of a column in two tables, and its expectation if the rows of both tables are
/// drawn from the same distribution.
pub(super) struct DriftDistance {
    pub(super) value: f64,
    pub(super) expected: f64,
}

/// The expectation of Kolmogorov's distribution, `√(π/2)·ln 2`.
const KOLMOGOROV_MEAN: f64 = 0.868_731_160_636_159_7;

/// For numbers, integers and dates the larger of the Kolmogorov–Smirnov statistic and the difference of the fractions of missing
/// values; for booleans and strings the total variation distance, with missing values as a category.
pub(super) fn distance(name: &str, one: &Table, other: &Table) -> Result<DriftDistance> {
    let columns = [one.column(name)?, other.column(name)?];
    let is_ordered = columns[0].kind() == columns[1].kind()
        && matches!(columns[0], Column::Number(_) | Column::Integer(_) | Column::DateTime(_));
    match Column::ordered_numbers(columns) {
        Some([a, b]) if is_ordered => {
            let sorted = |values: &[f64]| {
                let mut present: Vec<f64> = values.iter().copied().filter(|x| !x.is_nan()).collect();
                present.sort_unstable_by(f64::total_cmp);
                present
            };
            let missing = |values: &[f64], present: &[f64]| 1.0 - present.len() as f64 / values.len().max(1) as f64;
            let (x, y) = (sorted(&a), sorted(&b));
            let of_missing = (missing(&a, &x) - missing(&b, &y)).abs();
            if x.is_empty() || y.is_empty() {
                return Ok(DriftDistance { value: of_missing, expected: 0.0 });
            }
            let (n, m) = (x.len() as f64, y.len() as f64);
            let value = kolmogorov_smirnov(&x, &y).max(of_missing);
            Ok(DriftDistance { value, expected: KOLMOGOROV_MEAN * ((n + m) / (n * m)).sqrt() })
        }
        _ => total_variation(name, one, other),
    }
}

/// The largest difference of the distribution functions of sorted numbers.
fn kolmogorov_smirnov(x: &[f64], y: &[f64]) -> f64 {
    let (mut i, mut j, mut largest) = (0, 0, 0.0_f64);
    while i < x.len() && j < y.len() {
        let value = x[i].min(y[j]);
        i += x[i..].iter().take_while(|x| **x <= value).count();
        j += y[j..].iter().take_while(|y| **y <= value).count();
        largest = largest.max((i as f64 / x.len() as f64 - j as f64 / y.len() as f64).abs());
    }
    largest
}

fn total_variation(name: &str, one: &Table, other: &Table) -> Result<DriftDistance> {
    let codes = codes(name, &[one, other])?;
    let fractions = codes.tables.iter().map(|rows| {
        let mut counts = vec![0.0; codes.count + 1];
        for code in rows {
            let place = if *code == MISSING { codes.count } else { *code as usize };
            counts[place] += 1.0 / rows.len() as f64;
        }
        counts
    });
    let fractions: Vec<Vec<f64>> = fractions.collect();
    let inverse_rows: f64 = codes.tables.iter().map(|rows| 1.0 / rows.len() as f64).sum();
    let rows: f64 = codes.tables.iter().map(|rows| rows.len() as f64).sum();
    let (mut value, mut expected) = (0.0, 0.0);
    for (p, q) in fractions[0].iter().zip(&fractions[1]) {
        value += 0.5 * (p - q).abs();
        let weights = codes.tables.iter().map(|of| of.len() as f64 / rows).collect::<Vec<_>>();
        let pooled = weights[0] * p + weights[1] * q;
        // The mean distance from 0 of a normal distribution with this variance.
        expected += 0.5 * (2.0 / std::f64::consts::PI * pooled * (1.0 - pooled) * inverse_rows).max(0.0).sqrt();
    }
    Ok(DriftDistance { value, expected })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_hand_computed_examples() -> Result<()> {
        // SciPy's ks_2samp returns 0.5 for the first pair.
        let numbers = |values: &[f64]| Table::new().with_numbers("a", values.to_vec());
        let of =
            |one: &[f64], other: &[f64]| Ok::<_, crate::Error>(distance("a", &numbers(one)?, &numbers(other)?)?.value);
        assert_eq!(of(&[1.0, 2.0, 3.0, 4.0], &[3.0, 4.0, 5.0, 6.0])?, 0.5);
        assert_eq!(of(&[1.0, 1.0, 2.0], &[2.0, 1.0, 1.0])?, 0.0);
        assert_eq!(of(&[1.0, f64::NAN], &[1.0, 1.0])?, 0.5);
        assert_eq!(of(&[f64::NAN, f64::NAN], &[1.0, 1.0])?, 1.0);
        // Distinct integers and dates are close to each other, not all different.
        let integers = |first: i64| Table::new().with_integers("a", (0..8).map(|row| first + 2 * row));
        let dates = |first: i64| {
            let at = |row: i64| crate::preprocessing::DateTime::from_microseconds(first + 2 * row);
            Table::new().with_column("a", (0..8).map(at).collect::<Vec<_>>())
        };
        for first in [0, 1 << 60] {
            assert_eq!(distance("a", &integers(first)?, &integers(first + 1)?)?.value, 0.125);
        }
        assert_eq!(distance("a", &dates(0)?, &dates(1)?)?.value, 0.125);
        let strings = |values: &[&str]| Table::new().with_strings("a", values.to_vec());
        let distance = distance("a", &strings(&["x", "x", "y", "z"])?, &strings(&["x", "w"])?)?;
        assert!((distance.value - 0.5).abs() < 1e-15);
        Ok(())
    }
}
