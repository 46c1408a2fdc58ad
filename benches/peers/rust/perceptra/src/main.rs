//! Perceptra, as a user writes it: `fit` and `predict` on nalgebra matrices; `predict_into` one matrix for the variant
//! "reused".

use nalgebra::{DMatrix, DVector};
use peer::{Data, Peer, Task};
use perceptra::prelude::*;
use std::cell::RefCell;

struct Perceptra {
    model: Model,
    batch: usize,
    x: DMatrix<f32>,
    y: DVector<f32>,
    one: DMatrix<f32>,
    /// The matrix that the variant writes the prediction of one row to.
    reused: Option<RefCell<DMatrix<f32>>>,
}

impl Peer for Perceptra {
    type Output = DMatrix<f32>;

    fn new(task: &Task, data: &Data) -> Self {
        let (&outputs, hidden) = task.widths[1..].split_last().expect("an output");
        let mut layers = Sequential::new();
        for &width in hidden {
            layers = layers.add(Dense::new(width, Relu));
        }
        let mut model = match (outputs, task.metrics) {
            (1, true) => layers.add(Dense::new(1, Sigmoid)).compile(
                Adam,
                BinaryCrossentropy,
                metrics![Accuracy, Recall, Precision],
            ),
            (1, false) => layers.add(Dense::new(1, Sigmoid)).compile(Adam, BinaryCrossentropy, metrics![]),
            _ => layers.add(Dense::new(outputs, Softmax)).compile(Adam, SparseCategoricalCrossentropy, metrics![]),
        };
        model.build(data.features).expect("a network");
        let x = DMatrix::from_row_slice(data.rows, data.features, &data.x);
        let one = x.rows(0, 1).into_owned();
        let reused = (task.variant == "reused").then(|| RefCell::new(DMatrix::zeros(1, outputs)));
        Perceptra { model, batch: task.batch, x, y: DVector::from_column_slice(&data.y), one, reused }
    }

    fn fit(&mut self, epochs: usize) {
        let options = Fit::new().batch_size(self.batch).epochs(epochs).verbose(0);
        self.model.fit(&self.x, &self.y, options).expect("a fit");
    }

    fn predict(&self) -> DMatrix<f32> {
        self.model.predict(&self.x).expect("predictions")
    }

    fn predict_one(&self) -> DMatrix<f32> {
        let Some(y) = &self.reused else { return self.model.predict(&self.one).expect("a prediction") };
        self.model.predict_into(&self.one, &mut y.borrow_mut()).expect("a prediction");
        // An empty matrix allocates nothing.
        DMatrix::zeros(0, 0)
    }

    fn values(output: DMatrix<f32>) -> Vec<f32> {
        output.transpose().as_slice().to_vec()
    }
}

fn main() {
    peer::run::<Perceptra>();
}
