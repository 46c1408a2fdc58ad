use super::arithmetic::subnormals::hides_subnormals;
use super::settings::settings;
use super::{IntoLearningRate, LearningRate, Optimizer, Settings, Step};
use crate::Scalar;
use crate::items::item;
use crate::kernels::lanewise::{self, Lanewise};
use crate::kernels::{Element, Simd};

item! {
    /// Adam that averages its iterates instead of lowering its learning rate.
    ///
    /// ```text
    /// v ← β₂·v + (1 − β₂)·g²        α' = α·min(t/warmup_steps, 1)
    /// z ← z − α'·g/(√(v/(1 − β₂ᵗ)) + ε)
    /// x ← (1 − 1/t)·x + z/t        y = (1 − β₁)·z + β₁·x
    /// ```
    ///
    /// Gradients are taken at `y`, which is what the model's weights are, in training and, as in Keras, for
    /// evaluation and prediction too: nothing swaps in the average `x` that the paper evaluates at. `x` is not
    /// stored but recovered from `y` and `z`.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let free = ScheduleFreeAdamW.warmup_steps(500).weight_decay(0.01);
    /// ```
    ///
    /// # References
    ///
    /// A. Defazio et al., *The road less scheduled*, NeurIPS 2024.
    /// Keras: `keras.optimizers.ScheduleFreeAdamW`.
    pub struct ScheduleFreeAdamW: "ScheduleFreeAdamW" with settings: Settings {
        /// The learning rate α, a number or a schedule.
        learning_rate: LearningRate [at least 0] = LearningRate::Constant(0.0025),
        /// β₁, the position of the gradient between z and x.
        beta_1: f64 [above 0 below 1] = 0.9,
        /// β₂, the fraction of the mean square that each step keeps.
        beta_2: f64 [in 0..1] = 0.999,
        /// ε, which keeps the denominator away from 0.
        epsilon: f64 [at least 0] = 1e-8,
        /// The number of updates in which the learning rate rises from 0.
        warmup_steps: u64 = 0,
    }
}

/// One position of the update.
struct ScheduleFreeAdamWUpdate<'a> {
    rate: f64,
    /// 1/(1 − β₂ᵗ)
    correction: f64,
    /// 1/t
    weight: f64,
    arguments: &'a ScheduleFreeAdamW,
}

impl<T: Element> Lanewise<T, 4, 3> for ScheduleFreeAdamWUpdate<'_> {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [g, y, z, v]: [S::V; 4]) -> [S::V; 3] {
        let beta = self.arguments.beta_1;
        let v = s.mul_add(s.sub(s.mul(g, g), v), s.literal(1.0 - self.arguments.beta_2), v);
        let root = s.sqrt(s.mul(v, s.literal(self.correction)));
        let step = s.div(s.mul(g, s.literal(self.rate)), s.add(root, s.literal(self.arguments.epsilon)));
        let x = s.div(s.mul_add(z, s.literal(beta - 1.0), y), s.literal(beta));
        let z = s.sub(z, step);
        let x = s.mul_add(x, s.literal(1.0 - self.weight), s.mul(z, s.literal(self.weight)));
        [s.mul_add(z, s.literal(1.0 - beta), s.mul(x, s.literal(beta))), z, v]
    }
}

impl<T: Scalar> Optimizer<T> for ScheduleFreeAdamW {
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

    fn initialize(&self, slot: usize, weights: &[T], values: &mut [T]) {
        // z, Keras's momentum, begins where the weights begin.
        if slot == 0 {
            values.copy_from_slice(weights);
        }
    }

    fn step(&self, step: Step<'_, T>) {
        let t = step.iteration as f64;
        let warmup = if self.warmup_steps == 0 { 1.0 } else { (t / self.warmup_steps as f64).min(1.0) };
        let rule = ScheduleFreeAdamWUpdate {
            rate: step.learning_rate * warmup,
            correction: 1.0 / (1.0 - self.beta_2.powf(t)),
            weight: 1.0 / t,
            arguments: self,
        };
        let (y, g, [z, v]) = step.split();
        lanewise::update(&rule, [g], [y, z, v]);
    }
}
