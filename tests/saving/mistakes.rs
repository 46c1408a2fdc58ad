//! Misuse of files: each case is an error that names the cure, and the model is unchanged.

use super::data;
use super::folder::Folder;
use super::message::names;
use perceptra::callbacks::{BackupAndRestore, LambdaCallback, ModelCheckpoint};
use perceptra::prelude::*;
use perceptra::{Error, Result};

fn model(units: &[usize], optimizer: &'static str) -> Model {
    let layers =
        units.iter().fold(Sequential::new().add(Input::new(3)), |layers, units| layers.add(Dense::new(*units, Tanh)));
    let mut model = layers.add(Dense::new(1, Sigmoid)).seed(3).compile(optimizer, "binary_crossentropy", ());
    model.build(3).unwrap();
    model
}

#[test]
fn weights_of_another_architecture_change_nothing() -> Result<()> {
    let folder = Folder::new("mistakes-weights");
    let path = folder.file("weights");
    model(&[4], "adam").save_weights(&path)?;
    for (units, parts) in [
        (&[5][..], ["dense/kernel of shape [3, 5]", "found [3, 4]"]),
        (&[], ["dense/kernel of shape [3, 1]", "found [3, 4]"]),
        (&[4, 1], ["dense_2/kernel", "found none"]),
    ] {
        let mut other = model(units, "adam");
        let before = other.network()?.flat_weights().to_vec();
        names(other.load_weights(&path), &parts);
        assert_eq!(other.network()?.flat_weights(), before);
    }
    Ok(())
}

#[test]
fn places_that_hold_no_file_are_named() {
    let folder = Folder::new("mistakes-places");
    let model = model(&[], "adam");
    std::fs::write(folder.file("file"), b"text").unwrap();
    for path in [folder.path().to_path_buf(), folder.file("file/inner"), std::path::PathBuf::new()] {
        assert!(matches!(model.save(&path), Err(Error::Io { .. })), "{}", path.display());
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    assert!(matches!(Model::load(folder.file("vanished")), Err(Error::Io { .. })));
    let (x, y) = data(10);
    let mut began = false;
    let watch = LambdaCallback::new().on_epoch_begin(|_| {
        began = true;
        Ok(())
    });
    let checkpoint = ModelCheckpoint::new(folder.path());
    names(
        model.clone().fit(&x, &y, Fit::new().callback(watch).callback(checkpoint).verbose(0)),
        &["filepath", "folder"],
    );
    assert!(!began);
}

#[test]
fn wide_numbers_that_do_not_fit_are_reported_unchanged() -> Result<()> {
    let folder = Folder::new("mistakes-wide");
    let path = folder.file("wide");
    let layers = Sequential::<f64>::default().add(Input::new(1)).add(Dense::new(1, Linear));
    let mut wide = layers.compile("adam", "mse", ());
    wide.build(1)?;
    wide.set_weights("dense", &[dmatrix![1e300], dmatrix![0.1]])?;
    wide.save(&path)?;
    names(Model::load(&path), &["dense/kernel holds 1e300 at position 0", "load_with"]);
    let again = Model::load_with(&path, &Registry::<f64>::new())?;
    assert_eq!(again.predict(&dmatrix![2e-300])?, wide.predict(&dmatrix![2e-300])?);
    Ok(())
}

#[test]
fn a_user_defined_item_without_a_registry_is_named() -> Result<()> {
    let text = Sequential::new().add(Dense::new(2, Relu)).to_json()?.replace("\"relu\"", "\"twist\"");
    // Every function that takes a registry.
    let readers = ["load_with", "from_json_with", "FitOptions::from_config", "load_model_with", "load_network_with"];
    names(Sequential::from_json(&text), &["no activation \"twist\"", "Registry", "model_from_json_with"]);
    names(Sequential::from_json(&text), &readers);
    // A name in a program is no matter of a registry.
    let error = Sequential::new().add(Dense::new(2, "twist")).build(1).unwrap_err().to_string();
    assert!(!error.contains("Registry"), "{error}");
    Ok(())
}

#[test]
fn the_backup_of_another_fit_is_refused() {
    let (x, y) = data(20);
    let folder = Folder::new("mistakes-backup");
    let backup = || BackupAndRestore::new(folder.path());
    let stop = LambdaCallback::new().on_epoch_end(|context| match context.epoch() {
        1 => Err(Error::Callback { callback: "test".into(), reason: "stopped".into() }),
        _ => Ok(()),
    });
    let fit = || Fit::new().epochs(3).verbose(0);
    names(model(&[4], "adam").fit(&x, &y, fit().callback(backup()).callback(stop)), &["stopped"]);
    for mut other in [model(&[5], "adam"), model(&[4], "rmsprop"), model(&[4], "sgd"), model(&[4, 4], "adam")] {
        let before = other.network().unwrap().flat_weights().to_vec();
        names(
            other.fit(&x, &y, fit().callback(backup())),
            &["a backup of another model or optimizer", "another folder"],
        );
        assert_eq!(other.network().unwrap().flat_weights(), before);
    }
    assert!(model(&[4], "adam").fit(&x, &y, fit().callback(backup())).is_ok());
}
