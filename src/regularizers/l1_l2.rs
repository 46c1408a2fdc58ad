use super::Regularizer;
use super::elastic::Elastic;
use crate::Scalar;
use crate::initializers::Shape;
use crate::items::item;

item! {
    /// A penalty on magnitudes and squares of the weights: `l1·Σ|w| + l2·Σw²`.
    ///
    /// The gradient is `l1·sign(w) + 2·l2·w`, and 0 at 0, as Keras has it on TensorFlow and PyTorch (on JAX it is `l1`
    /// there). The default penalizes nothing.
    ///
    /// ```
    /// use perceptra::{initializers::Shape, regularizers::{L1L2, Regularizer}};
    ///
    /// assert_eq!(L1L2.l1(0.5).l2(0.25).penalty(&[1.0, -2.0], Shape::vector(2)), 2.75);
    /// ```
    ///
    /// # References
    ///
    /// H. Zou and T. Hastie, *Regularization and variable selection via the elastic net*, JRSS B 67 (2005).
    /// Keras: `keras.regularizers.L1L2`.
    pub struct L1L2: "L1L2" {
        /// The factor of the magnitudes.
        l1: f64 [at least 0] = 0.0,
        /// The factor of the squares.
        l2: f64 [at least 0] = 0.0,
    }
}

impl L1L2 {
    fn elastic(&self) -> Elastic {
        Elastic { l1: self.l1, l2: self.l2 }
    }
}

impl<T: Scalar> Regularizer<T> for L1L2 {
    fn penalty(&self, values: &[T], _: Shape) -> f64 {
        self.elastic().penalty(values)
    }

    fn add_gradient(&self, values: &[T], _: Shape, scale: f64, gradient: &mut [T]) {
        self.elastic().add_gradient(values, scale, gradient);
    }
}
