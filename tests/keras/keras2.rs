//! Files that Keras 2 wrote (`tests/interop/keras2_fixtures.py` creates them), compared with Keras 2's predictions.

use super::fixtures::{assert_close, fixture, matrix};
use crate::saving::message::names;
use flate2::read::GzDecoder;
use nalgebra::DMatrix;
use perceptra::prelude::*;
use perceptra::saving::keras;
use perceptra::{Error, Result};
use serde_json::{Value, json};
use std::io::Read;
use std::path::PathBuf;

fn answers() -> Value {
    serde_json::from_slice(&std::fs::read(fixture("keras2/answers.json")).unwrap()).unwrap()
}

/// A file of the fixtures, decompressed if necessary; it is removed at the end of the test.
struct File(PathBuf);

impl File {
    fn new(name: &str) -> Self {
        let packed = fixture(&format!("keras2/{name}.gz"));
        let mut bytes = Vec::new();
        match std::fs::read(&packed) {
            Ok(packed) => drop(GzDecoder::new(&packed[..]).read_to_end(&mut bytes).unwrap()),
            Err(_) => bytes = std::fs::read(fixture(&format!("keras2/{name}"))).unwrap(),
        }
        Self::of(name, &bytes)
    }

    fn of(name: &str, bytes: &[u8]) -> Self {
        static COUNT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("perceptra-keras2-{}-{count}-{name}", std::process::id()));
        std::fs::write(&path, bytes).unwrap();
        File(path)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// The four rows of a step.
fn batch(all: &DMatrix<f32>, step: usize) -> DMatrix<f32> {
    DMatrix::from_fn(4, all.ncols(), |row, column| all[((step + row) % 8, column)])
}

const STEPS_BEFORE: usize = 8;

/// The cases with results of further training, which are those of trained models.
fn cases(answers: &Value) -> impl Iterator<Item = (&String, &Value)> {
    answers["cases"].as_object().unwrap().iter().filter(|(_, case)| case.get("later").is_some())
}

#[test]
fn every_compiled_model_predicts_and_trains_on_as_in_keras_2() -> Result<()> {
    let answers = answers();
    let (x, y) = (matrix(&answers["x"]), matrix(&answers["y"]));
    let mut count = 0;
    for (name, case) in cases(&answers) {
        let mut model = keras::load_model::<f32>(&File::new(name).0)?;
        assert_close(&model.predict(&x)?, &matrix(&case["predictions"]), 1e-5);
        assert_eq!(model.iterations(), case["iterations"].as_u64().unwrap());
        assert_eq!(!model.load_warnings().is_empty(), case["begins_anew"].as_bool().unwrap());
        let steps = answers["steps"].as_u64().unwrap() as usize;
        if case["by_fit"] == true {
            model.fit(&x, &y, Fit::new().epochs(steps / 2).batch_size(4).shuffle(false).verbose(0))?;
        } else {
            for step in STEPS_BEFORE..STEPS_BEFORE + steps {
                model.train_on_batch(&batch(&x, step), &batch(&y, step))?;
            }
        }
        assert_close(&model.predict(&x)?, &matrix(&case["later"]), 1e-5);
        count += 1;
    }
    assert_eq!(count, 55);
    Ok(())
}

/// The layers of `third.h5`, described again; in the file their names continue the counters of two earlier models.
fn third() -> Sequential {
    Sequential::new()
        .add(Dense::new(3, Tanh))
        .add(BatchNormalization::new())
        .add(Dense::new(3, Tanh))
        .add(Dense::new(1, Sigmoid))
}

#[test]
fn files_of_weights_are_matched_by_the_order_of_layers() -> Result<()> {
    let answers = answers();
    let answer = &answers["cases"]["third.h5"];
    assert_eq!(answer["names"], json!(["dense_6", "batch_normalization_2", "dense_7", "dense_8"]));
    let x = matrix(&answers["x"]);
    for name in ["third.h5", "third.weights.h5"] {
        let file = File::new(name);
        let mut network = third().build(3)?;
        keras::load_weights(&mut network, &file.0)?;
        assert_close(&network.predict(&x)?, &matrix(&answer["predictions"]), 1e-5);
        let mut network = third().build(3)?;
        assert!(keras::load_weights_skip_mismatch(&mut network, &file.0)?.is_empty());
        assert_close(&network.predict(&x)?, &matrix(&answer["predictions"]), 1e-5);
    }
    Ok(())
}

#[test]
fn weights_of_another_layer_are_never_taken() -> Result<()> {
    let file = File::new("third.h5");
    let mut all = third().build(3)?;
    keras::load_weights(&mut all, &file.0)?;

    // One layer less, and one with another shape: the others are found by class and order.
    let mut shorter = Sequential::new().add(Dense::new(3, Tanh)).add(Dense::new(2, Tanh)).build(3)?;
    let before = shorter.weights("dense_1")?;
    names(
        keras::load_weights(&mut shorter, &file.0),
        &["2 layers with variables", "found 4", "dense_6", "skip_mismatch"],
    );
    assert_eq!(keras::load_weights_skip_mismatch(&mut shorter, &file.0)?, ["dense_1"]);
    assert_eq!(shorter.weights("dense")?, all.weights("dense")?);
    assert_eq!(shorter.weights("dense_1")?, before);

    // The same number of layers, one with another shape.
    let layers = third().pop().add(Dense::new(2, Sigmoid));
    let mut wider = layers.build(3)?;
    names(keras::load_weights(&mut wider, &file.0), &["dense_2", "kernel [3, 2]", "[3, 1]", "in dense_8 of the file"]);
    assert_eq!(keras::load_weights_skip_mismatch(&mut wider, &file.0)?, ["dense_2"]);
    assert_eq!(wider.weights("dense_1")?, all.weights("dense_1")?);

    // A user-given name is not in the file, whatever the position of the layer.
    let mut named = Sequential::new().add(Dense::new(3, Tanh).name("mine")).build(3)?;
    assert_eq!(keras::load_weights_skip_mismatch(&mut named, &file.0)?, ["mine"]);
    Ok(())
}

#[test]
fn the_state_of_an_optimizer_with_another_rule_is_not_taken() -> Result<()> {
    let layers = || Sequential::new().add(Dense::new(2, Tanh).kernel_regularizer("l2")).add(Dense::new(1, Sigmoid));
    let compiled = |optimizer: RMSprop| -> Result<Model> {
        let mut model = layers().compile(optimizer, "binary_crossentropy", ());
        model.build(3)?;
        Ok(model)
    };
    let file = File::new("legacy_rmsprop.h5");
    let mut other = compiled(RMSprop)?;
    let parts = ["the state is that of RMSprop with epsilon_in_root false", "skip_mismatch"];
    names(keras::load_weights(&mut other, &file.0), &parts);
    assert!(keras::load_weights_skip_mismatch(&mut other, &file.0)?.is_empty());
    assert_eq!(other.iterations(), 0);
    let mut same = compiled(RMSprop.epsilon_in_root(false))?;
    keras::load_weights(&mut same, &file.0)?;
    assert_eq!(same.iterations(), STEPS_BEFORE as u64);
    // An archive of weights does not describe the optimizer; its arrays are those of TF-Keras.
    let mut model = layers().compile(Adam, "binary_crossentropy", ());
    model.build(3)?;
    keras::load_weights(&mut model, File::new("tf214_nadam.keras").0.as_path()).unwrap_err();
    let answers = answers();
    for name in ["windows.keras", "tf212_adam.keras", "tf212_hdf5.keras"] {
        let mut model = layers().compile(Adam, "binary_crossentropy", ());
        model.build(3)?;
        keras::load_weights(&mut model, &File::new(name).0)?;
        assert_eq!(model.iterations(), STEPS_BEFORE as u64);
        let expected = matrix(&answers["cases"][name]["predictions"]);
        assert_close(&model.predict(&matrix(&answers["x"]))?, &expected, 1e-5);
    }
    Ok(())
}

#[test]
fn the_first_layer_declares_the_inputs() -> Result<()> {
    let text = std::fs::read_to_string(fixture("keras2/keras224.json")).unwrap();
    let layers = keras::model_from_json::<f32>(&text)?;
    let mut network = layers.build_declared()?;
    assert_eq!((network.inputs(), network.outputs()), (3, 1));
    assert_eq!(network.layer_names().collect::<Vec<_>>(), ["dense_1_input", "dense_1", "dense_2"]);
    let file = File::new("keras224_sgd.h5");
    keras::load_weights(&mut network, &file.0)?;
    let answers = answers();
    let expected = matrix(&answers["cases"]["keras224_sgd.h5"]["predictions"]);
    assert_close(&network.predict(&matrix(&answers["x"]))?, &expected, 1e-5);
    Ok(())
}

#[test]
fn embeddings_tell_the_length_of_their_input() -> Result<()> {
    let answers = answers();
    let answer = &answers["cases"]["embedding.h5"];
    let model = keras::load_model::<f32>(&File::new("embedding.h5").0)?;
    assert_close(&model.predict(&matrix(&answer["codes"]))?, &matrix(&answer["predictions"]), 1e-5);
    Ok(())
}

#[test]
fn names_of_models_within_models_are_made_unique() -> Result<()> {
    let model = keras::load_model::<f32>(&File::new("nested.keras").0)?;
    let found: Vec<_> = model.network()?.layer_names().skip(1).map(str::to_string).collect();
    let (own, first) = (["dense_1", "same"], ["dense", "frozen", "batch_normalization", "inner_same"]);
    assert_eq!(found[..4], first.map(str::to_string));
    assert_eq!(found[4..], [own[1], own[0]].map(str::to_string));
    Ok(())
}

/// The same archive with part of its description replaced.
fn with(name: &str, from: &str, to: &str) -> File {
    let file = File::new(name);
    let mut bytes = std::fs::read(&file.0).unwrap();
    assert_eq!(from.len(), to.len());
    let place = bytes.windows(from.len()).position(|window| window == from.as_bytes()).expect("a part of the file");
    bytes[place..place + to.len()].copy_from_slice(to.as_bytes());
    File::of(name, &bytes)
}

#[test]
fn rejected_files_name_the_workaround() -> Result<()> {
    let alone = "keras::load_network";
    let file = with("legacy_adam.h5", "\"loss\": \"binary_crossentropy\"", "\"loss\": \"focal_loss_fixed123\"");
    names(keras::load_model::<f32>(&file.0), &["focal_loss_fixed123", "Registry", alone]);
    keras::load_network::<f32>(&file.0)?;
    let file = with("legacy_adam.h5", "\"amsgrad\"", "\"amsgraf\"");
    keras::load_model::<f32>(&file.0)?; // false means nothing
    let file = with("legacy_adam.h5", "\"beta_1\": 0.8", "\"beta_1\": 1.8");
    names(keras::load_model::<f32>(&file.0), &["beta_1 is 1.8", alone]);
    let file = with("tf214_adam.h5", "Custom>Adam", "Custom>Adem");
    names(keras::load_model::<f32>(&file.0), &["Custom>Adem", alone]);
    let file = with("keras224_sgd.h5", "2.2.4", "1.2.2");
    names(keras::load_network::<f32>(&file.0), &["written by Keras 1", "save it again"]);
    Ok(())
}

#[test]
fn a_state_that_is_not_understood_is_passed_over_with_a_warning() -> Result<()> {
    let file = with("keras224_rmsprop.h5", "\"class_name\": \"RMSprop\"", "\"class_name\": \"Adagraf\"");
    assert!(matches!(keras::load_model::<f32>(&file.0), Err(Error::Unknown { .. })));
    let file = with("legacy_adamax.h5", "{\"class_name\": \"Adamax\"", "{\"class_name\": \"SGD\"   ");
    names(keras::load_model::<f32>(&file.0), &["SGD", "beta_1", "keras::load_network"]);
    let file = with("legacy_adam.h5", "\"amsgrad\": false", "\"amsgrad\": true ");
    let model = keras::load_model::<f32>(&file.0)?;
    assert_eq!(model.iterations(), 0);
    let [warning] = model.load_warnings() else { panic!("one warning expected: {:?}", model.load_warnings()) };
    for part in ["starts over", "the state of Adam has 9 arrays"] {
        assert!(warning.contains(part), "{warning:?} should say {part:?}");
    }
    Ok(())
}

#[test]
fn a_loss_that_differs_in_keras_2_is_reported() -> Result<()> {
    let file = with("tf214_adam.h5", "\"activation\": \"sigmoid\"", "\"activation\": \"softmax\"");
    let model = keras::load_model::<f32>(&file.0)?;
    let [warning] = model.load_warnings() else { panic!("one warning expected: {:?}", model.load_warnings()) };
    assert!(warning.contains("BinaryCrossentropy after softmax"), "{warning}");
    assert!(keras::load_model::<f32>(&File::new("tf214_adam.h5").0)?.load_warnings().is_empty());
    Ok(())
}

#[test]
fn rules_of_keras_2_are_not_written_for_keras_3() -> Result<()> {
    for (name, argument) in [
        ("legacy_rmsprop.h5", "epsilon_in_root"),
        ("legacy_adagrad.h5", "epsilon_in_root"),
        ("legacy_nadam.h5", "schedule_decay"),
        ("tf214_nadam.h5", "product_per_variable"),
    ] {
        let model = keras::load_model::<f32>(&File::new(name).0)?;
        let target = File(std::env::temp_dir().join(format!("perceptra-keras2-{}-{name}.keras", std::process::id())));
        names(keras::save_model(&model, &target.0), &["no place", argument]);
        // The crate's own format keeps it, and the training goes on with the same bits.
        let own = File(target.0.with_extension("safetensors"));
        model.save(&own.0)?;
        let (mut model, mut again) = (model, Model::<f32>::load(&own.0)?);
        let answers = answers();
        let (x, y) = (matrix(&answers["x"]), matrix(&answers["y"]));
        for model in [&mut model, &mut again] {
            model.train_on_batch(&x, &y)?;
        }
        assert_eq!(model.predict(&x)?, again.predict(&x)?);
    }
    Ok(())
}

#[test]
fn an_archive_without_layers_reports_its_content() -> Result<()> {
    let file = File::new("third.weights.h5");
    let mut bytes = std::fs::read(&file.0).unwrap();
    let (from, to) = (b"_layer_checkpoint_dependencies", b"_layer_checkpoint_dependencied");
    let place = bytes.windows(from.len()).position(|window| window == from).unwrap();
    bytes[place..place + to.len()].copy_from_slice(to);
    let changed = File::of("moved.weights.h5", &bytes);
    let parts = ["no layers where Keras puts them", "layers or _layer_checkpoint_dependencies", "dependencied"];
    names(keras::load_weights(&mut third().build(3)?, &changed.0), &parts);
    Ok(())
}

#[test]
fn weights_of_models_within_a_model_return_to_its_layers() -> Result<()> {
    let answers = answers();
    let x = matrix(&answers["x"]);
    for name in ["nested.h5", "nested.keras"] {
        let file = File::new(name);
        let mut network = keras::load_network::<f32>(&file.0)?;
        let (weights, state) = (vec![0.5; network.flat_weights().len()], vec![0.5; network.flat_state().len()]);
        network.set_flat(&weights, &state)?;
        keras::load_weights(&mut network, &file.0)?;
        assert_close(&network.predict(&x)?, &matrix(&answers["cases"][name]["predictions"]), 1e-5);
    }
    // Layers of every kind, of which a Normalization has variables in the file and none here.
    let file = File::new("layers.h5");
    let mut network = keras::load_network::<f32>(&file.0)?;
    let weights = vec![0.5; network.flat_weights().len()];
    let state = network.flat_state().to_vec();
    network.set_flat(&weights, &state)?;
    keras::load_weights(&mut network, &file.0)?;
    assert_close(&network.predict(&x)?, &matrix(&answers["cases"]["layers.h5"]["predictions"]), 1e-5);
    // The list of an inner model cannot be told apart without its layers.
    names(keras::load_weights(&mut third().build(3)?, &File::new("nested.h5").0), &["4 layers", "inner, last"]);
    Ok(())
}
