//! The gradients of predictions with respect to samples.

use super::network::Network;
use super::pass::{self, Fused, Train, TrainForward};
use super::workspace::{GradientBuffers, Workspace};
use crate::kernels::aligned::Aligned;
use crate::{Error, Result, Scalar, memory};

/// A function that receives the index of a row and its outputs, and writes the gradient of a scalar with respect to the outputs.
pub(crate) type Upstream<'a> = &'a mut dyn FnMut(usize, &[f64], &mut [f64]);

/// Computes the gradients of a network's predictions with respect to the samples; its buffers are reused from batch to batch.
///
/// The layers compute as in prediction: without noise, and with their moving averages.
pub(crate) struct InputGradients<'n, T: Scalar> {
    network: &'n Network<T>,
    workspace: Workspace<T>,
    gradients: GradientBuffers<T>,
    state: Aligned<T>,
    /// An unused buffer for the gradients of the weights; all layers count as frozen.
    weights: Vec<T>,
    fused: Fused,
    rows: usize,
}

impl<'n, T: Scalar> InputGradients<'n, T> {
    /// Prepares for batches of at most this many rows.
    ///
    /// The error names a layer that has no gradient, because it reads codes, is a step function, or has no known derivative.
    pub(crate) fn new(network: &'n Network<T>, rows: usize) -> Result<Self> {
        let without = |node: &super::network::Node<T>| !node.built.is_differentiable() || node.built.blocks_gradients();
        let blocked = network.nodes.iter().find(|node| without(node));
        let reader = network.readers.first().and_then(|reader| network.nodes.get(reader.node));
        if let Some(node) = blocked.or(reader) {
            let reason =
                "it has no gradient with respect to its inputs; explain the record by ShapleyValues, which need none";
            return Err(Error::Layer { layer: node.name.clone(), reason: reason.into() });
        }
        let lack = |lack| network.lacks(lack, rows);
        let mut gradients = InputGradients {
            network,
            workspace: Workspace::for_training(network, rows)?,
            gradients: GradientBuffers::new(network, vec![true; network.values()], rows)?,
            state: network.state.clone(),
            weights: memory::filled(T::zero(), &[network.weights.len()]).map_err(lack)?,
            fused: Fused::for_network(network, false),
            rows,
        };
        gradients.set_rows(rows);
        Ok(gradients)
    }

    fn set_rows(&mut self, rows: usize) {
        self.workspace.set_rows(rows);
        self.gradients.set_rows(rows);
    }

    /// Computes, for each row of `x`, the gradient of a function of the outputs with respect to the row. `x` and `dx` are row-major.
    /// `upstream` receives the index of the row, its outputs and the slice for the gradient with respect to them.
    pub(crate) fn run(&mut self, x: &[f64], dx: &mut [f64], upstream: Upstream<'_>) {
        let network = self.network;
        let inputs = network.inputs();
        let rows = x.len().checked_div(inputs).unwrap_or(0).min(self.rows);
        if rows == 0 {
            return;
        }
        self.set_rows(rows);
        let mut to = self.workspace.input_mut();
        for column in 0..inputs {
            let values = x[column..].iter().step_by(inputs);
            to.column_mut(column).iter_mut().zip(values).for_each(|(to, &value)| *to = T::of(value));
        }
        self.forward();
        self.write_upstream(rows, upstream);
        self.backward();
        let from = self.gradients.input();
        for column in 0..inputs {
            let to = dx[column..].iter_mut().step_by(inputs);
            to.zip(from.column(column)).for_each(|(to, &value)| *to = value.to_f64());
        }
    }

    fn forward(&mut self) {
        let network = self.network;
        let (mut values, scratch) = self.workspace.split();
        let mut train = as_inference(network, &mut self.state, &mut self.weights);
        let mut visitor = TrainForward { train: &mut train, scratch };
        pass::forward(&network.nodes, &mut values, false, &mut visitor);
    }

    fn write_upstream(&mut self, rows: usize, upstream: Upstream<'_>) {
        let network = self.network;
        let count = network.outputs();
        let (mut outputs, mut gradient) = (vec![0.0; count], vec![0.0; count]);
        // The padding of the outputs' gradients must not contribute to the sums of the layers below.
        network.outputs.iter().for_each(|&value| self.gradients.value_mut(value).padded().fill(T::zero()));
        for row in 0..rows {
            let mut first = 0;
            for &value in &network.outputs {
                let from = self.workspace.value(value);
                (0..from.columns()).for_each(|column| outputs[first + column] = from.at(row, column).to_f64());
                first += from.columns();
            }
            upstream(row, &outputs, &mut gradient);
            let mut first = 0;
            for &value in &network.outputs {
                let mut to = self.gradients.value_mut(value);
                let columns = to.columns();
                (0..columns).for_each(|column| to.column_mut(column)[row] = T::of(gradient[first + column]));
                first += columns;
            }
        }
    }

    fn backward(&mut self) {
        let InputGradients { network, workspace, gradients, state, weights, fused, .. } = self;
        let mut train = as_inference(network, state, weights);
        pass::backward(&network.nodes, workspace, gradients, &mut train, fused, None, &mut pass::TrainBackward);
    }
}

/// The arguments of a training pass in which layers compute as in prediction.
fn as_inference<'a, T: Scalar>(network: &'a Network<T>, state: &'a mut [T], gradients: &'a mut [T]) -> Train<'a, T> {
    Train { weights: &network.weights, state, gradients, seed: network.seed, step: 0, inference: true }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dmatrix;
    use crate::prelude::*;
    use nalgebra::DMatrix;

    #[test]
    fn gradients_are_those_of_predictions() -> Result<()> {
        let layers = Sequential::<f64>::default()
            .add(Dense::new(5, Tanh))
            .add(BatchNormalization::new())
            .add(Dropout::new(0.5))
            .add(GaussianNoise::new(0.5))
            .add(SpectralNormalization::new(Dense::new(4, Relu)))
            .add(GaussianDropout::new(0.3))
            .add(AlphaDropout::new(0.3))
            .add(Dense::new(2, Sigmoid))
            .seed(3);
        let mut network = layers.build(3)?;
        let (ones, shift) = (dmatrix![1.5, 1.0, 0.5, 2.0, 1.0], dmatrix![0.1, 0.2, 0.3, -0.2, 0.1]);
        network.set_weights("batch_normalization", &[ones.clone(), shift.clone(), shift, ones])?;
        let x = DMatrix::from_fn(7, 3, |i, j| ((i * 5 + j * 3) % 7) as f64 / 3.0 - 1.0);
        let rows: Vec<f64> = x.transpose().as_slice().to_vec();
        let mut dx = vec![0.0; rows.len()];
        let mut gradients = InputGradients::new(&network, 9)?;
        let predicted = network.predict(&x)?;
        for _ in 0..2 {
            gradients.run(&rows, &mut dx, &mut |row, outputs, gradient| {
                approx::assert_relative_eq!(outputs[1], predicted[(row, 1)], max_relative = 1e-12);
                gradient.copy_from_slice(&[0.5, 2.0]);
            });
        }
        for (i, j) in (0..7).flat_map(|i| (0..3).map(move |j| (i, j))) {
            let moved = |step: f64| {
                let mut x = x.clone();
                x[(i, j)] += step;
                let y = network.predict(&x).unwrap();
                0.5 * y[(i, 0)] + 2.0 * y[(i, 1)]
            };
            let difference = (moved(1e-6) - moved(-1e-6)) / 2e-6;
            approx::assert_relative_eq!(dx[i * 3 + j], difference, max_relative = 1e-6, epsilon = 1e-9);
        }
        Ok(())
    }
}
