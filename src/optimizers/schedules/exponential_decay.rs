use super::Schedule;
use super::schedule::{all_finite, some_steps};
use crate::Result;
use crate::spec::{Spec, to_value};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A learning rate that falls by the same factor in every so many steps.
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExponentialDecay {
    initial_learning_rate: f64,
    decay_steps: f64,
    decay_rate: f64,
    #[serde(default)]
    staircase: bool,
}

impl ExponentialDecay {
    /// Begins at `initial_learning_rate` and multiplies by `decay_rate` in every `decay_steps` steps, at least 1.
    pub fn new(initial_learning_rate: f64, decay_steps: usize, decay_rate: f64) -> Self {
        ExponentialDecay { initial_learning_rate, decay_steps: decay_steps as f64, decay_rate, staircase: false }
    }

    /// Whether the rate falls once every `decay_steps` steps instead of gradually; default false.
    #[must_use]
    pub fn staircase(mut self, staircase: bool) -> Self {
        self.staircase = staircase;
        self
    }
}

impl Spec for ExponentialDecay {
    fn config(&self) -> Result<Value> {
        to_value(self)
    }

    fn check(&self) -> Result<()> {
        some_steps(self, "decay_steps", self.decay_steps)?;
        let numbers = [("initial_learning_rate", self.initial_learning_rate), ("decay_rate", self.decay_rate)];
        all_finite(self, &numbers)
    }
}

impl Schedule for ExponentialDecay {
    fn at(&self, step: u64) -> f64 {
        let passed = step as f64 / self.decay_steps;
        self.initial_learning_rate * self.decay_rate.powf(if self.staircase { passed.floor() } else { passed })
    }
}
