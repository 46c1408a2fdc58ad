use super::root_epsilon::RootEpsilon;
use super::settings::{check_not_negative, optimizer};
use super::{LearningRate, Optimizer, Settings, Step};
use crate::kernels::lanewise::{self, Lanewise};
use crate::kernels::{Element, Simd};
use crate::{Result, Scalar};

optimizer! {
    /// Adagrad: steps by the gradient over the root of the sum of all squares so far.
    ///
    /// ```text
    /// v ← v + g²        w ← w − α·g/√(v + ε)        with ε outside of the root:  w ← w − α·g/(√v + ε)
    /// ```
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let adagrad = Adagrad.learning_rate(0.1);
    /// ```
    ///
    /// # References
    ///
    /// J. Duchi, E. Hazan and Y. Singer, *Adaptive subgradient methods for online learning and stochastic
    /// optimization*, JMLR 12 (2011).
    /// Keras: `keras.optimizers.Adagrad`.
    pub struct Adagrad: "Adagrad" checked by check_arguments {
        /// α, a number or a schedule; default 0.001.
        learning_rate: LearningRate = LearningRate::Constant(0.001),
        /// What the sum begins with, at least 0; default 0.1.
        initial_accumulator_value: f64 = 0.1,
        /// ε, at least 0; default 1e-7.
        epsilon: f64 = 1e-7,
        /// Whether ε is added under the root, as Keras 3 does, or to it, as Keras 2's legacy Adagrad did; default true.
        epsilon_in_root: bool = true,
    }
}

impl Adagrad {
    fn check_arguments(&self) -> Result<()> {
        check_not_negative(self, "initial_accumulator_value", self.initial_accumulator_value)?;
        check_not_negative(self, "epsilon", self.epsilon)
    }
}

struct Rule {
    rate: f64,
    epsilon: RootEpsilon,
}

impl<T: Element> Lanewise<T, 3, 2> for Rule {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [g, w, v]: [S::V; 3]) -> [S::V; 2] {
        let v = s.fma(g, g, v);
        [s.sub(w, s.div(s.mul(g, s.literal(self.rate)), self.epsilon.root(s, v))), v]
    }
}

impl<T: Scalar> Optimizer<T> for Adagrad {
    fn learning_rate(&self) -> LearningRate {
        self.learning_rate.clone()
    }

    fn settings(&self) -> Settings {
        self.shared_settings()
    }

    fn slots(&self) -> &'static [&'static str] {
        &["accumulator"]
    }

    fn initialize(&self, _: usize, _: &[T], values: &mut [T]) {
        values.fill(T::of(self.initial_accumulator_value));
    }

    fn step(&self, step: Step<'_, T>) {
        let epsilon = RootEpsilon::new(self.epsilon, self.epsilon_in_root);
        let rule = Rule { rate: step.learning_rate, epsilon };
        let (w, g, [v]) = step.split();
        lanewise::update(&rule, [g], [w, v]);
    }
}
