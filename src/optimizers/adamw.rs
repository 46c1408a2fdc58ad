use super::adam::Rule;
use super::settings::{check_not_negative, check_share, optimizer};
use super::stored::{self, Stored};
use super::{LearningRate, Optimizer, Settings, Step};
use crate::spec::invalid;
use crate::variables::Variable;
use crate::{Result, Scalar};

optimizer! {
    /// Adam with weight decay that does not go through the moments.
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
    pub struct AdamW: "AdamW" checked by check_arguments {
        /// α, a number or a schedule; default 0.001.
        learning_rate: LearningRate = LearningRate::Constant(0.001),
        /// β₁ in [0, 1); default 0.9.
        beta_1: f64 = 0.9,
        /// β₂ in [0, 1); default 0.999.
        beta_2: f64 = 0.999,
        /// ε, at least 0; default 1e-7.
        epsilon: f64 = 1e-7,
        /// Whether the denominator never shrinks; default false.
        amsgrad: bool = false,
    } with weight_decay = Some(0.004)
}

impl AdamW {
    fn check_arguments(&self) -> Result<()> {
        check_share(self, "beta_1", self.beta_1)?;
        check_share(self, "beta_2", self.beta_2)?;
        check_not_negative(self, "epsilon", self.epsilon)?;
        match self.weight_decay {
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
        self.shared_settings()
    }

    fn slots(&self) -> &'static [&'static str] {
        if self.amsgrad { &["momentum", "velocity", "velocity_hat"] } else { &["momentum", "velocity"] }
    }

    fn stored(&self, variables: &[&Variable]) -> Vec<Stored> {
        let mut stored = stored::alternating(variables, 0..2);
        if self.amsgrad {
            stored.extend(stored::alternating(variables, 2..3));
        }
        stored
    }

    fn step(&self, step: Step<'_, T>) {
        let betas = [self.beta_1, self.beta_2];
        Rule::new(step.learning_rate, step.iteration, betas, self.epsilon).step(step, self.amsgrad);
    }
}
