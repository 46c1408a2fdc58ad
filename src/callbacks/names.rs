//! Tests, for every callback, of its lookup by Keras's name and of its configuration.

use super::{CallbackItem, all, get};
use crate::callbacks::items::*;
use crate::callbacks::{Callback, LearningRateScheduler, Mode};
use crate::{Error, Result};
use serde_json::{Value, json};
use std::sync::Arc;

/// Each class with its required arguments, Keras's defaults for the others, and other values for all arguments.
fn cases() -> Vec<(&'static str, Value, Value, Value)> {
    vec![
        (
            "BackupAndRestore",
            json!({ "backup_dir": "folder" }),
            json!({ "save_freq": "epoch", "double_checkpoint": false, "delete_checkpoint": true }),
            json!({ "backup_dir": "other", "save_freq": 3, "double_checkpoint": true, "delete_checkpoint": false }),
        ),
        (
            "CSVLogger",
            json!({ "filename": "log.csv" }),
            json!({ "separator": ",", "append": false }),
            json!({ "filename": "other.csv", "separator": ";", "append": true }),
        ),
        (
            "EarlyStopping",
            json!({}),
            json!({
                "monitor": "val_loss", "min_delta": 0.0, "patience": 0, "verbose": 0, "mode": "auto",
                "baseline": null, "restore_best_weights": false, "start_from_epoch": 0,
            }),
            json!({
                "monitor": "auc", "min_delta": -0.5, "patience": 3, "verbose": 1, "mode": "max",
                "baseline": 0.25, "restore_best_weights": true, "start_from_epoch": 2,
            }),
        ),
        (
            "ModelCheckpoint",
            json!({ "filepath": "model.safetensors" }),
            json!({
                "monitor": "val_loss", "verbose": 0, "save_best_only": false, "save_weights_only": false,
                "mode": "auto", "save_freq": "epoch", "initial_value_threshold": null,
            }),
            json!({
                "filepath": "m-{epoch:02d}.safetensors", "monitor": "loss", "verbose": 1, "save_best_only": true,
                "save_weights_only": true, "mode": "min", "save_freq": 7, "initial_value_threshold": "inf",
            }),
        ),
        ("ProgbarLogger", json!({}), json!({}), json!({})),
        (
            "ReduceLROnPlateau",
            json!({}),
            json!({
                "monitor": "val_loss", "factor": 0.1, "patience": 10, "verbose": 0, "mode": "auto",
                "min_delta": 1e-4, "cooldown": 0, "min_lr": 0.0,
            }),
            json!({
                "monitor": "loss", "factor": 0.5, "patience": 2, "verbose": 1, "mode": "min",
                "min_delta": 0.5, "cooldown": 4, "min_lr": 1e-3,
            }),
        ),
        ("SwapEMAWeights", json!({}), json!({ "swap_on_epoch": false }), json!({ "swap_on_epoch": true })),
        (
            "TensorBoard",
            json!({}),
            json!({ "log_dir": "logs", "update_freq": "epoch", "write_steps_per_second": false }),
            json!({ "log_dir": "other", "update_freq": 5, "write_steps_per_second": true }),
        ),
        ("TerminateOnNaN", json!({}), json!({ "raise_error": false }), json!({ "raise_error": true })),
    ]
}

fn known() -> Vec<&'static str> {
    all::<f64>().into_iter().map(|entry| entry.name).collect()
}

#[test]
fn a_configuration_makes_the_callback_that_wrote_it() -> Result<()> {
    assert_eq!(cases().iter().map(|case| case.0).collect::<Vec<_>>(), known());
    for (name, needed, defaults, other) in cases() {
        let mut whole = needed.clone();
        whole.as_object_mut().unwrap().extend(defaults.as_object().unwrap().clone());
        assert_eq!(other.as_object().unwrap().len(), whole.as_object().unwrap().len(), "{name}");
        for (given, expected) in [(&needed, &whole), (&whole, &whole), (&other, &other)] {
            let item = get::<f64>(name, given.clone())?;
            item.check()?;
            assert_eq!((item.class_name().as_str(), &item.config()?), (name, expected));
            // The callback that a fit starts has the same configuration.
            let started = item.start();
            assert_eq!(started.name(), name);
            assert_eq!(started.item().map(|item| item.config()).transpose()?.as_ref(), Some(expected), "{name}");
        }
        if needed == json!({}) {
            assert_eq!(get::<f64>(name, Value::Null)?.config()?, whole);
        }
    }
    Ok(())
}

#[test]
fn arguments_set_by_functions_are_in_the_configuration() -> Result<()> {
    let stopping = EarlyStopping::<f64>::new().monitor("auc").min_delta(-0.5).patience(3).verbose(1);
    let stopping = stopping.mode(Mode::Max).baseline(0.25).restore_best_weights(true).start_from_epoch(2);
    let checkpoint = ModelCheckpoint::new("m-{epoch:02d}.safetensors").monitor("loss").verbose(1);
    let checkpoint = checkpoint.save_best_only(true).save_weights_only(true).mode(Mode::Min).save_freq(7);
    let plateau = ReduceLROnPlateau::new().monitor("loss").factor(0.5).patience(2).verbose(1).mode(Mode::Min);
    let board = TensorBoard::new().log_dir("other").update_freq(5).write_steps_per_second(true);
    let items: Vec<Arc<dyn CallbackItem<f64>>> = vec![
        Arc::new(BackupAndRestore::new("other").save_freq(3).double_checkpoint(true).delete_checkpoint(false)),
        Arc::new(CSVLogger::new("other.csv").separator(";").append(true)),
        Arc::new(stopping),
        Arc::new(checkpoint.initial_value_threshold(f64::INFINITY)),
        Arc::new(ProgbarLogger::new()),
        Arc::new(plateau.min_delta(0.5).cooldown(4).min_lr(1e-3)),
        Arc::new(SwapEMAWeights::new().swap_on_epoch(true)),
        Arc::new(board),
        Arc::new(TerminateOnNaN::new().raise_error(true)),
    ];
    for (item, (name, _, _, other)) in items.iter().zip(cases()) {
        assert_eq!((item.class_name().as_str(), item.config()?), (name, other));
    }
    assert_eq!(items.len(), cases().len());
    Ok(())
}

#[test]
fn errors_name_the_invalid_argument() {
    let message = |name: &str, config: Value| get::<f32>(name, config).map(|_| ()).unwrap_err().to_string();
    for (name, needed, _, _) in cases() {
        let mut config = needed.clone();
        config["no_such"] = Value::Null;
        let error = get::<f32>(name, config).map(|_| ()).unwrap_err();
        assert!(matches!(&error, Error::UnknownArgument { item, name: key, .. } if item == name && key == "no_such"));
        for argument in needed.as_object().unwrap().keys() {
            assert!(message(name, json!({})).contains(&format!("it lacks \"{argument}\"")), "{name}");
        }
    }
    let close = message("EarlyStopping", json!({ "patient": 3 }));
    assert!(close.contains("did you mean \"patience\"?"), "{close}");
    let wrong = message("EarlyStopping", json!({ "monitor": "loss", "patience": -1 }));
    assert!(wrong.contains("EarlyStopping") && wrong.contains("\"patience\""), "{wrong}");
    assert!(message("EarlyStopping", json!([3])).contains("by name"));
    assert!(message("TensorBoard", json!({ "update_freq": "step" })).contains("\"update_freq\""));
    assert!(message("EarlyStoping", json!({})).contains("did you mean \"EarlyStopping\"?"));
}

#[test]
fn an_update_after_every_batch_may_have_its_name() -> Result<()> {
    let board = get::<f32>("TensorBoard", json!({ "update_freq": "batch" }))?;
    assert_eq!(board.config()?["update_freq"], json!(1));
    Ok(())
}

#[test]
fn arguments_are_checked_without_a_fit() {
    for (name, config, argument) in [
        ("BackupAndRestore", json!({ "backup_dir": "b", "save_freq": 0 }), "save_freq"),
        ("CSVLogger", json!({ "filename": "l", "separator": "" }), "separator"),
        ("ModelCheckpoint", json!({ "filepath": "m", "save_freq": 0 }), "save_freq"),
        ("ModelCheckpoint", json!({ "filepath": "m-{epoch" }), "filepath"),
        ("ReduceLROnPlateau", json!({ "factor": 1.0 }), "factor"),
        ("TensorBoard", json!({ "update_freq": 0 }), "update_freq"),
    ] {
        let error = get::<f32>(name, config).and_then(|item| item.check()).unwrap_err();
        assert!(
            matches!(&error, Error::Argument { item, argument: at, .. } if item == name && *at == argument),
            "{error}"
        );
    }
    let item: Option<Arc<dyn CallbackItem<f32>>> = EarlyStopping::new().baseline(f64::NAN).item();
    assert!(item.unwrap().check().unwrap_err().to_string().contains("baseline is NaN"));
}

#[test]
fn a_function_is_repeated_and_not_saved() {
    let item: Option<Arc<dyn CallbackItem<f32>>> = LearningRateScheduler::new(|_, rate| rate).verbose(1).item();
    let error = item.unwrap().config().unwrap_err();
    assert!(matches!(&error, Error::NotSerializable { item, .. } if item == "LearningRateScheduler"), "{error}");
    assert!(error.to_string().contains("optimizers::schedules"), "{error}");
    let mut calls = 0;
    let counting = LearningRateScheduler::new_mut(|_, rate| {
        calls += 1;
        rate
    });
    assert!(Callback::<f32>::item(&counting).is_none());
}
