use super::arithmetic::add_multiple::AddMultiple;
use super::arithmetic::subnormals::{Flushed, hides_subnormals};
use super::settings::settings;
use super::{IntoLearningRate, LearningRate, Optimizer, Settings, Step};
use crate::Scalar;
use crate::initializers::Shape;
use crate::items::item;
use crate::kernels::lanewise::{self, Lanewise};
use crate::kernels::{Element, Simd, sums};

item! {
    /// Lamb: Adam's direction, in steps as long as the variable's norm.
    ///
    /// ```text
    /// m ← β₁·m + (1 − β₁)·g        v ← β₂·v + (1 − β₂)·g²
    /// u = m/(1 − β₁ᵗ) / (√(v/(1 − β₂ᵗ)) + ε)
    /// w ← w − α·‖w‖/‖u‖·u          for each variable; the ratio is 1 where a norm is 0
    /// ```
    ///
    /// It is meant for very large batches. Keras 3.15 has it only as a class; here `"lamb"` names it too.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let lamb = Lamb.learning_rate(0.01);
    /// ```
    ///
    /// # References
    ///
    /// Y. You et al., *Large batch optimization for deep learning: training BERT in 76 minutes*, ICLR 2020.
    /// Keras: `keras.optimizers.Lamb`.
    pub struct Lamb: "Lamb" with settings: Settings {
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

/// The direction and new moments.
struct LambDirection<'a> {
    /// 1/(1 − βᵗ) of both moments
    corrections: [f64; 2],
    arguments: &'a Lamb,
}

impl<T: Element> Lanewise<T, 4, 3> for LambDirection<'_> {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [g, _, m, v]: [S::V; 4]) -> [S::V; 3] {
        let m = s.mul_add(s.sub(g, m), s.literal(1.0 - self.arguments.beta_1), m);
        let v = s.mul_add(s.sub(s.mul(g, g), v), s.literal(1.0 - self.arguments.beta_2), v);
        let root = s.sqrt(s.mul(v, s.literal(self.corrections[1])));
        let direction = s.div(s.mul(m, s.literal(self.corrections[0])), s.add(root, s.literal(self.arguments.epsilon)));
        [direction, m, v]
    }
}

impl<T: Scalar> Optimizer<T> for Lamb {
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

    fn scratch(&self, shape: Shape) -> usize {
        shape.count()
    }

    fn step(&self, step: Step<'_, T>) {
        let (rate, t) = (step.learning_rate, step.iteration as f64);
        let corrections = [self.beta_1, self.beta_2].map(|beta| 1.0 / (1.0 - beta.powf(t)));
        step.each(|part| {
            let [m, v] = part.slots;
            let u = &mut part.scratch[..part.weights.len()];
            let rule = Flushed::new::<T>(LambDirection { corrections, arguments: self }, Some(self.epsilon));
            lanewise::update(&rule, [part.gradients], [&mut *u, m, v]);
            let (weights, direction) = (sums::squares(part.weights).sqrt(), sums::squares(u).sqrt());
            let ratio = if weights > 0.0 && direction > 0.0 { weights / direction } else { 1.0 };
            lanewise::update(&AddMultiple { factor: -rate * ratio }, [u], [part.weights]);
        });
    }
}
