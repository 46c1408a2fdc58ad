use super::forms::elementwise::{Elementwise, elementwise};
use crate::items::item;
use crate::kernels::{Element, Simd};

item! {
    /// The piecewise linear sigmoid, `f(z) = min(max(slope·z + ½, 0), 1)`.
    ///
    /// By default 0 below −3 and 1 above 3.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new().add(Dense::new(12, HardSigmoid));
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.activations.hard_sigmoid`.
    pub struct HardSigmoid: "hard_sigmoid" {
        /// The derivative at 0; Keras 3 has ⅙, Keras 2 had 0.2.
        slope: f64 [above 0] = 1.0 / 6.0,
    }
}

impl<T: Element> Elementwise<T> for HardSigmoid {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, z: S::V) -> S::V {
        let value = s.mul_add(z, s.literal(self.slope), s.literal(0.5));
        s.min(s.literal(1.0), s.max(s.zero(), value))
    }

    #[inline(always)]
    fn derivative<S: Simd<T>>(&self, s: S, z: S::V, _: S::V) -> S::V {
        s.select(s.gt(s.literal(0.5 / self.slope), s.abs(z)), s.literal(self.slope), s.zero())
    }

    fn is_nondecreasing(&self) -> bool {
        true
    }
}

elementwise!(HardSigmoid);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BatchBuffer;
    use crate::activations::Activation;
    use crate::dmatrix;
    use crate::items::Spec;

    #[test]
    fn the_slope_determines_the_kinks() {
        let z = BatchBuffer::from_matrix(&dmatrix![-2.6, -2.0, 0.0, 2.4, 2.6, 4.0]);
        let (mut a, mut dz) = (BatchBuffer::zeros(1, 6), BatchBuffer::zeros(1, 6));
        let keras_2 = HardSigmoid.slope(0.2);
        keras_2.forward(z.batch(), a.batch_mut());
        approx::assert_relative_eq!(a.to_matrix(), dmatrix![0.0, 0.1, 0.5, 0.98, 1.0, 1.0], max_relative = 1e-12);
        let ones = BatchBuffer::from_matrix(&dmatrix![1.0, 1.0, 1.0, 1.0, 1.0, 1.0]);
        keras_2.backward(z.batch(), a.batch(), ones.batch(), dz.batch_mut());
        assert_eq!(dz.to_matrix(), dmatrix![0.0, 0.2, 0.2, 0.2, 0.0, 0.0]);
        let message = HardSigmoid.slope(0.0).check().unwrap_err().to_string();
        assert!(message.contains("slope is 0"), "{message}");
    }
}
