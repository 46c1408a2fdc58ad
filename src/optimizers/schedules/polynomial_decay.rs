use super::{Schedule, Steps};
use crate::items::item;

item! {
    /// A learning rate that goes from one value to another along a power of the steps, and stays there.
    ///
    /// ```text
    /// α(t) = (α₀ − α₁) · (1 − min(t, n)/n)^power + α₁,     n = decay_steps
    /// ```
    ///
    /// With `cycle` it does not stay there: past `n` steps the decay is stretched to the next multiple of `n`.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::optimizers::schedules::{PolynomialDecay, Schedule};
    ///
    /// let schedule = PolynomialDecay::new(0.1, 100).end_learning_rate(0.0);
    /// assert_eq!(schedule.at(50), 0.05);
    /// assert_eq!(schedule.at(1000), 0.0);
    /// let sgd = SGD.learning_rate(schedule);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.optimizers.schedules.PolynomialDecay`.
    #[derive(PartialEq)]
    pub struct PolynomialDecay: "PolynomialDecay" (initial_learning_rate: f64 [finite], decay_steps: Steps [above 0]) {
        /// α₁, the rate at the end.
        end_learning_rate: f64 [finite] = 0.0001,
        /// The power; 1 is a straight line.
        power: f64 [finite] = 1.0,
        /// Whether the decay is stretched to the next multiple of `decay_steps` instead of ending there.
        cycle: bool = false,
    }
}

impl PolynomialDecay {
    /// Begins at `initial_learning_rate` and ends after `decay_steps` steps, at least 1.
    pub fn new(initial_learning_rate: f64, decay_steps: usize) -> Self {
        Self::with(initial_learning_rate, decay_steps.into())
    }
}

impl Schedule for PolynomialDecay {
    fn at(&self, step: u64) -> f64 {
        let step = step as f64;
        let cycles = if self.cycle { (step / self.decay_steps.0).ceil().max(1.0) } else { 1.0 };
        let length = self.decay_steps.0 * cycles;
        let left = 1.0 - step.min(length) / length;
        (self.initial_learning_rate - self.end_learning_rate) * left.powf(self.power) + self.end_learning_rate
    }
}
