use super::arithmetic::argmax::same;
use super::states::weighted_mean::WeightedMean;
use super::{Direction, Metric, MetricState, Outputs, Width};
use crate::items::item;
use crate::kernels::class_crossentropy::{self, ClassTargets, LogSoftmaxForm};
use crate::kernels::rowwise::{Rowwise, SampleColumns};
use crate::kernels::{Element, Simd};
use crate::{Batch, Result, Scalar};

item! {
    /// Categorical cross-entropy for targets that are class indices, `−ln p_y` averaged over samples.
    ///
    /// `y` is one column of `0..outputs`. Probabilities are divided by their sum and clipped to [1e-7, 1 − 1e-7];
    /// logits go through a softmax first.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(3, Softmax))
    ///     .compile(Adam::default(), MeanSquaredError, metrics![metrics::SparseCategoricalCrossentropy]);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.SparseCategoricalCrossentropy`.
    pub struct SparseCategoricalCrossentropy: "SparseCategoricalCrossentropy" {
        /// Whether the predictions are logits rather than probabilities.
        from_logits: bool = false,
        /// A class with loss 0 for its samples. As in Keras they count in the denominator of the mean
        /// if there are no sample weights, and do not if there are.
        ignore_class: Option<i64> = None,
        /// The key in history and logs; `sparse_categorical_crossentropy` by default.
        name: Option<String> = None,
    }
}

impl<T: Element> ClassTargets<T> for SparseCategoricalCrossentropy {
    #[inline(always)]
    fn target<S: Simd<T>>(&self, s: S, y: SampleColumns<'_, T>, class: usize, _: usize) -> S::V {
        if self.ignore_class == i64::try_from(class).ok() {
            return s.zero();
        }
        same(s, y.load(s, 0), s.literal(class as f64))
    }
}

impl<T: Element> Rowwise<T> for SparseCategoricalCrossentropy {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, y: SampleColumns<'_, T>, p: SampleColumns<'_, T>) -> S::V {
        class_crossentropy::crossentropy(s, self, (self.from_logits, LogSoftmaxForm::Centered), y, p)
    }
}

struct SparseCrossentropyState<T> {
    mean: WeightedMean<T, SparseCategoricalCrossentropy>,
    ignored: Option<f64>,
}

impl<T: Scalar> MetricState<T> for SparseCrossentropyState<T> {
    fn update(&mut self, y: Batch<'_, T>, p: Batch<'_, T>, weights: Option<&[T]>) {
        self.mean.update(y, p, weights);
        if let (Some(ignored), Some(weights)) = (self.ignored, weights) {
            let of_ignored = y.column(0).iter().zip(weights).filter(|(class, _)| class.to_f64() == ignored);
            self.mean.discount(of_ignored.map(|(_, weight)| weight.to_f64()).sum());
        }
    }

    fn result(&self) -> f64 {
        MetricState::<T>::result(&self.mean)
    }

    fn reset(&mut self) {
        MetricState::<T>::reset(&mut self.mean);
    }

    fn accumulators_mut(&mut self) -> Vec<&mut f64> {
        self.mean.accumulators_mut()
    }
}

impl<T: Scalar> Metric<T> for SparseCategoricalCrossentropy {
    fn start(&self, width: Width) -> Result<Box<dyn MetricState<T>>> {
        width.sparse(self)?;
        let ignored = self.ignore_class.map(|class| class as f64);
        Ok(Box::new(SparseCrossentropyState { mean: WeightedMean::<T, _>::new(self.clone()), ignored }))
    }

    fn expects(&self, _: Width) -> Outputs {
        Outputs::categorical(self.from_logits)
    }

    fn given_name(&self) -> Option<String> {
        self.name.clone()
    }

    fn direction(&self) -> Option<Direction> {
        Some(Direction::Down)
    }
}
