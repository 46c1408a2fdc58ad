use super::arithmetic::add_multiple::AddMultiple;
use super::arithmetic::subnormals::Flushed;
use super::settings::settings;
use super::{IntoLearningRate, LearningRate, Optimizer, Settings, Step};
use crate::Scalar;
use crate::items::item;
use crate::kernels::lanewise::{self, Lanewise};
use crate::kernels::{Element, Simd};

item! {
    /// Stochastic gradient descent, with optional momentum.
    ///
    /// ```text
    /// without momentum   w ← w − α·g
    /// with momentum μ    u ← μ·u − α·g,   w ← w + u
    /// with Nesterov's    u ← μ·u − α·g,   w ← w + μ·u − α·g
    /// ```
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let sgd = SGD.learning_rate(0.1).momentum(0.9).nesterov(true);
    /// ```
    ///
    /// # References
    ///
    /// I. Sutskever et al., *On the importance of initialization and momentum in deep learning*, ICML 2013.
    /// Keras: `keras.optimizers.SGD`.
    pub struct SGD: "SGD" with settings: Settings {
        /// The learning rate α, a number or a schedule.
        learning_rate: LearningRate [at least 0] = LearningRate::Constant(0.01),
        /// μ, the fraction of the velocity that each step keeps.
        momentum: f64 [in 0..=1] = 0.0,
        /// Whether to look ahead along the velocity.
        nesterov: bool = false,
    }
}

/// New velocity and weights.
struct MomentumUpdate {
    rate: f64,
    momentum: f64,
    nesterov: bool,
}

impl<T: Element> Lanewise<T, 3, 2> for MomentumUpdate {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [g, w, u]: [S::V; 3]) -> [S::V; 2] {
        let momentum = s.literal(self.momentum);
        let step = s.mul(g, s.literal(self.rate));
        let u = s.sub(s.mul(u, momentum), step);
        let moved = if self.nesterov { s.sub(s.mul_add(u, momentum, w), step) } else { s.add(w, u) };
        [moved, u]
    }
}

impl<T: Scalar> Optimizer<T> for SGD {
    fn learning_rate(&self) -> LearningRate {
        self.learning_rate.clone()
    }

    fn settings(&self) -> Settings {
        self.settings.clone()
    }

    fn slots(&self) -> &'static [&'static str] {
        if self.momentum == 0.0 { &[] } else { &["momentum"] }
    }

    fn step(&self, step: Step<'_, T>) {
        let rate = step.learning_rate;
        if self.momentum == 0.0 {
            let (w, g, []) = step.split();
            lanewise::update(&AddMultiple { factor: -rate }, [g], [w]);
        } else {
            let rule = MomentumUpdate { rate, momentum: self.momentum, nesterov: self.nesterov };
            let (w, g, [u]) = step.split();
            lanewise::update(&Flushed::new::<T>(rule, None), [g], [w, u]);
        }
    }
}
