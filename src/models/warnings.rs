//! Warnings about combinations of layers, losses and metrics that do not match.

use crate::activations::Activation;
use crate::engine::{Measures, Network};
use crate::metrics::{Metric, Width};
use crate::outputs::Outputs;
use crate::{BatchBuffer, Result, Scalar, losses};
use nalgebra::DMatrix;
use std::fmt;

/// A combination that can be trained but is probably unintended; found by the first fit of a compiled model.
///
/// A fit writes each as a line to standard error, once, unless it is [silent](super::Verbosity::Silent);
/// [`Model::warnings`](super::Model::warnings) lists them. Keras trains such models without a warning. The last activation, built-in or
/// user-defined, is evaluated on test inputs to find the range of its values; a last layer without an activation yields no warning.
///
/// ```
/// use perceptra::models::Warning;
/// use perceptra::prelude::*;
///
/// let loss = BinaryCrossentropy.from_logits(true);
/// let mut model = Sequential::new().add(Dense::new(1, Sigmoid)).compile("adam", loss, ["recall"]);
/// model.fit(&dmatrix![0.0; 1.0], &dmatrix![0.0; 1.0], Fit::new().verbose(0))?;
/// assert!(matches!(model.warnings(), [Warning::ActivatedTwice { .. }]));
/// println!("{}", model.warnings()[0]);
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Warning {
    /// The loss takes logits, and the last activation returns probabilities.
    ActivatedTwice {
        /// The last layer.
        layer: String,
        /// The loss.
        loss: String,
    },
    /// The loss takes logits, and the last activation keeps them in a range that excludes confident predictions.
    BoundedLogits {
        /// The last layer.
        layer: String,
        /// The loss.
        loss: String,
        /// The smallest value of the activation on the test inputs.
        low: f64,
        /// The largest value of the activation on the test inputs.
        high: f64,
    },
    /// The loss takes probabilities, and the last activation returns other numbers.
    NotProbabilities {
        /// The last layer.
        layer: String,
        /// The loss.
        loss: String,
        /// Whether there is one output per class, so that the cure is softmax instead of sigmoid.
        classes: bool,
    },
    /// The loss takes numbers of at least 0, and the last activation also returns negative ones.
    Negative {
        /// The last layer.
        layer: String,
        /// The loss.
        loss: String,
    },
    /// The metric takes probabilities, and the loss treats the outputs as logits or, like the hinge losses, as margins.
    MetricOnLogits {
        /// The key of the metric.
        metric: String,
    },
    /// The metric takes logits, and the outputs are probabilities.
    MetricOnProbabilities {
        /// The key of the metric.
        metric: String,
    },
    /// The metric compares several outputs to find the largest, but there is only one.
    OneOutput {
        /// The key of the metric.
        metric: String,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Warning::ActivatedTwice { layer, loss } => write!(
                f,
                "{loss} with from_logits(true) takes logits, but {layer} yields probabilities already: end in Linear, or leave \
                 from_logits out"
            ),
            Warning::BoundedLogits { layer, loss, low, high } => write!(
                f,
                "{loss} with from_logits(true) takes logits of any size, but {layer} yields numbers from {low:.3} to {high:.3} only: \
                 end in Linear"
            ),
            Warning::NotProbabilities { layer, loss, classes } => {
                let activation = if *classes { "Softmax" } else { "Sigmoid" };
                write!(f, "{loss} takes probabilities, but {layer} yields other numbers too: end in {activation}")?;
                if loss.contains("Crossentropy") { f.write_str(", or set from_logits(true)") } else { Ok(()) }
            }
            Warning::Negative { layer, loss } => write!(
                f,
                "{loss} takes numbers of at least 0, but {layer} yields negative ones too: end in Softplus, Exponential or Relu"
            ),
            Warning::MetricOnLogits { metric } => write!(
                f,
                "{metric} takes probabilities, but the loss takes the outputs for logits or margins: compare these with the \
                 threshold 0, as BinaryAccuracy.threshold(0.0), or set from_logits(true) where the metric has it"
            ),
            Warning::MetricOnProbabilities { metric } => {
                write!(
                    f,
                    "{metric} with from_logits(true) takes logits, but the outputs are probabilities: leave it out"
                )
            }
            Warning::OneOutput { metric } => write!(
                f,
                "{metric} takes the largest of several outputs, but there is one, which always is: give it a threshold where it has \
                 one, or use a binary metric such as BinaryAccuracy"
            ),
        }
    }
}

/// The range of the last activation's values.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OutputRange {
    low: f64,
    high: f64,
}

impl OutputRange {
    /// Whether the range is within [0, 1], up to rounding.
    pub(crate) fn is_probability(self) -> bool {
        self.low >= -1e-6 && self.high <= 1.0 + 1e-6
    }

    /// Evaluates an activation with this many outputs on inputs of both signs and many magnitudes.
    fn of<T: Scalar>(activation: &dyn Activation<T>, outputs: usize) -> Self {
        let sizes = [0.0, 0.01, 0.1, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 30.0, 100.0, 1e3, 1e4];
        let probes: Vec<f64> = sizes.into_iter().chain(sizes.map(|size| -size)).collect();
        // The inputs of neighbouring outputs differ, since an activation such as softmax depends on all of them.
        let z = DMatrix::from_fn(probes.len(), outputs, |i, j| T::of(probes[(i + 5 * j) % probes.len()]));
        let z = BatchBuffer::from_matrix(&z);
        let mut a = BatchBuffer::zeros(z.batch().rows(), z.batch().columns());
        activation.forward(z.batch(), a.batch_mut());
        let values = a.to_matrix();
        let nothing = OutputRange { low: f64::INFINITY, high: f64::NEG_INFINITY };
        values.iter().map(|value| value.to_f64()).fold(nothing, |OutputRange { low, high }, value| OutputRange {
            low: low.min(value),
            high: high.max(value),
        })
    }
}

impl<T: Scalar> Network<T> {
    /// The name of the last layer and the range of its activation, if it has one.
    pub(crate) fn output_range(&self) -> Option<(&str, OutputRange)> {
        let last = self.nodes.last()?;
        let activation = last.built.activation()?;
        Some((&last.name, OutputRange::of(&*activation, self.outputs())))
    }
}

/// The warning about the last layer and the loss, if any.
pub(crate) fn of_loss<T: Scalar>(network: &Network<T>, loss: &dyn losses::Loss<T>) -> Option<Warning> {
    let (layer, range) = network.output_range()?;
    let (layer, loss, expects) = (layer.to_string(), loss.class_name(), loss.expects());
    let OutputRange { low, high } = range;
    match expects {
        Outputs::Logits | Outputs::ClassLogits if range.is_probability() => {
            Some(Warning::ActivatedTwice { layer, loss })
        }
        // Confident predictions need large logits (5 is a probability of 0.993); with several classes, large differences of logits.
        Outputs::Logits if low > -5.0 || high < 5.0 => Some(Warning::BoundedLogits { layer, loss, low, high }),
        Outputs::ClassLogits if high - low < 5.0 => Some(Warning::BoundedLogits { layer, loss, low, high }),
        Outputs::Probabilities if !range.is_probability() => {
            Some(Warning::NotProbabilities { layer, loss, classes: false })
        }
        Outputs::ClassProbabilities if low < -1e-6 => Some(Warning::NotProbabilities { layer, loss, classes: true }),
        Outputs::NotNegative if low < -1e-6 => Some(Warning::Negative { layer, loss }),
        _ => None,
    }
}

/// The warnings about the last layer, the loss and the metrics of a compiled network.
pub(super) fn of<T: Scalar>(network: &Network<T>, measures: &Measures<'_, T>, targets: usize) -> Result<Vec<Warning>> {
    let width = Width { targets, outputs: network.outputs() };
    let loss = losses::for_shape(measures.loss, width.targets, width.outputs)?;
    let mut warnings: Vec<Warning> = of_loss(network, &*loss).into_iter().collect();
    let is_probability = network.output_range().is_some_and(|(_, range)| range.is_probability());
    let of_loss = loss.expects();
    let is_logit = matches!(of_loss, Outputs::Logits | Outputs::ClassLogits | Outputs::Margins) && !is_probability;
    for metric in measures.metrics.iter().chain(measures.weighted_metrics) {
        let metric = metric.checked()?;
        warnings.extend(of_metric(&*metric, width, is_probability, is_logit));
    }
    Ok(warnings)
}

fn of_metric<T: Scalar>(metric: &dyn Metric<T>, width: Width, is_probability: bool, is_logit: bool) -> Option<Warning> {
    let key = metric.key();
    match metric.expects(width) {
        Outputs::Classes if width.outputs == 1 => Some(Warning::OneOutput { metric: key }),
        Outputs::Probabilities | Outputs::ClassProbabilities if is_logit => {
            Some(Warning::MetricOnLogits { metric: key })
        }
        Outputs::Logits | Outputs::ClassLogits if is_probability => {
            Some(Warning::MetricOnProbabilities { metric: key })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::items::IntoItem;
    use crate::prelude::*;
    use crate::{activations, losses, metrics};

    fn found(model: Model, outputs: usize, targets: usize) -> Vec<String> {
        let mut model = model;
        let x = DMatrix::from_fn(8, 2, |i, j| ((i + j) % 3) as f32);
        let y = DMatrix::from_fn(8, targets, |i, j| {
            f32::from(u8::from(if targets == outputs { i % targets == j } else { i % 2 == 0 }))
        });
        // Some of these diverge in the first step; the warning is still expected.
        assert!(matches!(model.fit(&x, &y, Fit::new().verbose(0)), Ok(_) | Err(crate::Error::Diverged { .. })));
        let names = |warning: &Warning| format!("{warning:?}").split([' ', '{']).next().unwrap_or_default().to_string();
        model.warnings().iter().map(names).collect()
    }

    fn of_loss<M>(outputs: usize, activation: &str, loss: impl IntoItem<dyn losses::Loss<f32>, M>) -> Vec<String> {
        let loss = loss.into_item();
        let sparse = loss.get().unwrap().class_name().starts_with("Sparse");
        let layers = Sequential::new().add(Dense::new(outputs, activation)).seed(1);
        found(layers.compile("sgd", loss, ()), outputs, if sparse { 1 } else { outputs })
    }

    #[test]
    fn a_loss_of_probabilities_takes_probabilities() {
        use crate::losses::{BinaryFocalCrossentropy, Dice, KLDivergence};
        for activation in ["sigmoid", "hard_sigmoid", "sparse_sigmoid"] {
            assert!(of_loss(1, activation, BinaryCrossentropy).is_empty(), "{activation}");
        }
        for activation in ["linear", "relu", "tanh", "softplus", "log_sigmoid"] {
            assert_eq!(of_loss(1, activation, BinaryCrossentropy), ["NotProbabilities"], "{activation}");
        }
        assert_eq!(of_loss(1, "linear", BinaryFocalCrossentropy), ["NotProbabilities"]);
        assert_eq!(of_loss(2, "linear", KLDivergence), ["NotProbabilities"]);
        assert_eq!(of_loss(1, "linear", Dice), ["NotProbabilities"]);
        for activation in ["softmax", "sigmoid", "softplus"] {
            assert!(of_loss(3, activation, CategoricalCrossentropy).is_empty(), "{activation}");
            assert!(of_loss(3, activation, SparseCategoricalCrossentropy).is_empty(), "{activation}");
        }
        assert_eq!(of_loss(3, "tanh", CategoricalCrossentropy), ["NotProbabilities"]);
        assert_eq!(of_loss(3, "linear", SparseCategoricalCrossentropy), ["NotProbabilities"]);
        assert_eq!(of_loss(1, "tanh", Poisson), ["Negative"]);
        assert!(of_loss(1, "exponential", Poisson).is_empty());
        for loss in ["mse", "mae", "huber", "hinge", "log_cosh"] {
            assert!(of_loss(1, "linear", loss).is_empty(), "{loss}");
        }
    }

    #[test]
    fn a_loss_of_logits_takes_logits() {
        let binary = || BinaryCrossentropy.from_logits(true);
        let classes = || CategoricalCrossentropy.from_logits(true);
        assert_eq!(of_loss(1, "sigmoid", binary()), ["ActivatedTwice"]);
        assert_eq!(of_loss(3, "softmax", classes()), ["ActivatedTwice"]);
        assert_eq!(of_loss(3, "softmax", SparseCategoricalCrossentropy.from_logits(true)), ["ActivatedTwice"]);
        for activation in ["relu", "tanh", "softplus", "elu", "log_sigmoid"] {
            assert_eq!(of_loss(1, activation, binary()), ["BoundedLogits"], "{activation}");
        }
        for activation in ["linear", "leaky_relu"] {
            assert!(of_loss(1, activation, binary()).is_empty(), "{activation}");
        }
        for activation in ["linear", "log_softmax", "relu"] {
            assert!(of_loss(3, activation, classes()).is_empty(), "{activation}");
        }
        assert_eq!(of_loss(3, "tanh", classes()), ["BoundedLogits"]);
    }

    #[test]
    fn metrics_interpret_outputs_like_the_loss() {
        let names =
            ["accuracy", "binary_accuracy", "precision", "recall", "auc", "true_positives", "bce", "crossentropy"];
        for name in names {
            let layers = || Sequential::new().add(Dense::new(1, Linear)).seed(1);
            let of_logits = layers().compile("sgd", BinaryCrossentropy.from_logits(true), [name]);
            assert_eq!(found(of_logits, 1, 1), ["MetricOnLogits"], "{name}");
            let of_probabilities = Sequential::new().add(Dense::new(1, Sigmoid)).seed(1).compile("sgd", "bce", [name]);
            assert!(found(of_probabilities, 1, 1).is_empty(), "{name}");
            // For a regression on targets 0 and 1 the threshold 0.5 is correct.
            assert!(found(layers().compile("sgd", "mse", [name]), 1, 1).is_empty(), "{name}");
        }
        let at_zero = metrics![
            BinaryAccuracy.threshold(0.0),
            Recall.thresholds(0.0),
            AUC.from_logits(true),
            metrics::BinaryCrossentropy.from_logits(true)
        ];
        let layers = Sequential::new().add(Dense::new(1, Linear)).seed(1);
        assert!(found(layers.compile("sgd", BinaryCrossentropy.from_logits(true), at_zero), 1, 1).is_empty());
        let layers = Sequential::new().add(Dense::new(1, Sigmoid)).seed(1);
        let model = layers.compile("sgd", "bce", metrics![AUC.from_logits(true)]);
        assert_eq!(found(model, 1, 1), ["MetricOnProbabilities"]);
        let model = Sequential::new().add(Dense::new(1, Linear)).seed(1).compile("sgd", "hinge", ["accuracy"]);
        assert_eq!(found(model, 1, 1), ["MetricOnLogits"]);
        let layers = Sequential::new().add(Dense::new(3, Linear)).seed(1);
        let model = layers.compile("sgd", CategoricalCrossentropy.from_logits(true), ["accuracy", "f1_score"]);
        assert!(found(model, 3, 3).is_empty());
    }

    #[test]
    fn a_single_output_is_always_the_largest() {
        let one = |metric: &'static str| {
            found(Sequential::new().add(Dense::new(1, Sigmoid)).seed(1).compile("sgd", "bce", [metric]), 1, 1)
        };
        for metric in ["f1_score", "fbeta_score", "categorical_accuracy"] {
            assert_eq!(one(metric), ["OneOutput"], "{metric}");
        }
        let layers = Sequential::new().add(Dense::new(1, Sigmoid)).seed(1);
        assert!(found(layers.compile("sgd", "bce", metrics![F1Score.threshold(0.5)]), 1, 1).is_empty());
    }

    #[test]
    fn user_defined_activations_are_judged_by_their_values() {
        let squashed =
            activations::Custom::new(|z: f32| (z.tanh() + 1.0) / 2.0, |z: f32| (1.0 - z.tanh().powi(2)) / 2.0);
        let layers = Sequential::new().add(Dense::new(1, squashed)).seed(1);
        assert!(found(layers.compile("sgd", "bce", ()), 1, 1).is_empty());
        let layers = Sequential::new().add(Dense::new(1, Sigmoid)).add(Dropout::new(0.1)).seed(1);
        assert!(found(layers.compile("sgd", BinaryCrossentropy.from_logits(true), ()), 1, 1).is_empty());
    }

    #[test]
    fn every_warning_is_one_line_with_a_cure() {
        let (layer, loss, metric) = ("dense".to_string(), "BinaryCrossentropy".to_string(), "recall".to_string());
        for warning in [
            Warning::ActivatedTwice { layer: layer.clone(), loss: loss.clone() },
            Warning::BoundedLogits { layer: layer.clone(), loss: loss.clone(), low: -1.0, high: 1.0 },
            Warning::NotProbabilities { layer: layer.clone(), loss: loss.clone(), classes: false },
            Warning::Negative { layer, loss },
            Warning::MetricOnLogits { metric: metric.clone() },
            Warning::MetricOnProbabilities { metric: metric.clone() },
            Warning::OneOutput { metric },
        ] {
            let line = warning.to_string();
            assert!(line.contains(": ") && !line.contains('\n') && !line.contains("  "), "{line}");
        }
    }
}
