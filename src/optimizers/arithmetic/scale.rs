//! The change of a vector's length.

use crate::kernels::lanewise::Lanewise;
use crate::kernels::{Element, Simd};

/// `factor·x`.
pub(crate) struct Scale {
    pub(crate) factor: f64,
}

impl<T: Element> Lanewise<T, 1, 1> for Scale {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [x]: [S::V; 1]) -> [S::V; 1] {
        [s.mul(x, s.literal(self.factor))]
    }
}
