//! Constraints by Keras's names.

use super::{Constraint, NonNeg};
use crate::initializers::Shape;
use crate::registry::{Entry, entries, find};
use crate::spec::snake_case;
use crate::{Result, Scalar};
use serde_json::Value;
use std::sync::Arc;

/// Every constraint of the crate.
fn all<T: Scalar>() -> Vec<Entry<dyn Constraint<T>>> {
    entries![NonNeg]
}

/// The constraint of Keras's class name or its snake-case form, with arguments under Keras's names; `null` takes
/// the defaults.
///
/// # Errors
///
/// [`Error::Unknown`](crate::Error::Unknown) lists the names that exist;
/// [`Error::Configuration`](crate::Error::Configuration) says what is wrong with the arguments.
pub fn get<T: Scalar>(name: &str, config: Value) -> Result<Arc<dyn Constraint<T>>> {
    let entries = all();
    let class = entries.iter().map(|entry| entry.name.clone()).find(|class| snake_case(class) == name);
    find("constraint", &entries, &[], class.as_deref().unwrap_or(name), config)
}

/// A name stands for what it names, anything else for itself; either way the arguments are checked.
pub(crate) fn resolve<T: Scalar>(constraint: &Arc<dyn Constraint<T>>) -> Result<Arc<dyn Constraint<T>>> {
    let resolved = constraint.named()?.unwrap_or_else(|| constraint.clone());
    resolved.check()?;
    Ok(resolved)
}

/// A name, looked up when the model is built: `.kernel_constraint("non_neg")`.
impl<T: Scalar> Constraint<T> for &'static str {
    fn apply(&self, values: &mut [T], shape: Shape) {
        if let Ok(constraint) = get::<T>(self, Value::Null) {
            constraint.apply(values, shape);
        }
    }

    fn named(&self) -> Result<Option<Arc<dyn Constraint<T>>>> {
        get(self, Value::Null).map(Some)
    }
}
