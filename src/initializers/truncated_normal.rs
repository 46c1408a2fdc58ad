use super::distributions::fill_cut_normal;
use super::{Initializer, Shape};
use crate::items::item;
use crate::{Random, Scalar};

item! {
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
    pub struct TruncatedNormal: "TruncatedNormal" {
        /// The mean.
        mean: f64 [finite] = 0.0,
        /// The standard deviation before the cut.
        stddev: f64 [at least 0] = 0.05,
        /// A seed for these values; by default they are drawn from the model's seed.
        seed: Option<u64> = None,
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
