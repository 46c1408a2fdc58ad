use super::Outputs;
use super::states::weighted_mean::mean_metric;
use crate::items::item;
use crate::kernels::class_crossentropy::{self, ClassTargets, LogSoftmaxForm};
use crate::kernels::rowwise::{Rowwise, SampleColumns};
use crate::kernels::{Element, Simd};

item! {
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
    /// [`Error::Argument`](crate::Error::Argument) if `label_smoothing` is outside [0, 1].
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.CategoricalCrossentropy`.
    pub struct CategoricalCrossentropy: "CategoricalCrossentropy" {
        /// Whether the predictions are logits rather than probabilities.
        from_logits: bool = false,
        /// The smoothing `s`, which turns targets `y` into `y·(1 − s) + s/classes`.
        label_smoothing: f64 [in 0..=1] = 0.0,
        /// The key in history and logs; `categorical_crossentropy` by default.
        name: Option<String> = None,
    }
}

impl<T: Element> ClassTargets<T> for CategoricalCrossentropy {
    #[inline(always)]
    fn target<S: Simd<T>>(&self, s: S, y: SampleColumns<'_, T>, class: usize, classes: usize) -> S::V {
        let spread = s.literal(self.label_smoothing / classes as f64);
        s.mul_add(y.load(s, class), s.literal(1.0 - self.label_smoothing), spread)
    }
}

impl<T: Element> Rowwise<T> for CategoricalCrossentropy {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, y: SampleColumns<'_, T>, p: SampleColumns<'_, T>) -> S::V {
        class_crossentropy::crossentropy(s, self, (self.from_logits, LogSoftmaxForm::Centered), y, p)
    }
}

mean_metric!(CategoricalCrossentropy, Down, matching, |metric| Outputs::categorical(metric.from_logits));
