//! The options of a fit that are plain data: the same ones serve any number of fits.

use super::checks::{argument, at_least_one};
use super::progress::Verbosity;
use crate::Result;
use std::collections::BTreeSet;

/// The options of a fit; what each of them means stands at the function of that name of [`Fit`](crate::Fit).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FitOptions {
    pub(crate) batch_size: usize,
    pub(crate) epochs: usize,
    pub(crate) initial_epoch: usize,
    pub(crate) steps_per_epoch: Option<usize>,
    pub(crate) shuffle: bool,
    pub(crate) seed: Option<u64>,
    pub(crate) validation_split: f64,
    pub(crate) validation_batch_size: Option<usize>,
    pub(crate) validation_steps: Option<usize>,
    pub(crate) validation_freq: usize,
    pub(crate) class_weight: Vec<(usize, f64)>,
    pub(crate) verbosity: Verbosity,
}

impl Default for FitOptions {
    fn default() -> Self {
        FitOptions {
            batch_size: 32,
            epochs: 1,
            initial_epoch: 0,
            steps_per_epoch: None,
            shuffle: true,
            seed: None,
            validation_split: 0.0,
            validation_batch_size: None,
            validation_steps: None,
            validation_freq: 1,
            class_weight: Vec::new(),
            verbosity: Verbosity::Auto,
        }
    }
}

impl FitOptions {
    /// Whether the options lie in their ranges.
    pub(crate) fn check(&self) -> Result<()> {
        at_least_one("Fit", "batch_size", self.batch_size)?;
        at_least_one("Fit", "steps_per_epoch", self.steps_per_epoch.unwrap_or(1))?;
        at_least_one("Fit", "validation_steps", self.validation_steps.unwrap_or(1))?;
        at_least_one("Fit", "validation_freq", self.validation_freq)?;
        at_least_one("Fit", "validation_batch_size", self.validation_batch_size.unwrap_or(1))?;
        if !(0.0..1.0).contains(&self.validation_split) {
            return Err(argument("Fit", "validation_split", self.validation_split, "a number in [0, 1)"));
        }
        let mut named = BTreeSet::new();
        for (class, weight) in &self.class_weight {
            if !named.insert(class) {
                let value = format!("{weight} for class {class}, which has a weight already");
                return Err(argument("Fit", "class_weight", value, "one weight for a class"));
            }
            if !weight.is_finite() || *weight < 0.0 {
                let value = format!("{weight} for class {class}");
                return Err(argument("Fit", "class_weight", value, "finite numbers of at least 0"));
            }
        }
        Ok(())
    }
}
