//! Layers by Keras's names.

use super::*;
use crate::registry::{Entry, adopt, find};
use crate::spec::snake_case;
use crate::{Result, Scalar};
use serde_json::Value;
use std::sync::Arc;

/// The entries of layers, each read by its own `read`.
macro_rules! layers {
    ($($class:literal: $layer:ty),* $(,)?) => {
        vec![$(Entry {
            name: $class.into(),
            make: |config| Ok(Arc::new(<$layer>::read(config)?)),
            adopt: |value| adopt::<$layer, _>(value, |layer| Arc::new(layer)),
        }),*]
    };
}

/// Every layer of the crate that has a description.
pub(crate) fn all<T: Scalar>() -> Vec<Entry<dyn Layer<T>>> {
    layers![
        "Activation": Activation<T>,
        "ActivityRegularization": ActivityRegularization,
        "AlphaDropout": AlphaDropout,
        "BatchNormalization": BatchNormalization<T>,
        "CategoryEncoding": CategoryEncoding,
        "Dense": Dense<T>,
        "Discretization": Discretization,
        "Dropout": Dropout,
        "ELU": ELU,
        "Embedding": Embedding<T>,
        "Flatten": Flatten,
        "GaussianDropout": GaussianDropout,
        "GaussianNoise": GaussianNoise,
        "GroupNormalization": GroupNormalization<T>,
        "Hashing": Hashing,
        "Identity": Identity,
        "InputLayer": Input,
        "IntegerLookup": IntegerLookup,
        "LayerNormalization": LayerNormalization<T>,
        "LeakyReLU": LeakyReLU,
        "Normalization": Normalization,
        "PReLU": PReLU<T>,
        "RMSNormalization": RMSNormalization,
        "ReLU": ReLU,
        "Rescaling": Rescaling,
        "Softmax": Softmax,
        "SpectralNormalization": SpectralNormalization<T>,
        "UnitNormalization": UnitNormalization,
    ]
}

/// The class names of all layers that [`get`] can make.
pub fn names() -> Vec<String> {
    all::<f32>().into_iter().map(|entry| entry.name).collect()
}

/// The layer of Keras's class name or its snake-case form, with arguments under Keras's names.
///
/// An argument that is an item of another family is a name, or an object with `class_name` and `config`.
///
/// ```
/// use perceptra::layers;
/// use serde_json::json;
///
/// let l2 = json!({ "class_name": "L2", "config": { "l2": 0.1 } });
/// let config = json!({ "units": 3, "activation": "relu", "kernel_regularizer": l2 });
/// let dense = layers::get::<f32>("Dense", config)?;
/// assert_eq!(dense.build(4)?.outputs(), 3);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Unknown`](crate::Error::Unknown) lists the names that exist,
/// [`Error::UnknownArgument`](crate::Error::UnknownArgument) the arguments where the configuration has another key;
/// [`Error::Configuration`](crate::Error::Configuration) says what is wrong with an argument.
pub fn get<T: Scalar>(name: &str, config: Value) -> Result<Arc<dyn Layer<T>>> {
    let entries = T::layers();
    let class = entries.iter().map(|entry| entry.name.clone()).find(|class| snake_case(class) == name);
    find("layer", &entries, &[], class.as_deref().unwrap_or(name), config)
}
