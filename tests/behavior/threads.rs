//! Results depend neither on the number of threads nor on the company of a sample.

use nalgebra::DMatrix;
use perceptra::prelude::*;

/// A model that is large enough for every part of a step, and a prediction, to be divided among threads.
fn trained(threads: usize, features: usize, hidden: usize, batch_size: usize) -> perceptra::Result<DMatrix<f32>> {
    perceptra::set_num_threads(threads);
    let x = DMatrix::from_fn(3000, features, |i, j| ((i * (2 * j + 3)) % 101) as f32 / 101.0 - 0.5);
    let y = DMatrix::from_fn(3000, 1, |i, _| (i * 7 % 10) as f32);
    let mut model = Sequential::new()
        .add(Dense::new(hidden, Relu))
        .add(Dense::new(hidden, "gelu"))
        .add(Dropout::new(0.1))
        .add(Dense::new(10, Softmax))
        .seed(5)
        .compile(Adam, SparseCategoricalCrossentropy, metrics![Accuracy]);
    model.fit(&x, &y, Fit::new().batch_size(batch_size).epochs(2).verbose(0))?;
    let weights = model.weights("dense_1")?.remove(0);
    let mut rows = model.predict(&x)?;
    let mut again = DMatrix::zeros(3000, 10);
    model.predict_into(&x, &mut again)?;
    assert_eq!(rows, again);
    let place = rows.nrows();
    rows = rows.resize_vertically(place + weights.nrows(), 0.0);
    for (i, row) in weights.row_iter().enumerate() {
        rows.row_mut(place + i).columns_mut(0, 10).copy_from(&row.columns(0, 10));
    }
    Ok(rows)
}

#[test]
fn the_number_of_threads_changes_no_bit() -> perceptra::Result<()> {
    // Wide layers use packed products; narrow ones with large batches use separate kernels.
    for (features, hidden, batch_size) in [(200, 300, 512), (40, 60, 3000), (12, 12, 32)] {
        let one = trained(1, features, hidden, batch_size)?;
        for threads in [2, 3, 8] {
            let several = trained(threads, features, hidden, batch_size)?;
            assert!(one == several, "{features}–{hidden} in batches of {batch_size} on {threads} threads");
        }
    }
    perceptra::set_num_threads(0);
    assert!(perceptra::num_threads() >= 1);
    Ok(())
}

/// The weights after fits with a short last step.
fn weights<T: perceptra::Scalar>(
    threads: usize,
    (features, hidden, activation): (usize, usize, &str),
    batch_size: usize,
    optimizer: &str,
) -> perceptra::Result<Vec<DMatrix<T>>> {
    perceptra::set_num_threads(threads);
    let rows = batch_size + 150;
    let x = DMatrix::from_fn(rows, features, |i, j| T::of(((i * (2 * j + 3)) % 101) as f64 / 101.0 - 0.5));
    let y = DMatrix::from_fn(rows, 1, |i, _| T::of((i * 7 % 10 / 5) as f64));
    let weights: Vec<T> = (0..rows).map(|i| T::of((i % 4) as f64)).collect();
    let mut model = Sequential::<T>::default()
        .add(Dense::new(hidden, activation))
        .add(Dense::new(hidden, Relu))
        .add(Dense::new(1, Sigmoid))
        .seed(5)
        .compile(optimizer, BinaryCrossentropy, metrics![Accuracy]);
    let fit = || Fit::new().batch_size(batch_size).verbose(0);
    model.fit(&x, &y, fit())?;
    // Without a copy of the rows, and weighted.
    model.fit(&x, &y, fit().copy_rows(false).sample_weight(&weights))?;
    let mut all = Vec::new();
    for layer in ["dense", "dense_1", "dense_2"] {
        all.extend(model.weights(layer)?);
    }
    assert!(all.iter().all(|weights| weights.iter().all(|weight| weight.is_finite())));
    Ok(all)
}

#[test]
fn steps_in_parts_of_rows_have_the_same_bits_on_any_number_of_threads() -> perceptra::Result<()> {
    fn check<T: perceptra::Scalar>() -> perceptra::Result<()> {
        // Small and medium networks, which divide the rows of large batches, and one that divides its products.
        for (network, sizes) in [
            ((12, 12, "relu"), [256, 512, 1024]),
            ((30, 64, "tanh"), [128, 256, 700]),
            ((5, 120, "softmax"), [256, 300, 1100]),
            ((90, 300, "relu"), [100, 256, 300]),
        ] {
            for (batch_size, optimizer) in sizes.into_iter().zip(["adam", "sgd", "rmsprop"]) {
                let one = weights::<T>(1, network, batch_size, optimizer)?;
                for threads in [2, 3, 4] {
                    let several = weights::<T>(threads, network, batch_size, optimizer)?;
                    assert!(one == several, "{network:?} in batches of {batch_size} on {threads} threads");
                }
            }
        }
        Ok(())
    }
    check::<f32>()?;
    check::<f64>()?;
    perceptra::set_num_threads(0);
    Ok(())
}

#[test]
fn a_single_sample_is_predicted_as_in_a_batch() -> perceptra::Result<()> {
    for hidden in [12, 300] {
        let x = DMatrix::from_fn(40, 9, |i, j| ((i * (j + 3)) % 17) as f32 / 17.0 - 0.4);
        let layers = Sequential::new().add(Dense::new(hidden, Relu)).add(Dense::new(hidden, "tanh"));
        let network = layers.add(Dense::new(2, Sigmoid)).seed(1).build(9)?;
        let all = network.predict(&x)?;
        let mut one = DMatrix::zeros(1, 2);
        for i in 0..40 {
            network.predict_into(&x.row(i), &mut one)?;
            assert_eq!(one.row(0), all.row(i), "{hidden} units, sample {i}");
        }
        assert!(network.predict_into(&x, &mut one).unwrap_err().to_string().contains("40"));
        let error = network.predict_into(&x, &mut DMatrix::zeros(40, 3)).unwrap_err().to_string();
        assert!(error.contains("one column for each output"), "{error}");
    }
    Ok(())
}
