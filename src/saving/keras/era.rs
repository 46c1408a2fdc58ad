//! The generation of Keras that an optimizer comes from: its configuration, its rule and the order of its state depend on it.

use serde_json::Value;

/// A generation of Keras's optimizers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Era {
    /// Keras 2.0 to 2.3, the package that ran on several backends.
    Backends,
    /// `tf.keras` up to TensorFlow 2.10, and `keras.optimizers.legacy` after it.
    Legacy,
    /// `tf.keras` of TensorFlow 2.11 to 2.15, and the package `tf_keras`.
    TfKeras,
    /// Keras 3.
    Keras3,
}

impl Era {
    /// Detects the era from the version of Keras that wrote the file, if it is stated, and the optimizer's name or object.
    pub(super) fn detect(version: Option<&str>, optimizer: &Value) -> Self {
        let number = version.and_then(number);
        if number.is_some_and(|number| number >= (3, 0)) {
            return Era::Keras3;
        }
        let config = optimizer.get("config").unwrap_or(&Value::Null);
        let has = |argument: &str| config.get(argument).is_some();
        let text = |key: &str| optimizer.get(key).and_then(Value::as_str).unwrap_or_default();
        let is_new = text("class_name").starts_with("Custom>") && has("use_ema")
            || config.get("is_legacy_optimizer").is_some_and(|legacy| *legacy == false);
        let is_old = has("lr")
            || has("decay")
            || has("schedule_decay")
            || config.get("is_legacy_optimizer").is_some_and(|legacy| *legacy == true)
            || text("module").ends_with(".legacy");
        let several_backends = version.is_some_and(|version| !version.ends_with("-tf"));
        match number {
            _ if is_new => Era::TfKeras,
            Some(number) if is_old && several_backends && number < (2, 4) => Era::Backends,
            _ if is_old => Era::Legacy,
            Some(number) if number >= (2, 11) => Era::TfKeras,
            Some(number) if several_backends && number < (2, 4) => Era::Backends,
            Some(_) => Era::Legacy,
            None => Era::Keras3,
        }
    }
}

/// The first two numbers of a version such as `2.2.4-tf`.
fn number(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.split('.').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_era_is_that_of_version_and_configuration() {
        let with = |config: Value| json!({ "class_name": "Adam", "config": config });
        let old = || with(json!({ "learning_rate": 0.1, "decay": 0.0 }));
        let new = json!({ "class_name": "Custom>Adam", "config": { "use_ema": false, "is_legacy_optimizer": false } });
        for (version, optimizer, era) in [
            (Some("2.2.4"), with(json!({ "lr": 0.1, "decay": 0.0 })), Era::Backends),
            (Some("2.3.1"), old(), Era::Backends),
            (Some("2.2.4-tf"), old(), Era::Legacy),
            (Some("2.4.0"), old(), Era::Legacy),
            (Some("2.14.0"), old(), Era::Legacy),
            (None, old(), Era::Legacy),
            (Some("2.14.0"), new.clone(), Era::TfKeras),
            (Some("2.14.0"), json!("adam"), Era::TfKeras),
            (Some("2.9.0"), new, Era::TfKeras),
            (Some("2.9.0"), json!("adam"), Era::Legacy),
            (Some("3.0.5"), with(json!({ "learning_rate": 0.1 })), Era::Keras3),
            (Some("two"), with(json!({ "learning_rate": 0.1 })), Era::Keras3),
            (None, json!("adam"), Era::Keras3),
        ] {
            assert_eq!(Era::detect(version, &optimizer), era, "{version:?} {optimizer}");
        }
    }
}
