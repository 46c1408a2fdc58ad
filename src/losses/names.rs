//! Losses by Keras's names.

use super::{Loss, Targets};
use crate::registry::{adopted, find};
use crate::spec::snake_case;
use crate::{Batch, BatchMut, Error, Result, Scalar};
use serde_json::Value;
use std::sync::Arc;

/// Other names that Keras accepts.
const ALIASES: &[(&str, &str)] = &[
    ("bce", "BinaryCrossentropy"),
    ("BCE", "BinaryCrossentropy"),
    ("mse", "MeanSquaredError"),
    ("MSE", "MeanSquaredError"),
    ("mae", "MeanAbsoluteError"),
    ("MAE", "MeanAbsoluteError"),
    ("mape", "MeanAbsolutePercentageError"),
    ("MAPE", "MeanAbsolutePercentageError"),
    ("msle", "MeanSquaredLogarithmicError"),
    ("MSLE", "MeanSquaredLogarithmicError"),
    ("kld", "KLDivergence"),
    ("KLD", "KLDivergence"),
];

/// The loss of Keras's class name, its snake-case form or an alias, with arguments under Keras's names; `null` takes the defaults.
///
/// # Errors
///
/// [`Error::Unknown`](crate::Error::Unknown) lists the names that exist,
/// [`Error::UnknownArgument`](crate::Error::UnknownArgument) the arguments where the configuration has another key;
/// [`Error::Configuration`](crate::Error::Configuration) says what is wrong with an argument.
pub fn get<T: Scalar>(name: &str, config: Value) -> Result<Arc<dyn Loss<T>>> {
    let entries = T::losses();
    let class = entries.iter().map(|entry| entry.name.clone()).find(|class| snake_case(class) == name);
    find("loss", &entries, ALIASES, class.as_deref().unwrap_or(name), config)
}

/// The names that choose a loss by the shapes of targets and outputs.
pub(crate) const BY_SHAPE: [&str; 2] = ["crossentropy", "ce"];

/// The loss that a file names, which may be one of [`BY_SHAPE`].
pub(crate) fn get_from_file<T: Scalar>(name: &str, config: Value) -> Result<Arc<dyn Loss<T>>> {
    match BY_SHAPE.into_iter().find(|by_shape| *by_shape == name) {
        Some(by_shape) => Ok(Arc::new(by_shape)),
        None => get(name, config),
    }
}

/// A name stands for what it names, anything else for itself; either way the arguments are checked.
pub(crate) fn resolve<T: Scalar>(loss: &Arc<dyn Loss<T>>, targets: usize, outputs: usize) -> Result<Arc<dyn Loss<T>>> {
    let resolved = loss.named(targets, outputs)?.unwrap_or_else(|| adopted(&T::losses(), loss, &**loss));
    resolved.check()?;
    Ok(resolved)
}

/// A name, looked up when the model is first trained: `compile("adam", "mse", …)`.
///
/// `"crossentropy"` (or `"ce"`) chooses by the shapes: binary for one output, sparse for one target column and
/// several outputs, else categorical.
impl<T: Scalar> Loss<T> for &'static str {
    fn forward(&self, y: Batch<'_, T>, p: Batch<'_, T>, losses: &mut [T]) {
        if let Ok(Some(loss)) = Loss::<T>::named(self, y.columns(), p.columns()) {
            loss.forward(y, p, losses);
        }
    }

    fn backward(&self, y: Batch<'_, T>, p: Batch<'_, T>, scale: &[T], dp: BatchMut<'_, T>) {
        if let Ok(Some(loss)) = Loss::<T>::named(self, y.columns(), p.columns()) {
            loss.backward(y, p, scale, dp);
        }
    }

    fn targets(&self) -> Targets {
        get::<T>(self, Value::Null).map_or(Targets::Any, |loss| loss.targets())
    }

    fn named(&self, targets: usize, outputs: usize) -> Result<Option<Arc<dyn Loss<T>>>> {
        let name = match *self {
            "crossentropy" | "ce" if outputs == 1 => "BinaryCrossentropy",
            "crossentropy" | "ce" if targets == 1 => "SparseCategoricalCrossentropy",
            "crossentropy" | "ce" => "CategoricalCrossentropy",
            name => name,
        };
        get(name, Value::Null).map(Some).map_err(|error| match error {
            Error::Unknown { kind, name, mut known, advice } => {
                known.extend(BY_SHAPE.map(String::from));
                Error::Unknown { kind, name, known, advice }
            }
            other => other,
        })
    }
}
