//! The two walks over the nodes of a network, forward and backward: fit, evaluate, predict and the gradients of a network
//! all take these.

use super::network::{Network, Node};
use super::penalties::Penalties;
use super::workspace::{GradientBuffers, Scratch, ValueBuffers, Workspace};
use crate::activations::Fusion;
use crate::layers::{InferPass, Inputs, Noise, TrainPass};
use crate::{Batch, BatchMut, Scalar};

/// What is done at each node of a forward walk.
pub(super) trait Visit<T: Scalar> {
    /// Lets node `i` write `y` from `x`; without its last activation, if the loss takes that over.
    fn visit(&mut self, i: usize, node: &Node<T>, skip_activation: bool, x: Batch<'_, T>, y: BatchMut<'_, T>);

    /// The same for a node of several inputs.
    fn visit_join(&mut self, i: usize, node: &Node<T>, skip_activation: bool, x: Inputs<'_, T>, y: BatchMut<'_, T>);
}

/// Walks forward: from what goes into the network to what comes out of it.
///
/// The last node, whose value nothing reads, leaves its activation out where the loss takes it over.
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

/// Nodes compute as in prediction.
pub(super) struct Infer<'a, T> {
    pub(super) weights: &'a [T],
    pub(super) state: &'a [T],
    /// That of the node that needs most.
    pub(super) scratch: &'a mut [T],
}

impl<T: Scalar> Infer<'_, T> {
    /// What a node is given.
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

/// Nodes compute as in training.
pub(super) struct Train<'a, T: Scalar> {
    pub(super) weights: &'a [T],
    pub(super) state: &'a mut [T],
    /// Of the weights.
    pub(super) gradients: &'a mut [T],
    pub(super) seed: u64,
    pub(super) step: u64,
}

impl<T: Scalar> Train<'_, T> {
    /// What node `i` is given.
    #[inline]
    fn pass<'s>(
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
            frozen: !node.trainable,
            skip_activation,
            relu_mask,
        }
    }
}

/// Nodes compute as in training, and keep their scratch.
pub(super) struct TrainForward<'a, 't, T: Scalar> {
    pub(super) train: &'a mut Train<'t, T>,
    pub(super) scratch: &'a mut Scratch<T>,
}

impl<T: Scalar> Visit<T> for TrainForward<'_, '_, T> {
    #[inline]
    fn visit(&mut self, i: usize, node: &Node<T>, skip_activation: bool, x: Batch<'_, T>, mut y: BatchMut<'_, T>) {
        let pass = self.train.pass(i, node, self.scratch.of(i), (skip_activation, false));
        node.built.forward(pass, x, y.reborrow());
        // An activation need not be finite at zero, and sums over whole vectors meet it otherwise.
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
        let pass = self.train.pass(i, node, self.scratch.of(i), (skip_activation, false));
        node.built.forward_from(pass, x, y.reborrow());
        y.clear_padding();
    }
}

/// Which derivatives of activations are computed elsewhere than in their node.
pub(super) struct Fused {
    /// Whether the loss, or the one reader of the node's value, has taken over the derivative of its activation.
    skips: Vec<bool>,
    /// Whether the node takes over the derivative of the relu that its input ends with.
    relu_masks: Vec<bool>,
}

impl Fused {
    /// Nothing: each node computes the derivative of its activation.
    pub(super) fn none<T: Scalar>(network: &Network<T>) -> Self {
        let none = vec![false; network.nodes.len()];
        Fused { skips: none.clone(), relu_masks: none }
    }

    /// Nodes spare the one below them a pass over its relu. Its values must not be penalized, have no other reader and not
    /// come out of the network, since those gradients come in between.
    pub(super) fn of<T: Scalar>(network: &Network<T>, skip_activation: bool) -> Self {
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
}

/// Walks backward: from the gradients of all values that come out of the network, which are there already, to those of the
/// weights and of the values that are wanted.
///
/// The gradient of a value is the sum of what its readers make of theirs, and of its own where it comes out.
#[inline]
pub(super) fn backward<T: Scalar>(
    nodes: &[Node<T>],
    workspace: &mut Workspace<T>,
    gradients: &mut GradientBuffers<T>,
    train: &mut Train<'_, T>,
    fused: &Fused,
    mut penalties: Option<&mut Penalties<T>>,
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
                node.built.backward(pass, x, y, dy, Some(dx.reborrow()));
                dx.clear_padding();
                if adds {
                    gradients.add(input);
                }
            } else {
                node.built.backward(pass, x, y, gradients.value_mut(node.value).as_batch(), None);
            }
        } else {
            backward_join((i, node), workspace, gradients, train, fusion);
        }
    }
}

/// The step of [`backward`] over a node of several inputs.
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
