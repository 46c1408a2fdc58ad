use super::distributions::fill_cut_normal;
use super::{Initializer, Shape};
use crate::spec::{invalid, spec};
use crate::{Random, Result, Scalar};

spec! {
    /// Normal with a mean and a standard deviation, where draws beyond two deviations are drawn again.
    ///
    /// The cut narrows the distribution: the values deviate by 0.8796 times `stddev`.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::initializers::TruncatedNormal;
    ///
    /// let layers = Sequential::new().add(Dense::new(12, Relu).kernel_initializer(TruncatedNormal.stddev(0.1)));
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.initializers.TruncatedNormal`.
    pub struct TruncatedNormal: "TruncatedNormal" checked by check_arguments {
        /// The mean; default 0.
        mean: f64 = 0.0,
        /// The standard deviation before the cut; default 0.05, at least 0.
        stddev: f64 = 0.05,
        /// A seed of its own; without one the values come from the model's seed.
        seed: Option<u64> = None,
    }
}

impl TruncatedNormal {
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

impl<T: Scalar> Initializer<T> for TruncatedNormal {
    fn fill(&self, values: &mut [T], _: Shape, random: &mut Random) {
        fill_cut_normal(values, self.mean, self.stddev, random);
    }

    fn seed(&self) -> Option<u64> {
        self.seed
    }
}
