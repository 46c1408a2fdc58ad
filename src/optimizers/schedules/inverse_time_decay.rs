use super::{Schedule, Steps};
use crate::items::item;

item! {
    /// A learning rate that falls with the inverse of the steps.
    ///
    /// ```text
    /// α(t) = α₀ / (1 + rate · t / decay_steps)          staircase: the quotient t / decay_steps rounded down
    /// ```
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::optimizers::schedules::{InverseTimeDecay, Schedule};
    ///
    /// let schedule = InverseTimeDecay::new(0.1, 100, 1.0);
    /// assert_eq!(schedule.at(300), 0.025);
    /// let sgd = SGD.learning_rate(schedule);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.optimizers.schedules.InverseTimeDecay`.
    #[derive(PartialEq)]
    pub struct InverseTimeDecay: "InverseTimeDecay" (initial_learning_rate: f64 [finite], decay_steps: Steps [above 0], decay_rate: f64 [finite]) {
        /// Whether the rate falls once every `decay_steps` steps instead of gradually.
        staircase: bool = false,
    }
}

impl InverseTimeDecay {
    /// Begins at `initial_learning_rate`; `decay_steps`, at least 1, is the unit in which steps are measured.
    pub fn new(initial_learning_rate: f64, decay_steps: usize, decay_rate: f64) -> Self {
        Self::with(initial_learning_rate, decay_steps.into(), decay_rate)
    }
}

impl Schedule for InverseTimeDecay {
    fn at(&self, step: u64) -> f64 {
        let passed = step as f64 / self.decay_steps.0;
        let passed = if self.staircase { passed.floor() } else { passed };
        self.initial_learning_rate / (1.0 + self.decay_rate * passed)
    }
}
