//! Activations by Keras's names.

use super::{Activation, Fusion, Linear, Relu, Sigmoid, Softmax, Tanh};
use crate::registry::{Entry, entries, find};
use crate::spec::Spec;
use crate::{Batch, BatchMut, Result, Scalar};
use serde_json::Value;
use std::sync::Arc;

/// Every activation of the crate.
fn all<T: Scalar>() -> Vec<Entry<dyn Activation<T>>> {
    entries![Linear, Relu, Sigmoid, Softmax, Tanh]
}

/// Other names that Keras accepts.
const ALIASES: &[(&str, &str)] = &[];

/// The activation of a name, with arguments.
pub(crate) fn by_name<T: Scalar>(name: &str, config: Value) -> Result<Arc<dyn Activation<T>>> {
    find("activation", &all(), ALIASES, name, config)
}

/// A name stands for what it names, anything else for itself; either way the arguments are checked.
pub(crate) fn resolve<T: Scalar>(activation: &Arc<dyn Activation<T>>) -> Result<Arc<dyn Activation<T>>> {
    let resolved = activation.named()?.unwrap_or_else(|| activation.clone());
    resolved.check()?;
    Ok(resolved)
}

/// A name, looked up when the model is built: `Dense::new(12, "relu")`.
impl<T: Scalar> Activation<T> for &'static str {
    fn forward(&self, z: Batch<'_, T>, a: BatchMut<'_, T>) {
        if let Ok(activation) = by_name::<T>(self, Value::Null) {
            activation.forward(z, a);
        }
    }

    fn backward(&self, z: Batch<'_, T>, a: Batch<'_, T>, da: Batch<'_, T>, dz: BatchMut<'_, T>) {
        if let Ok(activation) = by_name::<T>(self, Value::Null) {
            activation.backward(z, a, da, dz);
        }
    }

    fn fusion(&self) -> Fusion {
        by_name::<T>(self, Value::Null).map_or(Fusion::None, |activation| activation.fusion())
    }

    fn named(&self) -> Result<Option<Arc<dyn Activation<T>>>> {
        by_name(self, Value::Null).map(Some)
    }
}
