use super::forms::elementwise::{Elementwise, elementwise};
use crate::items::item;
use crate::kernels::{Element, Simd, functions};

item! {
    /// The exponential function, `f(z) = eᶻ`.
    ///
    /// The value is infinite for `z` above 88.7 in `f32` and above 709.8 in `f64`.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let rate = Sequential::new().add(Dense::new(1, Exponential));
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.activations.exponential`.
    pub struct Exponential: "exponential" {}
}

impl<T: Element> Elementwise<T> for Exponential {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, z: S::V) -> S::V {
        functions::exp(s, z)
    }

    #[inline(always)]
    fn derivative<S: Simd<T>>(&self, _: S, _: S::V, a: S::V) -> S::V {
        a
    }

    fn is_nondecreasing(&self) -> bool {
        true
    }
}

elementwise!(Exponential);
