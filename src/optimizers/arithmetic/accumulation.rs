//! Gradients of several steps that make one update.

use crate::Scalar;
use crate::kernels::lanewise::{self, Lanewise};
use crate::kernels::{Element, Simd};

struct Add;

impl<T: Element> Lanewise<T, 2, 1> for Add {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [g, sum]: [S::V; 2]) -> [S::V; 1] {
        [s.add(g, sum)]
    }
}

/// The mean of the sum and the last gradient; the sum restarts at zero.
struct Close {
    steps: f64,
}

impl<T: Element> Lanewise<T, 2, 2> for Close {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [g, sum]: [S::V; 2]) -> [S::V; 2] {
        [s.div(s.add(g, sum), s.literal(self.steps)), s.zero()]
    }
}

/// Adds a gradient to the sum.
pub(crate) fn add<T: Scalar>(gradient: &[T], sum: &mut [T]) {
    lanewise::update(&Add, [gradient], [sum]);
}

/// Makes the last of `steps` gradients the mean of all of them, and the sum zero.
pub(crate) fn close<T: Scalar>(gradient: &mut [T], sum: &mut [T], steps: u64) {
    lanewise::update(&Close { steps: steps as f64 }, [], [gradient, sum]);
}
