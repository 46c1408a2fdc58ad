//! Keras's HDF5 files: whole models in the legacy form, and weights.

use super::scratch::place;
use perceptra::prelude::*;
use perceptra::saving::keras;

/// Opens the bytes as a legacy model, and as the weights of one that they may fit.
pub fn read(bytes: &[u8]) {
    let path = place("model.h5");
    std::fs::write(&path, bytes).unwrap();
    let _ = keras::load_model::<f32>(&path);
    let weights = place("model.weights.h5");
    std::fs::write(&weights, bytes).unwrap();
    let layers = Sequential::new().add(Input::new(2)).add(Dense::new(2, Relu)).add(Dense::new(1, Sigmoid)).seed(1);
    let mut model = layers.compile(Adam, BinaryCrossentropy, ());
    model.build(2).expect("the layers fit");
    let before = model.predict(&nalgebra::dmatrix![0.5, -0.5]).expect("a prediction");
    if keras::load_weights(&mut model, &weights).is_err() {
        let after = model.predict(&nalgebra::dmatrix![0.5, -0.5]).expect("a prediction");
        assert_eq!(before, after, "a refused file changes nothing");
    }
}

/// The most memory that reading so many bytes may take.
pub fn most(bytes: usize) -> usize {
    300 * bytes + (64 << 20)
}
