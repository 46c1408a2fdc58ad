//! Misuse of Keras's files: each case is an error that names the cure.

use crate::saving::message::names;
use nalgebra::DMatrix;
use perceptra::activations::Activation;
use perceptra::items::Spec;
use perceptra::prelude::*;
use perceptra::saving::keras;
use perceptra::{Batch, BatchMut, Error, Result, Scalar};
use std::path::PathBuf;

/// A file that is gone when the test is over.
struct File(PathBuf);

impl File {
    fn new(name: &str) -> Self {
        File(std::env::temp_dir().join(format!("perceptra-mistakes-{}-{name}", std::process::id())))
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn model(units: &[usize], optimizer: &'static str) -> Model {
    let layers = units.iter().fold(Sequential::new().seed(2), |layers, units| layers.add(Dense::new(*units, Tanh)));
    let mut model = layers.compile(optimizer, "mse", ());
    let (x, y) = (dmatrix![1.0, 2.0; 3.0, 4.0], DMatrix::repeat(2, units[units.len() - 1], 1.0));
    model.fit(&x, &y, Fit::new().verbose(0)).unwrap();
    model
}

#[test]
fn weights_of_another_model_change_nothing() -> Result<()> {
    let file = File::new("other.weights.h5");
    keras::save_weights(&model(&[4, 3, 1], "adam"), &file.0)?;
    for (mut other, parts) in [
        // Every layer of the file that this one has fits it: without the rest they mean nothing.
        (model(&[4, 3], "adam"), ["no other layers with variables", "dense_2"]),
        (model(&[4, 3, 1, 1], "adam"), ["dense_3", "found none"]),
        (model(&[4, 2, 1], "adam"), ["kernel [4, 2]", "found [4, 3]"]),
        (model(&[4, 3, 1], "sgd"), ["the state of SGD", "load_weights_skip_mismatch"]),
    ] {
        let before = other.network()?.flat_weights().to_vec();
        names(keras::load_weights(&mut other, &file.0), &parts);
        assert_eq!(other.network()?.flat_weights(), before);
    }
    // The cure that the messages name.
    let mut other = model(&[4, 3, 1], "sgd");
    assert!(keras::load_weights_skip_mismatch(&mut other, &file.0)?.is_empty());
    let mut shorter = model(&[4, 3], "adam");
    assert!(keras::load_weights_skip_mismatch(&mut shorter, &file.0)?.is_empty());
    Ok(())
}

#[test]
fn numbers_out_of_the_model_s_range_are_reported_unchanged() -> Result<()> {
    let file = File::new("wide.keras");
    let layers = Sequential::<f64>::default().add(Input::new(1)).add(Dense::new(1, Linear));
    let mut wide = layers.build_declared()?;
    wide.set_weights("dense", &[dmatrix![-1e300], dmatrix![0.1]])?;
    keras::save_model(&wide, &file.0)?;
    names(keras::load_network::<f32>(&file.0), &["-1e300 at position 0", "f64"]);
    keras::load_network::<f64>(&file.0).map(|_| ())
}

/// `2·z`
#[derive(Debug)]
struct Twice;

impl Spec for Twice {
    fn config(&self) -> Result<serde_json::Value> {
        Ok(serde_json::json!({}))
    }
}

impl<T: Scalar> Activation<T> for Twice {
    fn forward(&self, z: Batch<'_, T>, mut a: BatchMut<'_, T>) {
        a.map_from(z, |z| z + z);
    }

    fn backward(&self, _: Batch<'_, T>, _: Batch<'_, T>, da: Batch<'_, T>, mut dz: BatchMut<'_, T>) {
        dz.map_from(da, |da| da + da);
    }
}

#[test]
fn the_error_names_the_user_defined_item_within_a_layer() -> Result<()> {
    let file = File::new("own.keras");
    let network = Sequential::new().add(Input::new(2)).add(Dense::new(3, Twice)).seed(1).build_declared()?;
    keras::save_model(&network, &file.0)?;
    let text = keras::to_json(&network)?;
    assert!(text.contains("Custom>Twice") && !text.contains("Custom>Dense"), "{text}");
    names(keras::load_network::<f32>(&file.0), &["Custom>Twice", "Registry as Twice", "load_model_with"]);
    let registry = Registry::new().activation("Twice", |_| Ok(Twice));
    let x = dmatrix![1.0, -2.0];
    assert_eq!(keras::load_network_with(&file.0, &registry)?.predict(&x)?, network.predict(&x)?);
    Ok(())
}

#[test]
fn a_damaged_or_missing_file_is_reported() -> Result<()> {
    let file = File::new("cut.keras");
    names(keras::load_model::<f32>(env!("CARGO_MANIFEST_DIR")), &["without a config.json"]);
    assert!(matches!(keras::load_model::<f32>(&file.0), Err(Error::Io { .. })));
    keras::save_model(&model(&[1], "adam"), &file.0)?;
    let bytes = std::fs::read(&file.0).unwrap();
    std::fs::write(&file.0, &bytes[..bytes.len() / 2]).unwrap();
    names(keras::load_model::<f32>(&file.0), &["cut off"]);
    Ok(())
}
