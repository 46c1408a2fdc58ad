use super::Outputs;
use super::weighted_mean::mean_metric;
use crate::Result;
use crate::kernels::class_crossentropy::{self, ClassTargets};
use crate::kernels::rowwise::{Columns, Rowwise};
use crate::kernels::{Element, Simd};
use crate::spec::{invalid, spec};

spec! {
    /// Categorical cross-entropy, `−Σⱼ yⱼ·ln pⱼ` averaged over samples, for targets that are class probabilities.
    ///
    /// The classes are the columns. Probabilities are divided by their sum and clipped to [1e-7, 1 − 1e-7]; logits
    /// go through a softmax first.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(3, Softmax))
    ///     .compile(Adam::default(), MeanSquaredError, metrics![metrics::CategoricalCrossentropy]);
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) where `label_smoothing` is outside of [0, 1].
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.CategoricalCrossentropy`.
    pub struct CategoricalCrossentropy: "CategoricalCrossentropy" checked by check_arguments {
        /// Whether the predictions are logits rather than probabilities; default false.
        from_logits: bool = false,
        /// `s` in [0, 1] turns targets `y` into `y·(1 − s) + s/classes`; default 0.
        label_smoothing: f64 = 0.0,
        /// The key in history and logs; `categorical_crossentropy` by default.
        name: Option<String> = None,
    }
}

impl CategoricalCrossentropy {
    fn check_arguments(&self) -> Result<()> {
        if (0.0..=1.0).contains(&self.label_smoothing) {
            Ok(())
        } else {
            Err(invalid(self, "label_smoothing", self.label_smoothing, "a number in [0, 1]"))
        }
    }
}

impl<T: Element> ClassTargets<T> for CategoricalCrossentropy {
    #[inline(always)]
    fn target<S: Simd<T>>(&self, s: S, y: Columns<'_, T>, class: usize, classes: usize) -> S::V {
        let spread = s.literal(self.label_smoothing / classes as f64);
        s.fma(y.load(s, class), s.literal(1.0 - self.label_smoothing), spread)
    }
}

impl<T: Element> Rowwise<T> for CategoricalCrossentropy {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, y: Columns<'_, T>, p: Columns<'_, T>) -> S::V {
        if self.from_logits {
            class_crossentropy::of_logits(s, self, y, p)
        } else {
            class_crossentropy::of_probabilities(s, self, y, p)
        }
    }
}

mean_metric!(CategoricalCrossentropy, Down, matching, |metric| Outputs::categorical(metric.from_logits));
