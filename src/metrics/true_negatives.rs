use super::states::confusion::Confusion;
use super::states::selection::Selection;
use super::{Metric, MetricState, Outputs, Thresholds, Width};
use crate::items::{Spec, item};
use crate::{Result, Scalar};

item! {
    /// The number of negatives that are predicted as zeros, `TN = Σ w·[y = 0]·[p ≤ t]`.
    ///
    /// Counted over all outputs of all samples, with sample weights their sum: those
    /// whose target is 0 and whose output is not above the threshold.
    ///
    /// Neither more nor less is better in general, so the metric has no direction.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(1, Sigmoid))
    ///     .compile(Adam::default(), BinaryCrossentropy, metrics![TrueNegatives, TrueNegatives.thresholds([0.3, 0.7])]);
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) for thresholds outside [0, 1].
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.TrueNegatives`.
    pub struct TrueNegatives: "TrueNegatives" {
        /// The thresholds above which an output means 1, by default 0.5; with several there is a value for each.
        thresholds: Thresholds [in 0..=1] = Thresholds::NONE,
        /// The key in history and logs; `true_negatives` by default.
        name: Option<String> = None,
    }
}

impl<T: Scalar> Metric<T> for TrueNegatives {
    fn start(&self, width: Width) -> Result<Box<dyn MetricState<T>>> {
        self.check()?;
        let selection = Selection::new(self, width, None, None)?;
        Ok(Box::new(Confusion::new(self, selection, &self.thresholds.or(0.5), |counts| counts.true_negatives)?))
    }

    fn expects(&self, _: Width) -> Outputs {
        self.thresholds.expects()
    }

    fn given_name(&self) -> Option<String> {
        self.name.clone()
    }
}
