use super::Regularizer;
use crate::initializers::Shape;
use crate::kernels::lanewise::{self, Lanewise};
use crate::kernels::{Element, Simd, reduce};
use crate::spec::{invalid, spec};
use crate::{Result, Scalar};

spec! {
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
    pub struct L2: "L2" checked by check_arguments {
        /// The factor, finite and at least 0; default 0.01.
        l2: f64 = 0.01,
    }
}

impl L2 {
    fn check_arguments(&self) -> Result<()> {
        if self.l2.is_finite() && self.l2 >= 0.0 {
            Ok(())
        } else {
            Err(invalid(self, "l2", self.l2, "a finite number of at least 0"))
        }
    }
}

/// `g + factor·w`.
struct Gradient {
    factor: f64,
}

impl<T: Element> Lanewise<T, 2, 1> for Gradient {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [w, g]: [S::V; 2]) -> [S::V; 1] {
        [s.fma(w, s.literal(self.factor), g)]
    }
}

impl<T: Scalar> Regularizer<T> for L2 {
    fn penalty(&self, values: &[T], _: Shape) -> f64 {
        self.l2 * reduce::squares(values)
    }

    fn add_gradient(&self, values: &[T], _: Shape, scale: f64, gradient: &mut [T]) {
        lanewise::update(&Gradient { factor: 2.0 * self.l2 * scale }, [values], [gradient]);
    }
}
