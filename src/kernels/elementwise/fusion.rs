//! The activations that kernels can join with a product or a loss.

/// The closed vocabulary of activations that kernels know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fusion {
    /// Any other activation, computed by its own forward and backward.
    None,
    /// `z` itself.
    Linear,
    /// `max(0, z)`.
    Relu,
    /// The logistic function, which joins with binary cross-entropy.
    Sigmoid,
    /// Softmax over the units, which joins with categorical cross-entropy.
    Softmax,
}
