//! Layers, from which models are built.
//!
//! A layer is a plain description; building a model turns it into a [`BuiltLayer`] that computes. A user-defined one
//! implements [`Layer`] and [`BuiltLayer`].

mod built_layer;
mod domain;
mod inputs;
mod lambda;
mod layer;
mod monotone_checks;
mod parameter;
mod rank_rows;
mod row_form;

pub use built_layer::{BuiltLayer, InferPass, Noise, TrainPass};
pub use domain::Domain;
pub use inputs::Inputs;
pub(crate) use inputs::WorkspacePlace;
pub use lambda::Lambda;
pub use layer::{Layer, LayerOptions, MonotoneLayer, WithSigns};
pub use parameter::Parameter;
pub use preprocessing::{Axis, Numbers, OovMethod};
pub use rank_rows::RankRows;
pub(crate) use row_form::RowForm;

pub use crate::categories::{OutputMode, Salt};
use crate::items::{family, snake_case};

// One line for each item: its file and its names. The items of a folder are listed there.
family! {
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
    Layer<T>: "layer", T::layers(), snake_case, &[];
    /// Adds a layer.
    registered by layer;
    [groups activations, normalization, preprocessing, regularization]
    activation: Activation<T>;
    dense: Dense<T>;
    embedding: Embedding<T>;
    flatten: Flatten;
    identity: Identity;
    input: Input;
    scaling: Scaling;
}

/// The class names of all layers that [`get`] can make.
pub fn names() -> Vec<&'static str> {
    <dyn Layer<f32> as crate::items::Family>::names()
}
