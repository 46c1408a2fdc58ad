use super::arithmetic::root_epsilon::RootEpsilon;
use super::arithmetic::subnormals::hides_subnormals;
use super::settings::settings;
use super::{IntoLearningRate, LearningRate, Optimizer, Settings, Step};
use crate::Scalar;
use crate::items::item;
use crate::kernels::lanewise::{self, Lanewise};
use crate::kernels::{Element, Simd};

item! {
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
    pub struct Adagrad: "Adagrad" with settings: Settings {
        /// The learning rate α, a number or a schedule.
        learning_rate: LearningRate [at least 0] = LearningRate::Constant(0.001),
        /// The first value of the sum.
        initial_accumulator_value: f64 [at least 0] = 0.1,
        /// ε, which keeps the denominator away from 0.
        epsilon: f64 [at least 0] = 1e-7,
        /// Whether ε is added under the root, as Keras 3 does, or to it, as Keras 2's legacy Adagrad did.
        epsilon_in_root: bool = true,
    }
}

/// One position of the update.
struct AdagradUpdate {
    rate: f64,
    epsilon: RootEpsilon,
}

impl<T: Element> Lanewise<T, 3, 2> for AdagradUpdate {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [g, w, v]: [S::V; 3]) -> [S::V; 2] {
        let v = s.mul_add(g, g, v);
        [s.sub(w, s.div(s.mul(g, s.literal(self.rate)), self.epsilon.root(s, v))), v]
    }
}

impl<T: Scalar> Optimizer<T> for Adagrad {
    fn learning_rate(&self) -> LearningRate {
        self.learning_rate.clone()
    }

    fn settings(&self) -> Settings {
        self.settings.clone()
    }

    fn slots(&self) -> &'static [&'static str] {
        &["accumulator"]
    }

    fn flushes_subnormals(&self) -> bool {
        hides_subnormals(self.epsilon)
    }

    fn initialize(&self, _: usize, _: &[T], values: &mut [T]) {
        values.fill(T::of(self.initial_accumulator_value));
    }

    fn step(&self, step: Step<'_, T>) {
        let epsilon = RootEpsilon::new(self.epsilon, self.epsilon_in_root);
        let rule = AdagradUpdate { rate: step.learning_rate, epsilon };
        let (w, g, [v]) = step.split();
        lanewise::update(&rule, [g], [w, v]);
    }
}
