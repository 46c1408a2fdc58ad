//! Activations by Keras's names.

use super::{Activation, Fusion};
use crate::registry::{adopted, find};
use crate::{Batch, BatchMut, Result, Scalar};
use serde_json::Value;
use std::sync::Arc;

/// Other names that Keras accepts.
const ALIASES: &[(&str, &str)] = &[("swish", "silu"), ("hard_swish", "hard_silu")];

/// The activation of Keras's name, with arguments under Keras's names; `null` takes the defaults.
///
/// ```
/// use perceptra::activations;
/// use serde_json::json;
///
/// let relu6 = activations::get::<f32>("relu", json!({ "max_value": 6.0 }))?;
/// assert!(activations::get::<f32>("rely", json!(null)).unwrap_err().to_string().contains("relu"));
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Unknown`](crate::Error::Unknown) lists the names that exist,
/// [`Error::UnknownArgument`](crate::Error::UnknownArgument) the arguments where the configuration has another key;
/// [`Error::Configuration`](crate::Error::Configuration) says what is wrong with an argument.
pub fn get<T: Scalar>(name: &str, config: Value) -> Result<Arc<dyn Activation<T>>> {
    find("activation", &T::activations(), ALIASES, name, config)
}

/// A name stands for what it names, anything else for itself; either way the arguments are checked.
pub(crate) fn resolve<T: Scalar>(activation: &Arc<dyn Activation<T>>) -> Result<Arc<dyn Activation<T>>> {
    let resolved = activation.named()?.unwrap_or_else(|| adopted(&T::activations(), activation, &**activation));
    resolved.check()?;
    Ok(resolved)
}

/// A name, looked up when the model is built: `Dense::new(12, "relu")`.
impl<T: Scalar> Activation<T> for &'static str {
    fn forward(&self, z: Batch<'_, T>, a: BatchMut<'_, T>) {
        if let Ok(activation) = get::<T>(self, Value::Null) {
            activation.forward(z, a);
        }
    }

    fn backward(&self, z: Batch<'_, T>, a: Batch<'_, T>, da: Batch<'_, T>, dz: BatchMut<'_, T>) {
        if let Ok(activation) = get::<T>(self, Value::Null) {
            activation.backward(z, a, da, dz);
        }
    }

    fn fusion(&self) -> Fusion {
        get::<T>(self, Value::Null).map_or(Fusion::None, |activation| activation.fusion())
    }

    fn named(&self) -> Result<Option<Arc<dyn Activation<T>>>> {
        get(self, Value::Null).map(Some)
    }
}
