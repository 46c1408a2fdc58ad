//! The step along a direction.

use crate::kernels::lanewise::Lanewise;
use crate::kernels::{Element, Simd};

/// `w + factor·x`.
pub(crate) struct AddMultiple {
    pub(crate) factor: f64,
}

impl<T: Element> Lanewise<T, 2, 1> for AddMultiple {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [x, w]: [S::V; 2]) -> [S::V; 1] {
        [s.mul_add(x, s.literal(self.factor), w)]
    }
}
