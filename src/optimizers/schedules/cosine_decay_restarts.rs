use super::{Schedule, Steps};
use crate::items::item;
use std::f64::consts::PI;

item! {
    /// A learning rate that falls along half a cosine again and again.
    ///
    /// ```text
    /// α(t) = α₀ · ((1 − alpha) · m_mulⁱ · (1 + cos(π·f))/2 + alpha)
    /// ```
    ///
    /// where `i` is the number of the period, the first being `first_decay_steps` long and each further one `t_mul`
    /// times the one before, and `f` in [0, 1) the fraction of the period that has passed.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::optimizers::schedules::{CosineDecayRestarts, Schedule};
    ///
    /// let schedule = CosineDecayRestarts::new(0.1, 100).m_mul(0.5);
    /// assert_eq!((schedule.at(0), schedule.at(100), schedule.at(300)), (0.1, 0.05, 0.025));
    /// let sgd = SGD.learning_rate(schedule);
    /// ```
    ///
    /// # References
    ///
    /// I. Loshchilov and F. Hutter, *SGDR: stochastic gradient descent with warm restarts*, ICLR 2017.
    /// Keras: `keras.optimizers.schedules.CosineDecayRestarts`.
    #[derive(PartialEq)]
    pub struct CosineDecayRestarts: "CosineDecayRestarts" (initial_learning_rate: f64 [finite], first_decay_steps: Steps [above 0]) {
        /// The length of a period as a multiple of the one before.
        t_mul: f64 [at least 1] = 2.0,
        /// The rate at the start of a period as a multiple of the rate at the start of the previous one.
        m_mul: f64 [finite] = 1.0,
        /// The fraction of the first rate that remains at the end of every period.
        alpha: f64 [finite] = 0.0,
    }
}

impl CosineDecayRestarts {
    /// Begins at `initial_learning_rate`; the first period is `first_decay_steps` long, at least 1.
    pub fn new(initial_learning_rate: f64, first_decay_steps: usize) -> Self {
        Self::with(initial_learning_rate, first_decay_steps.into())
    }

    /// The number of the period, and the fraction of it that has passed, after `passed` first periods.
    fn period(&self, passed: f64) -> (f64, f64) {
        let t = self.t_mul;
        if t == 1.0 {
            return (passed.floor(), passed.fract());
        }
        // Period i begins at (1 − tⁱ)/(1 − t).
        let fraction = |i: f64| (passed - (1.0 - t.powf(i)) / (1.0 - t)) / t.powf(i);
        let i = ((1.0 - passed * (1.0 - t)).ln() / t.ln()).floor();
        // Rounding of the logarithms may assign the first step of a period to the previous one.
        if fraction(i) >= 1.0 { (i + 1.0, fraction(i + 1.0)) } else { (i, fraction(i)) }
    }
}

impl Schedule for CosineDecayRestarts {
    fn at(&self, step: u64) -> f64 {
        let (period, fraction) = self.period(step as f64 / self.first_decay_steps.0);
        let cosine = 0.5 * self.m_mul.powf(period) * (1.0 + (PI * fraction).cos());
        self.initial_learning_rate * ((1.0 - self.alpha) * cosine + self.alpha)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restart_is_not_missed_by_rounding() {
        let schedule = CosineDecayRestarts::new(1.0, 6).t_mul(3.0);
        let mut start = 0;
        for period in 0..12 {
            assert!(schedule.at(start) > 0.999_999, "period {period}");
            start += 6 * 3u64.pow(period);
        }
    }
}
