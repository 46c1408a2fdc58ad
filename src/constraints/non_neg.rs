use super::Constraint;
use crate::Scalar;
use crate::initializers::Shape;
use crate::items::item;
use crate::kernels::lanewise::{self, Lanewise};
use crate::kernels::{Element, Simd};

item! {
    /// Weights of at least 0: `max(w, 0)`.
    ///
    /// On the kernels of every layer, with activations that rise, it makes the output rise with every input.
    ///
    /// ```
    /// use perceptra::{constraints::{Constraint, NonNeg}, initializers::Shape};
    ///
    /// let mut weights = [0.5, -3.0];
    /// NonNeg.apply(&mut weights, Shape::vector(2));
    /// assert_eq!(weights, [0.5, 0.0]);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.constraints.NonNeg`.
    pub struct NonNeg: "NonNeg" {}
}

struct Positive;

impl<T: Element> Lanewise<T, 1, 1> for Positive {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [w]: [S::V; 1]) -> [S::V; 1] {
        [s.max(s.zero(), w)]
    }
}

impl<T: Scalar> Constraint<T> for NonNeg {
    fn apply(&self, values: &mut [T], _: Shape) {
        lanewise::update(&Positive, [], [values]);
    }
}
