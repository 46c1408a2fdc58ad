//! Mistakes of a newcomer: each is an error whose sentence names the cure, and none a panic.

use nalgebra::{DMatrix, DVector};
use perceptra::initializers::Constant;
use perceptra::prelude::*;

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
    fit(Fit::new().validation_split(0.95), &["validation_split is 0.95", "10 samples"]);
    fit(Fit::new().validation_freq(0), &["validation_freq is 0"]);
    fit(Fit::new().class_weight([(1, -1.0)]), &["class_weight is -1 for class 1"]);
    fit(Fit::new().sample_weight(&[1.0; 4]), &["x has 10 rows", "sample_weight has 4"]);
    fit(Fit::new().sample_weight(&[f32::NAN; 10]), &["sample_weight", "row 0", "finite weight"]);

    let layers = |layers: Sequential, parts: &[&str]| says(&layers.build(3).unwrap_err().to_string(), parts);
    layers(Sequential::new(), &["no layers", "add"]);
    layers(Sequential::new().add(Dense::new(0, Relu)), &["Dense: units is 0"]);
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
