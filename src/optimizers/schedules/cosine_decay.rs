use super::Schedule;
use super::schedule::{all_finite, some_steps};
use crate::Result;
use crate::spec::{Spec, invalid, to_value};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::f64::consts::PI;

/// A learning rate that falls along half a cosine, after a linear rise if wanted.
///
/// ```text
/// α(t) = α₀ · ((1 − alpha) · (1 + cos(π · min(t, n)/n))/2 + alpha),     n = decay_steps
/// ```
///
/// With a `warmup_target` the rate first rises in a straight line from α₀ to the target in `warmup_steps`
/// steps, and then falls from the target.
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra::optimizers::schedules::{CosineDecay, Schedule};
///
/// let schedule = CosineDecay::new(0.0, 1000).warmup_target(0.01).warmup_steps(100);
/// assert_eq!(schedule.at(50), 0.005);
/// assert_eq!(schedule.at(100), 0.01);
/// let adam = Adam.learning_rate(schedule);
/// ```
///
/// # References
///
/// I. Loshchilov and F. Hutter, *SGDR: stochastic gradient descent with warm restarts*, ICLR 2017.
/// Keras: `keras.optimizers.schedules.CosineDecay`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CosineDecay {
    initial_learning_rate: f64,
    decay_steps: f64,
    #[serde(default)]
    alpha: f64,
    #[serde(default)]
    warmup_target: Option<f64>,
    #[serde(default)]
    warmup_steps: f64,
}

impl CosineDecay {
    /// Begins at `initial_learning_rate`; the fall takes `decay_steps` steps, at least 1.
    pub fn new(initial_learning_rate: f64, decay_steps: usize) -> Self {
        let decay_steps = decay_steps as f64;
        CosineDecay { initial_learning_rate, decay_steps, alpha: 0.0, warmup_target: None, warmup_steps: 0.0 }
    }

    /// The share of the rate that is left at the end; default 0.
    #[must_use]
    pub fn alpha(mut self, alpha: f64) -> Self {
        self.alpha = alpha;
        self
    }

    /// The rate at the end of the rise; without one, the default, there is no rise.
    #[must_use]
    pub fn warmup_target(mut self, rate: f64) -> Self {
        self.warmup_target = Some(rate);
        self
    }

    /// The steps of the rise; default 0.
    #[must_use]
    pub fn warmup_steps(mut self, steps: usize) -> Self {
        self.warmup_steps = steps as f64;
        self
    }
}

impl Spec for CosineDecay {
    fn config(&self) -> Result<Value> {
        to_value(self)
    }

    fn check(&self) -> Result<()> {
        some_steps(self, "decay_steps", self.decay_steps)?;
        if !(self.warmup_steps.is_finite() && self.warmup_steps >= 0.0) {
            return Err(invalid(self, "warmup_steps", self.warmup_steps, "a number of at least 0"));
        }
        let numbers = [
            ("initial_learning_rate", self.initial_learning_rate),
            ("alpha", self.alpha),
            ("warmup_target", self.warmup_target.unwrap_or(0.0)),
        ];
        all_finite(self, &numbers)
    }
}

impl Schedule for CosineDecay {
    fn at(&self, step: u64) -> f64 {
        let step = step as f64;
        let (top, step) = match self.warmup_target {
            Some(target) if step < self.warmup_steps => {
                let rise = target - self.initial_learning_rate;
                return rise * (step / self.warmup_steps) + self.initial_learning_rate;
            }
            Some(target) => (target, step - self.warmup_steps),
            None => (self.initial_learning_rate, step),
        };
        let cosine = 0.5 * (1.0 + (PI * (step.min(self.decay_steps) / self.decay_steps)).cos());
        top * ((1.0 - self.alpha) * cosine + self.alpha)
    }
}
