//! Keras's `.keras` archives.

use super::scratch::place;
use perceptra::saving::keras;

/// Opens the bytes as a model and as a network, in both element types.
pub(crate) fn read(bytes: &[u8]) {
    let path = place("model.keras");
    std::fs::write(&path, bytes).unwrap();
    if let Ok(model) = keras::load_model::<f32>(&path) {
        let again = place("again.keras");
        if keras::save_model(&model, &again).is_ok() {
            keras::load_model::<f32>(&again).expect("what was saved can be read");
        }
    }
    let _ = keras::load_network::<f64>(&path);
}

/// The most memory that reading this many bytes may take.
pub(crate) fn most(bytes: usize) -> usize {
    // Twice the documented limit of one file, for the input and for the file that is saved from it.
    2 * (300 * bytes + (64 << 20))
}
