//! Layers as operators.

mod encoding;
mod normalization;
mod weighted;

pub(super) use encoding::spread;

use super::activations;
use super::layer_context::{LayerContext, USER_DEFINED};
use super::term::Term;
use crate::items::Spec;
use crate::layers::{
    Activation, ActivityRegularization, AlphaDropout, BatchNormalization, CategoryEncoding, Dense, Discretization,
    Dropout, ELU, Embedding, Flatten, GaussianDropout, GaussianNoise, GroupNormalization, Hashing, Identity, Input,
    IntegerLookup, Lambda, Layer, LayerNormalization, LeakyReLU, Normalization, PReLU, RMSNormalization, ReLU,
    Rescaling, Scaling, Softmax, SpectralNormalization, UnitNormalization,
};
use crate::{Result, Scalar};
use std::any::Any;

/// Writes a layer as operators; the error is the reason why it cannot be.
type WriteLayer<L> = for<'g> fn(&L, &LayerContext<'_>, &Term<'g>) -> Result<Term<'g>>;

macro_rules! layers {
    ($($layer:ty: $write:expr;)*) => {
        /// Adds the operators of a layer.
        pub(super) fn write<'g, T: Scalar>(layer: &dyn Layer<T>, place: &LayerContext<'_>, x: &Term<'g>) -> Result<Term<'g>> {
            let item: &dyn Any = layer;
            $(if let Some(layer) = item.downcast_ref() {
                let write: WriteLayer<$layer> = $write;
                return write(layer, place, x);
            })*
            Err(place.refused(&layer.class_name(), USER_DEFINED))
        }

        #[cfg(test)]
        const LAYERS: &[&str] = &[$(stringify!($layer)),*];
    };
}

// A new layer has its line here. A layer that is written as an activation returns that activation itself.
layers! {
    Activation<T>: |layer, place, x| activations::write(&*layer.activation()?, place, x);
    ActivityRegularization: passed_through;
    AlphaDropout: passed_through;
    BatchNormalization<T>: |layer, place, x| normalization::batch(layer.get_epsilon(), place, x);
    CategoryEncoding: encoding::category_encoding;
    Dense<T>: weighted::dense;
    Discretization: encoding::discretization;
    Dropout: passed_through;
    ELU: |layer, place, x| activations::write::<T>(&layer.function(), place, x);
    Embedding<T>: |_, place, x| weighted::embedding(place, x);
    Flatten: passed_through;
    GaussianDropout: passed_through;
    GaussianNoise: passed_through;
    GroupNormalization<T>: normalization::group;
    Hashing: |layer, place, _| Err(place.refused(&layer.class_name(), HASH));
    Identity: passed_through;
    Input: passed_through;
    IntegerLookup: encoding::integer_lookup;
    Lambda<T>: |layer, place, _| Err(place.refused(&layer.class_name(), CLOSURE));
    LayerNormalization<T>: |layer, place, x| normalization::layer(layer.get_epsilon(), place, x);
    LeakyReLU: |layer, place, x| activations::write::<T>(&layer.function(), place, x);
    Normalization: normalization::moments;
    PReLU<T>: |_, place, x| weighted::prelu(place, x);
    RMSNormalization: |layer, place, x| normalization::root_mean_square(layer.get_epsilon(), place, x);
    ReLU: |layer, place, x| activations::write::<T>(&layer.function(), place, x);
    Rescaling: normalization::rescaling;
    Scaling: normalization::scaling;
    Softmax: |layer, place, x| activations::write::<T>(&layer.function(), place, x);
    // In prediction it is the layer that it wraps, with the stored variables.
    SpectralNormalization<T>: |layer, place, x| write(&*layer.wrapped()?, &place.without("vector_u"), x);
    UnitNormalization: |_, _, x| Ok(normalization::unit(x));
}

/// A layer that passes its input through in prediction.
fn passed_through<'g, L>(_: &L, _: &LayerContext<'_>, x: &Term<'g>) -> Result<Term<'g>> {
    Ok(x.clone())
}

const HASH: &str = "ONNX has no operator for a hash of decimal digits; hash in the program that runs the model";
const CLOSURE: &str =
    "a closure has no description; compute it in the program that runs the model, or use the crate's layers";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layer_has_a_line() {
        for name in crate::layers::names().into_iter().chain(["Lambda"]) {
            // The one type that is not called as its class in Keras.
            let name = if name == "InputLayer" { "Input" } else { name };
            let has_line = LAYERS.iter().any(|line| line.split('<').next() == Some(name));
            assert!(has_line, "{name} needs a line in the table of layers, if only one that refuses it");
        }
    }
}
