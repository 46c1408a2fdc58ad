use super::Outputs;
use super::forms::pointwise::{PointwiseMetric, pointwise_metric};
use crate::items::item;
use crate::kernels::{Element, Simd, distances};

item! {
    /// Binary cross-entropy, `−y·ln p − (1 − y)·ln(1 − p)` averaged over outputs and samples, for targets in [0, 1].
    ///
    /// Probabilities are clipped to [1e-7, 1 − 1e-7]; for logits `z` it is `ln(1 + eᶻ) − y·z`.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(1, Sigmoid))
    ///     .compile(Adam::default(), MeanSquaredError, metrics![metrics::BinaryCrossentropy]);
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) if `label_smoothing` is outside [0, 1].
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.BinaryCrossentropy`.
    pub struct BinaryCrossentropy: "BinaryCrossentropy" {
        /// Whether the predictions are logits rather than probabilities.
        from_logits: bool = false,
        /// The smoothing `s`, which turns a target `y` into `y·(1 − s) + s/2`.
        label_smoothing: f64 [in 0..=1] = 0.0,
        /// The key in history and logs; `binary_crossentropy` by default.
        name: Option<String> = None,
    }
}

impl<T: Element> PointwiseMetric<T> for BinaryCrossentropy {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V {
        let y = s.mul_add(y, s.literal(1.0 - self.label_smoothing), s.literal(0.5 * self.label_smoothing));
        if self.from_logits {
            distances::binary_crossentropy_of_logit(s, y, p)
        } else {
            distances::binary_crossentropy(s, y, p)
        }
    }
}

pointwise_metric!(BinaryCrossentropy, Down, |metric| Outputs::binary(metric.from_logits));
