use super::confusion::Confusion;
use super::selection::Selection;
use super::{Metric, MetricState, Outputs, Thresholds, Width};
use crate::spec::spec;
use crate::{Result, Scalar};

spec! {
    /// The number of negatives that are predicted as zeros, `TN = Σ w·[y = 0]·[p ≤ t]`.
    ///
    /// Counted over all outputs of all samples, with sample weights their sum: those whose target is 0 and whose output is not above the threshold. More is
    /// neither better nor worse by itself, so the metric has no direction.
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
    /// [`Error::Argument`](crate::Error::Argument) for thresholds outside of [0, 1].
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.TrueNegatives`.
    pub struct TrueNegatives: "TrueNegatives" checked by check_arguments {
        /// Above it an output means 1; 0.5 by default, with several there is a figure for each.
        thresholds: Thresholds = Thresholds::NONE,
        /// The key in history and logs; `true_negatives` by default.
        name: Option<String> = None,
    }
}

impl TrueNegatives {
    fn check_arguments(&self) -> Result<()> {
        self.thresholds.check(self)
    }
}

impl<T: Scalar> Metric<T> for TrueNegatives {
    fn start(&self, width: Width) -> Result<Box<dyn MetricState<T>>> {
        self.check_arguments()?;
        let selection = Selection::new(self, width, None, None)?;
        Ok(Box::new(Confusion::new(selection, &self.thresholds.or(0.5), |counts| counts.true_negatives)))
    }

    fn expects(&self, _: Width) -> Outputs {
        self.thresholds.expects()
    }

    fn given_name(&self) -> Option<String> {
        self.name.clone()
    }
}
