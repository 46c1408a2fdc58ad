//! The options of a fit as JSON. They are in this module since they look up callbacks by name.

use crate::engine::FitSettings;
use crate::items::arguments::Arguments;
use crate::models::{FitOptions, Registry};
use crate::{Result, Scalar};
use serde_json::Value;

/// The name of the options in messages.
const OPTIONS: &str = "FitOptions";

impl<T: Scalar> FitOptions<T> {
    /// The options under the names of the functions of [`Fit`](crate::Fit); `callbacks` contains the class name and the configuration of
    /// each callback.
    ///
    /// # Errors
    ///
    /// [`Error::NotSerializable`](crate::Error::NotSerializable) for a callback that has no configuration, such as one that is made by a closure;
    /// [`Error::Argument`](crate::Error::Argument) for options out of their ranges.
    pub fn config(&self) -> Result<Value> {
        self.check()?;
        let mut arguments = Arguments::empty(OPTIONS);
        self.settings.write(&mut arguments)?;
        arguments.write("callbacks", &self.callbacks)?;
        Ok(arguments.into_config())
    }

    /// Creates options from a value of [`config`](FitOptions::config); missing options have their defaults.
    ///
    /// Callbacks are found by their class names, user-defined ones in the registry.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownArgument`](crate::Error::UnknownArgument) for a key that is no option of a fit or no argument of a callback, with the nearest one;
    /// [`Error::Unknown`](crate::Error::Unknown) for an unknown callback; [`Error::Configuration`](crate::Error::Configuration) for values that cannot be read, and
    /// [`Error::Argument`](crate::Error::Argument) for values out of their range.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use serde_json::json;
    ///
    /// let error = FitOptions::<f32>::from_config(json!({ "epoch": 3 }), &Registry::new()).unwrap_err();
    /// assert!(error.to_string().contains("did you mean \"epochs\"?"));
    /// ```
    pub fn from_config(config: Value, registry: &Registry<T>) -> Result<Self> {
        registry.in_scope(|| {
            let mut arguments = Arguments::given(OPTIONS, config, FitSettings::NAMES, &["callbacks"])?;
            let settings = FitSettings::default().read(&mut arguments)?;
            let mut callbacks = None;
            arguments.read("callbacks", &mut callbacks)?;
            let options = FitOptions { settings, callbacks: callbacks.unwrap_or_default() };
            options.check()?;
            Ok(options)
        })
    }
}
