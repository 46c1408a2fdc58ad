//! Baselines for a pipeline: predictions without inputs, and a linear model.

mod lbfgs;
mod linear;

use super::output_link::OutputLink;
use super::{FittedTarget, Task};
use crate::Result;
use linear::LinearModel;
use nalgebra::DMatrix;

/// The rows that a baseline learns from.
pub(super) struct BaselineRows<'a> {
    pub(super) target: &'a FittedTarget,
    /// Classes as indices; of other tasks none.
    pub(super) classes: &'a [usize],
    /// Numbers or labels as they are; of classes none.
    pub(super) values: &'a DMatrix<f64>,
    pub(super) weights: Option<&'a [f64]>,
}

impl BaselineRows<'_> {
    /// Predicts one value for every row: the fractions of the classes or labels, or the mean of the numbers.
    pub(super) fn dummy(&self, rows: usize) -> DMatrix<f64> {
        let count = if self.target.task().has_classes() { self.classes.len() } else { self.values.nrows() };
        let weight = |row: usize| self.weights.map_or(1.0, |weights| weights[row]);
        let total = (0..count).map(weight).sum::<f64>();
        let mean = |of: &dyn Fn(usize) -> f64| (0..count).map(|row| weight(row) * of(row)).sum::<f64>() / total;
        let is = |row: usize, class: usize| f64::from(u8::from(self.classes[row] == class));
        let means: Vec<f64> = match self.target.task() {
            Task::Binary => vec![mean(&|row| is(row, 1))],
            Task::Multiclass => (0..self.target.outputs()).map(|class| mean(&|row| is(row, class))).collect(),
            _ => (0..self.target.outputs()).map(|column| mean(&|row| self.values[(row, column)])).collect(),
        };
        DMatrix::from_fn(rows, means.len(), |_, column| means[column])
    }

    /// Logistic regression, or ridge regression, on standardized inputs.
    pub(super) fn linear(&self, x: &DMatrix<f64>, x_test: &DMatrix<f64>) -> Result<DMatrix<f64>> {
        Ok(match self.target.task() {
            Task::Binary => {
                let y = DMatrix::from_fn(self.classes.len(), 1, |row, _| self.classes[row] as f64);
                OutputLink::Sigmoid.apply(&LinearModel::logistic(x, &y, self.weights).scores(x_test))
            }
            Task::Multilabel => {
                OutputLink::Sigmoid.apply(&LinearModel::logistic(x, self.values, self.weights).scores(x_test))
            }
            Task::Multiclass => {
                let model = LinearModel::softmax(x, self.classes, self.target.outputs(), self.weights);
                OutputLink::Softmax.apply(&model.scores(x_test))
            }
            Task::Regression | Task::MultiRegression => {
                LinearModel::ridge(x, self.values, self.weights)?.scores(x_test)
            }
        })
    }
}
