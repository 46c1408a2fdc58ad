use super::arithmetic::subnormals::Flushed;
use super::settings::settings;
use super::{IntoLearningRate, LearningRate, Optimizer, Settings, Step};
use crate::Scalar;
use crate::items::item;
use crate::kernels::lanewise::{self, Lanewise};
use crate::kernels::{Element, Simd};

item! {
    /// Lion: steps by the sign of the momentum, all of the same size.
    ///
    /// ```text
    /// w ← w − α·sign(β₁·m + (1 − β₁)·g)        m ← β₂·m + (1 − β₂)·g
    /// ```
    ///
    /// Its learning rate should be three to ten times smaller than Adam's, its weight decay as much larger.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let lion = Lion.learning_rate(1e-4).weight_decay(0.04);
    /// ```
    ///
    /// A weight whose gradient has become zero goes on moving, by the sign of its mean gradient, until that is below 10⁻³¹
    /// (10⁻²⁹² in `f64`), which counts as zero.
    ///
    /// # References
    ///
    /// X. Chen et al., *Symbolic discovery of optimization algorithms*, NeurIPS 2023.
    /// Keras: `keras.optimizers.Lion`.
    pub struct Lion: "Lion" with settings: Settings {
        /// The learning rate α, a number or a schedule.
        learning_rate: LearningRate [at least 0] = LearningRate::Constant(0.001),
        /// β₁, the weight of the mean gradient in the direction of a step.
        beta_1: f64 [above 0 up to 1] = 0.9,
        /// β₂, the fraction of the mean gradient that each step keeps.
        beta_2: f64 [in 0..=1] = 0.99,
    }
}

/// One position of the update.
struct LionUpdate<'a> {
    rate: f64,
    arguments: &'a Lion,
}

impl LionUpdate<'_> {
    #[inline(always)]
    fn mean<T: Element, S: Simd<T>>(&self, s: S, beta: f64, m: S::V, g: S::V) -> S::V {
        s.mul_add(m, s.literal(beta), s.mul(g, s.literal(1.0 - beta)))
    }
}

impl<T: Element> Lanewise<T, 3, 2> for LionUpdate<'_> {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [g, w, m]: [S::V; 3]) -> [S::V; 2] {
        let direction = self.mean(s, self.arguments.beta_1, m, g);
        let step = s.copysign(s.literal(self.rate), direction);
        // The sign of zero is zero; a NaN stays NaN.
        let moves = s.gt(s.abs(direction), s.zero());
        let step = s.select(moves, step, direction);
        [s.sub(w, step), self.mean(s, self.arguments.beta_2, m, g)]
    }
}

impl<T: Scalar> Optimizer<T> for Lion {
    fn learning_rate(&self) -> LearningRate {
        self.learning_rate.clone()
    }

    fn settings(&self) -> Settings {
        self.settings.clone()
    }

    fn slots(&self) -> &'static [&'static str] {
        &["momentum"]
    }

    fn step(&self, step: Step<'_, T>) {
        let rule = LionUpdate { rate: step.learning_rate, arguments: self };
        let (w, g, [m]) = step.split();
        lanewise::update(&Flushed::new::<T>(rule, None), [g], [w, m]);
    }
}
