//! Linear models with an L2 penalty of 1 on the weights, but not on the intercepts.

use super::lbfgs::minimize;
use crate::{Error, Result};
use nalgebra::{Cholesky, DMatrix};

/// The largest element of the mean gradient at the end.
const TOLERANCE: f64 = 1e-8;

/// Weights of a linear model, features × outputs, with intercepts in the last row.
pub(super) struct LinearModel {
    weights: DMatrix<f64>,
}

impl LinearModel {
    /// The scores of rows: `x·W + b`.
    pub(super) fn scores(&self, x: &DMatrix<f64>) -> DMatrix<f64> {
        let features = x.ncols();
        let mut scores = x * self.weights.rows(0, features);
        for (mut column, intercept) in scores.column_iter_mut().zip(self.weights.row(features).iter()) {
            column.add_scalar_mut(*intercept);
        }
        scores
    }

    /// Ridge regression: minimizes `Σᵢ sᵢ·‖yᵢ − xᵢ·W − b‖² + ‖W‖²`.
    pub(super) fn ridge(x: &DMatrix<f64>, y: &DMatrix<f64>, weights: Option<&[f64]>) -> Result<LinearModel> {
        let (rows, features) = x.shape();
        let weight = |row: usize| weights.map_or(1.0, |weights| weights[row]);
        let extended = x.clone().insert_column(features, 1.0);
        let mut weighted = extended.clone();
        for row in 0..rows {
            weighted.row_mut(row).scale_mut(weight(row));
        }
        let mut normal = weighted.tr_mul(&extended);
        for feature in 0..features {
            normal[(feature, feature)] += 1.0;
        }
        let solver = Cholesky::new(normal)
            .ok_or_else(|| Error::argument("the linear baseline", "rows", rows, "rows whose weights are not all 0"))?;
        Ok(LinearModel { weights: solver.solve(&weighted.tr_mul(y)) })
    }

    /// Logistic regression of independent outputs of 0 and 1: minimizes the weighted sum of cross-entropies and `½·‖W‖²`.
    pub(super) fn logistic(x: &DMatrix<f64>, y: &DMatrix<f64>, weights: Option<&[f64]>) -> LinearModel {
        let columns = y.column_iter().map(|y| {
            let y: Vec<f64> = y.iter().copied().collect();
            Self::fitted(x, 1, weights, &|scores, row| {
                let z = scores[0];
                let loss = z.max(0.0) - z * y[row] + (-z.abs()).exp().ln_1p();
                scores[0] = 1.0 / (1.0 + (-z).exp()) - y[row];
                loss
            })
        });
        let columns: Vec<_> = columns.collect();
        LinearModel { weights: DMatrix::from_fn(x.ncols() + 1, y.ncols(), |i, j| columns[j].weights[(i, 0)]) }
    }

    /// Logistic regression of classes by a softmax: minimizes the weighted sum of cross-entropies and `½·‖W‖²`.
    pub(super) fn softmax(
        x: &DMatrix<f64>,
        classes: &[usize],
        n_classes: usize,
        weights: Option<&[f64]>,
    ) -> LinearModel {
        Self::fitted(x, n_classes, weights, &|scores, row| {
            let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let own = scores[classes[row]];
            scores.iter_mut().for_each(|z| *z = (*z - largest).exp());
            let sum: f64 = scores.iter().sum();
            scores.iter_mut().for_each(|z| *z /= sum);
            scores[classes[row]] -= 1.0;
            sum.ln() + largest - own
        })
    }

    /// `loss` takes the scores of a row, replaces them by its gradient, and returns its value.
    fn fitted(
        x: &DMatrix<f64>,
        outputs: usize,
        weights: Option<&[f64]>,
        loss: &dyn Fn(&mut [f64], usize) -> f64,
    ) -> LinearModel {
        let (rows, features) = x.shape();
        let weight = |row: usize| weights.map_or(1.0, |weights| weights[row]);
        let total = (0..rows).map(weight).sum::<f64>().max(1.0);
        // Divided by the number of rows, so that the tolerance is the same for any.
        let mut function = |w: &[f64], gradient: &mut [f64]| {
            let model = LinearModel { weights: DMatrix::from_column_slice(features + 1, outputs, w) };
            let mut scores = model.scores(x).transpose();
            let mut value = 0.0;
            for (row, mut of_row) in scores.column_iter_mut().enumerate() {
                value += weight(row) * loss(of_row.as_mut_slice(), row);
                of_row.scale_mut(weight(row));
            }
            let of_weights = x.tr_mul(&scores.transpose());
            let penalized = model.weights.rows(0, features);
            for output in 0..outputs {
                let from = output * (features + 1);
                for feature in 0..features {
                    let penalty = penalized[(feature, output)];
                    gradient[from + feature] = (of_weights[(feature, output)] + penalty) / total;
                }
                gradient[from + features] = scores.row(output).sum() / total;
            }
            (value + 0.5 * penalized.norm_squared()) / total
        };
        let w = minimize(vec![0.0; (features + 1) * outputs], TOLERANCE, &mut function);
        LinearModel { weights: DMatrix::from_vec(features + 1, outputs, w) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference;

    #[test]
    fn predictions_are_those_of_the_reference() {
        let case = reference::case("linear_baselines");
        let (x, weights) = (case.matrix("x"), case.numbers("weight"));
        let probability = |scores: DMatrix<f64>| scores.map(|z| 1.0 / (1.0 + (-z).exp()));
        let y = DMatrix::from_vec(x.nrows(), 1, case.numbers("y"));
        let binary = probability(LinearModel::logistic(&x, &y, Some(&weights)).scores(&x));
        case.assert_close("binary", binary.as_slice(), 1e-7);
        let model = LinearModel::softmax(&x, &case.indices("classes"), 3, Some(&weights));
        let multiclass = crate::pipeline::output_link::OutputLink::Softmax.apply(&model.scores(&x));
        case.assert_close("multiclass", reference::row_major(&multiclass), 1e-7);
        let ridge = LinearModel::ridge(&x, &case.matrix("numbers"), Some(&weights)).unwrap().scores(&x);
        case.assert_close("ridge", reference::row_major(&ridge), 1e-10);
    }

    #[test]
    fn columns_that_repeat_each_other_are_no_obstacle() {
        let x = DMatrix::from_fn(40, 2, |row, _| (row % 7) as f64);
        let y = DMatrix::from_fn(40, 1, |row, _| f64::from(u8::from(row % 7 > 3)));
        assert!(LinearModel::ridge(&x, &y, None).unwrap().scores(&x).iter().all(|z| z.is_finite()));
        let scores = LinearModel::logistic(&x, &y, None).scores(&x);
        assert!(scores.iter().zip(y.iter()).all(|(z, y)| (*z > 0.0) == (*y > 0.5)));
    }
}
