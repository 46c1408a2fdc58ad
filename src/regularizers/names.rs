//! Regularizers by Keras's names.

use super::{L2, Regularizer};
use crate::initializers::Shape;
use crate::registry::{Entry, entries, find};
use crate::spec::snake_case;
use crate::{Result, Scalar};
use serde_json::Value;
use std::sync::Arc;

/// Every regularizer of the crate.
fn all<T: Scalar>() -> Vec<Entry<dyn Regularizer<T>>> {
    entries![L2]
}

/// Other names that Keras accepts.
const ALIASES: &[(&str, &str)] = &[];

/// The regularizer of Keras's class name or its snake-case form, with arguments under Keras's names; `null` takes
/// the defaults.
///
/// # Errors
///
/// [`Error::Unknown`](crate::Error::Unknown) lists the names that exist;
/// [`Error::Configuration`](crate::Error::Configuration) says what is wrong with the arguments.
pub fn get<T: Scalar>(name: &str, config: Value) -> Result<Arc<dyn Regularizer<T>>> {
    let entries = all();
    let class = entries.iter().map(|entry| entry.name.clone()).find(|class| snake_case(class) == name);
    find("regularizer", &entries, ALIASES, class.as_deref().unwrap_or(name), config)
}

/// A name stands for what it names, anything else for itself; either way the arguments are checked.
pub(crate) fn resolve<T: Scalar>(regularizer: &Arc<dyn Regularizer<T>>) -> Result<Arc<dyn Regularizer<T>>> {
    let resolved = regularizer.named()?.unwrap_or_else(|| regularizer.clone());
    resolved.check()?;
    Ok(resolved)
}

/// A name, looked up when the model is built: `.kernel_regularizer("l2")`.
impl<T: Scalar> Regularizer<T> for &'static str {
    fn penalty(&self, values: &[T], shape: Shape) -> f64 {
        get::<T>(self, Value::Null).map_or(0.0, |regularizer| regularizer.penalty(values, shape))
    }

    fn add_gradient(&self, values: &[T], shape: Shape, scale: f64, gradient: &mut [T]) {
        if let Ok(regularizer) = get::<T>(self, Value::Null) {
            regularizer.add_gradient(values, shape, scale, gradient);
        }
    }

    fn named(&self) -> Result<Option<Arc<dyn Regularizer<T>>>> {
        get(self, Value::Null).map(Some)
    }
}
