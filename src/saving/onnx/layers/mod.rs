//! Layers as operators.

mod encoding;
mod normalization;
mod weighted;

pub(super) use encoding::spread;

use super::activations;
use super::described::{Described, OWN};
use super::term::Term;
use crate::{Error, Result, layers};
use serde_json::{Value as Json, json};

/// What becomes of a layer.
pub(super) enum Rule {
    /// It is written as operators.
    Operators(for<'g> fn(&Described<'_>, &Term<'g>) -> Result<Term<'g>>),
    /// It cannot be, for this reason.
    Refused(&'static str),
}

use Rule::{Operators, Refused};

/// Layers that hand their input on in prediction.
const NOTHING: Rule = Operators(|_, x| Ok(x.clone()));

/// The rule of every layer, by Keras's class names.
pub(super) const LAYERS: &[(&str, Rule)] = &[
    ("Activation", Operators(|layer, x| activations::apply(layer, layer.columns, x))),
    ("ActivityRegularization", NOTHING),
    ("AlphaDropout", NOTHING),
    ("BatchNormalization", Operators(normalization::batch)),
    ("CategoryEncoding", Operators(encoding::category_encoding)),
    ("Dense", Operators(weighted::dense)),
    ("Discretization", Operators(encoding::discretization)),
    ("Dropout", NOTHING),
    ("ELU", Operators(|layer, x| activation("elu", layer, &["alpha"], x))),
    ("Embedding", Operators(weighted::embedding)),
    ("Flatten", NOTHING),
    ("GaussianDropout", NOTHING),
    ("GaussianNoise", NOTHING),
    ("GroupNormalization", Operators(normalization::group)),
    ("Hashing", Refused("ONNX has no operator for a hash of decimal digits; hash in the program that runs the model")),
    ("Identity", NOTHING),
    ("InputLayer", NOTHING),
    ("IntegerLookup", Operators(encoding::integer_lookup)),
    (
        "Lambda",
        Refused(
            "a closure has no description; compute it in the program that runs the model, or use the crate's layers",
        ),
    ),
    ("LayerNormalization", Operators(normalization::layer)),
    ("LeakyReLU", Operators(|layer, x| activation("leaky_relu", layer, &["negative_slope"], x))),
    ("Normalization", Operators(normalization::figures)),
    ("PReLU", Operators(weighted::prelu)),
    ("RMSNormalization", Operators(normalization::root_mean_square)),
    ("ReLU", Operators(|layer, x| activation("relu", layer, &["max_value", "negative_slope", "threshold"], x))),
    ("Rescaling", Operators(normalization::rescaling)),
    ("Softmax", Operators(|layer, x| activation("softmax", layer, &[], x))),
    ("SpectralNormalization", Operators(weighted::spectral_normalization)),
    ("UnitNormalization", Operators(normalization::unit)),
];

/// Adds the operators of a layer.
pub(super) fn write<'g>(layer: &Described<'_>, x: &Term<'g>) -> Result<Term<'g>> {
    match rule(&layer.class_name) {
        Some(Operators(write)) if is_the_crate_s(layer)? => write(layer, x),
        Some(Refused(reason)) => Err(layer.refused(reason)),
        _ => Err(layer.refused(OWN)),
    }
}

/// The rule of a class.
pub(super) fn rule(class_name: &str) -> Option<&'static Rule> {
    LAYERS.iter().find(|(known, _)| *known == class_name).map(|(_, rule)| rule)
}

/// Whether the crate's layer of that class says the same of itself: a layer of the user's own may have its name.
fn is_the_crate_s(layer: &Described<'_>) -> Result<bool> {
    let Json::Object(given) = &layer.config else { return Ok(false) };
    // Items of other families may be the user's own; an activation is looked at where it is written, the others
    // play no part in prediction.
    let mut plain = given.clone();
    for value in plain.values_mut().filter(|value| value.get("class_name").is_some()) {
        *value = Json::Null;
    }
    if layer.class_name == "SpectralNormalization" {
        plain.insert("layer".into(), json!({ "class_name": "Identity" }));
    }
    plain.retain(|_, value| !value.is_null());
    match layers::get::<f32>(&layer.class_name, plain.clone().into()) {
        Ok(found) => {
            let Json::Object(found) = found.config()? else { return Ok(false) };
            let same = |(name, value): (&String, &Json)| name == "layer" || found.get(name) == Some(value);
            let keys = found.len() == given.len() && given.keys().all(|name| found.contains_key(name));
            Ok(keys && plain.iter().all(same))
        }
        Err(Error::Configuration { .. } | Error::UnknownArgument { .. }) => Ok(false),
        Err(other) => Err(other),
    }
}

/// A layer that is an activation with the same arguments.
fn activation<'g>(name: &str, layer: &Described<'_>, arguments: &[&str], x: &Term<'g>) -> Result<Term<'g>> {
    let config = arguments.iter().map(|argument| (argument.to_string(), layer.config[*argument].clone()));
    activations::write(layer, name, Json::Object(config.collect()), layer.columns, x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layer_has_a_rule() {
        for name in layers::names().iter().map(String::as_str).chain(["Lambda"]) {
            match rule(name) {
                Some(Refused(reason)) => assert!(reason.len() > 20, "{name}: {reason}"),
                Some(Operators(_)) => {}
                None => panic!("{name} is neither exported nor refused: give it a rule in LAYERS"),
            }
        }
        let known = layers::names();
        for (name, _) in LAYERS.iter().filter(|(name, _)| *name != "Lambda") {
            assert!(known.iter().any(|known| known == name), "{name} is no layer of the crate");
        }
        assert!(LAYERS.is_sorted_by_key(|(name, _)| *name));
    }
}
