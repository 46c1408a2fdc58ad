use super::Fusion;
use super::forms::elementwise::{Elementwise, elementwise};
use crate::Result;
use crate::items::{invalid, item};
use crate::kernels::{Element, Simd};

item! {
    /// The rectified linear unit, `f(z) = max(0, z)`.
    ///
    /// With arguments: `max_value` for `z ≥ max_value`, `z` for `threshold < z < max_value`, and
    /// `negative_slope·(z − threshold)` up to the threshold. The derivative at a kink is 0.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new().add(Dense::new(12, Relu));
    /// let leaky_and_bounded = Sequential::new().add(Dense::new(12, Relu.negative_slope(0.01).max_value(6.0)));
    /// ```
    ///
    /// # References
    ///
    /// V. Nair and G. Hinton, *Rectified linear units improve restricted Boltzmann machines*, ICML 2010.
    /// Keras: `keras.activations.relu`.
    pub struct Relu: "relu" checked by check_not_negative {
        /// The derivative below the threshold, at least 0.
        negative_slope: f64 = 0.0,
        /// The upper bound of the values, at least 0; `None` for no bound.
        max_value: Option<f64> = None,
        /// The input above which the unit returns `z`.
        threshold: f64 = 0.0,
    }
}

impl Relu {
    fn check_not_negative(&self) -> Result<()> {
        if self.negative_slope.is_nan() || self.negative_slope < 0.0 {
            return Err(invalid(self, "negative_slope", self.negative_slope, "a number of at least 0"));
        }
        match self.max_value {
            Some(bound) if bound.is_nan() || bound < 0.0 => {
                Err(invalid(self, "max_value", bound, "a number of at least 0, or none"))
            }
            _ => Ok(()),
        }
    }
}

impl<T: Element> Elementwise<T> for Relu {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, z: S::V) -> S::V {
        // The constant `Relu` has the default arguments, for which one instruction suffices.
        if *self == Relu {
            return s.max(s.zero(), z);
        }
        let threshold = s.literal(self.threshold);
        let below = s.mul(s.literal(self.negative_slope), s.sub(z, threshold));
        let value = s.select(s.gt(z, threshold), z, below);
        match self.max_value {
            Some(bound) => s.min(s.literal(bound), value),
            None => value,
        }
    }

    #[inline(always)]
    fn derivative<S: Simd<T>>(&self, s: S, z: S::V, a: S::V) -> S::V {
        let one = s.literal(1.0);
        if *self == Relu {
            return s.select(s.gt(a, s.zero()), one, s.zero());
        }
        let threshold = s.literal(self.threshold);
        let below = s.select(s.gt(threshold, z), s.literal(self.negative_slope), s.zero());
        let derivative = s.select(s.gt(z, threshold), one, below);
        match self.max_value {
            Some(bound) => s.select(s.gt(s.literal(bound), z), derivative, s.zero()),
            None => derivative,
        }
    }

    fn is_nondecreasing(&self) -> bool {
        // With a negative threshold the value jumps down from 0 to the threshold.
        self.threshold >= 0.0
    }
}

elementwise!(Relu, |relu| if *relu == Relu { Fusion::Relu } else { Fusion::None });
