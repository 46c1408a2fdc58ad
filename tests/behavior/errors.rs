//! Common misuse: each case is an error with a message that names the cure, and none panics.

use nalgebra::{DMatrix, DVector};
use perceptra::callbacks::{Mode, ProgbarLogger, SaveFreq, UpdateFreq};
use perceptra::initializers::Constant;
use perceptra::items::Spec;
use perceptra::prelude::*;
use perceptra::preprocessing::{StringLookup, Table};
use perceptra::{Error, activations, callbacks, constraints, initializers, layers, losses, metrics, optimizers};
use perceptra::{preprocessing, regularizers};
use serde_json::{Value, json};
use std::sync::Arc;

fn x(rows: usize, columns: usize) -> DMatrix<f32> {
    DMatrix::from_fn(rows, columns, |i, j| (i + j) as f32 / 10.0)
}

fn y(rows: usize) -> DVector<f32> {
    DVector::from_fn(rows, |i, _| (i % 2) as f32)
}

fn binary() -> Model {
    Sequential::new().add(Dense::new(1, Sigmoid)).compile(Adam, BinaryCrossentropy, metrics![Accuracy])
}

/// The message of the fit's error.
fn message(mut model: Model, x: &DMatrix<f32>, y: &DMatrix<f32>, fit: Fit<'_, f32>) -> String {
    model.fit(x, y, fit.verbose(0)).expect_err("an error").to_string()
}

fn one_column(values: &DVector<f32>) -> DMatrix<f32> {
    DMatrix::from_column_slice(values.len(), 1, values.as_slice())
}

#[track_caller]
fn says(message: &str, parts: &[&str]) {
    for part in parts {
        assert!(message.contains(part), "\"{part}\" is not in: {message}");
    }
}

#[test]
fn shapes_that_do_not_fit() {
    let y10 = one_column(&y(10));
    let mut model = binary();
    model.fit(&x(10, 3), &y10, Fit::new().verbose(0)).unwrap();
    let error = model.predict(&x(2, 4)).unwrap_err().to_string();
    says(&error, &["x has 4 columns", "built for 3 features"]);
    let sample = DVector::from_vec(vec![1.0, 2.0, 3.0]);
    says(
        &model.predict(&sample).unwrap_err().to_string(),
        &["x has 1 column but", "a single sample is a row", "transpose"],
    );
    assert!(model.predict(&sample.transpose()).is_ok());
    let error = model.fit(&x(10, 2), &y10, Fit::new().verbose(0)).unwrap_err().to_string();
    says(&error, &["x has 2 columns", "built for 3 features"]);

    says(&message(binary(), &x(10, 3), &one_column(&y(9)), Fit::new()), &["x has 10 rows", "y has 9"]);
    says(&message(binary(), &x(0, 3), &DMatrix::zeros(0, 1), Fit::new()), &["x is empty"]);
    says(&message(binary(), &x(10, 0), &y10, Fit::new()), &["x is empty", "at least one feature"]);
    let two = DMatrix::zeros(10, 2);
    says(&message(binary(), &x(10, 3), &two, Fit::new()), &["y has 2 columns", "2 units"]);
    let declared = Sequential::new().add(Input::new(5)).add(Dense::new(1, Sigmoid)).compile(Adam, "bce", ());
    says(&message(declared, &x(10, 3), &y10, Fit::new()), &["x has 3 columns", "built for 5 features"]);
}

#[test]
fn values_that_cannot_be_learned_from() {
    let y10 = one_column(&y(10));
    let mut bad = x(10, 3);
    bad[(4, 2)] = f32::NAN;
    says(&message(binary(), &bad, &y10, Fit::new()), &["x holds NaN at row 4, column 2"]);
    bad[(4, 2)] = f32::INFINITY;
    let mut model = binary();
    model.fit(&x(10, 3), &y10, Fit::new().verbose(0)).unwrap();
    says(&model.predict(&bad).unwrap_err().to_string(), &["x holds inf at row 4, column 2"]);
    let mut nan = y10.clone();
    nan[3] = f32::NAN;
    says(&message(binary(), &x(10, 3), &nan, Fit::new()), &["y holds NaN at row 3, column 0"]);
    says(
        &message(binary(), &x(10, 3), &y10.map(|y| 3.0 * y), Fit::new()),
        &["BinaryCrossentropy", "row 1", "is 3", "[0, 1]"],
    );
}

#[test]
fn class_indices_out_of_range() {
    let classes = || {
        Sequential::new().add(Dense::new(3, Softmax)).compile(Adam, SparseCategoricalCrossentropy, metrics![Accuracy])
    };
    let labels = DMatrix::from_fn(10, 1, |i, _| (i % 4) as f32);
    says(&message(classes(), &x(10, 3), &labels, Fit::new()), &["row 3", "is 3", "from 0 to 2"]);
    let half = labels.map(|label| label / 2.0);
    says(&message(classes(), &x(10, 3), &half, Fit::new()), &["is 0.5"]);
    let one_hot = DMatrix::zeros(10, 3);
    says(
        &message(classes(), &x(10, 3), &one_hot, Fit::new()),
        &["one column of class indices", "CategoricalCrossentropy"],
    );
    says(&message(classes(), &x(10, 3), &labels, Fit::new()), &["subtract 1 from classes that are counted from 1"]);
    let categorical = Sequential::new().add(Dense::new(3, Softmax)).compile(Adam, CategoricalCrossentropy, ());
    says(&message(categorical, &x(10, 3), &labels, Fit::new()), &["SparseCategoricalCrossentropy"]);
}

#[test]
fn names_that_do_not_exist() {
    let (x, y) = (x(10, 3), one_column(&y(10)));
    let with = |activation: &'static str, optimizer: &'static str, loss: &'static str, metric: &'static str| {
        let model = Sequential::new().add(Dense::new(1, activation)).compile(optimizer, loss, [metric]);
        message(model, &x, &y, Fit::new())
    };
    says(&with("rely", "adam", "mse", "accuracy"), &["no activation \"rely\"", "relu"]);
    says(&with("relu", "adamm", "mse", "accuracy"), &["no optimizer \"adamm\"", "Adam"]);
    says(&with("relu", "adam", "msee", "accuracy"), &["no loss \"msee\"", "mse"]);
    says(&with("relu", "adam", "mse", "acuracy"), &["no metric \"acuracy\"", "accuracy"]);
    let initializer = Sequential::new().add(Dense::new(1, Relu).kernel_initializer("he")).compile("sgd", "mse", ());
    says(&message(initializer, &x, &y, Fit::new()), &["no initializer \"he\"", "HeNormal"]);
    let monitored = Fit::new().callback(EarlyStopping::new().monitor("val_los"));
    says(&message(binary(), &x, &y, monitored), &["val_los", "known: loss, accuracy"]);
    let network = Sequential::new().add(Dense::new(1, Relu)).build(3).unwrap();
    says(&network.weights("dense_7").unwrap_err().to_string(), &["no layer \"dense_7\"", "known: dense"]);
}

#[test]
fn arguments_out_of_range() {
    let (x, y) = (x(10, 3), one_column(&y(10)));
    let fit = |fit: Fit<'_, f32>, parts: &[&str]| says(&message(binary(), &x, &y, fit), parts);
    fit(Fit::new().batch_size(0), &["batch_size is 0", "at least 1"]);
    fit(Fit::new().validation_split(1.0), &["validation_split is 1", "[0, 1)"]);
    fit(Fit::new().validation_split(0.95), &["validation_split is 0.95", "one sample of 10"]);
    fit(Fit::new().validation_freq(0), &["validation_freq is 0"]);
    fit(Fit::new().class_weight([(1, -1.0)]), &["class_weight is -1 for class 1"]);
    fit(Fit::new().sample_weight(&[1.0; 4]), &["x has 10 rows", "sample_weight has 4"]);
    fit(Fit::new().sample_weight(&[f32::NAN; 10]), &["sample_weight holds NaN at row 0", "finite number"]);

    let layers = |layers: Sequential, parts: &[&str]| says(&layers.build(3).unwrap_err().to_string(), parts);
    layers(Sequential::new(), &["no layers", "add"]);
    layers(Sequential::new().add(Dense::new(0, Relu)), &["Dense: units is 0"]);
    let huge = Dense::new(u32::MAX as usize, Relu);
    layers(
        Sequential::new().add(Dense::new(100_000, Relu)).add(huge),
        &["dense_1/kernel: there is no memory", "(100000, 4294967295)", "fewer units"],
    );
    layers(Sequential::new().add(Dropout::new(-0.1)), &["Dropout: rate is -0.1", "[0, 1]"]);
    layers(Sequential::new().add(Dense::new(1, Relu.negative_slope(-1.0))), &["relu: negative_slope is -1"]);
    layers(
        Sequential::new().add(Dense::new(1, Relu).name("a")).add(Dense::new(1, Relu).name("a")),
        &["layer name \"a\"", "twice"],
    );

    let compiled = |optimizer: Model, parts: &[&str]| says(&message(optimizer, &x, &y, Fit::new()), parts);
    let dense = || Sequential::new().add(Dense::new(1, Sigmoid).bias_initializer(Constant.value(0.1)));
    compiled(dense().compile(Adam.learning_rate(-1.0), "bce", ()), &["learning_rate is -1"]);
    compiled(dense().compile(Adam.beta_1(1.0), "bce", ()), &["Adam: beta_1 is 1", "[0, 1)"]);
    compiled(dense().compile(SGD.momentum(2.0), "bce", ()), &["SGD: momentum is 2"]);
    compiled(
        dense().compile(Adam, BinaryCrossentropy.label_smoothing(1.5), ()),
        &["BinaryCrossentropy: label_smoothing is 1.5"],
    );
}

#[test]
fn a_model_that_is_not_built() {
    let mut model = binary();
    says(&model.predict(&x(2, 3)).unwrap_err().to_string(), &["not built", "call fit once"]);
    says(&model.summary().unwrap_err().to_string(), &["Input::new(d)"]);
    assert!(model.evaluate(&x(2, 3), &y(2)).is_err());
    assert!(model.set_weights("dense", &[]).is_err());
    model.build(3).unwrap();
    assert!(model.predict(&x(2, 3)).is_ok());
}

#[test]
fn weights_of_another_shape() {
    let mut network = Sequential::new().add(Dense::new(2, Relu)).build(3).unwrap();
    let error = network.set_weights("dense", &[DMatrix::zeros(2, 3)]).unwrap_err().to_string();
    says(&error, &["weights of dense", "kernel (3, 2), bias (2)", "(2, 3)"]);
    let mut nan = [DMatrix::zeros(3, 2), DMatrix::zeros(2, 1)];
    assert!(network.set_weights("dense", &nan).is_ok(), "a vector may come as a column");
    nan[0][(1, 1)] = f32::NAN;
    says(&network.set_weights("dense", &nan).unwrap_err().to_string(), &["NaN at row 1, column 1"]);
}

/// Unknown names in every family with names.
#[test]
fn an_unknown_name_is_answered_with_existing_names_and_a_suggestion() {
    let null = Value::Null;
    let table = [
        (activations::get::<f32>("sigmiod", null.clone()).err(), "sigmoid", "tanh"),
        (losses::get::<f32>("binary_crossentropi", null.clone()).err(), "BinaryCrossentropy", "Huber"),
        (metrics::get::<f32>("Recal", null.clone()).err(), "Recall", "AUC"),
        (optimizers::get::<f32>("RMSProb", null.clone()).err(), "RMSprop", "Adam"),
        (optimizers::schedules::get("CosinDecay", null.clone()).err(), "CosineDecay", "PolynomialDecay"),
        (initializers::get::<f32>("he_norml", null.clone()).err(), "HeNormal", "Zeros"),
        (regularizers::get::<f32>("l1l", null.clone()).err(), "l1", "OrthogonalRegularizer"),
        (constraints::get::<f32>("maxnorms", null.clone()).err(), "MaxNorm", "UnitNorm"),
        (layers::get::<f32>("Dens", json!({ "units": 1 })).err(), "Dense", "BatchNormalization"),
    ];
    for (error, meant, also) in table {
        let message = error.map(|error| error.to_string()).expect(meant);
        assert!(message.to_lowercase().contains(&format!("did you mean \"{}", meant.to_lowercase())), "{message}");
        says(&message, &["there is no", "known:", also]);
    }
    let network = Sequential::new().add(Dense::new(1, Relu).name("hidden")).build(2).unwrap();
    says(&network.weights("hiden").unwrap_err().to_string(), &["did you mean \"hidden\"?"]);
    says(&network.get_layer_at(1).err().unwrap().to_string(), &["index is 1", "number of layers of the model, 1"]);
    says(&network.summary().layer_range("hidden", "x").unwrap_err().to_string(), &["no layer \"x\""]);
    let table = Table::new().with_numbers("rate", [1.0]).unwrap();
    says(&table.numbers("rat").unwrap_err().to_string(), &["no column \"rat\"; did you mean \"rate\"?"]);
}

#[test]
fn arguments_of_configurations_are_named() {
    let table = [
        (losses::get::<f32>("Huber", json!({ "delta": "much" })).err(), "Huber"),
        (metrics::get::<f32>("AUC", json!({ "curve": "ROCK" })).err(), "AUC"),
        (optimizers::get::<f32>("Adam", json!({ "beta_1": [] })).err(), "Adam"),
        (layers::get::<f32>("Dense", json!({})).err(), "units"),
        (layers::get::<f32>("Dense", json!({ "units": 3, "width": 4 })).err(), "no argument \"width\""),
        // Arguments that Keras writes and this crate ignores are accepted only when Keras's files are read.
        (layers::get::<f32>("Dense", json!({ "units": 3, "dtype": "float32" })).err(), "no argument \"dtype\""),
        (layers::get::<f32>("Dense", json!({ "units": 1e12 })).err(), "units"),
        (layers::get::<f32>("Dense", json!({ "units": 2, "activation": "rely" })).err(), "did you mean \"relu\"?"),
    ];
    for (error, part) in table {
        says(&error.map(|error| error.to_string()).expect(part), &[part]);
    }
}

#[test]
fn metrics_that_do_not_go_with_the_model() {
    let (x, y) = (x(10, 3), one_column(&y(10)));
    let labels = DMatrix::from_fn(10, 1, |i, _| (i % 3) as f32);
    let one_hot = DMatrix::from_fn(10, 3, |i, j| f32::from(u8::from(i % 3 == j)));
    let one = |metric: Arc<dyn metrics::Metric<f32>>, parts: &[&str]| {
        let model = Sequential::new().add(Dense::new(1, Sigmoid)).compile(Adam, "bce", [metric]);
        says(&message(model, &x, &y, Fit::new()), parts);
    };
    let several = |loss: &'static str, y: &DMatrix<f32>, metric: Arc<dyn metrics::Metric<f32>>, parts: &[&str]| {
        let model = Sequential::new().add(Dense::new(3, Softmax)).compile(Adam, loss, [metric]);
        says(&message(model, &x, y, Fit::new()), parts);
    };
    let (sparse, categorical) = ("sparse_categorical_crossentropy", "categorical_crossentropy");
    let of = |name: &str, config: Value| metrics::get::<f32>(name, config).unwrap();
    several(sparse, &labels, of("SparseTopKCategoricalAccuracy", json!({})), &["k is 5", "number of outputs, 3"]);
    several(categorical, &one_hot, of("TopKCategoricalAccuracy", json!({ "k": 4 })), &["k is 4", "3"]);
    several(categorical, &one_hot, of("TopKCategoricalAccuracy", json!({ "k": 0 })), &["k is 0"]);
    several(categorical, &one_hot, of("Precision", json!({ "class_id": 3 })), &["class_id is 3", "outputs, 3"]);
    several(categorical, &one_hot, of("Recall", json!({ "top_k": 4 })), &["top_k is 4", "outputs, 3"]);
    several(
        categorical,
        &one_hot,
        of("AUC", json!({ "num_labels": 2, "multi_label": true })),
        &["num_labels is 2", "3"],
    );
    several(
        categorical,
        &one_hot,
        of("AUC", json!({ "label_weights": [1.0, 2.0], "multi_label": true })),
        &["label_weights is 2 numbers", "each output, of which there are 3"],
    );
    several(categorical, &one_hot, of("SparseCategoricalAccuracy", json!({})), &["one column of class indices"]);
    several(sparse, &labels, of("CategoricalAccuracy", json!({})), &["sparse form"]);
    several(sparse, &labels, of("F1Score", json!({})), &["F1Score"]);
    one(of("SparseCategoricalAccuracy", json!({})), &["an output for each class", "BinaryAccuracy"]);
    one(of("sparse_categorical_crossentropy", json!({})), &["an output for each class"]);
    one(of("AUC", json!({ "num_thresholds": 1 })), &["num_thresholds is 1", "at least 2"]);
    one(of("AUC", json!({ "num_labels": 2 })), &["num_labels is 2", "multi_label"]);
    one(of("Precision", json!({ "thresholds": [0.5, 1.5] })), &["thresholds is 1.5", "[0, 1]"]);
    one(of("FalsePositives", json!({ "thresholds": -0.1 })), &["thresholds is -0.1", "[0, 1]"]);
    one(of("F1Score", json!({ "threshold": 0.0 })), &["threshold is 0"]);
    one(of("FBetaScore", json!({ "beta": 0.0 })), &["beta is 0"]);
    one(of("PrecisionAtRecall", json!({ "recall": 1.5 })), &["recall is 1.5", "[0, 1]"]);
    one(of("SensitivityAtSpecificity", json!({ "specificity": -1.0 })), &["specificity is -1"]);
}

#[test]
fn items_with_arguments_out_of_range() {
    let (x, y) = (x(10, 3), one_column(&y(10)));
    let built = |layers: Sequential, parts: &[&str]| says(&layers.build(3).unwrap_err().to_string(), parts);
    let layer = |name: &str, config: Value, parts: &[&str]| {
        let built = layers::get(name, config.clone()).and_then(|layer| Sequential::new().add(layer).build(3));
        says(&built.err().unwrap_or_else(|| panic!("{name} is built of {config}")).to_string(), parts);
    };
    layer("Dropout", json!({ "rate": 1.5 }), &["rate is 1.5"]);
    layer("AlphaDropout", json!({ "rate": 1.0 }), &["rate is 1", "[0, 1)"]);
    layer("GaussianDropout", json!({ "rate": 1.0 }), &["rate is 1", "[0, 1)"]);
    layer("GaussianNoise", json!({ "stddev": -0.5 }), &["stddev is -0.5"]);
    layer("ActivityRegularization", json!({ "l1": -1.0 }), &["l1 is -1"]);
    layer("BatchNormalization", json!({ "momentum": 1.5 }), &["momentum is 1.5"]);
    layer("BatchNormalization", json!({ "epsilon": -1.0 }), &["epsilon is -1"]);
    layer("LayerNormalization", json!({ "epsilon": -1.0 }), &["epsilon is -1"]);
    layer("GroupNormalization", json!({ "groups": 2 }), &["groups is 2", "3"]);
    layer("GroupNormalization", json!({}), &["groups is 32", "3"]);
    layer("SpectralNormalization", json!({ "layer": "Flatten" }), &["Flatten", "no kernel"]);
    layer("Embedding", json!({ "input_dim": 0, "output_dim": 2 }), &["input_dim is 0"]);
    layer("CategoryEncoding", json!({ "num_tokens": 0 }), &["num_tokens is 0"]);
    layer("Hashing", json!({ "num_bins": 0 }), &["num_bins is 0"]);
    layer("Discretization", json!({}), &["boundaries", "adapt"]);
    layer("Normalization", json!({}), &["adapt"]);
    layer("IntegerLookup", json!({}), &["vocabulary", "adapt"]);
    layer("IntegerLookup", json!({ "vocabulary": [1, 1] }), &["1 twice"]);
    layer("Rescaling", json!({ "scale": [1.0, 2.0] }), &["scale", "3"]);
    layer("InputLayer", json!({ "batch_shape": [null, 4] }), &["4", "3"]);
    let dense = |name: &str, item: Value, parts: &[&str]| layer("Dense", json!({ "units": 2, name: item }), parts);
    let item = |class: &str, config: Value| json!({ "class_name": class, "config": config });
    dense("kernel_regularizer", item("L2", json!({ "l2": -1.0 })), &["l2 is -1"]);
    dense("kernel_constraint", item("MinMaxNorm", json!({ "min_value": 2.0 })), &["max_value is 1", "min_value, 2"]);
    dense("kernel_constraint", item("MaxNorm", json!({ "axis": 2 })), &["axis is 2"]);
    dense("kernel_initializer", item("RandomNormal", json!({ "stddev": -1.0 })), &["stddev is -1"]);
    dense("kernel_initializer", item("VarianceScaling", json!({ "scale": 0.0 })), &["scale is 0"]);
    dense("bias_initializer", item("Identity", json!({})), &["Identity"]);
    dense("activation", item("relu", json!({ "max_value": -1.0 })), &["max_value is -1"]);

    let embedding =
        || Sequential::new().add(Embedding::new(3, 2)).add(Dense::new(1, Sigmoid)).compile("adam", "bce", ());
    let mut codes = DMatrix::from_fn(10, 2, |i, _| (i % 3) as f32);
    codes[(7, 1)] = 3.0;
    says(&message(embedding(), &codes, &y, Fit::new()), &["x holds 3 at row 7, column 1", "embedding", "below 3"]);
    codes[(7, 1)] = 0.5;
    says(&message(embedding(), &codes, &y, Fit::new()), &["x holds 0.5 at row 7, column 1"]);

    let optimizer = |name: &str, config: Value, parts: &[&str]| {
        let optimizer = optimizers::get::<f32>(name, config).unwrap();
        let model = Sequential::new().add(Dense::new(1, Sigmoid)).compile(optimizer, "bce", ());
        says(&message(model, &x, &y, Fit::new()), parts);
    };
    optimizer("Adam", json!({ "clipnorm": 1.0, "clipvalue": 1.0 }), &["only one of clipnorm, clipvalue"]);
    optimizer("SGD", json!({ "weight_decay": -0.1 }), &["weight_decay is -0.1"]);
    optimizer("SGD", json!({ "nesterov": true, "momentum": -0.1 }), &["momentum is -0.1"]);
    optimizer("RMSprop", json!({ "rho": 1.0 }), &["rho is 1"]);
    optimizer("Adam", json!({ "gradient_accumulation_steps": 1 }), &["gradient_accumulation_steps is 1"]);
    let schedule = |class: &str, config: Value| json!({ "learning_rate": item(class, config) });
    let piecewise = |boundaries: &[u32], values: &[f64]| {
        schedule("PiecewiseConstantDecay", json!({ "boundaries": boundaries, "values": values }))
    };
    optimizer("SGD", piecewise(&[5, 3], &[0.1, 0.2, 0.3]), &["boundaries is", "rising order"]);
    optimizer("SGD", piecewise(&[3, 5], &[0.1, 0.2]), &["values is a list of 2", "one value more"]);
    let exponential = json!({ "initial_learning_rate": 0.1, "decay_steps": 0, "decay_rate": 0.5 });
    optimizer("SGD", schedule("ExponentialDecay", exponential), &["decay_steps is 0"]);

    let loss = |name: &str, config: Value, parts: &[&str]| {
        let loss = losses::get::<f32>(name, config).unwrap();
        let model = Sequential::new().add(Dense::new(1, Sigmoid)).compile("sgd", loss, ());
        says(&message(model, &x, &y, Fit::new()), parts);
    };
    loss("Huber", json!({ "delta": 0.0 }), &["delta is 0", "above 0"]);
    loss("BinaryFocalCrossentropy", json!({ "gamma": -1.0 }), &["gamma is -1"]);
    loss("CategoricalGeneralizedCrossEntropy", json!({ "q": 1.5 }), &["q is 1.5"]);
    loss("Tversky", json!({ "alpha": -1.0 }), &["alpha is -1"]);
    built(Sequential::new().add(Input::new(0)), &["columns is 0"]);
}

#[test]
fn invalid_arguments_of_a_fit() {
    let (x, y) = (x(10, 3), one_column(&y(10)));
    let fit = |fit: Fit<'_, f32>, parts: &[&str]| says(&message(binary(), &x, &y, fit), parts);
    fit(Fit::new().class_weight([(0, 1.0), (2, 5.0)]), &["class_weight is 5 for class 2", "classes 0 to 1"]);
    fit(Fit::new().class_weight([(1, f64::NAN)]), &["class_weight is NaN"]);
    fit(Fit::new().class_weight([(1, 2.0), (1, 3.0)]), &["class_weight is 3 for class 1", "one weight"]);
    fit(Fit::new().sample_weight(&[-1.0; 10]), &["sample_weight holds -1 at row 0", "at least 0"]);
    for count in [8, 9, 12] {
        let (each, found) = (vec![1.0; count], format!("sample_weight has {count}"));
        fit(Fit::new().sample_weight(&each).validation_split(0.2), &["x has 10 rows", &found]);
    }
    fit(Fit::new().steps_per_epoch(0), &["steps_per_epoch is 0"]);
    fit(Fit::new().validation_split(f64::NAN), &["validation_split is NaN"]);
    fit(Fit::new().validation_split(-0.1), &["validation_split is -0.1"]);
    let (few_x, few_y) = (DMatrix::zeros(4, 2), DMatrix::zeros(3, 1));
    fit(Fit::new().validation_data(&few_x, &y), &["validation x has 4 rows"]);
    fit(Fit::new().validation_data(&DMatrix::zeros(0, 3), &DMatrix::zeros(0, 1)), &["validation x is empty"]);
    let few_x = DMatrix::zeros(3, 2);
    fit(Fit::new().validation_data(&few_x, &few_y), &["validation x has 2 columns", "3 features"]);
    let (other_x, other_y) = (DMatrix::zeros(3, 3), DMatrix::from_element(3, 1, 2.0));
    fit(Fit::new().validation_data(&other_x, &other_y), &["BinaryCrossentropy", "is 2", "[0, 1]"]);

    let call = |callback: &mut dyn Callback<f32>, parts: &[&str]| {
        says(&message(binary(), &x, &y, Fit::new().epochs(2).callback(callback)), parts);
    };
    call(&mut EarlyStopping::new(), &["\"val_loss\"", "known: loss, accuracy"]);
    call(&mut EarlyStopping::new().monitor("acuracy"), &["did you mean \"accuracy\"?"]);
    call(&mut EarlyStopping::new().monitor("loss").min_delta(f64::NAN), &["EarlyStopping: min_delta is NaN", "finite"]);
    call(&mut EarlyStopping::new().monitor("loss").baseline(f64::NAN), &["baseline is NaN"]);
    call(&mut ReduceLROnPlateau::new().monitor("loss").min_lr(f64::NAN), &["ReduceLROnPlateau: min_lr is NaN"]);
    call(&mut ReduceLROnPlateau::new().monitor("loss").min_delta(f64::NAN), &["min_delta is NaN"]);
    call(&mut ReduceLROnPlateau::new().monitor("auc"), &["\"auc\"", "loss, accuracy"]);
    call(&mut ReduceLROnPlateau::new().monitor("loss").factor(1.0), &["factor is 1"]);
    call(&mut ModelCheckpoint::new("m").monitor("auc").save_best_only(true), &["\"auc\""]);
    call(&mut ModelCheckpoint::new("m-{auc:.2f}"), &["auc", "loss, accuracy"]);
    call(&mut ModelCheckpoint::new("m").save_freq(SaveFreq::Batches(0)), &["save_freq is 0"]);
    call(&mut BackupAndRestore::new("backup").save_freq(0), &["save_freq is 0"]);
    call(&mut TensorBoard::new().update_freq(UpdateFreq::Batches(0)), &["update_freq is 0"]);
    call(&mut SwapEMAWeights::new(), &["use_ema"]);
    call(&mut LearningRateScheduler::new(|_, _| f64::NAN), &["LearningRateScheduler", "NaN"]);
    let no_direction = Sequential::new().add(Dense::new(1, Sigmoid)).compile("adam", "bce", metrics![FalsePositives]);
    let monitored = EarlyStopping::new().monitor("false_positives");
    says(&message(no_direction, &x, &y, Fit::new().callback(monitored)), &["false_positives", "Mode::Min"]);
    let mut model = binary();
    let chosen = EarlyStopping::new().monitor("accuracy").mode(Mode::Min);
    assert!(model.fit(&x, &y, Fit::new().verbose(0).callback(chosen).callback(ProgbarLogger::new())).is_ok());

    let evaluated = |options: Evaluate<'_, f32>, parts: &[&str]| {
        says(&model.evaluate_with(&x, &y, options).unwrap_err().to_string(), parts);
    };
    evaluated(Evaluate::new().batch_size(0), &["batch_size is 0"]);
    evaluated(Evaluate::new().steps(0), &["steps is 0"]);
    evaluated(Evaluate::new().sample_weight(&[1.0; 3]), &["x has 10 rows", "sample_weight has 3"]);
    evaluated(Evaluate::new().sample_weight(&[f32::INFINITY; 10]), &["sample_weight holds inf at row 0"]);
    says(&model.predict_with(&x, Predict::new().batch_size(0)).unwrap_err().to_string(), &["batch_size is 0"]);
    assert_eq!(model.predict(&DMatrix::zeros(0, 3)).unwrap().shape(), (0, 1));
}

/// Their loss would be 0, or what it is at first, for ever.
#[test]
fn one_output_for_several_classes() {
    let (x, y) = (x(10, 3), one_column(&y(10)));
    let losses = ["CategoricalCrossentropy", "SparseCategoricalCrossentropy", "CategoricalFocalCrossentropy"];
    for loss in losses.into_iter().chain(["CategoricalGeneralizedCrossEntropy"]) {
        let model = || Sequential::new().add(Dense::new(1, Sigmoid)).compile("adam", loss, ());
        says(&message(model(), &x, &y, Fit::new()), &["outputs is 1", "at least 2", "BinaryCrossentropy"]);
        let mut built = model();
        built.build(3).unwrap();
        assert!(built.evaluate(&x, &y).is_err(), "{loss}");
    }
    for last in [Sequential::new().add(Dense::new(1, Softmax)), Sequential::new().add(Dense::new(1, "softmax"))] {
        says(&message(last.compile("adam", "bce", ()), &x, &y, Fit::new()), &["dense: softmax", "always 1", "Sigmoid"]);
    }
    let mut hidden =
        Sequential::new().add(Dense::new(1, Softmax)).add(Dense::new(1, Sigmoid)).compile("adam", "bce", ());
    assert!(hidden.fit(&x, &y, Fit::new().verbose(0)).is_ok());
}

/// Rows are counted as they were passed, also those that are kept for validation.
#[test]
fn rows_after_a_validation_split() {
    let (good_x, good_y, mut weights) = (x(10, 3), one_column(&y(10)), [1.0; 10]);
    let said = |x: &DMatrix<f32>, y: &DMatrix<f32>, fit: Fit<'_, f32>, parts: &[&str]| {
        says(&message(binary(), x, y, fit.validation_split(0.3)), parts);
    };
    let (mut bad_x, mut bad_y) = (good_x.clone(), good_y.clone());
    bad_x[(8, 1)] = f32::NAN;
    said(&bad_x, &good_y, Fit::new(), &["x holds NaN at row 8, column 1"]);
    bad_y[7] = 2.0;
    said(&good_x, &bad_y, Fit::new(), &["row 7, column 0", "is 2"]);
    bad_y[7] = f32::NAN;
    said(&good_x, &bad_y, Fit::new(), &["y holds NaN at row 7, column 0"]);
    weights[9] = -1.0;
    said(&good_x, &good_y, Fit::new().sample_weight(&weights), &["sample_weight holds -1 at row 9"]);
    let given = Fit::new().validation_data(&bad_x, &good_y);
    says(&message(binary(), &good_x, &good_y, given), &["validation x holds NaN at row 8, column 1"]);
}

#[test]
fn validation_weights_need_validation_data() {
    let (x, y) = (x(10, 3), one_column(&y(10)));
    let fit = |fit: Fit<'_, f32>, parts: &[&str]| says(&message(binary(), &x, &y, fit), parts);
    let alone = ["validation_weights", ".validation_data(", "validation_split"];
    fit(Fit::new().validation_weights(&[1.0; 10]), &alone);
    fit(Fit::new().validation_split(0.5).validation_weights(&[1.0; 5]), &alone);
    let with = |weights| Fit::new().validation_weights(weights).validation_data(&x, &y);
    fit(with(&[1.0; 3]), &["validation x has 10 rows but validation_weights has 3"]);
    fit(with(&[f32::NAN; 10]), &["validation_weights holds NaN at row 0"]);

    let loss = |fit: Fit<'_, f32>| {
        let model = Sequential::new().add(Dense::new(1, Sigmoid)).seed(1);
        let history = model.compile("adam", "bce", ()).fit(&x, &y, fit.verbose(0)).unwrap();
        history.last("val_loss").unwrap()
    };
    let weights: Vec<f32> = (0..10).map(|row| row as f32).collect();
    let before = loss(Fit::new().validation_weights(&weights).validation_data(&x, &y));
    let after = loss(Fit::new().validation_data(&x, &y).validation_weights(&weights));
    assert_eq!(before, after);
    assert_ne!(before, loss(Fit::new().validation_data(&x, &y)));
}

#[test]
fn strings_before_there_is_a_vocabulary() {
    let table = Table::new().with_strings("home", ["RENT"]).unwrap();
    let message = StringLookup::new().transform::<f32>(&table, ["home"]).unwrap_err().to_string();
    says(&message, &["no vocabulary", "adapt"]);
    says(&StringLookup::new().adapt(&table, ["hom"]).unwrap_err().to_string(), &["no column \"hom\"", "home"]);
    let numbers = Table::new().with_numbers("n", [1.0]).unwrap();
    says(&StringLookup::new().adapt(&numbers, ["n"]).unwrap_err().to_string(), &["IntegerLookup"]);
}

#[test]
fn invalid_arguments_of_compile_are_reported_by_build() {
    let build = |model: Model| model.clone().build(3).unwrap_err().to_string();
    let layers = || Sequential::new().add(Dense::new(1, Sigmoid));
    assert!(build(layers().compile("adm", "bce", ())).contains("there is no optimizer \"adm\""));
    assert!(build(layers().compile("adam", "bc", ())).contains("there is no loss \"bc\""));
    assert!(build(layers().compile("adam", "bce", ["accurcy"])).contains("there is no metric \"accurcy\""));
    assert!(build(layers().compile(Adam.learning_rate(-1.0), "bce", ())).contains("learning_rate"));
}

/// A misspelled argument of an item by its name is an error in every family, with the arguments as a list.
#[test]
fn arguments_that_do_not_exist() {
    let cases = [
        activations::get::<f32>("relu", json!({ "max_valeu": 6.0 })).err(),
        constraints::get::<f32>("MaxNorm", json!({ "max_valu": 1.0 })).err(),
        initializers::get::<f32>("RandomNormal", json!({ "stdev": 0.1 })).err(),
        layers::get::<f32>("Dense", json!({ "unitz": 3 })).err(),
        losses::get::<f32>("Huber", json!({ "detla": 2.0 })).err(),
        metrics::get::<f32>("Precision", json!({ "treshold": 0.3 })).err(),
        optimizers::get::<f32>("adam", json!({ "learning_rat": 0.1 })).err(),
        optimizers::schedules::get("ExponentialDecay", json!({ "decay_step": 3 })).err(),
        regularizers::get::<f32>("l2", json!({ "l": 0.1 })).err(),
    ];
    for (case, meant) in cases.into_iter().zip([
        "max_value",
        "max_value",
        "stddev",
        "units",
        "delta",
        "thresholds",
        "learning_rate",
        "decay_steps",
        "l2",
    ]) {
        let Some(Error::UnknownArgument { item, name, known, .. }) = &case else { panic!("{meant}: {case:?}") };
        assert!(known.iter().any(|known| known == meant), "{item}: {known:?}");
        let message = case.as_ref().map(ToString::to_string).unwrap_or_default();
        says(&message, &[item.as_str(), &format!("has no argument \"{name}\""), &known.join(", ")]);
        // One letter of two is too much to guess.
        assert_eq!(message.contains(&format!("did you mean \"{meant}\"?")), meant != "l2", "{message}");
    }
}

/// Existing names are a list in the error, even if they contain separators.
#[test]
fn names_with_commas_and_semicolons() {
    let table = Table::new().with_numbers("income, yearly", [1.0]).unwrap();
    let table = table.with_numbers("rate; %", [1.0]).unwrap();
    let error = table.numbers("income, yaerly").map(|_| ()).unwrap_err();
    says(&error.to_string(), &["did you mean \"income, yearly\"?; its columns: income, yearly, rate; %"]);
    let Error::UnknownColumn { known, .. } = error else { panic!("{error}") };
    assert_eq!(known, ["income, yearly", "rate; %"]);
}

#[test]
fn values_in_messages_are_short() {
    let told = |result: Result<(), Error>| result.unwrap_err().to_string();
    let decay = CosineDecay::new(0.1, 0);
    says(&told(decay.check()), &["decay_steps is 0; expected at least 1"]);
    let delta = "delta is -1.7976931348623157e308; expected a finite number above 0";
    says(&told(Huber.delta(-f64::MAX).check()), &[delta]);
    says(&told(Err(Error::argument("Shrink", "factor", f64::MAX, "less"))), &["factor is 1.7976931348623157e308"]);
    says(&told(SGD.learning_rate(-1e300).check()), &["learning_rate is -1e300"]);
    let large = one_column(&DVector::from_element(4, f32::MAX));
    says(&message(binary(), &x(4, 1), &large, Fit::new()), &["is 3.4028234663852886e38"]);
}

#[test]
fn parse_errors_are_worded_by_the_crate() {
    type Get = fn(&str, Value) -> Error;
    let metric: Get = |name, config| metrics::get::<f32>(name, config).unwrap_err();
    let layer: Get = |name, config| layers::get::<f32>(name, config).unwrap_err();
    let loss: Get = |name, config| losses::get::<f32>(name, config).unwrap_err();
    let callback: Get = |name, config| callbacks::get::<f32>(name, config).unwrap_err();
    let transformer: Get = |name, config| preprocessing::get(name, config).unwrap_err();
    for (get, name, config, expected) in [
        (metric, "AUC", json!({ "thresholds": "x" }), "null, a number or a list of numbers, not \"x\""),
        (metric, "F1Score", json!({ "average": "macr" }), "\"macro\", \"micro\" or \"weighted\", not \"macr\""),
        (metric, "Recall", json!({ "class_id": -1 }), "a whole number from 0 to 4294967295, not -1"),
        (layer, "Dense", json!({ "units": "half" }), "a whole number from 0 to 4294967295, not \"half\""),
        (layer, "Dense", json!({ "units": 1, "trainable": 1 }), "true or false, not 1"),
        (layer, "Rescaling", json!({ "scale": [1, "x"] }), "a number or a list of numbers, not a list of 2"),
        (layer, "Dropout", json!({ "rate": null }), "a number, not null"),
        (layer, "Dropout", json!({ "rate": 0.5, "noise_shape": [1] }), "a list of 2, not one of 1"),
        (layer, "Hashing", json!({ "num_bins": 3, "salt": "x" }), "or a list of two, not \"x\""),
        (loss, "CategoricalFocalCrossentropy", json!({ "alpha": {} }), "a list of numbers, not an object"),
        (callback, "ModelCheckpoint", json!({ "filepath": "a", "save_freq": -1 }), "number of batches, not -1"),
        (callback, "TensorBoard", json!({ "update_freq": true }), "a whole number of batches, not true"),
        (callback, "CSVLogger", json!({ "filename": 3 }), "a path, not 3"),
        (transformer, "TextToNumber", json!({ "decimal": "xx" }), "one character, not \"xx\""),
    ] {
        let message = get(name, config).to_string();
        assert!(message.ends_with(expected), "{message}");
    }
    let read = |text: &str| Sequential::<f32>::from_json(text).unwrap_err().to_string();
    let message = read(r#"{ "class_name": "Sequential", "config": { "layers": [3] } }"#);
    assert!(
        message.contains("\"config\": \"layers\": [0]: expected a name, or an item as") && message.ends_with(", not 3"),
        "{message}"
    );
    // Invalid JSON has no value to name, but a position.
    assert!(read("{ \"class_name\": ]").ends_with("at line 1 column 17"));
}
