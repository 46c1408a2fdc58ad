use super::forms::elementwise::{Elementwise, elementwise};
use crate::items::item;
use crate::kernels::{Element, Simd};

item! {
    /// The algebraic smooth rectifier, `f(z) = (z + √(z² + b))/2`.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new().add(Dense::new(12, Squareplus.b(1.0)));
    /// ```
    ///
    /// # References
    ///
    /// J. Barron, *Squareplus: a softplus-like algebraic rectifier*, 2021, arXiv:2112.11687.
    /// Keras: `keras.activations.squareplus`.
    pub struct Squareplus: "squareplus" {
        /// The smoothness at 0; with 0 it is the rectifier itself.
        b: f64 [at least 0] = 4.0,
    }
}

impl<T: Element> Elementwise<T> for Squareplus {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, z: S::V) -> S::V {
        let root = s.sqrt(s.mul_add(z, z, s.literal(self.b)));
        let half = s.literal(0.5);
        // Below 0 the sum cancels; (√(z² + b) + z)·(√(z² + b) − z) = b does not.
        let below = s.div(s.literal(0.5 * self.b), s.add(s.sub(root, z), s.literal(f64::MIN_POSITIVE)));
        s.select(s.ge(z, s.zero()), s.mul(half, s.add(z, root)), below)
    }

    #[inline(always)]
    fn derivative<S: Simd<T>>(&self, s: S, z: S::V, a: S::V) -> S::V {
        let root = s.sqrt(s.mul_add(z, z, s.literal(self.b)));
        s.select(s.gt(root, s.zero()), s.div(a, root), s.literal(0.5))
    }

    fn is_nondecreasing(&self) -> bool {
        true
    }
}

elementwise!(Squareplus);
