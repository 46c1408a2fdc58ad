//! The forward and the backward pass over the nodes of a network, used by fit, evaluate, predict and the gradients of a network.

use super::network::{Network, Node};
use super::penalties::Penalties;
use super::workspace::{GradientBuffers, Scratch, ValueBuffers, Workspace};
use crate::activations::Fusion;
use crate::layers::{InferPass, Inputs, Noise, TrainPass};
use crate::{Batch, BatchMut, Scalar};

/// The computation at each node of a forward pass.
pub(super) trait Visit<T: Scalar> {
    /// Computes `y` from `x` at node `i`; without its last activation if `skip_activation`.
    fn visit(&mut self, i: usize, node: &Node<T>, skip_activation: bool, x: Batch<'_, T>, y: BatchMut<'_, T>);

    /// Computes `y` at a node with several inputs.
    fn visit_join(&mut self, i: usize, node: &Node<T>, skip_activation: bool, x: Inputs<'_, T>, y: BatchMut<'_, T>);
}

/// The forward pass, from the network's inputs to its outputs.
///
/// The last node skips its activation if `skip_activation`, since it is then fused with the loss; no node reads its value.
#[inline(always)]
pub(super) fn forward<T: Scalar>(
    nodes: &[Node<T>],
    values: &mut ValueBuffers<'_, T>,
    skip_activation: bool,
    visitor: &mut impl Visit<T>,
) {
    let last = nodes.len() - 1;
    for (i, node) in nodes.iter().enumerate() {
        let skip_activation = skip_activation && i == last;
        if let [input] = node.inputs[..] {
            let (x, y) = values.pair(input, node.value);
            visitor.visit(i, node, skip_activation, x, y);
        } else {
            let (x, y) = values.node(&node.inputs, node.value);
            visitor.visit_join(i, node, skip_activation, x, y);
        }
    }
}

/// Computes nodes as in prediction.
pub(super) struct Infer<'a, T> {
    pub(super) weights: &'a [T],
    pub(super) state: &'a [T],
    /// The scratch that all nodes use in turn, long enough for each of them.
    pub(super) scratch: &'a mut [T],
}

impl<T: Scalar> Infer<'_, T> {
    /// The context of a node.
    #[inline]
    fn pass(&mut self, node: &Node<T>, skip_activation: bool) -> InferPass<'_, T> {
        InferPass {
            weights: &self.weights[node.weights.clone()],
            state: &self.state[node.state.clone()],
            scratch: self.scratch,
            skip_activation,
        }
    }
}

impl<T: Scalar> Visit<T> for Infer<'_, T> {
    #[inline]
    fn visit(&mut self, _: usize, node: &Node<T>, skip_activation: bool, x: Batch<'_, T>, y: BatchMut<'_, T>) {
        node.built.infer(self.pass(node, skip_activation), x, y);
    }

    fn visit_join(&mut self, _: usize, node: &Node<T>, skip_activation: bool, x: Inputs<'_, T>, y: BatchMut<'_, T>) {
        node.built.infer_from(self.pass(node, skip_activation), x, y);
    }
}

/// Computes nodes as in training.
pub(super) struct Train<'a, T: Scalar> {
    pub(super) weights: &'a [T],
    pub(super) state: &'a mut [T],
    /// The gradients of the weights.
    pub(super) gradients: &'a mut [T],
    pub(super) seed: u64,
    pub(super) step: u64,
    /// Whether layers compute as in prediction, for gradients of predictions.
    pub(super) inference: bool,
}

impl<T: Scalar> Train<'_, T> {
    /// The context of node `i`.
    #[inline]
    pub(super) fn pass<'s>(
        &'s mut self,
        i: usize,
        node: &Node<T>,
        scratch: &'s mut [T],
        (skip_activation, relu_mask): (bool, bool),
    ) -> TrainPass<'s, T> {
        TrainPass {
            weights: &self.weights[node.weights.clone()],
            state: &mut self.state[node.state.clone()],
            gradients: &mut self.gradients[node.weights.clone()],
            scratch,
            noise: Noise { seed: self.seed, layer: i as u64, step: self.step },
            frozen: self.inference || !node.trainable,
            inference: self.inference,
            skip_activation,
            relu_mask,
        }
    }
}

/// The forward pass of training, in which nodes keep their scratch for the backward pass.
pub(super) struct TrainForward<'a, 't, T: Scalar> {
    pub(super) train: &'a mut Train<'t, T>,
    pub(super) scratch: &'a mut Scratch<T>,
}

impl<T: Scalar> Visit<T> for TrainForward<'_, '_, T> {
    #[inline(always)]
    fn visit(&mut self, i: usize, node: &Node<T>, skip_activation: bool, x: Batch<'_, T>, mut y: BatchMut<'_, T>) {
        let pass = self.train.pass(i, node, self.scratch.node(i), (skip_activation, false));
        node.built.forward(pass, x, y.reborrow());
        // An activation need not be finite at zero, and sums over whole vectors include the padding.
        y.clear_padding();
    }

    fn visit_join(
        &mut self,
        i: usize,
        node: &Node<T>,
        skip_activation: bool,
        x: Inputs<'_, T>,
        mut y: BatchMut<'_, T>,
    ) {
        let pass = self.train.pass(i, node, self.scratch.node(i), (skip_activation, false));
        node.built.forward_from(pass, x, y.reborrow());
        y.clear_padding();
    }
}

/// The nodes whose derivatives are computed by a neighboring node.
pub(super) struct Fused {
    /// Whether the loss, or the only reader of the node's value, computes the derivative of its activation.
    skips: Vec<bool>,
    /// Whether the node computes the derivative of the relu that its input ends with.
    relu_masks: Vec<bool>,
    /// The preceding node, if its gradient is computed from that of this node's kernel.
    scalings: Vec<Option<usize>>,
}

impl Fused {
    /// No fusion: each node computes the derivative of its activation.
    pub(super) fn none<T: Scalar>(network: &Network<T>) -> Self {
        let none = vec![false; network.nodes.len()];
        Fused { skips: none.clone(), relu_masks: none, scalings: vec![None; network.nodes.len()] }
    }

    /// Fuses the derivative of a relu with the node that reads its value, which saves a pass over the value. The value must not be
    /// penalized, have another reader or be an output, since those gradients are added before the relu's derivative is applied.
    pub(super) fn for_network<T: Scalar>(network: &Network<T>, skip_activation: bool) -> Self {
        let nodes = &network.nodes;
        let mut fused = Fused::none(network);
        if let (true, Some(last)) = (skip_activation, fused.skips.last_mut()) {
            *last = true;
        }
        for (i, node) in nodes.iter().enumerate() {
            let [value] = node.inputs[..] else { continue };
            let Some(below) = value.checked_sub(network.inputs.len()) else { continue };
            let readers = nodes.iter().flat_map(|node| &node.inputs).filter(|&&read| read == value).count();
            let lower = &nodes[below].built;
            let relu = lower.last_activation() == Fusion::Relu && lower.activity_regularizer().is_none();
            if relu && readers == 1 && !network.outputs.contains(&value) && node.built.takes_relu_mask() {
                (fused.relu_masks[i], fused.skips[below]) = (true, true);
            }
        }
        fused
    }

    /// Computes the gradients of layers that scale the columns of the network's input from the gradients of the kernels that read
    /// their values. The gradients of these values are then not computed.
    pub(super) fn through_kernels<T: Scalar>(mut self, network: &Network<T>, wanted: &mut [bool]) -> Self {
        let nodes = &network.nodes;
        for (i, node) in nodes.iter().enumerate() {
            let [value] = node.inputs[..] else { continue };
            let Some(below) = value.checked_sub(network.inputs.len()) else { continue };
            let scaling = &nodes[below];
            let readers = nodes.iter().flat_map(|node| &node.inputs).filter(|&&read| read == value).count();
            let of_input = matches!(scaling.inputs[..], [input] if !wanted[input]);
            let learn = scaling.trainable && node.trainable;
            let fits = scaling.built.scales_columns() && node.built.multiplies_kernel();
            let alone = readers == 1 && !network.outputs.contains(&value);
            if of_input && learn && fits && alone && scaling.built.activity_regularizer().is_none() {
                self.scalings[i] = Some(below);
                wanted[value] = false;
            }
        }
        self
    }
}

/// The computation at each node of a backward pass.
pub(super) trait VisitBackward<T: Scalar> {
    /// Computes the gradients of the weights of a node, and `dx` if it is given.
    fn visit(
        &mut self,
        node: &Node<T>,
        pass: TrainPass<'_, T>,
        x: Batch<'_, T>,
        y: Batch<'_, T>,
        dy: Batch<'_, T>,
        dx: Option<BatchMut<'_, T>>,
    );
}

/// Computes the gradients of all rows of the batch.
pub(super) struct TrainBackward;

impl<T: Scalar> VisitBackward<T> for TrainBackward {
    #[inline(always)]
    fn visit(
        &mut self,
        node: &Node<T>,
        pass: TrainPass<'_, T>,
        x: Batch<'_, T>,
        y: Batch<'_, T>,
        dy: Batch<'_, T>,
        dx: Option<BatchMut<'_, T>>,
    ) {
        node.built.backward(pass, x, y, dy, dx);
    }
}

/// The backward pass: computes the gradients of the weights and of the wanted values from the gradients of the network's outputs,
/// which are in the buffers already.
///
/// The gradient of a value is the sum over its readers, plus that of the loss if the value is an output.
#[inline(always)]
pub(super) fn backward<T: Scalar>(
    nodes: &[Node<T>],
    workspace: &mut Workspace<T>,
    gradients: &mut GradientBuffers<T>,
    train: &mut Train<'_, T>,
    fused: &Fused,
    mut penalties: Option<&mut Penalties<T>>,
    visitor: &mut impl VisitBackward<T>,
) {
    for (i, node) in nodes.iter().enumerate().rev() {
        if !gradients.wanted[node.value] {
            continue;
        }
        if let Some(penalties) = &mut penalties {
            penalties.add_output_gradient(i, workspace.value(node.value), gradients.value_mut(node.value));
        }
        let fusion = (fused.skips[i], fused.relu_masks[i]);
        if let [input] = node.inputs[..] {
            let (x, y, scratch) = workspace.pair(input, node.value, i);
            let pass = train.pass(i, node, scratch, fusion);
            if gradients.wanted[input] {
                let adds = node.adds[0];
                let (dy, mut dx) = gradients.pair(node.value, input, adds);
                visitor.visit(node, pass, x, y, dy, Some(dx.reborrow()));
                dx.clear_padding();
                if adds {
                    gradients.add(input);
                }
            } else if let Some(below) = fused.scalings[i] {
                backward_scaled((i, node), (below, &nodes[below]), workspace, gradients, train, fusion, visitor);
            } else {
                visitor.visit(node, pass, x, y, gradients.value_mut(node.value).as_batch(), None);
            }
        } else {
            backward_join((i, node), workspace, gradients, train, fusion);
        }
    }
}

/// The step of [`backward`] over a node with a kernel and the preceding node, which scales the columns of the network's input.
fn backward_scaled<T: Scalar>(
    (i, node): (usize, &Node<T>),
    (below, scaling): (usize, &Node<T>),
    workspace: &mut Workspace<T>,
    gradients: &mut GradientBuffers<T>,
    train: &mut Train<'_, T>,
    fusion: (bool, bool),
    visitor: &mut impl VisitBackward<T>,
) {
    let (x, y, scratch) = workspace.pair(scaling.inputs[0], node.value, i);
    let pass = train.pass(i, node, scratch, fusion);
    visitor.visit(node, pass, x, y, gradients.value_mut(node.value).as_batch(), None);
    let kernel = node.weights.start..node.weights.start + x.columns() * y.columns();
    let (lower, upper) = train.gradients.split_at_mut(kernel.start);
    let pass = TrainPass {
        weights: &train.weights[scaling.weights.clone()],
        state: &mut train.state[scaling.state.clone()],
        gradients: &mut lower[scaling.weights.clone()],
        scratch: &mut [],
        noise: Noise { seed: train.seed, layer: below as u64, step: train.step },
        frozen: false,
        inference: false,
        skip_activation: false,
        relu_mask: false,
    };
    scaling.built.backward_through_kernel(pass, &train.weights[kernel.clone()], &mut upper[..kernel.len()]);
}

/// The step of [`backward`] over a node with several inputs.
fn backward_join<T: Scalar>(
    (i, node): (usize, &Node<T>),
    workspace: &mut Workspace<T>,
    gradients: &mut GradientBuffers<T>,
    train: &mut Train<'_, T>,
    fusion: (bool, bool),
) {
    let mut alone = true;
    for (input, (&value, &adds)) in node.inputs.iter().zip(&node.adds).enumerate() {
        if !gradients.wanted[value] {
            continue;
        }
        alone = false;
        let (x, y, scratch) = workspace.node(&node.inputs, node.value, i);
        let pass = train.pass(i, node, scratch, fusion);
        let (dy, mut dx) = gradients.pair(node.value, value, adds);
        node.built.backward_to(pass, x, y, dy, Some((input, dx.reborrow())));
        dx.clear_padding();
        if adds {
            gradients.add(value);
        }
    }
    if alone {
        let (x, y, scratch) = workspace.node(&node.inputs, node.value, i);
        let pass = train.pass(i, node, scratch, fusion);
        node.built.backward_to(pass, x, y, gradients.value_mut(node.value).as_batch(), None);
    }
}
