use super::distributions::fill_uniform;
use super::{Initializer, Shape};
use crate::items::{invalid, item};
use crate::{Random, Result, Scalar};

item! {
    /// Uniform between two bounds, the lower one included.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::initializers::RandomUniform;
    ///
    /// let layers = Sequential::new().add(Dense::new(12, Relu).kernel_initializer(RandomUniform.minval(-0.1).maxval(0.1)));
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.initializers.RandomUniform`.
    pub struct RandomUniform: "RandomUniform" checked by check_order {
        /// The lower bound.
        minval: f64 [finite] = -0.05,
        /// The upper bound, at least the lower one.
        maxval: f64 [finite] = 0.05,
        /// A seed for these values; by default they are drawn from the model's seed.
        seed: Option<u64> = None,
    }
}

impl RandomUniform {
    fn check_order(&self) -> Result<()> {
        if self.maxval >= self.minval {
            Ok(())
        } else {
            Err(invalid(self, "maxval", self.maxval, format!("a number of at least minval, {}", self.minval)))
        }
    }
}

impl<T: Scalar> Initializer<T> for RandomUniform {
    fn fill(&self, values: &mut [T], _: Shape, random: &mut Random) {
        fill_uniform(values, self.minval, self.maxval, random);
    }

    fn seed(&self) -> Option<u64> {
        self.seed
    }
}
