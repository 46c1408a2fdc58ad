//! The options of a fit that are numbers and flags, and can be used for any number of fits.

use super::checks::{argument, at_least_one};
use super::progress::Verbosity;
use crate::Result;
use crate::items::Plain;
use crate::items::arguments::Arguments;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The numbers and flags of a fit, documented at the functions of [`Fit`](crate::Fit) with the same names.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FitSettings {
    pub(crate) batch_size: usize,
    pub(crate) epochs: usize,
    pub(crate) initial_epoch: usize,
    pub(crate) steps_per_epoch: Option<usize>,
    pub(crate) shuffle: bool,
    pub(crate) shuffle_buffer: Option<usize>,
    pub(crate) copy_rows: Option<bool>,
    pub(crate) seed: Option<u64>,
    pub(crate) validation_split: f64,
    pub(crate) validation_hash: f64,
    pub(crate) validation_batch_size: Option<usize>,
    pub(crate) validation_steps: Option<usize>,
    pub(crate) validation_freq: usize,
    pub(crate) class_weight: ClassWeights,
    pub(crate) verbosity: Verbosity,
}

/// The given classes and their weights; other classes have weight 1.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct ClassWeights(#[serde(with = "by_class")] pub(crate) Vec<(usize, f64)>);

/// Serializes class weights as an object, `{"0": 1.0, "1": 2.5}`, like Keras's dictionary.
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
            shuffle_buffer: None,
            copy_rows: None,
            seed: None,
            validation_split: 0.0,
            validation_hash: 0.0,
            validation_batch_size: None,
            validation_steps: None,
            validation_freq: 1,
            class_weight: ClassWeights::default(),
            verbosity: Verbosity::Auto,
        }
    }
}

/// Generates the functions that read and write a configuration from the list of options and their names.
macro_rules! arguments {
    ($($name:literal: $option:ident),* $(,)?) => {
        impl FitSettings {
            /// The names of the options.
            pub(crate) const NAMES: &[&str] = &[$($name),*];

            /// Writes every option.
            pub(crate) fn write(&self, arguments: &mut Arguments) -> Result<()> {
                $(arguments.write($name, &Plain(self.$option.clone()))?;)*
                Ok(())
            }

            /// Reads the options that are present; the others keep their values.
            pub(crate) fn read(self, arguments: &mut Arguments) -> Result<Self> {
                $(
                    let mut $option = Plain(self.$option);
                    arguments.read($name, &mut $option)?;
                )*
                Ok(FitSettings { $($option: $option.0),* })
            }
        }
    };
}

arguments! {
    "batch_size": batch_size,
    "epochs": epochs,
    "initial_epoch": initial_epoch,
    "steps_per_epoch": steps_per_epoch,
    "shuffle": shuffle,
    "shuffle_buffer": shuffle_buffer,
    "copy_rows": copy_rows,
    "seed": seed,
    "validation_split": validation_split,
    "validation_hash": validation_hash,
    "validation_batch_size": validation_batch_size,
    "validation_steps": validation_steps,
    "validation_freq": validation_freq,
    "class_weight": class_weight,
    "verbose": verbosity,
}

impl FitSettings {
    /// Checks that the options are within their ranges.
    pub(crate) fn check(&self) -> Result<()> {
        at_least_one("Fit", "batch_size", self.batch_size)?;
        at_least_one("Fit", "steps_per_epoch", self.steps_per_epoch.unwrap_or(1))?;
        at_least_one("Fit", "shuffle_buffer", self.shuffle_buffer.unwrap_or(1))?;
        at_least_one("Fit", "validation_steps", self.validation_steps.unwrap_or(1))?;
        at_least_one("Fit", "validation_freq", self.validation_freq)?;
        at_least_one("Fit", "validation_batch_size", self.validation_batch_size.unwrap_or(1))?;
        if !(0.0..1.0).contains(&self.validation_split) {
            return Err(argument("Fit", "validation_split", self.validation_split, "a number in [0, 1)"));
        }
        if !(0.0..1.0).contains(&self.validation_hash) {
            return Err(argument("Fit", "validation_hash", self.validation_hash, "a number in [0, 1)"));
        }
        let mut named = BTreeSet::new();
        for (class, weight) in &self.class_weight.0 {
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
