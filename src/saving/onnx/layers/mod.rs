//! Layers as operators.

mod encoding;
mod normalization;
mod weighted;

pub(super) use encoding::spread;

use super::activations;
use super::described::{Described, OWN};
use super::term::Term;
use crate::Result;
use serde_json::Value as Json;

/// What becomes of a layer.
pub(super) enum Rule {
    /// It is written as operators.
    Operators(for<'g> fn(&Described<'_>, &Term<'g>) -> Result<Term<'g>>),
    /// In prediction it is the layer that it wraps, with the stored variables.
    AsWrapped,
    /// It cannot be, for this reason.
    Refused(&'static str),
}

use Rule::{AsWrapped, Operators, Refused};

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
    ("SpectralNormalization", AsWrapped),
    ("UnitNormalization", Operators(normalization::unit)),
];

/// Adds the operators of a layer.
pub(super) fn write<'g>(layer: &Described<'_>, x: &Term<'g>) -> Result<Term<'g>> {
    match rule(&layer.class_name) {
        Some(Operators(write)) if layer.is_built_in => write(layer, x),
        Some(AsWrapped) => match &layer.wrapped {
            Some(wrapped) if layer.is_built_in => self::write(wrapped, x),
            _ => Err(layer.refused(OWN)),
        },
        Some(Refused(reason)) => Err(layer.refused(reason)),
        _ => Err(layer.refused(OWN)),
    }
}

/// The rule of a class.
pub(super) fn rule(class_name: &str) -> Option<&'static Rule> {
    LAYERS.iter().find(|(known, _)| *known == class_name).map(|(_, rule)| rule)
}

/// A layer that is an activation with the same arguments.
fn activation<'g>(name: &str, layer: &Described<'_>, arguments: &[&str], x: &Term<'g>) -> Result<Term<'g>> {
    let config = arguments.iter().map(|argument| (argument.to_string(), layer.config[*argument].clone()));
    activations::write(layer, name, Json::Object(config.collect()), layer.columns, x)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers;

    #[test]
    fn every_layer_has_a_rule() {
        for name in layers::names().iter().map(String::as_str).chain(["Lambda"]) {
            match rule(name) {
                Some(Refused(reason)) => assert!(reason.len() > 20, "{name}: {reason}"),
                Some(Operators(_) | AsWrapped) => {}
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
