//! One training step: forward, loss, backward. Nothing is allocated in it.

use super::dataset::Dataset;
use super::network::{Network, Node};
use super::penalties::Penalties;
use crate::activations::Fusion;
use crate::kernels::aligned::Aligned;
use crate::kernels::crossentropy::{self, LogitLoss, Operands};
use crate::kernels::{padded, reduce};
use crate::layers::{Inference, Noise, Training};
use crate::losses::{self, Loss, Targets};
use crate::optimizers::Optimization;
use crate::{Batch, BatchBuffer, Result, Scalar};
use std::sync::Arc;

/// The buffers of training and the loss that is made small.
pub(super) struct Trainer<T: Scalar> {
    loss: Arc<dyn Loss<T>>,
    /// The form of the loss that takes the last activation over, where there is one.
    joined: Option<LogitLoss>,
    /// Whether the predictions are the logits themselves.
    logits: bool,
    /// What goes into the first layer, and what comes out of each.
    activations: Vec<BatchBuffer<T>>,
    /// The gradients of the same.
    gradients: Vec<BatchBuffer<T>>,
    scratch: Vec<Aligned<T>>,
    /// The targets of the batch.
    y: BatchBuffer<T>,
    /// The weights of the batch's samples; all ones where none are given.
    sample_weights: Aligned<T>,
    weighted: bool,
    /// The probabilities, where the loss takes the last activation over.
    predictions: BatchBuffer<T>,
    losses: Aligned<T>,
    /// The factor of each sample's gradient: its weight and the reduction's factor.
    scale: Aligned<T>,
    /// The reduction's factor.
    factor: f64,
    /// Whether the factors of the samples depend on more than the number of samples.
    each_batch: bool,
    rows: usize,
    penalties: Penalties<T>,
    /// Whether a layer takes over the slope of the relu that the layer below it ends with.
    gates: Vec<bool>,
}

/// The layers that spare the one below them a pass over its relu. Its values must not be penalized, since that
/// gradient comes in between.
fn gates<T: Scalar>(network: &Network<T>) -> Vec<bool> {
    let ends_with_relu =
        |node: &Node<T>| node.cell.last_activation() == Fusion::Relu && node.cell.activity_regularizer().is_none();
    let below = std::iter::once(false).chain(network.nodes.iter().map(ends_with_relu));
    below.zip(&network.nodes).map(|(relu, node)| relu && node.cell.takes_gate()).collect()
}

impl<T: Scalar> Trainer<T> {
    pub(super) fn new(
        network: &Network<T>,
        loss: &Arc<dyn Loss<T>>,
        targets: usize,
        batch_size: usize,
        weighted: bool,
    ) -> Result<Self> {
        let outputs = network.outputs();
        let loss = crate::losses::resolve(loss, targets, outputs)?;
        let each_batch = weighted || matches!(loss.targets(), Targets::Classes(Some(_)));
        let last = network.last_activation();
        let stride = padded(batch_size);
        let widths = || std::iter::once(network.inputs()).chain(network.nodes.iter().map(|node| node.outputs));
        let buffers = || widths().map(|columns| BatchBuffer::zeros(batch_size, columns)).collect();
        Ok(Trainer {
            joined: loss.joined(last),
            logits: last == Fusion::Linear,
            loss,
            activations: buffers(),
            gradients: buffers(),
            scratch: network.nodes.iter().map(|node| Aligned::zeros(node.cell.scratch(stride))).collect(),
            y: BatchBuffer::zeros(batch_size, targets),
            sample_weights: Aligned::from_slice(&vec![T::one(); stride]),
            weighted,
            predictions: BatchBuffer::zeros(batch_size, outputs),
            losses: Aligned::zeros(stride),
            scale: Aligned::zeros(stride),
            factor: 0.0,
            each_batch,
            rows: 0,
            penalties: Penalties::new(network, batch_size),
            gates: gates(network),
        })
    }

    /// Makes the buffers fit a batch; at most the size they were made for.
    pub(super) fn set_rows(&mut self, rows: usize) {
        if rows == self.rows {
            return;
        }
        self.rows = rows;
        for buffer in self.activations.iter_mut().chain(&mut self.gradients) {
            buffer.set_rows(rows);
        }
        self.y.set_rows(rows);
        self.predictions.set_rows(rows);
        self.set_scale();
    }

    /// The factors of the samples' losses; zero in the padding, so that nothing there is learned from.
    fn set_scale(&mut self) {
        let rows = self.rows;
        let weights = self.weighted.then(|| &self.sample_weights[..rows]);
        self.factor = losses::weigh(&*self.loss, self.y.batch(), weights, &mut self.scale[..rows]);
        self.scale[rows..].fill(T::zero());
    }

    /// Takes in the samples, targets and weights of the batch that starts at a position of the order.
    pub(super) fn load(&mut self, data: &Dataset<T>, start: usize) {
        data.load(start, &mut self.activations[0], &mut self.y, &mut self.sample_weights);
    }

    pub(super) fn loss(&self) -> &dyn Loss<T> {
        &*self.loss
    }

    /// The predictions of the last forward pass.
    pub(super) fn predictions(&self) -> Batch<'_, T> {
        match (self.joined, self.activations.last()) {
            (joined, Some(last)) if joined.is_none() || self.logits => last.batch(),
            _ => self.predictions.batch(),
        }
    }

    /// The targets of the batch.
    pub(super) fn targets(&self) -> Batch<'_, T> {
        self.y.batch()
    }

    /// The weights of the batch's samples, where some were given.
    pub(super) fn weights(&self) -> Option<&[T]> {
        self.weighted.then(|| &self.sample_weights[..self.rows])
    }

    /// The input's way through all layers, as in prediction.
    pub(super) fn infer(&mut self, network: &Network<T>) {
        if self.each_batch {
            self.set_scale();
        }
        let last = network.nodes.len() - 1;
        for (i, node) in network.nodes.iter().enumerate() {
            let (before, after) = self.activations.split_at_mut(i + 1);
            let pass = Inference {
                weights: &network.weights[node.weights.clone()],
                state: &network.state[node.state.clone()],
                scratch: &mut self.scratch[i],
                logits: self.joined.is_some() && i == last,
            };
            node.cell.infer(pass, before[i].batch(), after[0].batch_mut());
        }
    }

    /// The input's way through all layers, as in training.
    pub(super) fn forward(&mut self, network: &mut Network<T>, optimization: &mut Optimization<T>) {
        if self.each_batch {
            self.set_scale();
        }
        let last = network.nodes.len() - 1;
        for (i, node) in network.nodes.iter().enumerate() {
            let (before, after) = self.activations.split_at_mut(i + 1);
            let pass = Training {
                weights: &network.weights[node.weights.clone()],
                state: &mut network.state[node.state.clone()],
                gradients: &mut optimization.gradients[node.weights.clone()],
                scratch: &mut self.scratch[i],
                noise: Noise { seed: network.seed, layer: i as u64, step: optimization.iterations },
                frozen: !node.trainable,
                logits: self.joined.is_some() && i == last,
                gate: false,
            };
            node.cell.forward(pass, before[i].batch(), after[0].batch_mut());
            // An activation need not be finite at zero, and sums over whole vectors meet it otherwise.
            after[0].batch_mut().clear_padding();
        }
    }

    /// The loss of the batch with all penalties, and its gradient with respect to what the last layer gave.
    pub(super) fn compute_loss(&mut self, network: &Network<T>) -> f64 {
        let last = self.activations.len() - 1;
        let (rows, stride) = (self.rows, padded(self.rows));
        let output = self.activations[last].batch();
        match self.joined {
            Some(joined) => crossentropy::logits(
                joined,
                Operands {
                    z: output.padded(),
                    y: self.y.batch().padded(),
                    scale: &self.scale[..stride],
                    p: self.predictions.batch_mut().padded(),
                    losses: &mut self.losses[..stride],
                    dz: self.gradients[last].batch_mut().padded(),
                    stride,
                },
            ),
            None => {
                self.loss.forward(self.y.batch(), output, &mut self.losses[..rows]);
                let mut gradient = self.gradients[last].batch_mut();
                self.loss.backward(self.y.batch(), output, &self.scale[..rows], gradient.reborrow());
                gradient.clear_padding();
            }
        }
        let outputs = self.activations[1..].iter().enumerate();
        let on_outputs: f64 = outputs.map(|(layer, y)| self.penalties.of_output(layer, y.batch())).sum();
        self.reduced_loss() + self.penalties.of_weights(&network.weights) + on_outputs
    }

    /// The sum of the samples' losses times their factors.
    fn reduced_loss(&self) -> f64 {
        let (losses, scale) = (&self.losses[..self.rows], &self.scale[..self.rows]);
        if !self.each_batch {
            return reduce::sum(losses) * self.factor;
        }
        losses.iter().zip(scale).map(|(loss, scale)| loss.to_f64() * scale.to_f64()).sum()
    }

    /// The gradients of all weights, from the loss down to the first layer that learns.
    pub(super) fn backward(&mut self, network: &mut Network<T>, optimization: &mut Optimization<T>) {
        let first = network.first_trainable();
        let last = network.nodes.len() - 1;
        for (i, node) in network.nodes.iter().enumerate().skip(first).rev() {
            let (below, above) = self.gradients.split_at_mut(i + 1);
            let pass = Training {
                weights: &network.weights[node.weights.clone()],
                state: &mut network.state[node.state.clone()],
                gradients: &mut optimization.gradients[node.weights.clone()],
                scratch: &mut self.scratch[i],
                noise: Noise { seed: network.seed, layer: i as u64, step: optimization.iterations },
                frozen: !node.trainable,
                logits: if i == last { self.joined.is_some() } else { self.gates[i + 1] },
                gate: self.gates[i],
            };
            let (x, y) = (self.activations[i].batch(), self.activations[i + 1].batch());
            let dx = (i > first).then(|| below[i].batch_mut());
            self.penalties.add_output_gradient(i, y, above[0].batch_mut());
            node.cell.backward(pass, x, y, above[0].batch(), dx);
            if i > first {
                below[i].batch_mut().clear_padding();
            }
        }
        self.penalties.add_weight_gradients(&network.weights, &mut optimization.gradients);
    }
}
