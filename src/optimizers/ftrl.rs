use super::settings::{check_not_negative, optimizer};
use super::{LearningRate, Optimizer, Settings, Step};
use crate::kernels::lanewise::{self, Lanewise};
use crate::kernels::{Element, Simd, functions};
use crate::spec::invalid;
use crate::{Result, Scalar};

optimizer! {
    /// Follow the regularized leader: weights from the sum of all gradients, exactly zero where that is small.
    ///
    /// ```text
    /// ĝ = g + 2·shrinkage·w        n' = n + g²        p = −learning_rate_power
    /// z ← z + ĝ − (n'ᵖ − nᵖ)/α · w        n ← n'
    /// w ← (clip(z, −l1, l1) − z) / (n'ᵖ/α + 2·(l2 + beta/(2α)))
    /// ```
    ///
    /// Made for wide, sparse, linear models; `l1_regularization_strength` decides how sparse the weights become.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let ftrl = Ftrl.learning_rate(0.05).l1_regularization_strength(0.01);
    /// ```
    ///
    /// # References
    ///
    /// H. B. McMahan et al., *Ad click prediction: a view from the trenches*, KDD 2013.
    /// Keras: `keras.optimizers.Ftrl`.
    pub struct Ftrl: "Ftrl" checked by check_arguments {
        /// α, a number or a schedule; default 0.001.
        learning_rate: LearningRate = LearningRate::Constant(0.001),
        /// How the rate falls with the squares, at most 0 (a constant rate); default −0.5.
        learning_rate_power: f64 = -0.5,
        /// What the sum of squares begins with, at least 0; default 0.1.
        initial_accumulator_value: f64 = 0.1,
        /// l1, at least 0; default 0.
        l1_regularization_strength: f64 = 0.0,
        /// l2, at least 0; default 0.
        l2_regularization_strength: f64 = 0.0,
        /// An l2 penalty on the gradient side, at least 0; default 0.
        l2_shrinkage_regularization_strength: f64 = 0.0,
        /// The paper's β, at least 0; default 0.
        beta: f64 = 0.0,
    }
}

impl Ftrl {
    fn check_arguments(&self) -> Result<()> {
        check_not_negative(self, "initial_accumulator_value", self.initial_accumulator_value)?;
        check_not_negative(self, "l1_regularization_strength", self.l1_regularization_strength)?;
        check_not_negative(self, "l2_regularization_strength", self.l2_regularization_strength)?;
        let shrinkage = self.l2_shrinkage_regularization_strength;
        check_not_negative(self, "l2_shrinkage_regularization_strength", shrinkage)?;
        check_not_negative(self, "beta", self.beta)?;
        if self.learning_rate_power.is_finite() && self.learning_rate_power <= 0.0 {
            Ok(())
        } else {
            Err(invalid(self, "learning_rate_power", self.learning_rate_power, "a finite number of at most 0"))
        }
    }
}

struct Rule<'a> {
    rate: f64,
    arguments: &'a Ftrl,
}

impl Rule<'_> {
    /// `nᵖ` for `n ≥ 0`.
    #[inline(always)]
    fn power<T: Element, S: Simd<T>>(&self, s: S, n: S::V) -> S::V {
        let power = -self.arguments.learning_rate_power;
        if power == 0.5 {
            s.sqrt(n)
        } else if power == 0.0 {
            s.literal(1.0)
        } else {
            functions::exp(s, s.mul(functions::ln(s, n), s.literal(power)))
        }
    }
}

impl<T: Element> Lanewise<T, 4, 3> for Rule<'_> {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [g, w, n, z]: [S::V; 4]) -> [S::V; 3] {
        let arguments = self.arguments;
        let shrunk = s.fma(w, s.literal(2.0 * arguments.l2_shrinkage_regularization_strength), g);
        let sum = s.fma(g, g, n);
        let rate = s.literal(self.rate);
        let power = self.power(s, sum);
        let sigma = s.div(s.sub(power, self.power(s, n)), rate);
        let z = s.add(z, s.sub(shrunk, s.mul(sigma, w)));
        let l2 = arguments.l2_regularization_strength + arguments.beta / (2.0 * self.rate);
        let quadratic = s.add(s.div(power, rate), s.literal(2.0 * l2));
        let l1 = arguments.l1_regularization_strength;
        let clipped = s.max(s.literal(-l1), s.min(s.literal(l1), z));
        [s.div(s.sub(clipped, z), quadratic), sum, z]
    }
}

impl<T: Scalar> Optimizer<T> for Ftrl {
    fn learning_rate(&self) -> LearningRate {
        self.learning_rate.clone()
    }

    fn settings(&self) -> Settings {
        self.shared_settings()
    }

    fn slots(&self) -> &'static [&'static str] {
        &["accumulator", "linear"]
    }

    fn initialize(&self, slot: usize, _: &[T], values: &mut [T]) {
        if slot == 0 {
            values.fill(T::of(self.initial_accumulator_value));
        }
    }

    fn step(&self, step: Step<'_, T>) {
        let rule = Rule { rate: step.learning_rate, arguments: self };
        let (w, g, [n, z]) = step.split();
        lanewise::update(&rule, [g], [w, n, z]);
    }
}
