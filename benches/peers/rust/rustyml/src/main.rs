//! rustyml: `fit_with_batches` and `predict`; it has no metrics while fitting.

use ndarray::{Array, Array2};
use peer::{Data, Peer, Task};
use rustyml::prelude::neural_network::*;

struct RustyMl {
    model: Sequential,
    batch: usize,
    softmax: bool,
    x: Tensor,
    y: Tensor,
    one: Tensor,
}

impl Peer for RustyMl {
    type Output = (Tensor, bool);

    fn new(task: &Task, data: &Data) -> Self {
        let (&outputs, hidden) = task.widths[1..].split_last().expect("an output");
        let mut layers = SequentialBuilder::new();
        for &width in hidden {
            layers = layers.add(Dense::new(width, Activation::ReLU).expect("a layer"));
        }
        let last = if outputs == 1 { Activation::Sigmoid } else { Activation::Linear };
        let layers = layers.add(Dense::new(outputs, last).expect("a layer"));
        let x = Array::from_shape_vec((data.rows, data.features), data.x.clone()).expect("a matrix").into_dyn();
        let y = Array::from_shape_vec((data.rows, 1), data.y.clone()).expect("a matrix").into_dyn();
        let one =
            Array2::from_shape_vec((1, data.features), data.x[..data.features].to_vec()).expect("a row").into_dyn();
        let mut model = layers.build(&Shape::known(&[task.batch, data.features])).expect("a model");
        let adam = Adam::new(1e-3, 0.9, 0.999, 1e-7, 0.0).expect("an optimizer");
        if outputs == 1 {
            model.compile(adam, BinaryCrossEntropy::new());
        } else {
            model.compile(adam, SparseCategoricalCrossEntropy::new(true));
        }
        RustyMl { model, batch: task.batch, softmax: outputs > 1, x, y, one }
    }

    fn fit(&mut self, epochs: usize) {
        self.model.fit_with_batches(&self.x, &self.y, epochs as u32, self.batch).expect("a fit");
    }

    fn predict(&self) -> (Tensor, bool) {
        (self.model.predict(&self.x).expect("predictions"), self.softmax)
    }

    fn predict_one(&self) -> (Tensor, bool) {
        (self.model.predict(&self.one).expect("a prediction"), self.softmax)
    }

    fn values((output, softmax): (Tensor, bool)) -> Vec<f32> {
        let classes = output.shape()[1];
        let mut values: Vec<f32> = output.iter().copied().collect();
        if softmax {
            for row in values.chunks_exact_mut(classes) {
                row.iter_mut().for_each(|logit| *logit = logit.exp());
                let sum: f32 = row.iter().sum();
                row.iter_mut().for_each(|value| *value /= sum);
            }
        }
        values
    }
}

fn main() {
    peer::run::<RustyMl>();
}
