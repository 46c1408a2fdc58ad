use super::settings::settings;
use super::{IntoLearningRate, LearningRate, Optimizer, Settings, Step};
use crate::Scalar;
use crate::items::item;
use crate::kernels::lanewise::{self, Lanewise};
use crate::kernels::{Element, Simd, functions};

item! {
    /// Follow the regularized leader: weights are computed from the sum of all gradients, and are exactly zero if it is small.
    ///
    /// ```text
    /// ĝ = g + 2·shrinkage·w        n' = n + g²        p = −learning_rate_power
    /// z ← z + ĝ − (n'ᵖ − nᵖ)/α · w        n ← n'
    /// w ← (clip(z, −l1, l1) − z) / (n'ᵖ/α + 2·(l2 + beta/(2α)))
    /// ```
    ///
    /// It is meant for wide, sparse, linear models; `l1_regularization_strength` determines how sparse the weights become.
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
    pub struct Ftrl: "Ftrl" with settings: Settings {
        /// The learning rate α, a number or a schedule.
        learning_rate: LearningRate [at least 0] = LearningRate::Constant(0.001),
        /// The negative of the exponent p of the accumulated squares; 0 makes the rate constant.
        learning_rate_power: f64 [at most 0] = -0.5,
        /// The first value of the sum of squares.
        initial_accumulator_value: f64 [at least 0] = 0.1,
        /// The l1 penalty on the weights.
        l1_regularization_strength: f64 [at least 0] = 0.0,
        /// The l2 penalty on the weights.
        l2_regularization_strength: f64 [at least 0] = 0.0,
        /// The l2 penalty that is added to the gradient.
        l2_shrinkage_regularization_strength: f64 [at least 0] = 0.0,
        /// The paper's β.
        beta: f64 [at least 0] = 0.0,
    }
}

/// One position of the update.
struct FtrlUpdate<'a> {
    rate: f64,
    arguments: &'a Ftrl,
}

impl FtrlUpdate<'_> {
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

impl<T: Element> Lanewise<T, 4, 3> for FtrlUpdate<'_> {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [g, w, n, z]: [S::V; 4]) -> [S::V; 3] {
        let arguments = self.arguments;
        let shrunk = s.mul_add(w, s.literal(2.0 * arguments.l2_shrinkage_regularization_strength), g);
        let sum = s.mul_add(g, g, n);
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
        self.settings.clone()
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
        let rule = FtrlUpdate { rate: step.learning_rate, arguments: self };
        let (w, g, [n, z]) = step.split();
        lanewise::update(&rule, [g], [w, n, z]);
    }
}
