//! Conformal regions of a fitted pipeline.

use super::held_out::JudgedRows;
use super::{FittedPipeline, HeldOut};
use crate::decisions::{Conformal, SetScore};
use crate::{Result, Scalar};

impl<T: Scalar> FittedPipeline<T> {
    /// Learns conformal regions: an interval for each number, or a set of classes, that contains the truth with probability at least 1 − α.
    /// Sets use [`SetScore::LeastAmbiguous`].
    ///
    /// The probability is guaranteed if the rows are exchangeable with future ones and were used neither for training nor for calibration.
    /// With out-of-fold predictions, or the rows of the calibration, it is approximate. Weights are ignored.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let table = |rows: std::ops::Range<i32>| {
    ///     Table::new()
    ///         .with_numbers("x", rows.clone().map(|row| f64::from(row % 50)))?
    ///         .with_numbers("y", rows.map(|row| f64::from(3 * (row % 50) + row * 7 % 11)))
    /// };
    /// let fitted = Pipeline::new(Target::regression("y")).members(1).seed(1).fit(&table(0..100)?)?;
    /// let fitted = fitted.conformal(0.1, &table(100..200)?)?;
    /// assert!(fitted.coverage(&table(200..300)?)? > 0.8);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`predict`](Self::predict) and [`Conformal::fit`].
    pub fn conformal<'a>(self, alpha: f64, rows: impl Into<HeldOut<'a>>) -> Result<Self> {
        self.conformal_with(alpha, SetScore::default(), rows)
    }

    /// Learns sets of classes by this score.
    ///
    /// # Errors
    ///
    /// The errors of [`conformal`](Self::conformal).
    pub fn conformal_with<'a>(mut self, alpha: f64, score: SetScore, rows: impl Into<HeldOut<'a>>) -> Result<Self> {
        let rows = rows.into().unweighted();
        let judged = JudgedRows::adjusted(&self, rows)?;
        self.decisions.conformal = Some(Conformal::fit(alpha, score, &judged.input())?);
        self.with_step("conformal regions", format!("alpha {alpha}"), Some(rows))
    }

    /// The fraction of rows with the true value in their region; see [`Conformal::coverage`].
    ///
    /// # Errors
    ///
    /// The errors of [`predict`](Self::predict); [`Error::Argument`](crate::Error::Argument) before [`conformal`](Self::conformal).
    pub fn coverage<'a>(&self, rows: impl Into<HeldOut<'a>>) -> Result<f64> {
        let Some(conformal) = &self.decisions.conformal else {
            return Err(crate::Error::argument("coverage", "regions", "none", "those of .conformal(alpha, &rows)"));
        };
        conformal.coverage(&JudgedRows::adjusted(self, rows.into().unweighted())?.input())
    }

    /// The conformal predictor of the regions, if it was fitted.
    pub fn conformal_regions(&self) -> Option<&Conformal> {
        self.decisions.conformal.as_ref()
    }
}
