use super::adam::AdamUpdate;
use super::arithmetic::subnormals::hides_subnormals;
use super::settings::settings;
use super::stored::{self, Stored};
use super::{IntoLearningRate, LearningRate, Optimizer, Settings, Step};
use crate::items::{invalid, item};
use crate::variables::Variable;
use crate::{Result, Scalar};

item! {
    /// Adam with weight decay that is not part of the moments.
    ///
    /// ```text
    /// w ← w − α·λ·w
    /// m ← β₁·m + (1 − β₁)·g        v ← β₂·v + (1 − β₂)·g²
    /// w ← w − α·√(1 − β₂ᵗ)/(1 − β₁ᵗ) · m/(√v + ε)
    /// ```
    ///
    /// λ is `weight_decay`, by default 0.004.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let adamw = AdamW.weight_decay(0.01).exclude_from_weight_decay(["bias"]);
    /// ```
    ///
    /// # References
    ///
    /// I. Loshchilov and F. Hutter, *Decoupled weight decay regularization*, ICLR 2019.
    /// Keras: `keras.optimizers.AdamW`.
    pub struct AdamW: "AdamW" with settings: Settings [Settings::decaying(0.004)] checked by check_decay {
        /// The learning rate α, a number or a schedule.
        learning_rate: LearningRate [at least 0] = LearningRate::Constant(0.001),
        /// β₁, the fraction of the mean gradient that each step keeps.
        beta_1: f64 [in 0..1] = 0.9,
        /// β₂, the fraction of the mean square that each step keeps.
        beta_2: f64 [in 0..1] = 0.999,
        /// ε, which keeps the denominator away from 0.
        epsilon: f64 [at least 0] = 1e-7,
        /// Whether the denominator never shrinks.
        amsgrad: bool = false,
    }
}

impl AdamW {
    fn check_decay(&self) -> Result<()> {
        match self.settings.weight_decay {
            Some(_) => Ok(()),
            None => Err(invalid(self, "weight_decay", "None", "a number; for no decay at all take Adam")),
        }
    }
}

impl<T: Scalar> Optimizer<T> for AdamW {
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
