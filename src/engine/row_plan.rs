//! What is decided once about the prediction of a single sample.

use crate::Scalar;
use crate::activations::Activation;
use crate::kernels::matmul::RowLayer;
use std::sync::Arc;

/// The computation of a single sample, whose values are contiguous.
#[derive(Clone)]
pub(super) struct RowPlan<T: Scalar> {
    pub(super) inputs: usize,
    pub(super) steps: Vec<RowStep<T>>,
    /// The elements that the widest value takes.
    pub(super) width: usize,
    pub(super) scratch: usize,
}

#[derive(Clone)]
pub(super) enum RowStep<T: Scalar> {
    /// Dense layers, each of which takes the values of the one before it.
    Dense(Vec<RowLayer>),
    /// An activation of one number at a time over this many columns.
    Activation(Arc<dyn Activation<T>>, usize),
    /// Another layer that takes contiguous values, with the columns of its input.
    Layer(usize, usize),
}
