//! Keras's HDF5 files: whole models in the legacy form, and weights.

use super::scratch::place;
use perceptra::prelude::*;
use perceptra::saving::keras;

/// Opens the bytes as a legacy model, and as the weights of one that they may fit.
pub(crate) fn read(bytes: &[u8]) {
    let path = place("model.h5");
    std::fs::write(&path, bytes).unwrap();
    let _ = keras::load_model::<f32>(&path);
    let weights = place("model.weights.h5");
    std::fs::write(&weights, bytes).unwrap();
    // The layers and the optimizer of some of the seeds.
    let layers = Sequential::new().add(Input::new(2)).add(Dense::new(1, Sigmoid)).seed(1);
    let mut model = layers.compile(Adam, BinaryCrossentropy, ());
    model.build(2).expect("the layers fit");
    let x = nalgebra::DMatrix::from_row_slice(1, 2, &[0.5, -0.5]);
    let before = model.predict(&x).expect("a prediction");
    match keras::load_weights(&mut model, &weights) {
        Ok(()) => {
            let _ = model.train_on_batch(&x, &nalgebra::DMatrix::from_element(1, 1, 1.0));
        }
        Err(_) => {
            assert_eq!(before, model.predict(&x).expect("a prediction"), "a refused file changes nothing");
            let _ = keras::load_weights_skip_mismatch(&mut model, &weights);
        }
    }
}

/// The most memory that reading this many bytes may take.
pub(crate) fn most(bytes: usize) -> usize {
    300 * bytes + (64 << 20)
}
