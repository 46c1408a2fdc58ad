//! The options of a fit as JSON; here, since they name the callbacks there are.

use super::arguments::{Arguments, config, read};
use super::{CallbackItem, get};
use crate::arguments::field_names;
use crate::engine::FitSettings;
use crate::models::{FitOptions, Registry};
use crate::registry::in_scope;
use crate::{Error, Result, Scalar};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// Class and configuration of a callback.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Item {
    class_name: String,
    config: Value,
}

impl Arguments for Item {
    const REQUIRED: &'static [&'static str] = &["class_name"];
}

impl Arguments for FitSettings {}

impl<T: Scalar> FitOptions<T> {
    /// The options by name, under those of the functions of [`Fit`](crate::Fit); each callback with its class name and its
    /// configuration, under `callbacks`.
    ///
    /// # Errors
    ///
    /// [`Error::NotSerializable`] for a callback that has no configuration, such as one that is made by a closure;
    /// [`Error::Argument`] for options out of their ranges.
    pub fn config(&self) -> Result<Value> {
        self.check()?;
        let item = |callback: &Arc<dyn CallbackItem<T>>| {
            Ok(json!({ "class_name": callback.class_name(), "config": callback.config()? }))
        };
        let callbacks = self.callbacks.iter().map(item).collect::<Result<Vec<_>>>()?;
        let mut options = config("FitOptions", &self.settings)?;
        options["callbacks"] = callbacks.into();
        Ok(options)
    }

    /// Options from what [`config`](FitOptions::config) returned; those that are left out have their defaults.
    ///
    /// Callbacks are found by their class names, user-defined ones in the registry.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownArgument`] for a key that is no option of a fit or no argument of a callback, with the nearest one;
    /// [`Error::Unknown`] for a callback that is not known; [`Error::Configuration`] for what cannot be read, and
    /// [`Error::Argument`] for what is out of its range.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use serde_json::json;
    ///
    /// let error = FitOptions::<f32>::from_config(json!({ "epoch": 3 }), &Registry::new()).unwrap_err();
    /// assert!(error.to_string().contains("did you mean \"epochs\"?"));
    /// ```
    pub fn from_config(config: Value, registry: &Registry<T>) -> Result<Self> {
        let mut config = config;
        let callbacks = match config.as_object_mut().and_then(|options| options.remove("callbacks")) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(callbacks)) => callbacks,
            Some(other) => {
                let reason = format!("`callbacks`: a list expected, not {other}");
                return Err(Error::Configuration { item: "FitOptions".into(), reason });
            }
        };
        let settings = read("FitOptions", config).map_err(|error| match error {
            Error::UnknownArgument { item, name, .. } => {
                let known = field_names::<FitSettings>().iter().copied().chain(["callbacks"]);
                Error::unknown_argument(item, name, known)
            }
            error => error,
        })?;
        let callbacks = in_scope(&registry.items, || callbacks.into_iter().map(callback).collect::<Result<_>>())?;
        let options = FitOptions { settings, callbacks };
        options.check()?;
        Ok(options)
    }
}

/// A callback from its class name and configuration.
fn callback<T: Scalar>(written: Value) -> Result<Arc<dyn CallbackItem<T>>> {
    let Item { class_name, config } = read("a callback of FitOptions", written)?;
    get(&class_name, config)
}
