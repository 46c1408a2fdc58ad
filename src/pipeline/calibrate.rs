//! Calibration and prior correction of a fitted pipeline.

use super::held_out::JudgedRows;
use super::{FittedPipeline, HeldOut};
use crate::calibration::{
    BinEdges, BootstrapInterval, BrierDecomposition, CalibrationMethod, Calibrator, PriorCorrection,
    ReliabilityDiagram, brier_decomposition, expected_calibration_error, reliability_diagram,
};
use crate::{Error, Result, Scalar};

/// The bootstrap resamples of an interval.
pub(super) const RESAMPLES: usize = 200;

impl<T: Scalar> FittedPipeline<T> {
    /// Calibrates the probabilities by rows that the pipeline was not fitted to; an earlier calibration is replaced.
    ///
    /// Rows of a table count once each unless their [weights](HeldOut#weights) are named.
    ///
    /// The order of the steps is `calibrate`, [`correct_prior`](Self::correct_prior), [`choose_threshold`](Self::choose_threshold),
    /// [`conformal`](Self::conformal). Each learns from the result of those before, from other rows where there are enough.
    ///
    /// ```
    /// use perceptra::calibration::PlattScaling;
    /// use perceptra::prelude::*;
    ///
    /// let table = |rows: std::ops::Range<i32>| {
    ///     Table::new()
    ///         .with_numbers("x", rows.clone().map(|row| f64::from(row % 30)))?
    ///         .with_booleans("large", rows.map(|row| row % 30 + row * 5 % 17 > 23))
    /// };
    /// let fitted = Pipeline::new(Target::binary("large")).members(1).seed(1).fit(&table(0..90)?)?;
    /// let held_out = table(90..150)?;
    /// let calibrated = fitted.clone().calibrate(PlattScaling, &held_out)?;
    /// assert!(calibrated.evaluate(&held_out)?.get("log_loss") < fitted.evaluate(&held_out)?.get("log_loss"));
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`predict`](Self::predict) and [`Calibrator::fit`]; [`Error::Argument`] for a target of numbers, and after a step that depends
    /// on the probabilities.
    pub fn calibrate<'a>(mut self, method: CalibrationMethod, rows: impl Into<HeldOut<'a>>) -> Result<Self> {
        self.decisions.refuse_after("calibrate")?;
        let rows = rows.into();
        let judged = JudgedRows::of(&self, rows)?;
        judged.check_classes("calibrate", &self.target)?;
        self.decisions.calibrator = Some(Calibrator::fit(method, &judged.input())?);
        self.with_step("calibration", method.to_string(), Some(rows))
    }

    /// Corrects the probabilities for the class frequencies of the population, if those of the training rows differ because of
    /// down-sampling or class weights.
    ///
    /// This is not needed after a calibration by rows with the frequencies of the population.
    ///
    /// ```
    /// use perceptra::calibration::PriorCorrection;
    /// use perceptra::prelude::*;
    ///
    /// let balanced = Table::new()
    ///     .with_numbers("x", (0..60).map(f64::from))?
    ///     .with_booleans("late", (0..60).map(|row| row * 7 % 60 < 30))?;
    /// let fitted = Pipeline::new(Target::binary("late")).members(1).seed(1).fit(&balanced)?;
    /// let before = fitted.predict_proba(&balanced)?[(0, 1)];
    /// let fitted = fitted.correct_prior(PriorCorrection::from_rates(0.5, 0.1))?;
    /// let after = fitted.predict_proba(&balanced)?[(0, 1)];
    /// assert!((after / (1.0 - after) / (before / (1.0 - before)) - 1.0 / 9.0).abs() < 1e-6);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for rates out of range or of another number of classes, for a target without classes, and after a step that
    /// depends on the probabilities.
    pub fn correct_prior(mut self, correction: PriorCorrection) -> Result<Self> {
        self.decisions.refuse_after("correct_prior")?;
        let task = self.target.task();
        if !task.has_classes() {
            return Err(Error::argument("correct_prior", "target", task, "one class of several for each row"));
        }
        correction.check(self.target.labels().len())?;
        let method = format!("odds factors {:?}", correction.odds_factors());
        self.decisions.prior = Some(correction);
        self.with_step("prior correction", method, None)
    }

    /// Predicted probabilities and observed frequencies, of a binary target.
    ///
    /// # Errors
    ///
    /// The errors of [`predict`](Self::predict) and [`reliability_diagram`].
    pub fn reliability<'a>(&self, rows: impl Into<HeldOut<'a>>, edges: BinEdges) -> Result<ReliabilityDiagram> {
        reliability_diagram(&JudgedRows::adjusted(self, rows.into())?.input(), edges)
    }

    /// The expected calibration error of a binary target with this many bins of equal width, and its 95% interval by 200 resamples with
    /// the seed of the pipeline.
    ///
    /// # Errors
    ///
    /// The errors of [`predict`](Self::predict) and [`expected_calibration_error`].
    pub fn calibration_error<'a>(&self, rows: impl Into<HeldOut<'a>>, bins: usize) -> Result<BootstrapInterval> {
        expected_calibration_error(&JudgedRows::adjusted(self, rows.into())?.input(), bins, RESAMPLES, self.seed)
    }

    /// The Brier score of a binary target in parts.
    ///
    /// # Errors
    ///
    /// The errors of [`predict`](Self::predict) and [`brier_decomposition`].
    pub fn brier_decomposition<'a>(&self, rows: impl Into<HeldOut<'a>>, edges: BinEdges) -> Result<BrierDecomposition> {
        brier_decomposition(&JudgedRows::adjusted(self, rows.into())?.input(), edges)
    }

    /// The calibration of the probabilities, if there is one.
    pub fn calibrator(&self) -> Option<&Calibrator> {
        self.decisions.calibrator.as_ref()
    }

    /// The correction of the probabilities for other frequencies of the classes, if there is one.
    pub fn prior_correction(&self) -> Option<&PriorCorrection> {
        self.decisions.prior.as_ref()
    }
}
