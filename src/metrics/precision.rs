use super::confusion::{self, Confusion};
use super::selection::{DROPPED, Selection};
use super::{Direction, Metric, MetricState, Outputs, Thresholds, Width};
use crate::spec::{invalid, spec};
use crate::{Result, Scalar};

spec! {
    /// Precision: of the samples predicted as ones, the share that are ones, `TP/(TP + FP)`.
    ///
    /// With no such sample the figure is 0. Targets other than 0 are ones; all outputs of a sample count.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(1, Sigmoid))
    ///     .compile(Adam::default(), BinaryCrossentropy, metrics![Precision, Precision.thresholds([0.3])]);
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) for thresholds outside of [0, 1], and where `class_id` or
    /// `top_k` do not fit the number of outputs.
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.Precision`.
    pub struct Precision: "Precision" checked by check_arguments {
        /// Above it an output means 1; 0.5 by default, with several there is a figure for each.
        thresholds: Thresholds = Thresholds::NONE,
        /// Only the `k` largest outputs of a sample may be predicted as ones, from 1 to the number of outputs;
        /// with it alone they are all predicted as ones, which is the precision at `k`. All by default.
        top_k: Option<usize> = None,
        /// The output that alone is looked at, below the number of outputs; all by default.
        class_id: Option<usize> = None,
        /// The key in history and logs; `precision` by default.
        name: Option<String> = None,
    }
}

impl Precision {
    fn check_arguments(&self) -> Result<()> {
        match self.top_k {
            Some(0) => Err(invalid(self, "top_k", 0, "at least 1")),
            _ => self.thresholds.check(self),
        }
    }
}

impl<T: Scalar> Metric<T> for Precision {
    fn start(&self, width: Width) -> Result<Box<dyn MetricState<T>>> {
        self.check_arguments()?;
        let selection = Selection::new(self, width, self.class_id, self.top_k)?;
        // The largest outputs are all above what the others become.
        let default = if self.top_k.is_some() { DROPPED } else { 0.5 };
        Ok(Box::new(Confusion::new(selection, &self.thresholds.or(default), confusion::precision)))
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
        for metric in [Precision.class_id(3), Precision.top_k(4), Precision.top_k(0), Precision.thresholds(1.5)] {
            assert!(Metric::<f32>::start(&metric, width).is_err(), "{metric:?}");
        }
        assert!(Metric::<f32>::start(&Precision.class_id(2).top_k(3), width).is_ok());
        assert!(Metric::<f32>::start(&Precision, Width { targets: 1, outputs: 3 }).is_err());
    }
}
