use super::arithmetic::subnormals::{Flushed, hides_subnormals};
use super::settings::settings;
use super::stored::{self, Stored};
use super::{IntoLearningRate, LearningRate, Optimizer, Settings, Step};
use crate::Scalar;
use crate::items::item;
use crate::kernels::lanewise::{self, Lanewise};
use crate::kernels::{Element, Simd};
use crate::variables::Variable;

item! {
    /// Adam: steps by the exponential moving average of the gradient over the root of that of the squared gradient.
    ///
    /// ```text
    /// m ← β₁·m + (1 − β₁)·g        v ← β₂·v + (1 − β₂)·g²
    /// w ← w − α·√(1 − β₂ᵗ)/(1 − β₁ᵗ) · m/(√v + ε)
    /// ```
    ///
    /// As in Keras, ε is added to `√v` before bias correction (ε̂ in the paper), unlike in Algorithm 1 of the paper.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let careful = Adam.learning_rate(1e-4);
    /// ```
    ///
    /// # References
    ///
    /// D. Kingma and J. Ba, *Adam: a method for stochastic optimization*, ICLR 2015.
    /// Keras: `keras.optimizers.Adam`.
    pub struct Adam: "Adam" with settings: Settings {
        /// The learning rate α, a number or a schedule.
        learning_rate: LearningRate [at least 0] = LearningRate::Constant(0.001),
        /// β₁, the exponential decay rate of the first moment `m`.
        beta_1: f64 [in 0..1] = 0.9,
        /// β₂, the exponential decay rate of the second moment `v`.
        beta_2: f64 [in 0..1] = 0.999,
        /// ε, which keeps the denominator away from 0.
        epsilon: f64 [at least 0] = 1e-7,
        /// Whether to use AMSGrad: the denominator takes the largest `v` so far instead of `v`.
        amsgrad: bool = false,
    }
}

/// `1 − βᵗ`, the bias correction of a running mean that began at zero.
fn correction(beta: f64, t: f64) -> f64 {
    // βᵗ = e^(t·ln β) ≤ e^(−t·(1 − β)) is then lost in rounding `1 − βᵗ`, so the power need not be computed.
    if t * (1.0 - beta) > 40.0 { 1.0 } else { 1.0 - beta.powf(t) }
}

/// One position of the update; the rate holds the bias corrections.
#[derive(Clone, Copy)]
pub(super) struct AdamUpdate {
    rate: f64,
    one_minus_beta_1: f64,
    one_minus_beta_2: f64,
    epsilon: f64,
}

impl AdamUpdate {
    /// The rule of update `iteration`.
    pub(super) fn new(rate: f64, iteration: u64, betas: [f64; 2], epsilon: f64) -> Self {
        let [correction_1, correction_2] = betas.map(|beta| correction(beta, iteration as f64));
        let [one_minus_beta_1, one_minus_beta_2] = betas.map(|beta| 1.0 - beta);
        AdamUpdate { rate: rate * correction_2.sqrt() / correction_1, one_minus_beta_1, one_minus_beta_2, epsilon }
    }

    /// Updates the weights and moments of one step.
    pub(super) fn step<T: Scalar>(self, step: Step<'_, T>, amsgrad: bool) {
        let rule = self.flushed::<T>();
        if amsgrad {
            let (w, g, [m, v, largest]) = step.split();
            lanewise::update(&rule, [g], [w, m, v, largest]);
        } else {
            let (w, g, [m, v]) = step.split();
            lanewise::update(&rule, [g], [w, m, v]);
        }
    }

    /// The rule by which moments become zero instead of subnormal.
    pub(super) fn flushed<T: Element>(self) -> Flushed<Self> {
        Flushed::new::<T>(self, Some(self.epsilon))
    }

    /// New moments from the gradient.
    #[inline(always)]
    fn moments<T: Element, S: Simd<T>>(&self, s: S, g: S::V, m: S::V, v: S::V) -> (S::V, S::V) {
        let m = s.mul_add(s.sub(g, m), s.literal(self.one_minus_beta_1), m);
        let v = s.mul_add(s.sub(s.mul(g, g), v), s.literal(self.one_minus_beta_2), v);
        (m, v)
    }

    #[inline(always)]
    fn moved<T: Element, S: Simd<T>>(&self, s: S, w: S::V, m: S::V, v: S::V) -> S::V {
        let step = s.div(s.mul(m, s.literal(self.rate)), s.add(s.sqrt(v), s.literal(self.epsilon)));
        s.sub(w, step)
    }
}

impl<T: Element> Lanewise<T, 4, 3> for AdamUpdate {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [g, w, m, v]: [S::V; 4]) -> [S::V; 3] {
        let (m, v) = self.moments(s, g, m, v);
        [self.moved(s, w, m, v), m, v]
    }
}

impl<T: Element> Lanewise<T, 5, 4> for AdamUpdate {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [g, w, m, v, largest]: [S::V; 5]) -> [S::V; 4] {
        let (m, v) = self.moments(s, g, m, v);
        let largest = s.max(largest, v);
        [self.moved(s, w, m, largest), m, v, largest]
    }
}

impl<T: Scalar> Optimizer<T> for Adam {
    fn learning_rate(&self) -> LearningRate {
        self.learning_rate.clone()
    }

    fn settings(&self) -> Settings {
        self.settings.clone()
    }

    fn slots(&self) -> &'static [&'static str] {
        if self.amsgrad { &["momentum", "velocity", "velocity_hat"] } else { &["momentum", "velocity"] }
    }

    fn flushes_subnormals(&self) -> bool {
        hides_subnormals(self.epsilon)
    }

    fn stored_slots(&self, variables: &[&Variable]) -> Vec<Stored> {
        let mut stored = stored::alternating(variables, 0..2);
        if self.amsgrad {
            stored.extend(stored::alternating(variables, 2..3));
        }
        stored
    }

    fn step(&self, step: Step<'_, T>) {
        let betas = [self.beta_1, self.beta_2];
        AdamUpdate::new(step.learning_rate, step.iteration, betas, self.epsilon).step(step, self.amsgrad);
    }
}
