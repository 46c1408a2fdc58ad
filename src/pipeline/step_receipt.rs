//! Builds and compares the receipts of what a fitted pipeline learned after the fit.

use super::{FittedPipeline, HeldOut, StepReceipt};
use crate::checksum::crc32c;
use crate::{Result, Scalar};
use serde_json::Value;

/// The steps, with the keys of what they learned in a file.
const STEPS: [(&str, &str); 5] = [
    ("calibration", "calibrator"),
    ("prior correction", "prior"),
    ("threshold", "choice"),
    ("conformal regions", "conformal"),
    ("domain", "domain"),
];

/// The checksum of what a step learned, of the decisions as a file holds them; nothing where it was not taken.
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
    /// With the receipt of a step that has just been taken, in place of an earlier one of the same name.
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

    /// The first step whose result is not the one of its receipt, if there is one.
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

    /// The first step whose result is another one in another pipeline, if there is one.
    pub(super) fn other_step(&self, other: &Self) -> Result<Option<&'static str>> {
        let (one, two) = (self.decisions.config()?, other.decisions.config()?);
        let differs = |step: &(&str, &str)| {
            learned(*step, one.as_ref(), self.threshold) != learned(*step, two.as_ref(), other.threshold)
        };
        Ok(STEPS.into_iter().find(differs).map(|step| step.0))
    }
}
