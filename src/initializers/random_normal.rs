use super::distributions::fill_normal;
use super::{Initializer, Shape};
use crate::spec::{invalid, spec};
use crate::{Random, Result, Scalar};

spec! {
    /// Normal with a mean and a standard deviation.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::initializers::RandomNormal;
    ///
    /// let layers = Sequential::new().add(Dense::new(12, Relu).kernel_initializer(RandomNormal.stddev(0.1).seed(3)));
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.initializers.RandomNormal`.
    pub struct RandomNormal: "RandomNormal" checked by check_arguments {
        /// The mean; default 0.
        mean: f64 = 0.0,
        /// The standard deviation; default 0.05, at least 0.
        stddev: f64 = 0.05,
        /// A seed of its own; without one the values come from the model's seed.
        seed: Option<u64> = None,
    }
}

impl RandomNormal {
    fn check_arguments(&self) -> Result<()> {
        if !self.mean.is_finite() {
            return Err(invalid(self, "mean", self.mean, "a finite number"));
        }
        if !(self.stddev.is_finite() && self.stddev >= 0.0) {
            return Err(invalid(self, "stddev", self.stddev, "a finite number of at least 0"));
        }
        Ok(())
    }
}

impl<T: Scalar> Initializer<T> for RandomNormal {
    fn fill(&self, values: &mut [T], _: Shape, random: &mut Random) {
        fill_normal(values, self.mean, self.stddev, random);
    }

    fn seed(&self) -> Option<u64> {
        self.seed
    }
}
