//! Initializers by Keras's names.

use super::{Initializer, Shape};
use crate::registry::{adopted, find};
use crate::spec::snake_case;
use crate::{Random, Result, Scalar};
use serde_json::Value;
use std::sync::Arc;

/// Other names that Keras accepts.
const ALIASES: &[(&str, &str)] = &[
    ("one", "Ones"),
    ("zero", "Zeros"),
    ("normal", "RandomNormal"),
    ("uniform", "RandomUniform"),
    ("IdentityInitializer", "Identity"),
    ("OrthogonalInitializer", "Orthogonal"),
];

/// The initializer of Keras's class name or its snake-case form, with arguments under Keras's names; `null` takes the defaults.
///
/// # Errors
///
/// [`Error::Unknown`](crate::Error::Unknown) lists the names that exist,
/// [`Error::UnknownArgument`](crate::Error::UnknownArgument) the arguments where the configuration has another key;
/// [`Error::Configuration`](crate::Error::Configuration) says what is wrong with an argument.
pub fn get<T: Scalar>(name: &str, config: Value) -> Result<Arc<dyn Initializer<T>>> {
    let entries = T::initializers();
    let class = entries.iter().map(|entry| entry.name.clone()).find(|class| snake_case(class) == name);
    find("initializer", &entries, ALIASES, class.as_deref().unwrap_or(name), config)
}

/// A name stands for what it names, anything else for itself; either way the arguments are checked.
pub(crate) fn resolve<T: Scalar>(initializer: &Arc<dyn Initializer<T>>) -> Result<Arc<dyn Initializer<T>>> {
    let resolved = initializer.named()?.unwrap_or_else(|| adopted(&T::initializers(), initializer, &**initializer));
    resolved.check()?;
    Ok(resolved)
}

/// A name, looked up when the model is built: `.kernel_initializer("he_normal")`.
impl<T: Scalar> Initializer<T> for &'static str {
    fn fill(&self, values: &mut [T], shape: Shape, random: &mut Random) {
        if let Ok(initializer) = get::<T>(self, Value::Null) {
            initializer.fill(values, shape, random);
        }
    }

    fn check_shape(&self, shape: Shape) -> Result<()> {
        get::<T>(self, Value::Null)?.check_shape(shape)
    }

    fn named(&self) -> Result<Option<Arc<dyn Initializer<T>>>> {
        get(self, Value::Null).map(Some)
    }
}
