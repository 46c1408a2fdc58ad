//! Results depend neither on the number of threads nor on the company of a sample.

use nalgebra::DMatrix;
use perceptra::prelude::*;

/// Large enough for every part of a step, and a prediction, to be divided.
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
    // Wide layers go through packed products; narrow ones with large batches through kernels of their own.
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

#[test]
fn a_sample_alone_is_predicted_as_among_others() -> perceptra::Result<()> {
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
