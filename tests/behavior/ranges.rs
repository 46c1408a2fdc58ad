//! The ends of the ranges that items declare: on which side of them an argument is refused.

use perceptra::Result;
use perceptra::activations::{Activation, Elu, LeakyRelu, Relu, Threshold};
use perceptra::constraints::{Constraint, MaxNorm, MinMaxNorm};
use perceptra::initializers::{Initializer, RandomNormal, RandomUniform, TruncatedNormal};
use perceptra::items::{Family, Spec};
use perceptra::layers::{Discretization, ELU, Layer, LeakyReLU, Normalization, Rescaling};
use perceptra::losses::Loss;
use perceptra::metrics::Metric;
use perceptra::optimizers::{Muon, Optimizer};
use perceptra::regularizers::Regularizer;
use serde_json::{Value, json};

/// The required arguments of an item.
fn required(name: &str) -> Value {
    match name {
        "Embedding" => json!({ "input_dim": 3, "output_dim": 2 }),
        "Dropout" | "GaussianDropout" | "AlphaDropout" => json!({ "rate": 0.5 }),
        "GaussianNoise" => json!({ "stddev": 0.5 }),
        "Hashing" => json!({ "num_bins": 3 }),
        "CategoryEncoding" => json!({ "num_tokens": 3 }),
        "Normalization" => json!({ "mean": 1.0 }),
        "Dense" => json!({ "units": 1, "activation": "linear" }),
        "PrecisionAtRecall" => json!({ "recall": 0.5 }),
        "RecallAtPrecision" => json!({ "precision": 0.5 }),
        "SensitivityAtSpecificity" => json!({ "specificity": 0.5 }),
        "SpecificityAtSensitivity" => json!({ "sensitivity": 0.5 }),
        _ => json!({}),
    }
}

fn check<F: Family + ?Sized>(name: &str, argument: &str, value: &Value) -> Result<()> {
    let mut config = required(name);
    config[argument] = value.clone();
    F::get(name, config)?.check()
}

/// Family, names and argument.
type Argument = (fn(&str, &str, &Value) -> Result<()>, &'static [&'static str], &'static str);

fn hold(arguments: &[Argument], inside: Value, outside: Value) {
    let (inside, outside) = (inside.as_array().unwrap(), outside.as_array().unwrap());
    for (check, names, argument) in arguments {
        for name in *names {
            for value in inside {
                check(name, argument, value).unwrap();
            }
            for value in outside {
                let message = check(name, argument, value).unwrap_err().to_string();
                assert!(message.contains(&format!("{name}: {argument} is ")), "{name} {argument} {value}: {message}");
            }
        }
    }
}

const ACTIVATION: fn(&str, &str, &Value) -> Result<()> = check::<dyn Activation<f32>>;
const LOSS: fn(&str, &str, &Value) -> Result<()> = check::<dyn Loss<f32>>;
const METRIC: fn(&str, &str, &Value) -> Result<()> = check::<dyn Metric<f32>>;
const OPTIMIZER: fn(&str, &str, &Value) -> Result<()> = check::<dyn Optimizer<f32>>;
const INITIALIZER: fn(&str, &str, &Value) -> Result<()> = check::<dyn Initializer<f32>>;
const REGULARIZER: fn(&str, &str, &Value) -> Result<()> = check::<dyn Regularizer<f32>>;
const CONSTRAINT: fn(&str, &str, &Value) -> Result<()> = check::<dyn Constraint<f32>>;
const LAYER: fn(&str, &str, &Value) -> Result<()> = check::<dyn Layer<f32>>;

const OPTIMIZERS: &[&str] = &[
    "Adadelta",
    "Adafactor",
    "Adagrad",
    "Adam",
    "Adamax",
    "AdamW",
    "Ftrl",
    "Lamb",
    "Lion",
    "Muon",
    "Nadam",
    "RMSprop",
    "ScheduleFreeAdamW",
    "SGD",
];

#[test]
fn above_0() {
    hold(
        &[
            (ACTIVATION, &["celu"], "alpha"),
            (ACTIVATION, &["hard_sigmoid"], "slope"),
            (LOSS, &["Huber"], "delta"),
            (METRIC, &["FBetaScore"], "beta"),
            (LAYER, &["Scaling"], "learning_rate_factor"),
            (INITIALIZER, &["VarianceScaling"], "scale"),
            (OPTIMIZER, &["Adafactor"], "epsilon_1"),
            (OPTIMIZER, &["Adafactor"], "clip_threshold"),
            (OPTIMIZER, OPTIMIZERS, "clipnorm"),
            (OPTIMIZER, OPTIMIZERS, "clipvalue"),
            (OPTIMIZER, OPTIMIZERS, "global_clipnorm"),
        ],
        json!([1e-300, 1e300]),
        json!([0.0, -1.0]),
    );
}

#[test]
fn at_least_0() {
    hold(
        &[
            (ACTIVATION, &["hard_shrink", "soft_shrink"], "threshold"),
            (ACTIVATION, &["squareplus"], "b"),
            (ACTIVATION, &["relu"], "negative_slope"),
            (ACTIVATION, &["relu"], "max_value"),
            (LOSS, &["BinaryFocalCrossentropy", "CategoricalFocalCrossentropy"], "gamma"),
            (LOSS, &["CategoricalFocalCrossentropy", "Tversky"], "alpha"),
            (LOSS, &["Tversky"], "beta"),
            (INITIALIZER, &["RandomNormal", "TruncatedNormal"], "stddev"),
            (REGULARIZER, &["L1", "L1L2"], "l1"),
            (REGULARIZER, &["L2", "L1L2"], "l2"),
            (REGULARIZER, &["OrthogonalRegularizer"], "factor"),
            (CONSTRAINT, &["MaxNorm"], "max_value"),
            (LAYER, &["BatchNormalization", "GroupNormalization", "LayerNormalization", "RMSNormalization"], "epsilon"),
            (LAYER, &["ActivityRegularization"], "l1"),
            (LAYER, &["ActivityRegularization"], "l2"),
            (LAYER, &["Normalization"], "variance"),
            (OPTIMIZER, OPTIMIZERS, "learning_rate"),
            (OPTIMIZER, OPTIMIZERS, "weight_decay"),
            (OPTIMIZER, &["Adadelta", "Adagrad", "Adam", "Adamax", "AdamW", "Lamb"], "epsilon"),
            (OPTIMIZER, &["Muon", "Nadam", "RMSprop", "ScheduleFreeAdamW"], "epsilon"),
            (OPTIMIZER, &["Adafactor"], "epsilon_2"),
            (OPTIMIZER, &["Adagrad", "Ftrl"], "initial_accumulator_value"),
            (OPTIMIZER, &["Ftrl"], "l1_regularization_strength"),
            (OPTIMIZER, &["Ftrl"], "l2_regularization_strength"),
            (OPTIMIZER, &["Ftrl"], "l2_shrinkage_regularization_strength"),
            (OPTIMIZER, &["Ftrl"], "beta"),
            (OPTIMIZER, &["Muon"], "adam_weight_decay"),
            (OPTIMIZER, &["Muon"], "adam_lr_ratio"),
            (OPTIMIZER, &["Nadam"], "schedule_decay"),
        ],
        json!([0.0, 1e300]),
        json!([-1e-300, -1.0]),
    );
    hold(&[(CONSTRAINT, &["MinMaxNorm"], "min_value")], json!([0.0, 1.0]), json!([-1e-300]));
    // Of a list each value counts.
    hold(&[(LOSS, &["CategoricalFocalCrossentropy"], "alpha")], json!([[0.0, 2.0]]), json!([[1.0, -0.5]]));
    hold(&[(METRIC, &["AUC"], "label_weights")], json!([[0.0, 2.0], null]), json!([[1.0, -0.5]]));
    hold(&[(LAYER, &["Normalization"], "variance")], json!([[0.0, 2.0], null]), json!([[1.0, -0.5]]));
}

#[test]
fn at_most_0() {
    let arguments: &[Argument] =
        &[(OPTIMIZER, &["Adafactor"], "beta_2_decay"), (OPTIMIZER, &["Ftrl"], "learning_rate_power")];
    hold(arguments, json!([0.0, -1e300]), json!([1e-300, 1.0]));
}

#[test]
fn from_0_to_1() {
    hold(
        &[
            (LOSS, &["BinaryCrossentropy", "BinaryFocalCrossentropy"], "label_smoothing"),
            (LOSS, &["CategoricalCrossentropy", "CategoricalFocalCrossentropy"], "label_smoothing"),
            (LOSS, &["BinaryFocalCrossentropy"], "alpha"),
            (METRIC, &["BinaryCrossentropy", "CategoricalCrossentropy"], "label_smoothing"),
            (METRIC, &["PrecisionAtRecall"], "recall"),
            (METRIC, &["RecallAtPrecision"], "precision"),
            (METRIC, &["SensitivityAtSpecificity"], "specificity"),
            (METRIC, &["SpecificityAtSensitivity"], "sensitivity"),
            (METRIC, &["AUC", "Precision", "Recall", "TruePositives"], "thresholds"),
            (METRIC, &["TrueNegatives", "FalsePositives", "FalseNegatives"], "thresholds"),
            (CONSTRAINT, &["MinMaxNorm"], "rate"),
            (LAYER, &["BatchNormalization"], "momentum"),
            (LAYER, &["Dropout"], "rate"),
            (LAYER, &["GaussianNoise"], "stddev"),
            (OPTIMIZER, OPTIMIZERS, "ema_momentum"),
            (OPTIMIZER, &["Lion"], "beta_2"),
            (OPTIMIZER, &["RMSprop", "SGD"], "momentum"),
        ],
        json!([0.0, 1.0]),
        json!([-1e-300, 1.0 + f64::EPSILON]),
    );
    let thresholds: &[Argument] = &[(METRIC, &["AUC", "Precision", "Recall", "TruePositives"], "thresholds")];
    hold(thresholds, json!([[0.0, 1.0], null]), json!([[0.5, 1.5]]));
    hold(
        &[
            (LAYER, &["AlphaDropout", "GaussianDropout"], "rate"),
            (OPTIMIZER, &["Adam", "Adamax", "AdamW", "Lamb", "Nadam"], "beta_1"),
            (OPTIMIZER, &["Adam", "Adamax", "AdamW", "Lamb", "Nadam", "ScheduleFreeAdamW"], "beta_2"),
            (OPTIMIZER, &["Adadelta", "RMSprop"], "rho"),
            (OPTIMIZER, &["Muon"], "adam_beta_1"),
            (OPTIMIZER, &["Muon"], "adam_beta_2"),
            (OPTIMIZER, &["Muon"], "momentum"),
        ],
        json!([0.0, 1.0 - f64::EPSILON]),
        json!([-1e-300, 1.0]),
    );
    hold(
        &[
            (LOSS, &["CategoricalGeneralizedCrossEntropy"], "q"),
            (LAYER, &["Discretization"], "epsilon"),
            (OPTIMIZER, &["ScheduleFreeAdamW"], "beta_1"),
        ],
        json!([1e-300, 1.0 - f64::EPSILON]),
        json!([0.0, 1.0]),
    );
    hold(
        &[(METRIC, &["F1Score", "FBetaScore"], "threshold"), (OPTIMIZER, &["Lion"], "beta_1")],
        json!([1e-300, 1.0]),
        json!([0.0, 1.0 + f64::EPSILON]),
    );
}

#[test]
fn counts() {
    hold(
        &[
            (METRIC, &["Precision", "Recall"], "top_k"),
            (METRIC, &["TopKCategoricalAccuracy", "SparseTopKCategoricalAccuracy"], "k"),
            (METRIC, &["PrecisionAtRecall", "RecallAtPrecision"], "num_thresholds"),
            (METRIC, &["SensitivityAtSpecificity", "SpecificityAtSensitivity"], "num_thresholds"),
            (LAYER, &["Dense"], "units"),
            (LAYER, &["Embedding"], "input_dim"),
            (LAYER, &["Embedding"], "output_dim"),
            (LAYER, &["Hashing"], "num_bins"),
            (LAYER, &["CategoryEncoding"], "num_tokens"),
            (OPTIMIZER, OPTIMIZERS, "ema_overwrite_frequency"),
        ],
        json!([1, 2]),
        json!([0]),
    );
    hold(
        &[
            (METRIC, &["AUC"], "num_thresholds"),
            (LAYER, &["IntegerLookup"], "max_tokens"),
            (OPTIMIZER, OPTIMIZERS, "gradient_accumulation_steps"),
        ],
        json!([2, 3]),
        json!([0, 1]),
    );
    hold(&[(LAYER, &["GroupNormalization"], "groups")], json!([-1, 1]), json!([-2, 0]));
}

/// A configuration in JSON holds no such number.
#[test]
fn infinite_numbers() {
    for wrong in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let refused: &[&dyn Spec] = &[
            &Elu.alpha(wrong),
            &LeakyRelu.negative_slope(wrong),
            &Threshold.threshold(wrong),
            &Threshold.default_value(wrong),
            &RandomNormal.mean(wrong),
            &TruncatedNormal.mean(wrong),
            &RandomUniform.minval(wrong),
            &RandomUniform.maxval(wrong),
            &ELU::new().alpha(wrong),
            &LeakyReLU::new().negative_slope(wrong),
            &Discretization::new().bin_boundaries([0.0, wrong]),
            &Normalization::new().mean(wrong),
            &Normalization::new().variance([1.0, wrong]),
            &Rescaling::new(wrong),
            &Rescaling::new(1.0).offset([0.0, wrong]),
            &Muon.muon_a(wrong),
            &Muon.muon_b(wrong),
            &Muon.muon_c(wrong),
            &Muon.rms_rate(wrong),
        ];
        for item in refused {
            let message = item.check().unwrap_err().to_string();
            assert!(message.contains(&format!(" is {wrong}")) && message.contains("finite"), "{message}");
        }
    }
    // A bound that no value reaches is not checked.
    let accepted: &[&dyn Spec] =
        &[&Relu.max_value(f64::INFINITY), &MaxNorm.max_value(f64::INFINITY), &MinMaxNorm.max_value(f64::INFINITY)];
    assert!(accepted.iter().all(|item| item.check().is_ok()));
}
