//! The options of a fit that are numbers and flags: the same ones serve any number of fits.

use super::checks::{argument, at_least_one};
use super::progress::Verbosity;
use crate::Result;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The numbers and flags of a fit; what each of them means is documented at the function of that name of
/// [`Fit`](crate::Fit).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct FitSettings {
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
    #[serde(with = "by_class")]
    pub(crate) class_weight: Vec<(usize, f64)>,
    #[serde(rename = "verbose")]
    pub(crate) verbosity: Verbosity,
}

/// Weights by class as an object, `{"0": 1.0, "1": 2.5}`: Keras's dictionary.
mod by_class {
    use serde::{Deserialize, Deserializer, Serializer};
    use std::collections::BTreeMap;

    pub(super) fn serialize<S: Serializer>(weights: &[(usize, f64)], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(weights.iter().copied())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<(usize, f64)>, D::Error> {
        Ok(Option::<BTreeMap<usize, f64>>::deserialize(deserializer)?.into_iter().flatten().collect())
    }
}

impl Default for FitSettings {
    fn default() -> Self {
        FitSettings {
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

impl FitSettings {
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
