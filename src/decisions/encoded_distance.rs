//! The distance of an encoded record from the training rows.

use nalgebra::DMatrix;
use serde::{Deserialize, Serialize};

/// Up to this many encoded columns the distance uses all covariances; beyond, only the variance of each column.
pub(super) const MOST_JOINT: usize = 128;

/// Added to the variance of each column, as a fraction of the mean variance. Without it, if a column is constant or a sum of others,
/// any other value would have an infinite distance.
const RIDGE: f64 = 1e-3;

/// `‖L⁻¹(x − μ)‖/√d` with `L·Lᵀ` the covariance of the training rows plus a ridge, and d columns: about 1 for a typical training row.
///
/// It takes memory for at most `d²/2` numbers, or 2·d for more than [`MOST_JOINT`] columns, independent of the number of rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EncodedDistance {
    mean: Vec<f64>,
    /// The lower triangle of L⁻¹ row by row, or only its diagonal.
    whitening: Vec<f64>,
}

impl EncodedDistance {
    /// Learns from at least one row; all values are finite.
    pub(super) fn fit(x: &DMatrix<f64>) -> Self {
        let (rows, width) = x.shape();
        let mean: Vec<f64> = x.column_iter().map(|column| column.sum() / rows as f64).collect();
        let covariance = |a: usize, b: usize| {
            let (first, second) = (x.column(a), x.column(b));
            let products = first.iter().zip(second.iter()).map(|(p, q)| (p - mean[a]) * (q - mean[b]));
            products.sum::<f64>() / rows as f64
        };
        let variances: Vec<f64> = (0..width).map(|column| covariance(column, column)).collect();
        let typical = variances.iter().sum::<f64>() / width.max(1) as f64;
        let ridge = if typical > 0.0 { RIDGE * typical } else { 1.0 };
        let diagonal = || variances.iter().map(|variance| 1.0 / (variance + ridge).sqrt()).collect();
        let joint = || {
            let full = DMatrix::from_fn(width, width, |a, b| if b <= a { covariance(a, b) } else { 0.0 });
            let full =
                DMatrix::from_fn(width, width, |a, b| full[(a.max(b), a.min(b))] + if a == b { ridge } else { 0.0 });
            let inverse = full.cholesky()?.l().solve_lower_triangular(&DMatrix::identity(width, width))?;
            Some((0..width).flat_map(|row| (0..=row).map(move |column| (row, column))).map(|at| inverse[at]).collect())
        };
        let whitening: Vec<f64> = (width <= MOST_JOINT).then(joint).flatten().unwrap_or_else(diagonal);
        EncodedDistance { mean, whitening }
    }

    /// The distance of an encoded record with as many columns as the training rows.
    pub(super) fn of(&self, x: &[f64], workspace: &mut Vec<f64>) -> f64 {
        let width = self.mean.len();
        workspace.clear();
        workspace.extend(x.iter().zip(&self.mean).map(|(x, mean)| x - mean));
        let squares: f64 = match self.is_joint() {
            true => {
                let mut rest = &self.whitening[..];
                (1..=width)
                    .map(|count| {
                        let (row, others) = rest.split_at(count);
                        rest = others;
                        row.iter().zip(&*workspace).map(|(w, z)| w * z).sum::<f64>().powi(2)
                    })
                    .sum()
            }
            false => workspace.iter().zip(&self.whitening).map(|(z, w)| (z * w).powi(2)).sum(),
        };
        (squares / width.max(1) as f64).sqrt()
    }

    /// Whether all covariances are used; with one column both forms are the same.
    fn is_joint(&self) -> bool {
        self.whitening.len() != self.mean.len()
    }

    /// Whether values that were read from a file are valid for this many columns.
    pub(super) fn is_valid(&self, width: usize) -> bool {
        let twice = width.checked_add(1).and_then(|next| next.checked_mul(width));
        let triangle = twice.map(|twice| twice / 2);
        let fits = self.whitening.len() == width || Some(self.whitening.len()) == triangle;
        self.mean.len() == width && fits && self.mean.iter().chain(&self.whitening).all(|number| number.is_finite())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_combination_is_far_although_each_number_is_common() {
        let x = DMatrix::from_fn(400, 2, |row, column| {
            let t = (row % 20) as f64 - 9.5;
            if column == 0 { t } else { 2.0 * t + (row % 7) as f64 * 0.1 }
        });
        let distance = EncodedDistance::fit(&x);
        let mut workspace = Vec::new();
        let usual = distance.of(&[5.5, 11.3], &mut workspace);
        let unusual = distance.of(&[5.5, -11.0], &mut workspace);
        assert!(usual < 2.0 && unusual > 20.0, "{usual} {unusual}");
        // The mean of the squares over the rows is 1 but for the ridge.
        let rows = x.row_iter().map(|row| distance.of(&[row[0], row[1]], &mut workspace).powi(2));
        let mean = rows.sum::<f64>() / 400.0;
        assert!(mean > 0.4 && mean <= 1.0, "{mean}");
    }

    #[test]
    fn constant_and_wide_rows_have_a_distance() {
        let constant = EncodedDistance::fit(&DMatrix::from_element(3, 2, 7.0));
        assert_eq!(constant.of(&[7.0, 9.0], &mut Vec::new()), 2.0f64.sqrt());
        let wide = DMatrix::from_fn(50, MOST_JOINT + 1, |row, column| ((row * 31 + column * 17) % 13) as f64);
        let distance = EncodedDistance::fit(&wide);
        assert_eq!(distance.whitening.len(), MOST_JOINT + 1);
        let row: Vec<f64> = wide.row(0).iter().copied().collect();
        assert!(distance.of(&row, &mut Vec::new()).is_finite());
        assert!(distance.is_valid(MOST_JOINT + 1) && !distance.is_valid(MOST_JOINT) && !distance.is_valid(usize::MAX));
    }
}
