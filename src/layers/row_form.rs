//! The forms in which a network can predict a single sample without calling the layer.

use crate::activations::Fusion;

/// The form of a layer that a network can compute for a single sample without calling the layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowForm {
    /// `y = x`.
    Unchanged,
    /// `y = f(x·W + b)`: the weights of the layer are `W`, (inputs, units) row by row, then `b`, if there is one. If `activation` is
    /// [`Fusion::None`], the layer's [`activation`](super::BuiltLayer::activation) is applied, which is elementwise.
    Dense { units: usize, activation: Fusion },
}
