//! The labels of the hinge losses.

use crate::kernels::{Element, Simd};
use crate::{Batch, Scalar};
use std::marker::PhantomData;

/// The labels of one batch as −1 and 1, for the loss `L`.
pub(super) struct Labels<'a, L> {
    /// Whether the batch holds zeros and ones only.
    binary: bool,
    loss: PhantomData<&'a L>,
}

impl<'a, L> Labels<'a, L> {
    pub(super) fn of<T: Scalar>(_: &'a L, y: Batch<'_, T>) -> Self {
        let binary = |column| y.column(column).iter().all(|&label| label == T::zero() || label == T::one());
        Labels { binary: (0..y.columns()).all(binary), loss: PhantomData }
    }

    /// −1 or 1, or what else the label was.
    #[inline(always)]
    pub(super) fn sign<T: Element, S: Simd<T>>(&self, s: S, y: S::V) -> S::V {
        if self.binary { s.sub(s.add(y, y), s.literal(1.0)) } else { y }
    }

    /// How much the margin falls short of 1: `1 − y·p`.
    #[inline(always)]
    pub(super) fn shortfall<T: Element, S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V {
        s.sub(s.literal(1.0), s.mul(self.sign(s, y), p))
    }
}
