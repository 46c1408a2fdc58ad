//! A single sample has the same prediction as in a batch, bit for bit, by every code path.

use nalgebra::DMatrix;
use perceptra::layers::{Activation, BatchNormalization, GaussianNoise, Scaling};
use perceptra::prelude::*;
use perceptra::{Error, Network, Result, Scalar, activations};

fn samples<T: Scalar>(rows: usize, columns: usize) -> DMatrix<T> {
    DMatrix::from_fn(rows, columns, |i, j| T::of(((i * 37 + j * 11 + 5) % 101) as f64 / 40.0 - 1.26))
}

/// Compares the predictions of a matrix with those of its rows, passed in every layout.
fn assert_rows_equal<T: Scalar>(network: &Network<T>, about: &str) -> Result<()> {
    let x = samples::<T>(19, network.inputs());
    let (all, transposed) = (network.predict(&x)?, x.transpose());
    let mut into = DMatrix::zeros(1, network.outputs());
    for i in 0..x.nrows() {
        let by_layout = [
            network.predict(&x.rows(i, 1).into_owned())?,
            network.predict(&x.row(i))?,
            network.predict(&perceptra::models::row_major(transposed.column(i).as_slice(), network.inputs())?)?,
        ];
        for row in by_layout {
            assert_eq!(row, all.rows(i, 1), "{about}, row {i}");
        }
        network.predict_into(&x.row(i), &mut into)?;
        assert_eq!(into, all.rows(i, 1), "{about}, row {i}, into a matrix");
    }
    Ok(())
}

fn every_width_and_activation<T: Scalar>() -> Result<()> {
    let names = [
        "celu",
        "elu",
        "exponential",
        "gelu",
        "hard_shrink",
        "hard_sigmoid",
        "hard_silu",
        "hard_tanh",
        "leaky_relu",
        "linear",
        "log_sigmoid",
        "log_softmax",
        "mish",
        "relu",
        "relu6",
        "selu",
        "sigmoid",
        "silu",
        "soft_shrink",
        "softmax",
        "softplus",
        "softsign",
        "sparse_plus",
        "sparse_sigmoid",
        "sparsemax",
        "squareplus",
        "tanh",
        "tanh_shrink",
        "threshold",
    ];
    for (i, name) in names.into_iter().enumerate() {
        for width in [1, 3, 8, 12, 17, 40 + i] {
            let layers = Sequential::<T>::default()
                .add(Dense::new(width, name))
                .add(Dense::new(width + 2, Relu).use_bias(false))
                .add(Dense::new(2, name));
            assert_rows_equal(&layers.seed(3).build(7)?, &format!("{name} of {width} units"))?;
        }
    }
    // Products in several parts, and more outputs than a vector holds.
    let layers = Sequential::<T>::default().add(Dense::new(90, Relu)).add(Dense::new(33, Sigmoid)).seed(1);
    assert_rows_equal(&layers.build(300)?, "wide layers")
}

#[test]
fn a_row_has_the_prediction_it_has_in_a_matrix() -> Result<()> {
    every_width_and_activation::<f32>()?;
    every_width_and_activation::<f64>()
}

fn other_layers<T: Scalar>() -> Result<()> {
    let empty = Sequential::<T>::default;
    let networks = [
        empty().add(Dropout::new(0.5)),
        empty().add(Scaling::new()),
        empty().add(Input::new(6)).add(Scaling::new()).add(Dense::new(9, Linear)).add(Activation::new("tanh")),
        empty()
            .add(Dropout::new(0.2))
            .add(Dense::new(9, Relu))
            .add(GaussianNoise::new(0.3))
            .add(Dense::new(1, Sigmoid)),
        empty().add(Dense::new(9, Relu)).add(Activation::new(Relu)).add(Scaling::new()).add(Dense::new(3, "gelu")),
        empty().add(Dense::new(9, activations::Custom::new(|z: T| z * z, |z: T| z + z))).add(Dense::new(2, Linear)),
        empty().add(Dense::new(9, Relu)).add(BatchNormalization::new()).add(Dense::new(3, Softmax)),
    ];
    for (i, layers) in networks.into_iter().enumerate() {
        let mut network = layers.seed(2).build(6)?;
        if let Ok(weights) = network.weights("scaling") {
            network.set_weights("scaling", &[weights[0].map(|_| T::of(0.37))])?;
        }
        assert_rows_equal(&network, &format!("network {i}"))?;
    }
    Ok(())
}

#[test]
fn layers_of_other_kinds_take_part() -> Result<()> {
    other_layers::<f32>()?;
    other_layers::<f64>()
}

#[test]
fn rows_are_predicted_with_the_weights_of_the_moment() -> Result<()> {
    let layers = Sequential::new().add(Dense::new(12, Relu)).add(Dense::new(1, Sigmoid)).seed(4);
    let mut model = layers.compile(Adam, BinaryCrossentropy, ());
    model.build(5)?;
    let (x, one) = (samples::<f32>(64, 5), samples::<f32>(1, 5));
    let before = model.predict(&one)?;
    let kernel = model.weights("dense_1")?;
    model.set_weights("dense_1", &[kernel[0].map(|weight| weight + 1.0), dmatrix![0.25]])?;
    let set = model.predict(&one)?;
    assert_rows_equal(model.network()?, "after set_weights")?;
    let y = DMatrix::from_fn(64, 1, |i, _| (i % 2) as f32);
    model.fit(&x, &y, Fit::new().batch_size(8).verbose(0))?;
    let trained = model.predict(&one)?;
    assert_rows_equal(model.network()?, "after a fit")?;
    assert!(before != set && set != trained);
    Ok(())
}

fn refused<T: Scalar>() -> Result<()> {
    let network = Sequential::<T>::default().add(Dense::new(3, Relu)).add(Dense::new(1, Sigmoid)).build(4)?;
    let mut x = samples::<T>(40, 4);
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        x[(7, 2)] = T::of(bad);
        let error = network.predict(&x.row(7)).unwrap_err();
        assert!(matches!(error, Error::NotFinite { what: "x", row: 0, column: 2, .. }), "{error}");
        let error = network.predict(&x.row(7).into_owned()).unwrap_err();
        assert!(matches!(error, Error::NotFinite { what: "x", row: 0, column: 2, .. }), "{error}");
        // The other rows of a matrix do not matter to one of them.
        assert!(network.predict(&x.row(8)).is_ok() && network.predict(&x.rows(8, 2)).is_ok());
        let error = network.predict(&x.rows(6, 2)).unwrap_err();
        assert!(matches!(error, Error::NotFinite { what: "x", row: 1, column: 2, .. }), "{error}");
    }
    let error = network.predict(&samples::<T>(1, 3)).unwrap_err();
    assert!(matches!(error, Error::Features { expected: 4, found: 3, .. }), "{error}");
    Ok(())
}

#[test]
fn a_row_is_refused_as_a_matrix_is() -> Result<()> {
    refused::<f32>()?;
    refused::<f64>()
}
