use super::arithmetic::subnormals::{Flushed, hides_subnormals};
use super::settings::settings;
use super::{IntoLearningRate, LearningRate, Optimizer, Settings, Step};
use crate::Scalar;
use crate::items::item;
use crate::kernels::lanewise::{self, Lanewise};
use crate::kernels::{Element, Simd};

item! {
    /// Nadam: Adam that looks ahead along its momentum as Nesterov's method does.
    ///
    /// ```text
    /// uₜ = β₁·(1 − 0.96ˢᵗ/2)       m ← β₁·m + (1 − β₁)·g        v ← β₂·v + (1 − β₂)·g²
    /// m̂ = uₜ₊₁·m/(1 − u₁⋯uₜ₊₁) + (1 − uₜ)·g/(1 − u₁⋯uₜ)        v̂ = v/(1 − β₂ᵗ)
    /// w ← w − α·m̂/(√v̂ + ε)
    /// ```
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let nadam = Nadam.learning_rate(0.002);
    /// ```
    ///
    /// # References
    ///
    /// T. Dozat, *Incorporating Nesterov momentum into Adam*, ICLR workshop 2016.
    /// Keras: `keras.optimizers.Nadam`.
    pub struct Nadam: "Nadam" with settings: Settings {
        /// The learning rate α, a number or a schedule.
        learning_rate: LearningRate [at least 0] = LearningRate::Constant(0.001),
        /// β₁, the fraction of the mean gradient that each step keeps.
        beta_1: f64 [in 0..1] = 0.9,
        /// β₂, the fraction of the mean square that each step keeps.
        beta_2: f64 [in 0..1] = 0.999,
        /// ε, which keeps the denominator away from 0.
        epsilon: f64 [at least 0] = 1e-7,
        /// s, the speed of the momentum's schedule; Keras 3 has 1. Keras 2 had 0.004 up to
        /// TensorFlow 2.10, and has it in its legacy optimizers.
        schedule_decay: f64 [at least 0] = 1.0,
        /// Whether u₁⋯uₜ is multiplied by uₜ once for every variable in turn, as TF-Keras 2.11 and later do.
        product_per_variable: bool = false,
    }
}

impl Nadam {
    /// uₜ, the momentum of update `t`.
    fn momentum(&self, t: u64) -> f64 {
        self.beta_1 * (1.0 - 0.5 * 0.96f64.powf(self.schedule_decay * t as f64))
    }

    /// The rule of update `t`, with the product of the momentums up to it.
    fn rule(&self, learning_rate: f64, t: u64, product: f64) -> NadamUpdate {
        let (now, next) = (self.momentum(t), self.momentum(t + 1));
        NadamUpdate {
            one_minus_beta_1: 1.0 - self.beta_1,
            one_minus_beta_2: 1.0 - self.beta_2,
            of_momentum: learning_rate * next / (1.0 - product * next),
            of_gradient: learning_rate * (1.0 - now) / (1.0 - product),
            correction: 1.0 / (1.0 - self.beta_2.powf(t as f64)),
            epsilon: self.epsilon,
        }
    }
}

/// One position of the update.
struct NadamUpdate {
    one_minus_beta_1: f64,
    one_minus_beta_2: f64,
    /// The factor of the momentum in the step, with the learning rate.
    of_momentum: f64,
    /// The factor of the gradient in the step, with the learning rate.
    of_gradient: f64,
    /// 1/(1 − β₂ᵗ)
    correction: f64,
    epsilon: f64,
}

impl<T: Element> Lanewise<T, 4, 3> for NadamUpdate {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [g, w, m, v]: [S::V; 4]) -> [S::V; 3] {
        let m = s.mul_add(s.sub(g, m), s.literal(self.one_minus_beta_1), m);
        let v = s.mul_add(s.sub(s.mul(g, g), v), s.literal(self.one_minus_beta_2), v);
        let ahead = s.mul_add(m, s.literal(self.of_momentum), s.mul(g, s.literal(self.of_gradient)));
        let root = s.sqrt(s.mul(v, s.literal(self.correction)));
        [s.sub(w, s.div(ahead, s.add(root, s.literal(self.epsilon)))), m, v]
    }
}

impl<T: Scalar> Optimizer<T> for Nadam {
    fn learning_rate(&self) -> LearningRate {
        self.learning_rate.clone()
    }

    fn settings(&self) -> Settings {
        self.settings.clone()
    }

    fn slots(&self) -> &'static [&'static str] {
        &["momentum", "velocity"]
    }

    fn flushes_subnormals(&self) -> bool {
        hides_subnormals(self.epsilon)
    }

    fn scalars(&self) -> &'static [(&'static str, f64)] {
        if self.product_per_variable { &[("u_product", 1.0), ("u_product_before", 1.0)] } else { &[("u_product", 1.0)] }
    }

    fn update_scalars(&self, iteration: u64, variables: usize, scalars: &mut [f64]) {
        match scalars {
            [product] => *product *= self.momentum(iteration),
            [product, before] => {
                *before = *product;
                *product *= self.momentum(iteration).powf(variables as f64);
            }
            _ => {}
        }
    }

    fn step(&self, step: Step<'_, T>) {
        let (t, rate) = (step.iteration, step.learning_rate);
        match *step.scalars {
            [_, before] => {
                let mut count = step.first as f64;
                step.each(|part| {
                    count += 1.0;
                    let product = before * self.momentum(t).powf(count);
                    let [m, v] = part.slots;
                    let rule = Flushed::new::<T>(self.rule(rate, t, product), Some(self.epsilon));
                    lanewise::update(&rule, [part.gradients], [part.weights, m, v]);
                });
            }
            [product] => {
                let (w, g, [m, v]) = step.split();
                let rule = Flushed::new::<T>(self.rule(rate, t, product), Some(self.epsilon));
                lanewise::update(&rule, [g], [w, m, v]);
            }
            _ => {}
        }
    }
}
