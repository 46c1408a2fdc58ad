use super::Schedule;
use super::schedule::{all_finite, some_steps};
use crate::Result;
use crate::spec::{Spec, to_value};
use serde::{Deserialize, Serialize};
use serde_json::Value;

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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InverseTimeDecay {
    initial_learning_rate: f64,
    decay_steps: f64,
    decay_rate: f64,
    #[serde(default)]
    staircase: bool,
}

impl InverseTimeDecay {
    /// Begins at `initial_learning_rate`; `decay_steps`, at least 1, is the unit in which steps are measured.
    pub fn new(initial_learning_rate: f64, decay_steps: usize, decay_rate: f64) -> Self {
        InverseTimeDecay { initial_learning_rate, decay_steps: decay_steps as f64, decay_rate, staircase: false }
    }

    /// Whether the rate falls once every `decay_steps` steps instead of gradually; default false.
    #[must_use]
    pub fn staircase(mut self, staircase: bool) -> Self {
        self.staircase = staircase;
        self
    }
}

impl Spec for InverseTimeDecay {
    fn config(&self) -> Result<Value> {
        to_value(self)
    }

    fn check(&self) -> Result<()> {
        some_steps(self, "decay_steps", self.decay_steps)?;
        let numbers = [("initial_learning_rate", self.initial_learning_rate), ("decay_rate", self.decay_rate)];
        all_finite(self, &numbers)
    }
}

impl Schedule for InverseTimeDecay {
    fn at(&self, step: u64) -> f64 {
        let passed = step as f64 / self.decay_steps;
        let passed = if self.staircase { passed.floor() } else { passed };
        self.initial_learning_rate / (1.0 + self.decay_rate * passed)
    }
}
