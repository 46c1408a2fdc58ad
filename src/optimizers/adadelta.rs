use super::arithmetic::subnormals::{Flushed, hides_subnormals};
use super::settings::settings;
use super::{IntoLearningRate, LearningRate, Optimizer, Settings, Step};
use crate::Scalar;
use crate::items::item;
use crate::kernels::lanewise::{self, Lanewise};
use crate::kernels::{Element, Simd};

item! {
    /// Adadelta: steps by the gradient, times the root mean square of recent steps over that of recent gradients.
    ///
    /// ```text
    /// v ← ρ·v + (1 − ρ)·g²        d = −√(u + ε)/√(v + ε) · g
    /// u ← ρ·u + (1 − ρ)·d²        w ← w + α·d
    /// ```
    ///
    /// The paper's form is a learning rate of 1; the default is Keras's 0.001.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let adadelta = Adadelta.learning_rate(1.0);
    /// ```
    ///
    /// # References
    ///
    /// M. Zeiler, *ADADELTA: an adaptive learning rate method*, 2012.
    /// Keras: `keras.optimizers.Adadelta`.
    pub struct Adadelta: "Adadelta" with settings: Settings {
        /// The learning rate α, a number or a schedule.
        learning_rate: LearningRate [at least 0] = LearningRate::Constant(0.001),
        /// ρ, the fraction of the mean squares that each step keeps.
        rho: f64 [in 0..1] = 0.95,
        /// ε, which keeps the denominator away from 0.
        epsilon: f64 [at least 0] = 1e-7,
    }
}

/// One position of the update.
struct AdadeltaUpdate {
    rate: f64,
    rho: f64,
    epsilon: f64,
}

impl AdadeltaUpdate {
    #[inline(always)]
    fn mean_square<T: Element, S: Simd<T>>(&self, s: S, mean: S::V, value: S::V) -> S::V {
        s.mul_add(mean, s.literal(self.rho), s.mul(s.mul(value, value), s.literal(1.0 - self.rho)))
    }

    #[inline(always)]
    fn root<T: Element, S: Simd<T>>(&self, s: S, mean: S::V) -> S::V {
        s.sqrt(s.add(mean, s.literal(self.epsilon)))
    }
}

impl<T: Element> Lanewise<T, 4, 3> for AdadeltaUpdate {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [g, w, v, u]: [S::V; 4]) -> [S::V; 3] {
        let v = self.mean_square(s, v, g);
        let step = s.div(s.mul(self.root(s, u), g), self.root(s, v));
        [s.mul_add(step, s.literal(-self.rate), w), v, self.mean_square(s, u, step)]
    }
}

impl<T: Scalar> Optimizer<T> for Adadelta {
    fn learning_rate(&self) -> LearningRate {
        self.learning_rate.clone()
    }

    fn settings(&self) -> Settings {
        self.settings.clone()
    }

    fn slots(&self) -> &'static [&'static str] {
        &["accumulated_grad", "accumulated_delta_var"]
    }

    fn flushes_subnormals(&self) -> bool {
        hides_subnormals(self.epsilon)
    }

    fn step(&self, step: Step<'_, T>) {
        let rule = AdadeltaUpdate { rate: step.learning_rate, rho: self.rho, epsilon: self.epsilon };
        let (w, g, [v, u]) = step.split();
        lanewise::update(&Flushed::new::<T>(rule, Some(self.epsilon)), [g], [w, v, u]);
    }
}
