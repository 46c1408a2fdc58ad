use super::forms::elementwise::{Elementwise, elementwise};
use crate::items::item;
use crate::kernels::{Element, Simd};

item! {
    /// The leaky rectified linear unit, `f(z) = z` above 0 and `negative_slope·z` below.
    ///
    /// The default of the layer [`LeakyReLU`](crate::layers::LeakyReLU) is 0.3, as in Keras.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new().add(Dense::new(12, LeakyRelu.negative_slope(0.01)));
    /// ```
    ///
    /// # References
    ///
    /// A. Maas, A. Hannun and A. Ng, *Rectifier nonlinearities improve neural network acoustic models*, ICML 2013.
    /// Keras: `keras.activations.leaky_relu`.
    pub struct LeakyRelu: "leaky_relu" {
        /// The derivative below 0.
        negative_slope: f64 [finite] = 0.2,
    }
}

impl<T: Element> Elementwise<T> for LeakyRelu {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, z: S::V) -> S::V {
        s.select(s.gt(z, s.zero()), z, s.mul(z, s.literal(self.negative_slope)))
    }

    #[inline(always)]
    fn derivative<S: Simd<T>>(&self, s: S, z: S::V, _: S::V) -> S::V {
        s.select(s.gt(z, s.zero()), s.literal(1.0), s.literal(self.negative_slope))
    }

    fn is_nondecreasing(&self) -> bool {
        self.negative_slope >= 0.0
    }
}

elementwise!(LeakyRelu);
