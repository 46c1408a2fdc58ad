//! Files that are read as another format: each error names the cure.

use super::data;
use super::folder::Folder;
use super::message::names;
use perceptra::callbacks::{LambdaCallback, ModelCheckpoint};
use perceptra::layers::Lambda;
use perceptra::prelude::*;
use perceptra::{Error, Result};
use std::fs;

fn model() -> Model {
    let layers = Sequential::new().add(Input::new(3)).add(Dense::new(1, Sigmoid)).seed(1);
    let mut model = layers.compile(Adam, BinaryCrossentropy, ());
    model.build(3).unwrap();
    model
}

#[test]
fn the_crate_s_format_is_not_written_under_the_name_of_another() -> Result<()> {
    let folder = Folder::new("names");
    let model = model();
    for (name, cure) in [
        ("m.keras", "saving::keras::save_model"),
        ("m.h5", "saving::keras::save_model"),
        ("m.onnx", "saving::onnx::export"),
        ("m.weights.h5", "saving::keras::save_weights"),
    ] {
        let path = folder.file(name);
        names(model.save(&path), &["save: path is", ".safetensors", cure]);
        names(model.network()?.save(&path), &[".safetensors", cure]);
        names(model.save_weights(&path), &["save_weights: path is", ".safetensors", cure]);
        assert!(!path.exists());
    }
    model.save(folder.file("no_extension"))?;
    Model::load(folder.file("no_extension")).map(|_| ())
}

#[test]
fn a_checkpoint_that_could_not_be_written_fails_before_the_first_epoch() {
    let folder = Folder::new("early");
    let (x, y) = data(20);
    let mut epochs = 0;
    let mut fit = |mut model: Model, checkpoint: ModelCheckpoint| {
        let count = LambdaCallback::new().on_epoch_begin(|_| {
            epochs += 1;
            Ok(())
        });
        let result = model.fit(&x, &y, Fit::new().epochs(2).callback(count).callback(checkpoint).verbose(0));
        (result.map(|_| ()), std::mem::take(&mut epochs))
    };
    let (result, epochs) = fit(model(), ModelCheckpoint::new(folder.file("model-{epoch:02d}.keras")));
    names(result, &["ModelCheckpoint: filepath is", ".safetensors", "saving::keras::save_model"]);
    assert_eq!(epochs, 0);

    let closure = || {
        let layers = Sequential::new().add(Lambda::new(|x, mut y| y.copy_from(x))).add(Dense::new(1, Sigmoid));
        layers.compile(Adam, BinaryCrossentropy, ())
    };
    let path = folder.file("closure");
    let (result, epochs) = fit(closure(), ModelCheckpoint::new(&path));
    names(result, &["Lambda (layer 0) cannot be saved", "implement Layer", "save_weights_only"]);
    assert_eq!(epochs, 0);
    // The cure that the message names.
    let (result, epochs) = fit(closure(), ModelCheckpoint::new(&path).save_weights_only(true));
    assert!(result.is_ok() && epochs == 2);
    let mut again = closure();
    again.build(3).unwrap();
    again.load_weights(&path).unwrap();
}

#[test]
fn a_file_of_another_format_is_recognized_by_its_content() {
    let folder = Folder::new("contents");
    let path = folder.file("model.safetensors");
    let mut model = model();
    let before = model.network().unwrap().flat_weights().to_vec();
    for (bytes, parts) in [
        (&b"PK\x03\x04 and so on"[..], ["saving::keras::load_model", "saving::keras::load_weights"]),
        (b"\x89HDF\r\n\x1a\n and so on", ["saving::keras::load_model", "saving::keras::load_weights"]),
        (b"\x08\x08\x12\x09perceptra", ["an ONNX file", "Model::save"]),
        (b"{\"class_name\": \"Sequential\"}", ["Sequential::from_json", "saving::keras::model_from_json"]),
    ] {
        fs::write(&path, bytes).unwrap();
        names(Model::load(&path), &parts);
        names(Network::load(&path), &parts);
        names(FittedPipeline::load(&path), &parts);
        names(model.load_weights(&path), &parts);
        names(model.load_weights_skip_mismatch(&path), &parts);
    }
    assert_eq!(model.network().unwrap().flat_weights(), before);
    names(Model::load(folder.path()), &["is a folder"]);
    fs::write(folder.file("model.weights.h5"), b"").unwrap();
    names(Model::load(folder.path()), &["saving::keras::load_model"]);
    assert!(matches!(Model::load(folder.file("none")), Err(Error::Io { .. })));
}

#[cfg(feature = "keras")]
#[test]
fn keras_s_functions_name_those_of_the_crate_s_format() -> Result<()> {
    use perceptra::saving::keras;

    let folder = Folder::new("keras-names");
    let (own, path) = (folder.file("m.safetensors"), folder.file("m"));
    let mut model = model();
    model.save(&own)?;
    names(keras::load_model::<f32>(&own), &["Model::load"]);
    names(keras::load_network::<f32>(&own), &["Network::load"]);
    names(keras::load_weights(&mut model, &own), &["load_weights of the model"]);
    fs::write(&path, b"\x08\x08\x12\x09perceptra").unwrap();
    names(keras::load_model::<f32>(&path), &["an ONNX file"]);

    names(keras::save_model(&model, folder.file("m.h5")), &["keras::save_model: path is", "ends in .keras"]);
    names(keras::save_model(&model, &own), &["save and save_weights of the model"]);
    names(keras::save_weights(&model, folder.file("m.h5")), &["ends in .weights.h5"]);
    names(keras::save_weights(&model, folder.file("m.keras")), &["saving::keras::save_model"]);
    assert!(!folder.file("m.h5").exists() && !folder.file("m.keras").exists());
    Model::load(&own).map(|_| ())
}

#[cfg(feature = "onnx")]
#[test]
fn an_export_is_not_written_under_another_s_name() -> Result<()> {
    use perceptra::saving::onnx;

    let folder = Folder::new("onnx-names");
    let path = folder.file("m.keras");
    names(onnx::export(&model(), &path), &["ends in .onnx", "saving::keras::save_model"]);
    assert!(!path.exists());
    // What was exported is known again.
    let path = folder.file("m.onnx");
    onnx::export(&model(), &path)?;
    names(Model::load(&path), &["an ONNX file", "Model::save"]);
    Ok(())
}
