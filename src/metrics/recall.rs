use super::states::confusion::{self, Confusion};
use super::states::selection::{DROPPED, Selection};
use super::{Direction, Metric, MetricState, Outputs, Thresholds, Width};
use crate::items::{Spec, item};
use crate::{Result, Scalar};

item! {
    /// Recall: of the samples that are ones, the fraction predicted as ones, `TP/(TP + FN)`.
    ///
    /// With no such sample the metric is 0. Targets other than 0 are ones; all outputs of a sample count.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(1, Sigmoid))
    ///     .compile(Adam::default(), BinaryCrossentropy, metrics![Recall, Recall.thresholds([0.3])]);
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) for thresholds outside [0, 1], and where `class_id` or
    /// `top_k` do not fit the number of outputs.
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.Recall`.
    pub struct Recall: "Recall" {
        /// The thresholds above which an output means 1, by default 0.5; with several there is a value for each.
        thresholds: Thresholds [in 0..=1] = Thresholds::NONE,
        /// Only the `k` largest outputs of a sample can be positive, from 1 to the number of outputs;
        /// without `thresholds` all of these are, which is the recall at `k`. By default all may be.
        top_k: Option<usize> [at least 1] = None,
        /// The only output that counts, below the number of outputs; by default all count.
        class_id: Option<usize> = None,
        /// The key in history and logs; `recall` by default.
        name: Option<String> = None,
    }
}

impl<T: Scalar> Metric<T> for Recall {
    fn start(&self, width: Width) -> Result<Box<dyn MetricState<T>>> {
        self.check()?;
        let selection = Selection::new(self, width, self.class_id, self.top_k)?;
        // The largest outputs are all above the value that replaces the others.
        let default = if self.top_k.is_some() { DROPPED } else { 0.5 };
        Ok(Box::new(Confusion::new(self, selection, &self.thresholds.or(default), confusion::recall)?))
    }

    fn expects(&self, _: Width) -> Outputs {
        if self.top_k.is_some() { Outputs::Any } else { self.thresholds.expects() }
    }

    fn given_name(&self) -> Option<String> {
        self.name.clone()
    }

    fn direction(&self) -> Option<Direction> {
        Some(Direction::Up)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_and_counts_beyond_the_outputs_are_refused() {
        let width = Width { targets: 3, outputs: 3 };
        for metric in [Recall.class_id(3), Recall.top_k(4), Recall.top_k(0), Recall.thresholds(1.5)] {
            assert!(Metric::<f32>::start(&metric, width).is_err(), "{metric:?}");
        }
        assert!(Metric::<f32>::start(&Recall.class_id(2).top_k(3), width).is_ok());
        assert!(Metric::<f32>::start(&Recall, Width { targets: 1, outputs: 3 }).is_err());
    }
}
