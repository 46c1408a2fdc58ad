use super::distributions::fill_uniform;
use super::{Initializer, Shape};
use crate::spec::{invalid, spec};
use crate::{Random, Result, Scalar};

spec! {
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
    pub struct RandomUniform: "RandomUniform" checked by check_arguments {
        /// The lower bound; default −0.05.
        minval: f64 = -0.05,
        /// The upper bound; default 0.05, at least the lower one.
        maxval: f64 = 0.05,
        /// A seed of its own; without one the values come from the model's seed.
        seed: Option<u64> = None,
    }
}

impl RandomUniform {
    fn check_arguments(&self) -> Result<()> {
        if !self.minval.is_finite() {
            return Err(invalid(self, "minval", self.minval, "a finite number"));
        }
        if !(self.maxval.is_finite() && self.maxval >= self.minval) {
            return Err(invalid(self, "maxval", self.maxval, format!("a finite number of at least {}", self.minval)));
        }
        Ok(())
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
