//! What a layer computes in the prediction of a single sample.

use crate::activations::Fusion;

/// The computation of a layer in the prediction of a single sample, for layers that a network need not call for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowForm {
    /// `y = x`.
    Unchanged,
    /// `y = f(x·W + b)`: the weights of the layer are `W`, (inputs, units) row by row, and then `b`, where there is one. An activation that is
    /// not in the vocabulary of the kernels is the layer's [`activation`](super::BuiltLayer::activation), of one number at a time.
    Dense { units: usize, activation: Fusion },
}
