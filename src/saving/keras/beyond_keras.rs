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

/// The classes that cannot be saved to a Keras file, and what to save instead.
const CLASSES: &[(&str, &str)] = &[
    (
        "MonotoneKernel",
        "it matters only in training: set the weights of the same layers without it by Network::set_flat, and save these, or save \
         the model as ONNX",
    ),
    (
        "Scaling",
        "for predictions, a Rescaling whose scale is its factors, 1 + learning_rate_factor·delta, is the same: save a network with \
         that in its place, or save the model as ONNX",
    ),
];

/// Returns an error for a built-in item of a class that Keras does not have.
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

    #[test]
    fn a_layer_that_keras_does_not_have_is_refused_and_its_cure_predicts_the_same() -> crate::Result<()> {
        use crate::layers::{Rescaling, Scaling};
        use crate::prelude::*;

        let mut network = Sequential::<f32>::new().seed(1).add(Scaling::new()).add(Dense::new(2, Relu)).build(2)?;
        let delta = dmatrix![0.25f32, -0.3];
        network.set_weights("scaling", std::slice::from_ref(&delta))?;
        let path = std::env::temp_dir().join(format!("perceptra-scaling-{}.keras", std::process::id()));
        let error = crate::saving::keras::save_model(&network, &path).unwrap_err().to_string();
        assert!(error.contains("Scaling") && error.contains("Rescaling") && !path.exists(), "{error}");

        let factors: Vec<f64> = delta.iter().map(|delta| 1.0 + 6.0 * f64::from(*delta)).collect();
        let mut cured = Sequential::<f32>::new().add(Rescaling::new(factors)).add(Dense::new(2, Relu)).build(2)?;
        cured.set_weights("dense", &network.weights("dense")?)?;
        crate::saving::keras::save_model(&cured, &path)?;
        let loaded = crate::saving::keras::load_network::<f32>(&path)?;
        std::fs::remove_file(&path).unwrap();
        let x = dmatrix![1.0, -0.5; 0.7, 3.0; -2.0, -1.0];
        assert_eq!(loaded.predict(&x)?, network.predict(&x)?);
        Ok(())
    }
}
