//! Regularizers by Keras's names.

use super::Regularizer;
use crate::initializers::Shape;
use crate::registry::{adopted, find};
use crate::spec::snake_case;
use crate::{Result, Scalar};
use serde_json::Value;
use std::sync::Arc;

/// Other names that Keras accepts.
const ALIASES: &[(&str, &str)] = &[("l1_l2", "L1L2")];

/// The regularizer of Keras's class name or its snake-case form, with arguments under Keras's names; `null` takes
/// the defaults.
///
/// # Errors
///
/// [`Error::Unknown`](crate::Error::Unknown) lists the names that exist,
/// [`Error::UnknownArgument`](crate::Error::UnknownArgument) the arguments where the configuration has another key;
/// [`Error::Configuration`](crate::Error::Configuration) says what is wrong with an argument.
pub fn get<T: Scalar>(name: &str, config: Value) -> Result<Arc<dyn Regularizer<T>>> {
    let entries = T::regularizers();
    let class = entries.iter().map(|entry| entry.name.clone()).find(|class| snake_case(class) == name);
    find("regularizer", &entries, ALIASES, class.as_deref().unwrap_or(name), config)
}

/// A name stands for what it names, anything else for itself; either way the arguments are checked.
pub(crate) fn resolve<T: Scalar>(regularizer: &Arc<dyn Regularizer<T>>) -> Result<Arc<dyn Regularizer<T>>> {
    let resolved = regularizer.named()?.unwrap_or_else(|| adopted(&T::regularizers(), regularizer, &**regularizer));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::regularizers::items::*;

    #[test]
    fn keras_s_names_are_known() {
        for (name, class) in [("l1", "L1"), ("l2", "L2"), ("l1_l2", "L1L2"), ("L1L2", "L1L2")] {
            assert_eq!(get::<f32>(name, Value::Null).unwrap().class_name(), class);
        }
        let orthogonal = get::<f32>("orthogonal_regularizer", serde_json::json!({ "mode": "columns" })).unwrap();
        assert_eq!(orthogonal.config().unwrap()["mode"], "columns");
        assert!(get::<f32>("l3", Value::Null).is_err());
        let named: Arc<dyn Regularizer<f32>> = Arc::new("l2");
        assert_eq!(resolve(&named).unwrap().class_name(), "L2");
        let wrong: Arc<dyn Regularizer<f32>> = Arc::new(L2.l2(-1.0));
        assert!(resolve(&wrong).is_err());
    }
}
