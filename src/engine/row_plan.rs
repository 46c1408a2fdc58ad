//! The plan for predicting a single sample, which is made once for a network.

use crate::Scalar;
use crate::activations::Activation;
use crate::kernels::matmul::RowLayer;
use std::sync::Arc;

/// The steps that predict a single sample with contiguous values.
#[derive(Clone)]
pub(super) struct RowPlan<T: Scalar> {
    pub(super) inputs: usize,
    pub(super) steps: Vec<RowStep<T>>,
    /// The number of elements of the widest value.
    pub(super) width: usize,
    pub(super) scratch: usize,
}

#[derive(Clone)]
pub(super) enum RowStep<T: Scalar> {
    /// A chain of dense layers, computed in one call.
    Dense(Vec<RowLayer>),
    /// An elementwise activation of this many columns.
    Activation(Arc<dyn Activation<T>>, usize),
    /// Another layer that accepts contiguous values: the node, and the columns of its input.
    Layer(usize, usize),
}
