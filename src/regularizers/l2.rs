use super::Regularizer;
use super::elastic::Elastic;
use crate::Scalar;
use crate::initializers::Shape;
use crate::items::item;

item! {
    /// A penalty on the squares of the weights: `l2·Σw²`.
    ///
    /// The gradient is `2·l2·w`. For weight decay that is independent of the gradient's scale, as in AdamW, see
    /// the optimizers' `weight_decay`.
    ///
    /// ```
    /// use perceptra::{initializers::Shape, regularizers::{L2, Regularizer}};
    ///
    /// assert_eq!(L2.l2(0.5).penalty(&[1.0, -2.0], Shape::vector(2)), 2.5);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.regularizers.L2`.
    pub struct L2: "L2" {
        /// The factor of the penalty.
        l2: f64 [at least 0] = 0.01,
    }
}

impl L2 {
    fn elastic(&self) -> Elastic {
        Elastic { l1: 0.0, l2: self.l2 }
    }
}

impl<T: Scalar> Regularizer<T> for L2 {
    fn penalty(&self, values: &[T], _: Shape) -> f64 {
        self.elastic().penalty(values)
    }

    fn add_gradient(&self, values: &[T], _: Shape, scale: f64, gradient: &mut [T]) {
        self.elastic().add_gradient(values, scale, gradient);
    }
}
