//! Items, and arguments of optimizers, that Keras 3 does not have.

use crate::{Error, Result};
use serde_json::{Value, json};

/// The arguments that Keras lacks, each with the value that makes Keras's rule.
fn beyond_keras() -> [(&'static str, Value); 4] {
    [
        ("epsilon_in_root", json!(true)),
        ("exclude_from_weight_decay", json!([])),
        ("product_per_variable", json!(false)),
        ("schedule_decay", json!(1.0)),
    ]
}

/// Takes those that make Keras's rule out of the configuration of an optimizer; returns the others, for which a Keras file
/// has no place.
pub(super) fn take(config: &mut Value) -> Vec<&'static str> {
    let Some(arguments) = config.as_object_mut() else { return Vec::new() };
    let all = beyond_keras();
    arguments.retain(|name, value| !all.iter().any(|(known, of_keras)| known == name && of_keras == value));
    all.into_iter().map(|(name, _)| name).filter(|name| arguments.contains_key(*name)).collect()
}

/// The classes that a Keras file cannot hold, and what to save in their place.
const CLASSES: &[(&str, &str)] = &[(
    "MonotoneKernel",
    "it matters only in training: set the weights of the same layers without it by Network::set_flat, and save these, or save the \
     model as ONNX",
)];

/// Refuses a built-in item of a class that Keras does not have.
pub(super) fn check(class: &str) -> Result<()> {
    match CLASSES.iter().find(|(known, _)| *known == class) {
        None => Ok(()),
        Some((class, cure)) => {
            Err(Error::NotSerializable { item: (*class).into(), reason: format!("Keras has no such class; {cure}") })
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::constraints::{MonotoneKernel, NonNeg};
    use crate::items::ItemConfig;
    use crate::saving::keras::family::KerasFamily;

    #[test]
    fn a_constraint_that_keras_does_not_have_is_refused() {
        let written = |item: &dyn crate::items::Spec| KerasFamily::Constraint.write::<f32>(config(item));
        fn config(item: &dyn crate::items::Spec) -> ItemConfig {
            ItemConfig { class_name: item.class_name(), config: item.config().unwrap(), registered_name: None }
        }
        assert!(written(&NonNeg).is_ok());
        let error = written(&MonotoneKernel::new([1], [1])).unwrap_err().to_string();
        assert!(error.contains("Keras has no such class") && error.contains("set_flat"), "{error}");
    }
}
