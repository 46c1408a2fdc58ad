//! Activations that are applied to a product while its values are in registers.

use crate::kernels::{Element, Simd};

/// The function that is applied to a product before it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Epilogue {
    /// The product itself.
    Linear,
    /// `max(0, z)`.
    Relu,
}

impl Epilogue {
    #[inline(always)]
    pub(super) fn apply<T: Element, S: Simd<T>>(self, s: S, z: S::V) -> S::V {
        match self {
            Epilogue::Linear => z,
            Epilogue::Relu => s.max(s.zero(), z),
        }
    }
}
