//! The parts of a fitted pipeline that are learned after the fit, for decisions.

use super::{FittedTarget, Task};
use crate::calibration::{Calibrator, PriorCorrection};
use crate::decisions::{Conformal, FittedDomain, ThresholdChoice};
use crate::items::json::from_value;
use crate::preprocessing::FittedColumnTransformer;
use crate::{Error, Result};
use nalgebra::DMatrix;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The decisions in the order in which they are applied to a prediction.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Decisions {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) calibrator: Option<Calibrator>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) prior: Option<PriorCorrection>,
    /// The choice of the threshold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) choice: Option<ThresholdChoice>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) conformal: Option<Conformal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) domain: Option<FittedDomain>,
}

impl Decisions {
    /// Calibrates and corrects probabilities, rows × outputs of the networks.
    pub(super) fn adjust(&self, values: &mut DMatrix<f64>) {
        if !self.has_adjustment() {
            return;
        }
        let mut row = vec![0.0; values.ncols()];
        for index in 0..values.nrows() {
            row.iter_mut().enumerate().for_each(|(column, value)| *value = values[(index, column)]);
            self.adjust_row(&mut row);
            row.iter().enumerate().for_each(|(column, value)| values[(index, column)] = *value);
        }
    }

    /// Whether probabilities are calibrated or corrected.
    pub(super) fn has_adjustment(&self) -> bool {
        self.calibrator.is_some() || self.prior.is_some()
    }

    /// Calibrates and corrects the probabilities of one row.
    pub(super) fn adjust_row(&self, row: &mut [f64]) {
        if let Some(calibrator) = &self.calibrator {
            calibrator.apply(row);
        }
        if let Some(prior) = &self.prior {
            prior.apply(row);
        }
    }

    /// Returns an error for a step that comes after one that used its result.
    pub(super) fn refuse_after(&self, step: &'static str) -> Result<()> {
        let later: &[(&str, bool)] = &[
            ("correct_prior", self.prior.is_some() && step == "calibrate"),
            ("choose_threshold", self.choice.is_some()),
            ("conformal", self.conformal.is_some()),
        ];
        match later.iter().find(|(_, is_there)| *is_there) {
            Some((name, _)) => {
                let expected = format!("{step} before {name}, which depends on the probabilities that it changes");
                Err(Error::argument("FittedPipeline", "step", format!("{step} after {name}"), expected))
            }
            None => Ok(()),
        }
    }

    /// The form for a file; `None` if nothing was learned.
    pub(super) fn config(&self) -> Result<Option<Value>> {
        if *self == Decisions::default() {
            return Ok(None);
        }
        serde_json::to_value(self).map(Some).map_err(|error| Error::configuration("the decisions", error))
    }

    /// Restores the value that [`config`](Self::config) returned, for this target and these transformers.
    pub(super) fn from_config(
        config: Option<Value>,
        target: &FittedTarget,
        columns: &FittedColumnTransformer,
    ) -> Result<Self> {
        let Some(config) = config else { return Ok(Decisions::default()) };
        if !config.is_object() {
            return Err(Error::configuration("the decisions", format!("expected an object, not {config}")));
        }
        let read: Decisions = from_value(config).map_err(|reason| Error::configuration("the decisions", reason))?;
        let (task, classes) = (target.task(), target.labels().len());
        let other =
            |what: &str| Err(Error::configuration("the decisions", format!("its {what} is for another target")));
        if let Some(calibrator) = &read.calibrator {
            calibrator.check()?;
            if task.is_regression() || !calibrator.accepts(target.outputs(), task == Task::Multiclass) {
                return other("calibrator");
            }
        }
        if let Some(prior) = &read.prior {
            if !task.has_classes() {
                return other("prior correction");
            }
            prior.check(classes)?;
        }
        if let Some(choice) = &read.choice {
            if task != Task::Binary {
                return other("choice of the threshold");
            }
            choice.check()?;
        }
        if let Some(conformal) = &read.conformal {
            let numbers = if task.is_regression() { target.outputs() } else { 0 };
            conformal.check(numbers, if task.has_classes() { classes } else { 0 })?;
        }
        if let Some(domain) = &read.domain {
            domain.check(columns)?;
        }
        Ok(read)
    }
}
