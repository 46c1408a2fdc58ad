//! Properties of single classes of Keras: one table for each family.
//!
//! The other files ask these tables and compare no class names. A class that is not here behaves as most do.

use crate::Scalar;
use crate::items::Family;
use crate::layers::Layer;

/// The shape of a layer's output in Keras, where this crate has samples × features.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rank {
    /// The layer reads two dimensions and returns two.
    Two,
    /// The layer treats every number alike, for any number of dimensions.
    Elementwise,
    /// The layer returns a vector for each of its columns: three dimensions.
    Vectors,
    /// The layer returns indicators, in three dimensions if they are for more than one column.
    Indicators,
    /// The shape of the layer that it wraps.
    Wrapped,
    /// The layer returns two dimensions for any number of dimensions.
    Flattens,
}

/// The place where Keras keeps the learned state of a preprocessing layer; this crate keeps it in the layer's configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LearnedState {
    Nothing,
    /// Mean and variance, the first two of its variables.
    Moments,
    /// A file separate from the variables, with one entry per line.
    Vocabulary,
}

/// A layer of Keras.
#[derive(Debug)]
pub(super) struct KerasLayer {
    pub(super) class: &'static str,
    /// Whether the layer only declares the model's inputs.
    pub(super) is_input: bool,
    pub(super) rank: Rank,
    pub(super) learned: LearnedState,
    /// Whether TensorFlow looks its inputs up, which must come as integers then.
    pub(super) takes_integers: bool,
    /// Whether its constructor takes `trainable`, as those of all layers but one do.
    pub(super) takes_trainable: bool,
    /// Whether it wraps a layer: the inner variables have a separate group in a file, and the kernel is repeated in
    /// front of the wrapper's.
    pub(super) is_wrapper: bool,
    /// The activation that it is, with the same arguments.
    pub(super) activation: Option<&'static str>,
    /// Arguments that Keras 3 calls otherwise: the name in Keras 2, the name now.
    pub(super) renamed: &'static [(&'static str, &'static str)],
    /// An argument of Keras 1, and the one that has taken its place.
    pub(super) of_keras_1: Option<(&'static str, &'static str)>,
    /// The reason why Keras cannot build the layer if its output has three dimensions.
    pub(super) never_deep: Option<&'static str>,
}

/// A layer without anything special.
const PLAIN: KerasLayer = KerasLayer {
    class: "",
    is_input: false,
    rank: Rank::Two,
    learned: LearnedState::Nothing,
    takes_integers: false,
    takes_trainable: true,
    is_wrapper: false,
    activation: None,
    renamed: &[],
    of_keras_1: None,
    never_deep: None,
};

const ELEMENTWISE: KerasLayer = KerasLayer { rank: Rank::Elementwise, ..PLAIN };
const INDICATORS: KerasLayer = KerasLayer { rank: Rank::Indicators, ..PLAIN };

const LAYERS: &[KerasLayer] = &[
    KerasLayer { class: "ActivityRegularization", ..ELEMENTWISE },
    KerasLayer { class: "AlphaDropout", ..ELEMENTWISE },
    KerasLayer { class: "CategoryEncoding", ..INDICATORS },
    KerasLayer { class: "Dense", of_keras_1: Some(("output_dim", "units")), ..PLAIN },
    // The one layer that does not take what its base class takes: it has no variables.
    KerasLayer { class: "Discretization", takes_trainable: false, ..INDICATORS },
    KerasLayer { class: "Dropout", ..ELEMENTWISE },
    KerasLayer { class: "ELU", activation: Some("elu"), ..ELEMENTWISE },
    KerasLayer { class: "Embedding", rank: Rank::Vectors, ..PLAIN },
    KerasLayer { class: FLATTEN, rank: Rank::Flattens, ..PLAIN },
    KerasLayer { class: "GaussianDropout", ..ELEMENTWISE },
    KerasLayer { class: "GaussianNoise", ..ELEMENTWISE },
    KerasLayer {
        class: "Hashing",
        takes_integers: true,
        never_deep: Some("Keras cannot build one whose indicators are for several columns; use OutputMode::MultiHot"),
        ..INDICATORS
    },
    KerasLayer { class: "Identity", ..ELEMENTWISE },
    KerasLayer { class: INPUT, is_input: true, ..PLAIN },
    KerasLayer { class: "IntegerLookup", learned: LearnedState::Vocabulary, takes_integers: true, ..INDICATORS },
    KerasLayer {
        class: "LeakyReLU",
        activation: Some("leaky_relu"),
        renamed: &[("alpha", "negative_slope")],
        ..ELEMENTWISE
    },
    KerasLayer { class: "Normalization", learned: LearnedState::Moments, ..PLAIN },
    KerasLayer { class: "ReLU", activation: Some("relu"), ..ELEMENTWISE },
    KerasLayer { class: "Softmax", activation: Some("softmax"), ..PLAIN },
    KerasLayer { class: "SpectralNormalization", rank: Rank::Wrapped, is_wrapper: true, ..PLAIN },
];

/// The layer of a class.
pub(super) fn layer(class: &str) -> &'static KerasLayer {
    LAYERS.iter().find(|layer| layer.class == class).unwrap_or(&PLAIN)
}

/// The row of an item's layer; user-defined layers have none, even with the same name.
pub(super) fn layer_of<T: Scalar>(layer: &dyn Layer<T>) -> &'static KerasLayer {
    if <dyn Layer<T>>::is_built_in(layer) { self::layer(&layer.class_name()) } else { &PLAIN }
}

/// The class of the layer that is an activation of this name with arguments.
pub(super) fn layer_of_activation(name: &str) -> Option<&'static str> {
    LAYERS.iter().find(|layer| layer.activation == Some(name)).map(|layer| layer.class)
}

/// A layer of Keras 2 that Keras 3 has only as an activation.
#[derive(Debug)]
pub(super) struct LayerAsActivation {
    pub(super) class: &'static str,
    /// The argument of the layer.
    pub(super) argument: &'static str,
    pub(super) activation: &'static str,
    /// The argument of the activation that has its value.
    pub(super) argument_of_activation: &'static str,
}

const LAYERS_AS_ACTIVATIONS: &[LayerAsActivation] = &[LayerAsActivation {
    class: "ThresholdedReLU",
    argument: "theta",
    activation: "threshold",
    argument_of_activation: "threshold",
}];

/// The activation that a layer of Keras 2 has become.
pub(super) fn layer_as_activation(class: &str) -> Option<&'static LayerAsActivation> {
    LAYERS_AS_ACTIVATIONS.iter().find(|layer| layer.class == class)
}

/// An activation of Keras.
#[derive(Debug)]
pub(super) struct KerasActivation {
    pub(super) name: &'static str,
    /// Whether Keras's function of that name needs arguments that its files have no place for.
    pub(super) needs_arguments: bool,
    /// The argument that makes it the function of Keras 2, which was another one.
    pub(super) in_keras_2: Option<(&'static str, f64)>,
}

const ACTIVATIONS: &[KerasActivation] = &[
    KerasActivation { name: "hard_sigmoid", needs_arguments: false, in_keras_2: Some(("slope", 0.2)) },
    KerasActivation { name: "threshold", needs_arguments: true, in_keras_2: None },
];

/// The properties of an activation, if it is in the table.
pub(super) fn activation(name: &str) -> Option<&'static KerasActivation> {
    ACTIVATIONS.iter().find(|activation| activation.name == name)
}

/// A loss of Keras.
#[derive(Debug)]
pub(super) struct KerasLoss {
    pub(super) class: &'static str,
    /// The name in Keras 2, if it differs.
    pub(super) in_keras_2: Option<&'static str>,
    /// The activation whose logits TF-Keras takes for those of another one, and that other one.
    pub(super) logits_of_another: Option<(&'static str, &'static str)>,
}

const LOSS: KerasLoss = KerasLoss { class: "", in_keras_2: None, logits_of_another: None };
const FOR_SIGMOID: KerasLoss = KerasLoss { logits_of_another: Some(("softmax", "sigmoid")), ..LOSS };
const FOR_SOFTMAX: KerasLoss = KerasLoss { logits_of_another: Some(("sigmoid", "softmax")), ..LOSS };

const LOSSES: &[KerasLoss] = &[
    KerasLoss { class: "BinaryCrossentropy", ..FOR_SIGMOID },
    KerasLoss { class: "BinaryFocalCrossentropy", ..FOR_SIGMOID },
    KerasLoss { class: "CategoricalCrossentropy", ..FOR_SOFTMAX },
    KerasLoss { class: "CategoricalFocalCrossentropy", ..FOR_SOFTMAX },
    KerasLoss { class: "Huber", in_keras_2: Some("huber_loss"), ..LOSS },
    KerasLoss { class: "KLDivergence", in_keras_2: Some("kullback_leibler_divergence"), ..LOSS },
    KerasLoss { class: "LogCosh", in_keras_2: Some("logcosh"), ..LOSS },
    KerasLoss { class: "SparseCategoricalCrossentropy", ..FOR_SOFTMAX },
];

/// The loss of a class.
pub(super) fn loss(class: &str) -> &'static KerasLoss {
    LOSSES.iter().find(|loss| loss.class == class).unwrap_or(&LOSS)
}

/// The class of the loss that Keras 2 calls so.
pub(super) fn loss_of_keras_2(name: &str) -> Option<&'static str> {
    LOSSES.iter().find(|loss| loss.in_keras_2 == Some(name)).map(|loss| loss.class)
}

/// An optimizer of Keras 2.
#[derive(Debug)]
pub(super) struct KerasOptimizer {
    pub(super) class: &'static str,
    /// Whether the legacy rule without momentum adds ε to the root of the mean square, rather than under it.
    pub(super) epsilon_outside: bool,
    /// Whether the sums began at zero in Keras 2.0 to 2.3.
    pub(super) sums_from_zero: bool,
    /// The default of a `decay` that is not that of the learning rate but of the momentum's schedule.
    pub(super) momentum_decay: Option<f64>,
    /// Whether TF-Keras multiplies the product of the momentums once for every variable.
    pub(super) product_per_variable: bool,
    /// Whether the legacy state has the slots of a variable side by side; the others have a slot of all variables.
    pub(super) slots_by_variable: bool,
}

const OPTIMIZER: KerasOptimizer = KerasOptimizer {
    class: "",
    epsilon_outside: false,
    sums_from_zero: false,
    momentum_decay: None,
    product_per_variable: false,
    slots_by_variable: false,
};

const OPTIMIZERS: &[KerasOptimizer] = &[
    KerasOptimizer { class: "Adagrad", epsilon_outside: true, sums_from_zero: true, ..OPTIMIZER },
    KerasOptimizer { class: "Ftrl", slots_by_variable: true, ..OPTIMIZER },
    KerasOptimizer { class: "Nadam", momentum_decay: Some(0.004), product_per_variable: true, ..OPTIMIZER },
    KerasOptimizer { class: "RMSprop", epsilon_outside: true, ..OPTIMIZER },
];

/// The optimizer of a class.
pub(super) fn optimizer(class: &str) -> &'static KerasOptimizer {
    OPTIMIZERS.iter().find(|optimizer| optimizer.class == class).unwrap_or(&OPTIMIZER)
}

/// A metric that chooses by the outputs, which is a name in Keras and has no other name there.
#[derive(Debug)]
pub(super) struct MetricByOutputs {
    pub(super) name: &'static str,
    /// The class for one output.
    pub(super) one: &'static str,
    /// The class for several outputs.
    pub(super) several: &'static str,
}

const METRICS_BY_OUTPUTS: &[MetricByOutputs] = &[
    MetricByOutputs { name: "accuracy", one: "BinaryAccuracy", several: "CategoricalAccuracy" },
    MetricByOutputs { name: "crossentropy", one: "BinaryCrossentropy", several: "CategoricalCrossentropy" },
];

/// The metric of a name, if it chooses by the outputs.
pub(super) fn metric_by_outputs(name: &str) -> Option<&'static MetricByOutputs> {
    METRICS_BY_OUTPUTS.iter().find(|metric| metric.name == name)
}

/// Keras 2's metric that is the mean of a function, which is in its configuration.
pub(super) const MEAN_OF_A_FUNCTION: &str = "MeanMetricWrapper";

/// The class of an object with the name of a function as its configuration.
pub(super) const FUNCTION: &str = "function";

/// The layer that computes an activation.
pub(super) const ACTIVATION: &str = "Activation";

/// The layer that declares the inputs.
pub(super) const INPUT: &str = "InputLayer";

/// The layer that makes two dimensions of three.
pub(super) const FLATTEN: &str = "Flatten";

/// The class of a policy that determines in which numbers a layer computes.
pub(super) const POLICY: &str = "DTypePolicy";

/// The class that a model is written as.
pub(super) const SEQUENTIAL: &str = "Sequential";

/// The models with layers that can be concatenated.
pub(super) const MODELS: [&str; 3] = [SEQUENTIAL, "Functional", "Model"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::monomorphized::Monomorphized;

    /// A renamed item must not silently lose what is known of it.
    #[test]
    fn every_class_of_the_tables_is_one_of_the_crate() {
        fn names<I: ?Sized>(entries: Vec<crate::items::ItemEntry<I>>) -> Vec<&'static str> {
            entries.into_iter().map(|entry| entry.name).collect()
        }
        let check = |known: Vec<&str>, listed: Vec<&str>| {
            assert!(listed.is_sorted(), "{listed:?}");
            for name in listed {
                assert!(known.contains(&name), "{name} is no item of the crate");
            }
        };
        check(names(f32::layers()), LAYERS.iter().map(|layer| layer.class).collect());
        check(names(f32::activations()), ACTIVATIONS.iter().map(|activation| activation.name).collect());
        check(names(f32::losses()), LOSSES.iter().map(|loss| loss.class).collect());
        check(names(f32::optimizers()), OPTIMIZERS.iter().map(|optimizer| optimizer.class).collect());
        let metrics = names(f32::metrics());
        for name in METRICS_BY_OUTPUTS.iter().flat_map(|metric| [metric.one, metric.several]) {
            assert!(metrics.contains(&name), "{name}");
        }
        for layer in LAYERS {
            if let Some(activation) = layer.activation {
                assert!(names(f32::activations()).contains(&activation), "{activation}");
            }
        }
    }
}
