use super::distributions::fill_normal;
use super::{Initializer, Shape};
use crate::items::item;
use crate::{Random, Scalar};

item! {
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
    pub struct RandomNormal: "RandomNormal" {
        /// The mean.
        mean: f64 [finite] = 0.0,
        /// The standard deviation.
        stddev: f64 [at least 0] = 0.05,
        /// A seed for these values; by default they are drawn from the model's seed.
        seed: Option<u64> = None,
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
