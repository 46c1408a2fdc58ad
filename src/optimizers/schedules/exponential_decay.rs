use super::{Schedule, Steps};
use crate::items::item;

item! {
    /// A learning rate that falls by the same factor every `decay_steps` steps.
    ///
    /// ```text
    /// α(t) = α₀ · rate^(t / decay_steps)          staircase: the exponent rounded down
    /// ```
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::optimizers::schedules::{ExponentialDecay, Schedule};
    ///
    /// let schedule = ExponentialDecay::new(0.1, 100, 0.5).staircase(true);
    /// assert_eq!(schedule.at(199), 0.05);
    /// let adam = Adam.learning_rate(schedule);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.optimizers.schedules.ExponentialDecay`.
    #[derive(PartialEq)]
    pub struct ExponentialDecay: "ExponentialDecay" (initial_learning_rate: f64 [finite], decay_steps: Steps [above 0], decay_rate: f64 [finite]) {
        /// Whether the rate falls once every `decay_steps` steps instead of gradually.
        staircase: bool = false,
    }
}

impl ExponentialDecay {
    /// Begins at `initial_learning_rate` and multiplies by `decay_rate` every `decay_steps` steps, at least 1.
    pub fn new(initial_learning_rate: f64, decay_steps: usize, decay_rate: f64) -> Self {
        Self::with(initial_learning_rate, decay_steps.into(), decay_rate)
    }
}

impl Schedule for ExponentialDecay {
    fn at(&self, step: u64) -> f64 {
        let passed = step as f64 / self.decay_steps.0;
        self.initial_learning_rate * self.decay_rate.powf(if self.staircase { passed.floor() } else { passed })
    }
}
