//! Built layers, which compute.

use super::{Domain, Inputs, Parameter};
use crate::activations::{Activation, Fusion};
use crate::random::{Purpose, stream};
use crate::regularizers::Regularizer;
use crate::{Batch, BatchMut, Dependence, Random, Scalar};
use std::sync::Arc;

/// What a layer is given when it predicts.
#[derive(Debug)]
#[non_exhaustive]
pub struct InferPass<'a, T> {
    /// The weights of this layer, one variable after another, each row by row.
    pub weights: &'a [T],
    /// The state of this layer, likewise.
    pub state: &'a [T],
    /// Workspace, [`BuiltLayer::scratch`] elements with any content.
    pub scratch: &'a mut [T],
    /// Whether to leave out the last activation, because the loss takes it over; only where
    /// [`last_activation`](BuiltLayer::last_activation) names one.
    pub skip_activation: bool,
}

/// What a layer is given when it trains, forward and backward.
#[derive(Debug)]
#[non_exhaustive]
pub struct TrainPass<'a, T> {
    /// The weights of this layer, one variable after another, each row by row.
    pub weights: &'a [T],
    /// The state of this layer, likewise; a forward pass may update it.
    pub state: &'a mut [T],
    /// The gradients of the weights; a backward pass overwrites them.
    pub gradients: &'a mut [T],
    /// Workspace, [`BuiltLayer::scratch`] elements, kept from forward to backward.
    pub scratch: &'a mut [T],
    /// Where this step's random numbers come from.
    pub noise: Noise,
    /// Whether the layer's weights are frozen: the gradients need not be written.
    pub frozen: bool,
    /// Whether the pass is for the gradients of predictions: forward then computes what [`infer`](BuiltLayer::infer) does, and backward the
    /// gradients of that, without noise; the layer is [frozen](Self::frozen) too.
    pub inference: bool,
    /// Whether to leave out the last activation, because the loss takes it over; backward also because the layer
    /// above has taken over its derivative. Only where [`last_activation`](BuiltLayer::last_activation) names one.
    pub skip_activation: bool,
    /// Whether to multiply `dx` with the derivative of the relu that `x` comes from: it becomes zero where `x` is. Only
    /// where [`takes_relu_mask`](BuiltLayer::takes_relu_mask) reports it.
    pub relu_mask: bool,
}

impl<T> TrainPass<'_, T> {
    /// The pass as a prediction has it.
    pub fn as_inference(&mut self) -> InferPass<'_, T> {
        InferPass {
            weights: self.weights,
            state: self.state,
            scratch: self.scratch,
            skip_activation: self.skip_activation,
        }
    }
}

/// The random numbers of one layer in one step.
///
/// The stream depends on the seed, the layer and the step only, so training that resumes from a file
/// draws the same numbers as training that was never interrupted.
#[derive(Debug, Clone, Copy)]
pub struct Noise {
    pub(crate) seed: u64,
    pub(crate) layer: u64,
    pub(crate) step: u64,
}

impl Noise {
    /// The stream, from its beginning.
    pub fn stream(&self) -> Random {
        stream(self.seed, Purpose::Noise, (self.layer << 48) ^ self.step)
    }

    /// The stream under the layer's seed if it has one, else under the model's.
    pub fn with_seed(self, seed: Option<u64>) -> Self {
        Noise { seed: seed.unwrap_or(self.seed), ..self }
    }
}

/// A built layer: forward and backward over a batch.
///
/// A built layer holds no buffers, so one model can predict from many threads at once: weights, gradients and scratch
/// are lent to each call.
pub trait BuiltLayer<T: Scalar>: Send + Sync {
    /// The number of output columns.
    fn outputs(&self) -> usize;

    /// The variables it needs, weights first.
    fn parameters(&self) -> Vec<Parameter<T>> {
        Vec::new()
    }

    /// The elements of scratch it needs for batches whose column stride is `stride`.
    fn scratch(&self, stride: usize) -> usize {
        let _ = stride;
        0
    }

    /// Writes `y` from `x`, as in prediction.
    fn infer(&self, pass: InferPass<'_, T>, x: Batch<'_, T>, y: BatchMut<'_, T>);

    /// Writes `y` from `x`, as in training; the same as [`infer`](BuiltLayer::infer) unless a layer overrides it.
    fn forward(&self, mut pass: TrainPass<'_, T>, x: Batch<'_, T>, y: BatchMut<'_, T>) {
        self.infer(pass.as_inference(), x, y);
    }

    /// Writes the gradients of the weights and, if asked for, `dx`, the gradient of the loss with respect to
    /// `x`, from `dy`, the one with respect to `y`.
    fn backward(
        &self,
        pass: TrainPass<'_, T>,
        x: Batch<'_, T>,
        y: Batch<'_, T>,
        dy: Batch<'_, T>,
        dx: Option<BatchMut<'_, T>>,
    );

    /// [`infer`](BuiltLayer::infer) from several inputs, for a layer that [`Layer::build_from`](super::Layer::build_from)
    /// makes for them; by default from the first one. It is not called for one input.
    #[inline]
    fn infer_from(&self, pass: InferPass<'_, T>, x: Inputs<'_, T>, y: BatchMut<'_, T>) {
        self.infer(pass, x.first(), y);
    }

    /// [`forward`](BuiltLayer::forward) from several inputs, likewise. A layer that writes
    /// [`infer_from`](BuiltLayer::infer_from) writes this too.
    #[inline]
    fn forward_from(&self, pass: TrainPass<'_, T>, x: Inputs<'_, T>, y: BatchMut<'_, T>) {
        self.forward(pass, x.first(), y);
    }

    /// [`backward`](BuiltLayer::backward) to one of several inputs, whose number comes with `dx`; likewise. It is
    /// called for each input whose gradient is wanted, or once without `dx`, and writes the gradients of the weights
    /// each time.
    #[inline]
    fn backward_to(
        &self,
        pass: TrainPass<'_, T>,
        x: Inputs<'_, T>,
        y: Batch<'_, T>,
        dy: Batch<'_, T>,
        dx: Option<(usize, BatchMut<'_, T>)>,
    ) {
        self.backward(pass, x.first(), y, dy, dx.map(|(_, dx)| dx));
    }

    /// The penalty on the output, divided by the batch size and added to the loss.
    fn activity_regularizer(&self) -> Option<&Arc<dyn Regularizer<T>>> {
        None
    }

    /// The numbers it can take; a model checks its samples against those of its first layer.
    fn domain(&self) -> Domain {
        Domain::Real
    }

    /// Whether [`backward`](BuiltLayer::backward) can write `dx`; where it cannot, no layer below it can be trained.
    fn is_differentiable(&self) -> bool {
        true
    }

    /// Whether `dx` is always zero, as for a step function; no layer below it can be trained then.
    fn blocks_gradients(&self) -> bool {
        false
    }

    /// Whether it can take over the derivative of a relu below it while it writes `dx`: [`TrainPass::relu_mask`] asks
    /// it to. Default false.
    fn takes_relu_mask(&self) -> bool {
        false
    }

    /// Whether [`infer`](BuiltLayer::infer) also takes one sample whose values are contiguous, with no padding between the
    /// columns, as a layer does that goes through a batch column by column; default false.
    // There is padding up to the end of a vector behind them, whose content may be anything.
    fn takes_packed_sample(&self) -> bool {
        false
    }

    /// The activation the layer ends with, if it has one; it shows a model what its outputs are, for warnings and
    /// charts. Default none.
    fn activation(&self) -> Option<Arc<dyn Activation<T>>> {
        None
    }

    /// The activation the layer ends with, in the form that a loss or the layer above can take over; a layer that names one
    /// obeys [`InferPass::skip_activation`] and [`TrainPass::skip_activation`]. Default [`Fusion::None`].
    fn last_activation(&self) -> Fusion {
        Fusion::None
    }

    /// How each output depends on a number on which each of the inputs depends as stated, proven by these weights and this
    /// state. By default [`Dependence::Unknown`] unless no input depends on it.
    fn dependences(&self, weights: &[T], state: &[T], inputs: &[Dependence]) -> Vec<Dependence> {
        let _ = (weights, state);
        vec![Dependence::mixed(inputs); self.outputs()]
    }
}
