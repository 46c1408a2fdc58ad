use super::{Schedule, Steps};
use crate::items::item;
use std::f64::consts::PI;

item! {
    /// A learning rate that falls along half a cosine, with an optional linear rise first.
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
    #[derive(PartialEq)]
    pub struct CosineDecay: "CosineDecay" (initial_learning_rate: f64 [finite], decay_steps: Steps [above 0]) {
        /// The fraction of the rate that remains at the end.
        alpha: f64 [finite] = 0.0,
        /// The rate at the end of the rise; without one there is no rise.
        warmup_target: Option<f64> [finite] = None,
        /// The number of steps of the rise.
        warmup_steps: Steps [at least 0] = Steps(0.0),
    }
}

impl CosineDecay {
    /// Begins at `initial_learning_rate`; the fall takes `decay_steps` steps, at least 1.
    pub fn new(initial_learning_rate: f64, decay_steps: usize) -> Self {
        Self::with(initial_learning_rate, decay_steps.into())
    }
}

impl Schedule for CosineDecay {
    fn at(&self, step: u64) -> f64 {
        let step = step as f64;
        let (top, step) = match self.warmup_target {
            Some(target) if step < self.warmup_steps.0 => {
                let rise = target - self.initial_learning_rate;
                return rise * (step / self.warmup_steps.0) + self.initial_learning_rate;
            }
            Some(target) => (target, step - self.warmup_steps.0),
            None => (self.initial_learning_rate, step),
        };
        let cosine = 0.5 * (1.0 + (PI * (step.min(self.decay_steps.0) / self.decay_steps.0)).cos());
        top * ((1.0 - self.alpha) * cosine + self.alpha)
    }
}
