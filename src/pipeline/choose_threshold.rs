//! The threshold of a fitted pipeline.

use super::calibrate::RESAMPLES;
use super::held_out::JudgedRows;
use super::{FittedPipeline, HeldOut};
use crate::decisions::{CostCurve, ThresholdChoice, ThresholdFor, choose_threshold, cost_curve};
use crate::metrics::just_below;
use crate::{Error, Result, Scalar};

impl<T: Scalar> FittedPipeline<T> {
    /// Chooses the threshold of a binary target by rows that the pipeline was not fitted to.
    ///
    /// Rows of a table count once each unless their [weights](HeldOut#weights) are named. Probabilities are compared in the model's type. Decisions are positive from [`ThresholdChoice::threshold`] on: since they are those
    /// above [`threshold`](Self::threshold), that is the number just below, or 1 if no row is to be positive. The 95% intervals of the
    /// choice are by 200 resamples of the rows with the seed of the pipeline.
    ///
    /// ```
    /// use perceptra::decisions::{CostMatrix, ThresholdFor};
    /// use perceptra::prelude::*;
    ///
    /// let table = Table::new()
    ///     .with_numbers("x", (0..90).map(|row| f64::from(row % 30)))?
    ///     .with_booleans("large", (0..90).map(|row| row % 30 + row % 7 > 18))?;
    /// let fitted = Pipeline::new(Target::binary("large")).members(1).seed(1).fit(&table.head(60))?;
    /// let fitted = fitted.choose_threshold(ThresholdFor::cost(CostMatrix::new(1.0, 5.0)), &table)?;
    /// println!("{}", fitted.threshold_choice().unwrap());
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`predict`](Self::predict) and [`choose_threshold`](crate::decisions::choose_threshold()).
    pub fn choose_threshold<'a>(mut self, rule: impl Into<ThresholdFor>, rows: impl Into<HeldOut<'a>>) -> Result<Self> {
        let rows = rows.into();
        let mut judged = JudgedRows::adjusted(&self, rows)?;
        let task = self.target.task();
        if task != super::Task::Binary {
            return Err(Error::argument("choose_threshold", "target", task, "a binary one, Target::binary"));
        }
        judged.check_classes("choose_threshold", &self.target)?;
        // As decisions compare them.
        judged.predictions.apply(|p| *p = T::of(*p).to_f64());
        let choice = choose_threshold(rule, &judged.input(), RESAMPLES, self.seed)?;
        self.threshold = if choice.threshold.is_finite() { just_below::<T>(choice.threshold) } else { 1.0 };
        let method = choice.rule.clone();
        self.decisions.choice = Some(choice);
        self.with_step("threshold", method, Some(rows))
    }

    /// The mean cost of a row at every threshold, of a binary target, by a [`CostMatrix`](crate::decisions::CostMatrix) or
    /// [`RowCosts`](crate::decisions::RowCosts).
    ///
    /// # Errors
    ///
    /// The errors of [`predict`](Self::predict) and [`cost_curve`](crate::decisions::cost_curve()).
    pub fn cost_curve<'a>(&self, rows: impl Into<HeldOut<'a>>, costs: impl Into<ThresholdFor>) -> Result<CostCurve> {
        let judged = JudgedRows::adjusted(self, rows.into())?;
        judged.check_classes("cost_curve", &self.target)?;
        cost_curve(&judged.input(), costs)
    }

    /// The result of [`choose_threshold`](Self::choose_threshold), if the threshold was chosen by it.
    pub fn threshold_choice(&self) -> Option<&ThresholdChoice> {
        self.decisions.choice.as_ref()
    }
}
