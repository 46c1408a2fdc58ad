//! Builds and compares the receipts of the steps after the fit.

use super::{FittedPipeline, HeldOut, StepReceipt};
use crate::checksum::crc32c;
use crate::{Result, Scalar};
use serde_json::Value;

/// The steps, with the keys of their results in a file.
const STEPS: [(&str, &str); 5] = [
    ("calibration", "calibrator"),
    ("prior correction", "prior"),
    ("threshold", "choice"),
    ("conformal regions", "conformal"),
    ("domain", "domain"),
];

/// The checksum of a step's result in the form for a file; `None` if the step was not taken.
fn learned(step: (&str, &str), config: Option<&Value>, threshold: f64) -> Option<u32> {
    let value = config.and_then(|config| config.get(step.1));
    match step.0 {
        "threshold" => {
            let choice = value.map(Value::to_string).unwrap_or_default();
            Some(crc32c(format!("{:016x}{choice}", threshold.to_bits()).as_bytes()))
        }
        _ => value.map(|value| crc32c(value.to_string().as_bytes())),
    }
}

impl<T: Scalar> FittedPipeline<T> {
    /// Adds the receipt of a step; it replaces an earlier one with the same name.
    pub(super) fn with_step(mut self, name: &str, method: String, rows: Option<HeldOut<'_>>) -> Result<Self> {
        let config = self.decisions.config()?;
        let threshold = self.threshold;
        if let (Some(receipt), Some(step)) = (&mut self.receipt, STEPS.into_iter().find(|step| step.0 == name)) {
            let (table, predictions, weights) = rows.map(HeldOut::receipt).unwrap_or_default();
            receipt.steps.retain(|known| known.step != name);
            receipt.steps.push(StepReceipt {
                step: name.into(),
                method,
                rows: table,
                predictions,
                weights,
                learned: learned(step, config.as_ref(), threshold).unwrap_or_default(),
            });
        }
        Ok(self)
    }

    /// The first step with a result that differs from its receipt, if there is one.
    pub(super) fn changed_step(&self, receipts: &[StepReceipt]) -> Result<Option<&'static str>> {
        let config = self.decisions.config()?;
        let is_changed = |step: &(&str, &str)| {
            let recorded = receipts.iter().find(|known| known.step == step.0).map(|known| known.learned);
            let found = learned(*step, config.as_ref(), self.threshold);
            // A threshold without a receipt is the one of the fit.
            recorded != found && (recorded.is_some() || step.0 != "threshold" || self.decisions.choice.is_some())
        };
        Ok(STEPS.into_iter().find(is_changed).map(|step| step.0))
    }

    /// The first step with a result that differs from that of another pipeline, if there is one.
    pub(super) fn other_step(&self, other: &Self) -> Result<Option<&'static str>> {
        let (one, two) = (self.decisions.config()?, other.decisions.config()?);
        let differs = |step: &(&str, &str)| {
            learned(*step, one.as_ref(), self.threshold) != learned(*step, two.as_ref(), other.threshold)
        };
        Ok(STEPS.into_iter().find(differs).map(|step| step.0))
    }
}
