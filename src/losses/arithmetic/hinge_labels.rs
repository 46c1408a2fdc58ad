//! The labels of the hinge losses.

use crate::kernels::hinge_labels::HingeLabels;
use crate::kernels::{Element, Simd};
use crate::{Batch, Scalar};
use std::marker::PhantomData;

/// The labels of one batch as −1 and 1, for the loss `L`.
pub(crate) struct SignedLabels<'a, L> {
    labels: HingeLabels,
    loss: PhantomData<&'a L>,
}

impl<'a, L> SignedLabels<'a, L> {
    pub(crate) fn new<T: Scalar>(_: &'a L, y: Batch<'_, T>) -> Self {
        SignedLabels { labels: HingeLabels::from_batch(y), loss: PhantomData }
    }

    /// −1 or 1; any other label as it is.
    #[inline(always)]
    pub(crate) fn sign<T: Element, S: Simd<T>>(&self, s: S, y: S::V) -> S::V {
        self.labels.sign(s, y)
    }

    /// The shortfall of the margin from 1: `1 − y·p`.
    #[inline(always)]
    pub(crate) fn shortfall<T: Element, S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V {
        s.sub(s.literal(1.0), s.mul(self.sign(s, y), p))
    }
}
