//! Built layers, which compute.

use super::{Domain, Inputs, Parameter, RankRows, RowForm};
use crate::activations::{Activation, Fusion};
use crate::random::{Purpose, seed_of_rank, stream};
use crate::regularizers::Regularizer;
use crate::{Batch, BatchMut, Dependence, Random, Result, Scalar};
use std::sync::Arc;

/// The weights, scratch and options of a layer's forward pass in inference.
#[derive(Debug)]
#[non_exhaustive]
pub struct InferPass<'a, T> {
    /// The weights of this layer, one variable after another, each row by row.
    pub weights: &'a [T],
    /// The state of this layer, in the same form.
    pub state: &'a [T],
    /// Workspace, [`BuiltLayer::scratch`] elements with any content.
    pub scratch: &'a mut [T],
    /// Whether to leave out the last activation, because the loss takes it over; only where
    /// [`last_activation`](BuiltLayer::last_activation) names one.
    pub skip_activation: bool,
}

/// The weights, gradients, scratch and options of a layer's forward or backward pass in training.
#[derive(Debug)]
#[non_exhaustive]
pub struct TrainPass<'a, T> {
    /// The weights of this layer, one variable after another, each row by row.
    pub weights: &'a [T],
    /// The state of this layer, in the same form; a forward pass may update it.
    pub state: &'a mut [T],
    /// The gradients of the weights; a backward pass overwrites them.
    pub gradients: &'a mut [T],
    /// Workspace, [`BuiltLayer::scratch`] elements, kept from forward to backward.
    pub scratch: &'a mut [T],
    /// The random stream of this layer in this step.
    pub noise: Noise,
    /// Whether the layer's weights are frozen: the gradients need not be written.
    pub frozen: bool,
    /// Whether the pass computes gradients of predictions instead of training: forward equals [`infer`](BuiltLayer::infer), without
    /// noise, backward is its gradient, and [`frozen`](Self::frozen) is set as well.
    pub inference: bool,
    /// Whether to leave out the last activation, because the loss takes it over; backward also because the layer
    /// above has taken over its derivative. Only where [`last_activation`](BuiltLayer::last_activation) names one.
    pub skip_activation: bool,
    /// Whether to multiply `dx` with the derivative of the relu that `x` comes from: it becomes zero where `x` is. Only
    /// where [`takes_relu_mask`](BuiltLayer::takes_relu_mask) reports it.
    pub relu_mask: bool,
}

impl<T> TrainPass<'_, T> {
    /// This pass as an [`InferPass`].
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

    /// This noise, other numbers on each rank.
    fn of_rank(self, rank: usize) -> Self {
        Noise { seed: seed_of_rank(self.seed, rank), ..self }
    }

    /// This noise with the layer's seed if it has one, else with the model's.
    pub fn with_seed(self, seed: Option<u64>) -> Self {
        Noise { seed: seed.unwrap_or(self.seed), ..self }
    }
}

/// A built layer: forward and backward over a batch.
///
/// A built layer contains no buffers: weights, gradients and scratch are passed to each call, so that one model can predict on
/// several threads at the same time.
pub trait BuiltLayer<T: Scalar>: Send + Sync {
    /// The number of output columns.
    fn outputs(&self) -> usize;

    /// The variables that the layer needs, weights first.
    fn parameters(&self) -> Vec<Parameter<T>> {
        Vec::new()
    }

    /// The number of elements of scratch that the layer needs for batches with this column stride.
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

    /// Given `dy = ∂L/∂y`, writes `pass.gradients = ∂L/∂w` and, if `dx` is given, `dx = ∂L/∂x`.
    fn backward(
        &self,
        pass: TrainPass<'_, T>,
        x: Batch<'_, T>,
        y: Batch<'_, T>,
        dy: Batch<'_, T>,
        dx: Option<BatchMut<'_, T>>,
    );

    /// [`forward`](BuiltLayer::forward) on this rank's rows of a step of a distributed fit. Layers that depend on all rows of the step, or
    /// draw random numbers for them, implement it. Default: [`forward`](BuiltLayer::forward) with random numbers of this rank.
    ///
    /// # Errors
    ///
    /// The errors of the communicator.
    fn forward_part(
        &self,
        part: &RankRows<'_>,
        mut pass: TrainPass<'_, T>,
        x: Batch<'_, T>,
        y: BatchMut<'_, T>,
    ) -> Result<()> {
        pass.noise = pass.noise.of_rank(part.communicator.rank());
        self.forward(pass, x, y);
        Ok(())
    }

    /// [`backward`](BuiltLayer::backward) on this rank's rows, after [`forward_part`](BuiltLayer::forward_part). It computes the gradients
    /// of the weights from these rows only; they are summed over the ranks afterwards. Default: [`backward`](BuiltLayer::backward).
    ///
    /// # Errors
    ///
    /// The errors of the communicator.
    fn backward_part(
        &self,
        part: &RankRows<'_>,
        mut pass: TrainPass<'_, T>,
        x: Batch<'_, T>,
        y: Batch<'_, T>,
        dy: Batch<'_, T>,
        dx: Option<BatchMut<'_, T>>,
    ) -> Result<()> {
        pass.noise = pass.noise.of_rank(part.communicator.rank());
        self.backward(pass, x, y, dy, dx);
        Ok(())
    }

    /// [`infer`](BuiltLayer::infer) from several inputs, for a layer that [`Layer::build_from`](super::Layer::build_from)
    /// makes for them. Called only for two or more inputs. Default: [`infer`](BuiltLayer::infer) on the first input.
    #[inline]
    fn infer_from(&self, pass: InferPass<'_, T>, x: Inputs<'_, T>, y: BatchMut<'_, T>) {
        self.infer(pass, x.first(), y);
    }

    /// [`forward`](BuiltLayer::forward) from several inputs, under the same conditions. A layer that implements
    /// [`infer_from`](BuiltLayer::infer_from) implements this too.
    #[inline]
    fn forward_from(&self, pass: TrainPass<'_, T>, x: Inputs<'_, T>, y: BatchMut<'_, T>) {
        self.forward(pass, x.first(), y);
    }

    /// [`backward`](BuiltLayer::backward) with respect to one of several inputs: `dx` contains the index of the input and its gradient. It
    /// is called once for each input that needs a gradient, or once without `dx`; each call writes the gradients of the weights.
    /// Default: [`backward`](BuiltLayer::backward) on the first input.
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

    /// The input values that the layer accepts; a model checks its samples against the domain of its first layer. Default:
    /// [`Domain::Real`].
    fn domain(&self) -> Domain {
        Domain::Real
    }

    /// Whether [`backward`](BuiltLayer::backward) can write `dx`; if not, no preceding layer can be trained. Default: true.
    fn is_differentiable(&self) -> bool {
        true
    }

    /// Whether `dx` is always zero, as for a step function; then no preceding layer can be trained.
    fn blocks_gradients(&self) -> bool {
        false
    }

    /// Whether the layer can apply the derivative of a preceding relu while it writes `dx`, if [`TrainPass::relu_mask`] is set.
    /// Default: false.
    fn takes_relu_mask(&self) -> bool {
        false
    }

    /// Whether each row of the output and of `dx` depends only on the same row of the arguments and on the weights, and the gradients of
    /// the weights are sums over the rows. If so, a step may compute the rows of a batch in parts. Layers with state, random numbers or
    /// statistics of the batch keep the default, false.
    fn computes_by_rows(&self) -> bool {
        false
    }

    /// Whether the weights begin with a kernel, (inputs, outputs) row by row, and the output depends on `x` only through the product with
    /// the kernel. The gradient of a preceding layer that [scales its columns](BuiltLayer::scales_columns) then follows from that of the
    /// kernel. Default: false.
    fn multiplies_kernel(&self) -> bool {
        false
    }

    /// Whether `y` is `x` with each column multiplied by a factor, so that
    /// [`backward_through_kernel`](BuiltLayer::backward_through_kernel) can replace [`backward`](BuiltLayer::backward). Default: false.
    fn scales_columns(&self) -> bool {
        false
    }

    /// Computes the gradients of a layer that [scales its columns](BuiltLayer::scales_columns) from those of the `kernel` that multiplies
    /// its output `y`. On entry, `kernel_gradients` contains `∂L/∂W` as if the kernel multiplied `x`. The function writes
    /// `pass.gradients = ∂L/∂w`, and changes `kernel_gradients` to those of the kernel that multiplies `y`. This makes it unnecessary to
    /// compute `∂L/∂y`. The default does nothing.
    fn backward_through_kernel(&self, pass: TrainPass<'_, T>, kernel: &[T], kernel_gradients: &mut [T]) {
        let _ = (pass, kernel, kernel_gradients);
    }

    /// Whether [`infer`](BuiltLayer::infer) accepts a single sample with contiguous values (column stride 1), as a layer that processes the
    /// batch column by column does. Default: false.
    // The values are followed by padding to a whole vector, with any content.
    fn takes_packed_sample(&self) -> bool {
        false
    }

    /// The form in which a network can predict a single sample without calling the layer, if there is one.
    #[doc(hidden)]
    #[allow(private_interfaces)] // hidden: only for layers of this crate
    fn row_form(&self) -> Option<RowForm> {
        None
    }

    /// The last activation of the layer, if it has one. A model uses it for warnings and plots. Default: `None`.
    fn activation(&self) -> Option<Arc<dyn Activation<T>>> {
        None
    }

    /// The last activation of the layer, if a loss or the next layer can be fused with it. A layer that returns one respects
    /// [`InferPass::skip_activation`] and [`TrainPass::skip_activation`]. Default: [`Fusion::None`].
    fn last_activation(&self) -> Fusion {
        Fusion::None
    }

    /// Propagates monotonicity through the layer: given how each input depends on one variable, returns how each output depends on it,
    /// as the weights and the state prove. Default: [`Dependence::Unknown`], or [`Dependence::Independent`] if no input depends on it.
    fn dependences(&self, weights: &[T], state: &[T], inputs: &[Dependence]) -> Vec<Dependence> {
        let _ = (weights, state);
        vec![Dependence::mixed(inputs); self.outputs()]
    }
}
