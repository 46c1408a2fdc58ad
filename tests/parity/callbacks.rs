//! Compares callbacks with Keras's: their actions for given values of the epochs.

use crate::golden::{cases, flat};
use nalgebra::DMatrix;
use perceptra::callbacks::Mode;
use perceptra::prelude::*;
use perceptra::{Result, Scalar, metrics};
use serde_json::Value;
use std::path::PathBuf;

/// A folder for one case, gone when it is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(case: usize, width: usize) -> Self {
        Folder(std::env::temp_dir().join(format!("perceptra-parity-{}-{case}-{width}", std::process::id())))
    }

    /// The names of the files, as lists of numbers in order.
    fn numbers(&self) -> Vec<Vec<usize>> {
        let Ok(entries) = std::fs::read_dir(&self.0) else { return Vec::new() };
        let name = |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
        let number = |name: String| name.split('-').map(|part| part.parse::<usize>().unwrap() - 1).collect();
        let mut numbers: Vec<Vec<usize>> = entries.map(name).map(number).collect();
        numbers.sort();
        numbers
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn mode(config: &Value) -> Mode {
    match config["mode"].as_str() {
        Some("min") => Mode::Min,
        Some("max") => Mode::Max,
        _ => Mode::Auto,
    }
}

fn monitor(config: &Value) -> &str {
    config["monitor"].as_str().unwrap_or("val_loss")
}

/// A model with the number of the epoch as its only weight, and with the learning rate of the case.
fn model<T: Scalar>(case: &Value) -> Model<T> {
    let rate = case["initial_learning_rate"].as_f64().unwrap_or(0.0);
    let layers = Sequential::<T>::default().add(Dense::new(1, Sigmoid).use_bias(false));
    let list = match &case["metric"] {
        Value::Null => Vec::new(),
        metric => vec![metrics::get::<T>(metric["class"].as_str().unwrap(), metric["config"].clone()).unwrap()],
    };
    layers.compile(SGD.learning_rate(rate), perceptra::losses::get("mse", Value::Null).unwrap(), list)
}

fn data<T: Scalar>(rows: usize) -> (DMatrix<T>, DMatrix<T>) {
    let column = |value: f64| DMatrix::from_element(rows, 1, T::of(value));
    (column(0.0), DMatrix::from_fn(rows, 1, |i, _| T::of((i % 2) as f64)))
}

/// The figures that the callback is to see in place of the model's.
fn figures<'a, T: Scalar>(case: &'a Value) -> LambdaCallback<'a, T> {
    let values = flat(&case["monitor_values"]);
    LambdaCallback::new().on_epoch_end(move |context| {
        let epoch = context.epoch();
        context.logs_mut().set(monitor(&case["config"]), values[epoch]);
        context.network_mut().set_flat(&[T::of(epoch as f64)], &[])
    })
}

fn early_stopping<T: Scalar>(case: &Value) -> Result<()> {
    let (config, expected) = (&case["config"], &case["expected"]);
    let number = |name: &str| config[name].as_u64().map(|number| number as usize);
    let mut stopping = EarlyStopping::<T>::new().monitor(monitor(config)).mode(mode(config));
    stopping = stopping.min_delta(config["min_delta"].as_f64().unwrap_or(0.0));
    stopping = stopping.patience(number("patience").unwrap_or(0));
    stopping = stopping.start_from_epoch(number("start_from_epoch").unwrap_or(0));
    stopping = stopping.restore_best_weights(config["restore_best_weights"] == true);
    if let Some(baseline) = config["baseline"].as_f64() {
        stopping = stopping.baseline(baseline);
    }
    let ((x, y), epochs) = (data::<T>(4), flat(&case["monitor_values"]).len());
    let mut model = model::<T>(case);
    let fit =
        Fit::new().epochs(epochs).validation_data(&x, &y).callback(figures(case)).callback(&mut stopping).verbose(0);
    let history = model.fit(&x, &y, fit)?;
    let whole = |value: &Value| value.as_u64().map(|number| number as usize);
    assert_eq!(stopping.stopped_epoch(), whole(&expected["stopped_epoch"]), "{config}");
    assert_eq!(stopping.best_epoch(), whole(&expected["best_epoch"]).unwrap(), "{config}");
    assert_eq!(stopping.best(), expected["best"].as_f64(), "{config}");
    let last = *history.epochs().last().unwrap();
    let weight = model.network()?.flat_weights()[0].to_f64();
    assert_eq!(weight as usize, whole(&expected["restored_epoch"]).unwrap_or(last), "{config}");
    Ok(())
}

fn reduce_on_plateau<T: Scalar>(case: &Value) -> Result<()> {
    let (config, expected) = (&case["config"], &case["expected"]);
    let mut plateau = ReduceLROnPlateau::new().monitor(monitor(config)).mode(mode(config));
    let number = |name: &str, default: u64| config[name].as_u64().unwrap_or(default) as usize;
    plateau = plateau.factor(config["factor"].as_f64().unwrap_or(0.1));
    plateau = plateau.min_delta(config["min_delta"].as_f64().unwrap_or(1e-4));
    plateau = plateau.min_lr(config["min_lr"].as_f64().unwrap_or(0.0));
    plateau = plateau.patience(number("patience", 10)).cooldown(number("cooldown", 0));
    let ((x, y), epochs) = (data::<T>(4), flat(&case["monitor_values"]).len());
    let mut rates = Vec::new();
    let after = LambdaCallback::new().on_epoch_end(|context| {
        rates.push(context.learning_rate());
        Ok(())
    });
    let fit = Fit::new().epochs(epochs).validation_data(&x, &y).verbose(0);
    let history = model::<T>(case).fit(&x, &y, fit.callback(figures(case)).callback(plateau).callback(after))?;
    assert_eq!(rates, flat(&expected["learning_rates_after"]), "{config}");
    assert_eq!(history.get("learning_rate").unwrap(), flat(&expected["logged"]), "{config}");
    Ok(())
}

fn model_checkpoint<T: Scalar>(number: usize, case: &Value) -> Result<()> {
    let (config, expected) = (&case["config"], &case["expected"]);
    let folder = Folder::new(number, size_of::<T>());
    let by_batch = config["save_freq"].as_u64();
    let name = if by_batch.is_some() { "{epoch}-{batch}" } else { "{epoch}" };
    let mut checkpoint = ModelCheckpoint::new(folder.0.join(name)).monitor(monitor(config)).mode(mode(config));
    checkpoint = checkpoint.save_best_only(config["save_best_only"] == true);
    if let Some(threshold) = config["initial_value_threshold"].as_f64() {
        checkpoint = checkpoint.initial_value_threshold(threshold);
    }
    let whole = |value: &Value| value.as_u64().unwrap() as usize;
    let mut model = model::<T>(case);
    if let Some(batches) = by_batch {
        let (x, y) = data::<T>(2 * whole(&case["batches_per_epoch"]));
        let fit = Fit::new().batch_size(2).epochs(whole(&case["epochs"])).verbose(0);
        model.fit(&x, &y, fit.callback(checkpoint.save_freq(batches as usize)))?;
        let pairs = expected["saved_epochs_and_batches"].as_array().unwrap().iter();
        let pairs: Vec<Vec<usize>> = pairs.map(|pair| pair.as_array().unwrap().iter().map(whole).collect()).collect();
        assert_eq!(folder.numbers(), pairs, "{config}");
        return Ok(());
    }
    let ((x, y), epochs) = (data::<T>(4), flat(&case["monitor_values"]).len());
    let fit = Fit::new().epochs(epochs).validation_data(&x, &y).verbose(0);
    model.fit(&x, &y, fit.callback(figures(case)).callback(checkpoint))?;
    let saved: Vec<Vec<usize>> = expected["saved_epochs"].as_array().unwrap().iter().map(|e| vec![whole(e)]).collect();
    assert_eq!(folder.numbers(), saved, "{config}");
    // Each file contains the model of its epoch.
    let last = saved.last().unwrap()[0];
    let loaded = Network::<T>::load_with(folder.0.join((last + 1).to_string()), &Registry::new())?;
    assert_eq!(loaded.flat_weights()[0].to_f64() as usize, last);
    Ok(())
}

/// The text of the file, but for the carriage returns at the ends of Keras's lines.
fn csv_logger<T: Scalar>(number: usize, case: &Value) -> Result<()> {
    let (config, figures) = (&case["config"], case["figures"].as_array().unwrap());
    let folder = Folder::new(number, size_of::<T>());
    std::fs::create_dir_all(&folder.0).unwrap();
    let path = folder.0.join("log.csv");
    let shown = LambdaCallback::new().on_epoch_end(|context| {
        for (name, value) in figures[context.epoch()].as_object().unwrap() {
            context.logs_mut().set(name, value.as_f64().unwrap());
        }
        Ok(())
    });
    let (x, y) = data::<T>(4);
    let mut fit = Fit::new().epochs(figures.len()).validation_freq(2).verbose(0);
    if figures.iter().any(|logs| logs.get("val_loss").is_some()) {
        fit = fit.validation_data(&x, &y);
    }
    let logger = CSVLogger::new(&path).separator(config["separator"].as_str().unwrap_or(","));
    let layers = Sequential::<T>::default().add(Dense::new(1, Sigmoid));
    layers.compile("sgd", "bce", ["accuracy"]).fit(&x, &y, fit.callback(shown).callback(logger))?;
    let golden = case["expected"]["text"].as_str().unwrap().replace('\r', "");
    assert_eq!(std::fs::read_to_string(path).unwrap(), golden, "{config}");
    Ok(())
}

fn run<T: Scalar>() -> Result<()> {
    let cases = cases("callbacks");
    let mut counts = [0; 4];
    for (number, case) in cases.iter().enumerate() {
        let place = match case["class"].as_str().unwrap() {
            "EarlyStopping" => early_stopping::<T>(case).map(|()| 0),
            "ReduceLROnPlateau" => reduce_on_plateau::<T>(case).map(|()| 1),
            "ModelCheckpoint" => model_checkpoint::<T>(number, case).map(|()| 2),
            "CSVLogger" => csv_logger::<T>(number, case).map(|()| 3),
            other => panic!("{other}"),
        }?;
        counts[place] += 1;
    }
    assert_eq!((counts, cases.len()), ([26, 14, 15, 4], 59));
    Ok(())
}

#[test]
fn f64_agrees_with_keras() -> Result<()> {
    run::<f64>()
}

#[test]
fn f32_agrees_with_keras() -> Result<()> {
    run::<f32>()
}

/// Keras gives the scheduler the rate of the epoch before, and logs the one of the epoch.
#[test]
fn a_scheduler_and_a_schedule_exclude_each_other() -> Result<()> {
    let (x, y) = (dmatrix![1.0; 2.0f32], dmatrix![1.0; 2.0]);
    let layers = Sequential::new().add(Dense::new(1, Linear));
    let mut model = layers.compile(SGD.learning_rate(ExponentialDecay::new(0.1, 10, 0.9)), MeanSquaredError, ());
    let fit = |callback: LearningRateScheduler<'static>| Fit::new().callback(callback).verbose(0);
    let error = model.fit(&x, &y, fit(LearningRateScheduler::new(|_, rate| rate))).unwrap_err();
    assert!(error.to_string().contains("follows a schedule"), "{error}");
    let mut model = model.compile(SGD, MeanSquaredError, ());
    let error = model.fit(&x, &y, fit(LearningRateScheduler::new(|_, _| f64::NAN))).unwrap_err();
    assert!(error.to_string().contains("NaN"), "{error}");
    Ok(())
}
