//! ε within or outside of the root of a mean square.

use crate::kernels::{Element, Simd};

/// `√(d + inside) + outside`, where one of `inside` and `outside` is ε and the other 0.
///
/// Adding both needs no branch and is hidden by the latency of the division; adding zero changes no bit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RootEpsilon {
    inside: f64,
    outside: f64,
}

impl RootEpsilon {
    pub(crate) fn new(epsilon: f64, in_root: bool) -> Self {
        if in_root {
            RootEpsilon { inside: epsilon, outside: 0.0 }
        } else {
            RootEpsilon { inside: 0.0, outside: epsilon }
        }
    }

    #[inline(always)]
    pub(crate) fn root<T: Element, S: Simd<T>>(&self, s: S, d: S::V) -> S::V {
        s.add(s.sqrt(s.add(d, s.literal(self.inside))), s.literal(self.outside))
    }
}
