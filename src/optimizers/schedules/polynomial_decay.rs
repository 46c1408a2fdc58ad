use super::Schedule;
use super::schedule::{all_finite, some_steps};
use crate::Result;
use crate::spec::{Spec, to_value};
use serde::{Deserialize, Serialize};
use serde_json::Value;

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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PolynomialDecay {
    initial_learning_rate: f64,
    decay_steps: f64,
    #[serde(default = "end_learning_rate")]
    end_learning_rate: f64,
    #[serde(default = "power")]
    power: f64,
    #[serde(default)]
    cycle: bool,
}

fn end_learning_rate() -> f64 {
    0.0001
}

fn power() -> f64 {
    1.0
}

impl PolynomialDecay {
    /// Begins at `initial_learning_rate` and ends after `decay_steps` steps, at least 1.
    pub fn new(initial_learning_rate: f64, decay_steps: usize) -> Self {
        PolynomialDecay {
            initial_learning_rate,
            decay_steps: decay_steps as f64,
            end_learning_rate: end_learning_rate(),
            power: power(),
            cycle: false,
        }
    }

    /// α₁, the rate at the end; default 0.0001.
    #[must_use]
    pub fn end_learning_rate(mut self, rate: f64) -> Self {
        self.end_learning_rate = rate;
        self
    }

    /// The power; default 1, a straight line.
    #[must_use]
    pub fn power(mut self, power: f64) -> Self {
        self.power = power;
        self
    }

    /// Whether to go on past `decay_steps`; default false.
    #[must_use]
    pub fn cycle(mut self, cycle: bool) -> Self {
        self.cycle = cycle;
        self
    }
}

impl Spec for PolynomialDecay {
    fn config(&self) -> Result<Value> {
        to_value(self)
    }

    fn check(&self) -> Result<()> {
        some_steps(self, "decay_steps", self.decay_steps)?;
        let numbers = [
            ("initial_learning_rate", self.initial_learning_rate),
            ("end_learning_rate", self.end_learning_rate),
            ("power", self.power),
        ];
        all_finite(self, &numbers)
    }
}

impl Schedule for PolynomialDecay {
    fn at(&self, step: u64) -> f64 {
        let step = step as f64;
        let cycles = if self.cycle { (step / self.decay_steps).ceil().max(1.0) } else { 1.0 };
        let length = self.decay_steps * cycles;
        let left = 1.0 - step.min(length) / length;
        (self.initial_learning_rate - self.end_learning_rate) * left.powf(self.power) + self.end_learning_rate
    }
}
