use super::Regularizer;
use super::elastic::Elastic;
use crate::Scalar;
use crate::initializers::Shape;
use crate::items::item;

item! {
    /// A penalty on the magnitudes of the weights: `l1·Σ|w|`, which draws many of them to zero.
    ///
    /// The gradient is `l1·sign(w)`, and 0 at 0, as Keras has it on TensorFlow and PyTorch (on JAX it is `l1` there).
    ///
    /// ```
    /// use perceptra::{initializers::Shape, regularizers::{L1, Regularizer}};
    ///
    /// assert_eq!(L1.l1(0.5).penalty(&[1.0, -2.0], Shape::vector(2)), 1.5);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.regularizers.L1`.
    pub struct L1: "L1" {
        /// The factor of the penalty.
        l1: f64 [at least 0] = 0.01,
    }
}

impl L1 {
    fn elastic(&self) -> Elastic {
        Elastic { l1: self.l1, l2: 0.0 }
    }
}

impl<T: Scalar> Regularizer<T> for L1 {
    fn penalty(&self, values: &[T], _: Shape) -> f64 {
        self.elastic().penalty(values)
    }

    fn add_gradient(&self, values: &[T], _: Shape, scale: f64, gradient: &mut [T]) {
        self.elastic().add_gradient(values, scale, gradient);
    }
}
