use super::arithmetic::root_epsilon::RootEpsilon;
use super::arithmetic::subnormals::{Flushed, hides_subnormals};
use super::settings::settings;
use super::stored::{self, Stored};
use super::{IntoLearningRate, LearningRate, Optimizer, Settings, Step};
use crate::Scalar;
use crate::items::item;
use crate::kernels::lanewise::{self, Lanewise};
use crate::kernels::{Element, Simd};
use crate::lists::joined;
use crate::variables::Variable;

item! {
    /// RMSprop: steps by the gradient over the root of the running mean of its square.
    ///
    /// ```text
    /// v ← ρ·v + (1 − ρ)·g²         centered:  ḡ ← ρ·ḡ + (1 − ρ)·g,  d = v − ḡ²,  else d = v
    /// s = α·g/√(d + ε)             with ε outside of the root:  s = α·g/(√d + ε)
    /// w ← w − s                    with momentum μ:  u ← μ·u + s,  w ← w − u
    /// ```
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let rmsprop = RMSprop.momentum(0.9).centered(true);
    /// ```
    ///
    /// # References
    ///
    /// T. Tieleman and G. Hinton, *Lecture 6.5: RMSProp*, Neural Networks for Machine Learning, 2012.
    /// Keras: `keras.optimizers.RMSprop`.
    pub struct RMSprop: "RMSprop" with settings: Settings {
        /// The learning rate α, a number or a schedule.
        learning_rate: LearningRate [at least 0] = LearningRate::Constant(0.001),
        /// ρ, the fraction of the mean squares that each step keeps.
        rho: f64 [in 0..1] = 0.9,
        /// μ, the fraction of the velocity that each step keeps.
        momentum: f64 [in 0..=1] = 0.0,
        /// ε, which keeps the denominator away from 0.
        epsilon: f64 [at least 0] = 1e-7,
        /// Whether the square of the mean gradient is subtracted from the mean square.
        centered: bool = false,
        /// Whether ε is added under the root, as Keras 3 does, or to it, as Keras 2 did without momentum.
        epsilon_in_root: bool = true,
    }
}

/// One position of the update.
struct RmsPropUpdate<'a> {
    rate: f64,
    epsilon: RootEpsilon,
    arguments: &'a RMSprop,
}

impl RmsPropUpdate<'_> {
    #[inline(always)]
    fn mean<T: Element, S: Simd<T>>(&self, s: S, mean: S::V, value: S::V) -> S::V {
        let rho = self.arguments.rho;
        s.mul_add(mean, s.literal(rho), s.mul(value, s.literal(1.0 - rho)))
    }

    #[inline(always)]
    fn increment<T: Element, S: Simd<T>>(&self, s: S, g: S::V, denominator: S::V) -> S::V {
        s.div(s.mul(g, s.literal(self.rate)), self.epsilon.root(s, denominator))
    }

    #[inline(always)]
    fn velocity<T: Element, S: Simd<T>>(&self, s: S, u: S::V, increment: S::V) -> S::V {
        s.mul_add(u, s.literal(self.arguments.momentum), increment)
    }
}

/// Neither momentum nor centering.
impl<T: Element> Lanewise<T, 3, 2> for RmsPropUpdate<'_> {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [g, w, v]: [S::V; 3]) -> [S::V; 2] {
        let v = self.mean(s, v, s.mul(g, g));
        [s.sub(w, self.increment(s, g, v)), v]
    }
}

/// `v − mean²`, which is not negative but by rounding, and where `v` has become zero.
#[inline(always)]
fn variance<T: Element, S: Simd<T>>(s: S, v: S::V, mean: S::V) -> S::V {
    s.max(s.zero(), s.sub(v, s.mul(mean, mean)))
}

/// The update with either momentum or centering.
impl<T: Element> Lanewise<T, 4, 3> for RmsPropUpdate<'_> {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [g, w, v, other]: [S::V; 4]) -> [S::V; 3] {
        let v = self.mean(s, v, s.mul(g, g));
        if self.arguments.centered {
            let mean = self.mean(s, other, g);
            let step = self.increment(s, g, variance(s, v, mean));
            [s.sub(w, step), v, mean]
        } else {
            let u = self.velocity(s, other, self.increment(s, g, v));
            [s.sub(w, u), v, u]
        }
    }
}

/// Momentum and centering.
impl<T: Element> Lanewise<T, 5, 4> for RmsPropUpdate<'_> {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [g, w, v, u, mean]: [S::V; 5]) -> [S::V; 4] {
        let v = self.mean(s, v, s.mul(g, g));
        let mean = self.mean(s, mean, g);
        let u = self.velocity(s, u, self.increment(s, g, variance(s, v, mean)));
        [s.sub(w, u), v, u, mean]
    }
}

impl<T: Scalar> Optimizer<T> for RMSprop {
    fn learning_rate(&self) -> LearningRate {
        self.learning_rate.clone()
    }

    fn settings(&self) -> Settings {
        self.settings.clone()
    }

    fn slots(&self) -> &'static [&'static str] {
        match (self.momentum > 0.0, self.centered) {
            (false, false) => &["velocity"],
            (true, false) => &["velocity", "momentum"],
            (false, true) => &["velocity", "average_gradient"],
            (true, true) => &["velocity", "momentum", "average_gradient"],
        }
    }

    fn flushes_subnormals(&self) -> bool {
        hides_subnormals(self.epsilon)
    }

    fn stored_slots(&self, variables: &[&Variable]) -> Vec<Stored> {
        let slots = 0..Optimizer::<T>::slots(self).len();
        joined(slots, |slot| stored::alternating(variables, slot..slot + 1))
    }

    fn step(&self, step: Step<'_, T>) {
        let epsilon = RootEpsilon::new(self.epsilon, self.epsilon_in_root);
        let rule = RmsPropUpdate { rate: step.learning_rate, epsilon, arguments: self };
        let rule = Flushed::new::<T>(rule, Some(self.epsilon));
        match (self.momentum > 0.0, self.centered) {
            (false, false) => {
                let (w, g, [v]) = step.split();
                lanewise::update(&rule, [g], [w, v]);
            }
            (true, true) => {
                let (w, g, [v, u, mean]) = step.split();
                lanewise::update(&rule, [g], [w, v, u, mean]);
            }
            _ => {
                let (w, g, [v, other]) = step.split();
                lanewise::update(&rule, [g], [w, v, other]);
            }
        }
    }
}
