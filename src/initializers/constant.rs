use super::{Initializer, Shape};
use crate::items::item;
use crate::{Random, Scalar};

item! {
    /// Sets all values to 0; the default for biases.
    ///
    /// # References
    ///
    /// Keras: `keras.initializers.Zeros`.
    pub struct Zeros: "Zeros" {}
}

item! {
    /// Sets all values to 1.
    ///
    /// # References
    ///
    /// Keras: `keras.initializers.Ones`.
    pub struct Ones: "Ones" {}
}

item! {
    /// Sets all values to one constant.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::initializers::Constant;
    ///
    /// // A start at the fraction of ones spares the first epoch the search for it.
    /// let fraction: f64 = 0.18;
    /// let layers = Sequential::new().add(Dense::new(1, Sigmoid).bias_initializer(Constant.value((fraction / (1.0 - fraction)).ln())));
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.initializers.Constant`.
    pub struct Constant: "Constant" {
        /// The value.
        value: f64 = 0.0,
    }
}

impl<T: Scalar> Initializer<T> for Zeros {
    fn fill(&self, values: &mut [T], _: Shape, _: &mut Random) {
        values.fill(T::zero());
    }
}

impl<T: Scalar> Initializer<T> for Ones {
    fn fill(&self, values: &mut [T], _: Shape, _: &mut Random) {
        values.fill(T::one());
    }
}

impl<T: Scalar> Initializer<T> for Constant {
    fn fill(&self, values: &mut [T], _: Shape, _: &mut Random) {
        values.fill(T::of(self.value));
    }
}
