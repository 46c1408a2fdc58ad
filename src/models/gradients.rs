//! One training pass seen from outside: what a test of a layer looks at.

use crate::engine::Network;
use crate::engine::checks::same_rows;
use crate::engine::penalties::Penalties;
use crate::engine::predict_loop::load;
use crate::kernels::aligned::Aligned;
use crate::kernels::padded;
use crate::kernels::source::Source;
use crate::layers::{Noise, Training};
use crate::samples::Samples;
use crate::{BatchBuffer, Error, Result, Scalar};
use nalgebra::DMatrix;

/// What a training pass gives for some samples: see [`Network::gradients`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Gradients<T: Scalar> {
    /// What comes out of the last layer, as in training: samples × outputs.
    pub output: DMatrix<T>,
    /// The gradient of `Σ upstream·output` with respect to the samples.
    pub input: DMatrix<T>,
    /// The same with respect to the flat weights; zeros for frozen layers.
    pub weights: Vec<T>,
    /// The flat state after the pass.
    pub state: Vec<T>,
    /// The penalties of all regularizers.
    pub penalty: f64,
    /// Their gradient with respect to the samples.
    pub penalty_input: DMatrix<T>,
    /// Their gradient with respect to the flat weights.
    pub penalty_weights: Vec<T>,
}

impl<T: Scalar> Network<T> {
    /// Runs samples through all layers as in training, and `upstream`, the gradient of some loss with respect to the
    /// output, back to the samples. Nothing is changed.
    ///
    /// It serves to check a layer of your own against finite differences. Layers that draw random numbers draw those
    /// of the first training step.
    ///
    /// ```
    /// use nalgebra::dmatrix;
    /// use perceptra::prelude::*;
    ///
    /// let mut network = Sequential::new().add(Dense::new(1, Linear)).build(2)?;
    /// network.set_weights("dense", &[dmatrix![2.0; 3.0], dmatrix![1.0]])?;
    /// let gradients = network.gradients(&dmatrix![10.0, 100.0], &dmatrix![1.0])?;
    /// assert_eq!(gradients.input, dmatrix![2.0, 3.0]);
    /// assert_eq!(gradients.weights, [10.0, 100.0, 1.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`predict`](Network::predict); [`Error::Rows`] and [`Error::Outputs`] where `upstream` has another shape than
    /// the output; [`Error::Layer`] for a layer without a gradient.
    pub fn gradients(&self, x: &impl Samples<T>, upstream: &impl Samples<T>) -> Result<Gradients<T>> {
        let (x, upstream) = (Source::new(x.view()), Source::new(upstream.view()));
        self.check_input("x", &x)?;
        same_rows(("x", x.rows), ("upstream", upstream.rows))?;
        if upstream.columns != self.outputs() {
            let advice = "pass one column for each output".into();
            return Err(Error::Outputs { what: "upstream", expected: self.outputs(), found: upstream.columns, advice });
        }
        if let Some(node) = self.nodes.iter().find(|node| !node.cell.is_differentiable()) {
            let reason = "it has no gradient; give it one with .backward(…)".into();
            return Err(Error::Layer { layer: node.name.clone(), reason });
        }
        let mut pass = Pass::forward(self, &x);
        let (input, weights) = pass.backward(self, Some(&upstream));
        let penalty = pass.penalty(self);
        let (penalty_input, penalty_weights) = pass.backward(self, None);
        let output = pass.activations[self.nodes.len()].to_matrix();
        let state = pass.state.to_vec();
        Ok(Gradients { output, input, weights, state, penalty, penalty_input, penalty_weights })
    }
}

/// The buffers of one pass.
struct Pass<T: Scalar> {
    rows: usize,
    activations: Vec<BatchBuffer<T>>,
    scratch: Vec<Aligned<T>>,
    state: Aligned<T>,
    penalties: Penalties<T>,
}

impl<T: Scalar> Pass<T> {
    fn forward(network: &Network<T>, x: &Source<'_, T>) -> Self {
        let rows = x.rows;
        let widths = std::iter::once(network.inputs()).chain(network.nodes.iter().map(|node| node.outputs));
        let mut pass = Pass {
            rows,
            activations: widths.map(|columns| BatchBuffer::zeros(rows, columns)).collect(),
            scratch: network.nodes.iter().map(|node| Aligned::zeros(node.cell.scratch(padded(rows)))).collect(),
            state: network.state.clone(),
            penalties: Penalties::new(network, rows),
        };
        load(x, pass.activations[0].batch_mut());
        let mut none = vec![T::zero(); network.weights.len()];
        for (i, node) in network.nodes.iter().enumerate() {
            let (before, after) = pass.activations.split_at_mut(i + 1);
            let training = Training {
                weights: &network.weights[node.weights.clone()],
                state: &mut pass.state[node.state.clone()],
                gradients: &mut none[node.weights.clone()],
                scratch: &mut pass.scratch[i],
                noise: Noise { seed: network.seed, layer: i as u64, step: 0 },
                frozen: !node.trainable,
                logits: false,
                gate: false,
            };
            node.cell.forward(training, before[i].batch(), after[0].batch_mut());
            after[0].batch_mut().clear_padding();
        }
        pass
    }

    fn penalty(&mut self, network: &Network<T>) -> f64 {
        let outputs = self.activations[1..].iter().enumerate();
        let on_outputs: f64 = outputs.map(|(layer, y)| self.penalties.of_output(layer, y.batch())).sum();
        on_outputs + self.penalties.of_weights(&network.weights)
    }

    /// The gradients with respect to samples and weights: of the output along `upstream`, or else of the penalties.
    fn backward(&mut self, network: &Network<T>, upstream: Option<&Source<'_, T>>) -> (DMatrix<T>, Vec<T>) {
        let mut weights = vec![T::zero(); network.weights.len()];
        let mut state = self.state.clone();
        let mut above = BatchBuffer::zeros(self.rows, network.outputs());
        if let Some(upstream) = upstream {
            load(upstream, above.batch_mut());
        }
        for (i, node) in network.nodes.iter().enumerate().rev() {
            let (x, y) = (self.activations[i].batch(), self.activations[i + 1].batch());
            if upstream.is_none() {
                self.penalties.add_output_gradient(i, y, above.batch_mut());
            }
            let mut below = BatchBuffer::zeros(self.rows, x.columns());
            let training = Training {
                weights: &network.weights[node.weights.clone()],
                state: &mut state[node.state.clone()],
                gradients: &mut weights[node.weights.clone()],
                scratch: &mut self.scratch[i],
                noise: Noise { seed: network.seed, layer: i as u64, step: 0 },
                frozen: !node.trainable,
                logits: false,
                gate: false,
            };
            node.cell.backward(training, x, y, above.batch(), Some(below.batch_mut()));
            below.batch_mut().clear_padding();
            above = below;
        }
        if upstream.is_none() {
            self.penalties.add_weight_gradients(&network.weights, &mut weights);
        }
        (above.to_matrix(), weights)
    }
}
