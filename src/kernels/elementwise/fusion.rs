//! The activations that kernels can fuse with a product or a loss.

/// The activations that kernels can fuse with a product or a loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fusion {
    /// Any other activation, which is computed separately by its `forward` and `backward`.
    None,
    /// `z` itself.
    Linear,
    /// `max(0, z)`.
    Relu,
    /// The logistic function, which can be fused with binary cross-entropy.
    Sigmoid,
    /// Softmax over the units, which can be fused with categorical cross-entropy.
    Softmax,
}
