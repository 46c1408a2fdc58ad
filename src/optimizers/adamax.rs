use super::arithmetic::subnormals::{Flushed, hides_subnormals};
use super::settings::settings;
use super::{IntoLearningRate, LearningRate, Optimizer, Settings, Step};
use crate::Scalar;
use crate::items::item;
use crate::kernels::lanewise::{self, Lanewise};
use crate::kernels::{Element, Simd};

item! {
    /// Adamax: Adam with a decaying maximum of the gradient's magnitude in place of the mean square.
    ///
    /// ```text
    /// m ← β₁·m + (1 − β₁)·g        u ← max(β₂·u, |g|)
    /// w ← w − α/(1 − β₁ᵗ) · m/(u + ε)
    /// ```
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let adamax = Adamax.learning_rate(0.002);
    /// ```
    ///
    /// # References
    ///
    /// D. Kingma and J. Ba, *Adam: a method for stochastic optimization*, ICLR 2015, section 7.1.
    /// Keras: `keras.optimizers.Adamax`.
    pub struct Adamax: "Adamax" with settings: Settings {
        /// The learning rate α, a number or a schedule.
        learning_rate: LearningRate [at least 0] = LearningRate::Constant(0.001),
        /// β₁, the fraction of the mean gradient that each step keeps.
        beta_1: f64 [in 0..1] = 0.9,
        /// β₂, the fraction of the mean square that each step keeps.
        beta_2: f64 [in 0..1] = 0.999,
        /// ε, which keeps the denominator away from 0.
        epsilon: f64 [at least 0] = 1e-7,
    }
}

/// One position of the update; the rate holds the bias correction.
struct AdamaxUpdate<'a> {
    rate: f64,
    arguments: &'a Adamax,
}

impl<T: Element> Lanewise<T, 4, 3> for AdamaxUpdate<'_> {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [g, w, m, u]: [S::V; 4]) -> [S::V; 3] {
        let m = s.mul_add(s.sub(g, m), s.literal(1.0 - self.arguments.beta_1), m);
        let u = s.max(s.mul(u, s.literal(self.arguments.beta_2)), s.abs(g));
        let step = s.div(s.mul(m, s.literal(self.rate)), s.add(u, s.literal(self.arguments.epsilon)));
        [s.sub(w, step), m, u]
    }
}

impl<T: Scalar> Optimizer<T> for Adamax {
    fn learning_rate(&self) -> LearningRate {
        self.learning_rate.clone()
    }

    fn settings(&self) -> Settings {
        self.settings.clone()
    }

    fn slots(&self) -> &'static [&'static str] {
        &["momentum", "norm"]
    }

    fn flushes_subnormals(&self) -> bool {
        hides_subnormals(self.epsilon)
    }

    fn step(&self, step: Step<'_, T>) {
        let correction = 1.0 - self.beta_1.powf(step.iteration as f64);
        let rule = AdamaxUpdate { rate: step.learning_rate / correction, arguments: self };
        let (w, g, [m, u]) = step.split();
        lanewise::update(&Flushed::new::<T>(rule, Some(self.epsilon)), [g], [w, m, u]);
    }
}
