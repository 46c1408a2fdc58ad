//! Callbacks, seen from outside; what Keras does for given figures is in the parity tests.

use nalgebra::{DMatrix, DVector, dmatrix};
use perceptra::callbacks::{
    CSVLogger, Context, LambdaCallback, ProgbarLogger, SwapEMAWeights, TensorBoard, TerminateOnNaN,
};
use perceptra::models::Logs;
use perceptra::prelude::*;
use perceptra::{Error, Result};
use std::path::PathBuf;

fn data(rows: usize) -> (DMatrix<f32>, DVector<f32>) {
    let x = DMatrix::from_fn(rows, 3, |i, j| ((i * (2 * j + 3) + j) % 17) as f32 / 17.0 - 0.5);
    let y = DVector::from_fn(rows, |i, _| f32::from(u8::from(x[(i, 0)] + x[(i, 1)] > 0.1)));
    (x, y)
}

fn model() -> Model {
    let layers = Sequential::new().add(Dense::new(4, Relu)).add(Dense::new(1, Sigmoid)).seed(3);
    layers.compile(Adam, BinaryCrossentropy, metrics![Accuracy])
}

fn temporary(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("perceptra-callbacks-{name}-{}", std::process::id()))
}

#[test]
fn a_csv_log_has_a_line_for_each_epoch_and_can_be_gone_on_with() -> Result<()> {
    let (x, y) = data(60);
    let path = temporary("csv");
    let mut model = model();
    let fit = || Fit::new().validation_split(0.25).validation_freq(2).verbose(0);
    let history = model.fit(&x, &y, fit().epochs(3).callback(CSVLogger::new(&path).separator(";")))?;
    let append = CSVLogger::new(&path).separator(";").append(true);
    model.fit(&x, &y, fit().initial_epoch(3).epochs(4).callback(append))?;
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split(';').collect()).collect();
    assert_eq!(lines[0], ["epoch", "accuracy", "loss", "val_accuracy", "val_loss"]);
    assert_eq!(lines.iter().skip(1).map(|line| line[0]).collect::<Vec<_>>(), ["0", "1", "2", "3"]);
    assert_eq!((lines[1][3], lines[1][4]), ("NA", "NA"), "the first epoch is not validated");
    assert_eq!(lines[2][4].parse::<f64>().unwrap(), history.get("val_loss").unwrap()[1]);
    assert_eq!(lines[3][2].parse::<f64>().unwrap(), history.get("loss").unwrap()[2]);
    Ok(())
}

#[test]
fn a_csv_log_can_be_read_back() -> Result<()> {
    let (x, y) = data(20);
    let path = temporary("separator");
    for separator in ["", ";;", "1", ".", "-", "\n", "\""] {
        let log = CSVLogger::new(&path).separator(separator);
        let message = model().fit(&x, &y, Fit::new().callback(log).verbose(0)).unwrap_err().to_string();
        assert!(message.starts_with("CSVLogger: separator is ") && message.contains("one character"), "{message}");
    }
    assert!(!path.exists());
    let add = LambdaCallback::new().on_epoch_end(|context| {
        context.logs_mut().set("a;b\"c", 1.0);
        Ok(())
    });
    let log = CSVLogger::new(&path).separator(";");
    model().fit(&x, &y, Fit::new().callback(add).callback(log).verbose(0))?;
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    assert!(text.starts_with("epoch;\"a;b\"\"c\";accuracy;loss;\"val_a;b\"\"c\";val_accuracy;val_loss\n0;1.0;"), "{text}");
    Ok(())
}

/// Records with their lengths; the check sums are held to published values in the crate.
fn records(folder: &std::path::Path) -> Vec<Vec<u8>> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 1);
    let bytes = std::fs::read(files.remove(0)).unwrap();
    let mut rest = &bytes[..];
    let mut records = Vec::new();
    while !rest.is_empty() {
        let length = u64::from_le_bytes(rest[..8].try_into().unwrap()) as usize;
        records.push(rest[12..12 + length].to_vec());
        rest = &rest[12 + length + 4..];
    }
    records
}

#[test]
fn event_files_hold_a_record_for_each_figure() -> Result<()> {
    let (x, y) = data(60);
    let folder = temporary("events");
    let board = TensorBoard::new().log_dir(&folder).update_freq(2).write_steps_per_second(true);
    model().fit(&x, &y, Fit::new().batch_size(15).epochs(2).validation_split(0.25).callback(board).verbose(0))?;
    let (train, validation) = (records(&folder.join("train")), records(&folder.join("validation")));
    std::fs::remove_dir_all(&folder).unwrap();
    let holds = |records: &[Vec<u8>], tag: &str| {
        let found = records.iter().filter(|record| record.windows(tag.len()).any(|part| part == tag.as_bytes()));
        found.count()
    };
    assert_eq!(holds(&train[..1], "brain.Event:2"), 1);
    for (tag, count) in [("epoch_loss", 2), ("epoch_accuracy", 2), ("epoch_learning_rate", 2), ("batch_loss", 3)] {
        assert_eq!(holds(&train, tag), count, "{tag}");
    }
    assert_eq!((holds(&train, "epoch_steps_per_second"), holds(&train, "batch_steps_per_second")), (2, 3));
    assert_eq!((holds(&validation, "epoch_loss"), holds(&validation, "evaluation_loss_vs_iterations")), (2, 2));
    assert_eq!(validation.len(), 1 + 2 * 2 * 2);
    Ok(())
}

/// The logs of one fit, for the reader of TensorBoard itself: see `tests/parity/generate/tensorboard_check.py`.
#[test]
fn logs_that_are_looked_at_elsewhere() -> Result<()> {
    let (x, y) = data(60);
    let asked = std::env::var_os("PERCEPTRA_LOGS").map(PathBuf::from);
    let folder = asked.clone().unwrap_or_else(|| temporary("logs"));
    std::fs::create_dir_all(&folder).unwrap();
    let csv = CSVLogger::new(folder.join("log.csv"));
    let board = TensorBoard::new().log_dir(&folder).update_freq(2).write_steps_per_second(true);
    let fit = Fit::new().batch_size(15).epochs(5).validation_split(0.25).verbose(0);
    model().fit(&x, &y, fit.callback(csv).callback(board))?;
    for (part, records_of_part) in [("train", 1 + 5 * (2 + 1 + 1) + 7 * 3), ("validation", 1 + 5 * (2 + 2))] {
        assert_eq!(records(&folder.join(part)).len(), records_of_part, "{part}");
    }
    if asked.is_none() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    Ok(())
}

/// One weight that a rate of 1e30 throws away in the first step.
fn diverging() -> (Model, DMatrix<f32>, DMatrix<f32>) {
    let layers = Sequential::new().add(Dense::new(1, Linear)).seed(1);
    let x = DMatrix::from_fn(64, 1, |i, _| 100.0 + i as f32);
    (layers.compile(SGD.learning_rate(1e30), MeanSquaredError, ()), x.clone(), x.map(|value| value * 2.0))
}

#[test]
fn a_diverging_fit_ends_as_it_is_asked_to() -> Result<()> {
    let (mut model, x, y) = diverging();
    let fit = || Fit::new().batch_size(16).epochs(3).verbose(0);
    let error = model.fit(&x, &y, fit()).unwrap_err();
    assert!(matches!(error, Error::Diverged { epoch: 1, .. }), "{error}");
    let before = model.network()?.flat_weights().to_vec();
    let mut guard = TerminateOnNaN::new();
    let mut ended = false;
    let at_end = LambdaCallback::new().on_train_end(|_| {
        ended = true;
        Ok(())
    });
    let history = model.fit(&x, &y, fit().callback(&mut guard).callback(at_end))?;
    assert_eq!((history.epochs().len(), guard.terminated().map(|(epoch, _)| epoch), ended), (0, Some(0), true));
    assert_eq!(model.network()?.flat_weights(), before, "the weights from the beginning of the epoch");
    let error = model.fit(&x, &y, fit().callback(TerminateOnNaN::new().raise_error(true))).unwrap_err();
    assert!(matches!(error, Error::Diverged { epoch: 1, .. }), "{error}");
    Ok(())
}

#[test]
fn averages_are_what_is_validated() -> Result<()> {
    let (x, y) = data(80);
    let compiled = || model().compile(SGD.learning_rate(0.5).use_ema(true).ema_momentum(0.9), BinaryCrossentropy, ());
    let fit = || Fit::new().batch_size(20).validation_split(0.25).verbose(0);
    let mut swapped = compiled();
    let history = swapped.fit(&x, &y, fit().epochs(3).callback(SwapEMAWeights::new()))?;
    for epochs in 1..=3 {
        // A fit that ends here has the averages as its weights.
        let mut ended = compiled();
        ended.fit(&x, &y, fit().epochs(epochs))?;
        let evaluated = ended.evaluate(&x.rows(60, 20), &y.rows(60, 20))?;
        assert_eq!(evaluated.loss(), history.get("val_loss").unwrap()[epochs - 1]);
    }
    let error = model().fit(&x, &y, fit().callback(SwapEMAWeights::new())).unwrap_err();
    assert!(error.to_string().contains("use_ema(true)"), "{error}");
    Ok(())
}

#[test]
fn epochs_of_some_steps_share_a_pass() -> Result<()> {
    let (x, y) = data(70);
    let run = |fit: Fit<'_, f32>| -> Result<(Vec<f32>, u64)> {
        let mut model = model();
        model.fit(&x, &y, fit.batch_size(10).verbose(0))?;
        Ok((model.network()?.flat_weights().to_vec(), model.iterations()))
    };
    // Seven batches: 3, 3 and the one that is left make the same steps as one whole epoch.
    let whole = run(Fit::new().shuffle(false))?;
    assert_eq!(run(Fit::new().shuffle(false).steps_per_epoch(3).epochs(3))?, whole);
    assert_eq!(run(Fit::new().steps_per_epoch(3).epochs(3))?, run(Fit::new())?, "in one order");
    assert_eq!(run(Fit::new().steps_per_epoch(3).epochs(4))?.1, 10);
    assert_eq!(run(Fit::new().steps_per_epoch(100).epochs(2))?.1, 14);
    for wrong in [Fit::new().steps_per_epoch(0), Fit::new().validation_steps(0)] {
        assert!(matches!(run(wrong), Err(Error::Argument { .. })));
    }
    Ok(())
}

#[test]
fn evaluation_and_prediction_of_some_batches() -> Result<()> {
    let (x, y) = data(70);
    let mut model = model();
    model.fit(&x, &y, Fit::new().verbose(0))?;
    let some = model.evaluate_with(&x, &y, Evaluate::new().batch_size(20).steps(2))?;
    assert_eq!(some, model.evaluate_with(&x.rows(0, 40), &y.rows(0, 40), Evaluate::new().batch_size(20))?);
    let all = model.predict(&x)?;
    for size in [1, 3, 64, 1000] {
        assert_eq!(model.predict_with(&x, Predict::new().batch_size(size))?, all);
    }
    assert_eq!(model.predict_with(&x, Predict::new().batch_size(7).steps(3))?, all.rows(0, 21));
    assert!(matches!(model.predict_with(&x, Predict::new().steps(0)), Err(Error::Argument { .. })));
    assert!(matches!(model.evaluate_with(&x, &y, Evaluate::new().steps(0)), Err(Error::Argument { .. })));
    assert_eq!(model.get_layer("dense_1")?.count_params(), 5);
    assert!(matches!(model.get_layer("other"), Err(Error::Unknown { .. })));
    Ok(())
}

#[test]
fn a_display_may_stand_among_the_callbacks() -> Result<()> {
    let (x, y) = (dmatrix![1.0, 2.0, 3.0f32], dmatrix![1.0f32]);
    let history = model().fit(&x, &y, Fit::new().epochs(2).callback(ProgbarLogger::new()).verbose(0))?;
    assert_eq!(history.epochs().len(), 2);
    Ok(())
}

#[test]
fn arguments_out_of_range_are_named() {
    let (x, y) = data(20);
    let error = |fit: Fit<'_, f32>| model().fit(&x, &y, fit.validation_split(0.25).verbose(0)).unwrap_err().to_string();
    let path = temporary("never");
    assert!(error(Fit::new().callback(ModelCheckpoint::new(&path).save_freq(0))).contains("save_freq is 0 batches"));
    assert!(error(Fit::new().callback(BackupAndRestore::new(&path).save_freq(0))).contains("save_freq is 0 batches"));
    assert!(error(Fit::new().callback(TensorBoard::new().update_freq(0))).contains("update_freq is 0 batches"));
    assert!(error(Fit::new().callback(ReduceLROnPlateau::new().factor(1.0))).contains("factor is 1"));
    let unknown = ReduceLROnPlateau::new().monitor("f1");
    assert!(error(Fit::new().callback(unknown)).contains("known: loss, accuracy, val_loss, val_accuracy"));
    assert!(!path.exists());
}

/// Writes down what it is called for.
#[derive(Default)]
struct Calls(Vec<String>);

impl Callback<f32> for Calls {
    fn on_test_begin(&mut self, _: &mut Context<'_, f32>) -> Result<()> {
        self.0.push("test begins".into());
        Ok(())
    }
    fn on_test_end(&mut self, _: &mut Context<'_, f32>) -> Result<()> {
        self.0.push("test ends".into());
        Ok(())
    }
    fn on_test_batch_begin(&mut self, batch: usize) -> Result<()> {
        self.0.push(format!("batch {batch}"));
        Ok(())
    }
    fn on_test_batch_end(&mut self, batch: usize, logs: &Logs) -> Result<()> {
        assert!(logs.get("accuracy").is_some() && logs.loss() > 0.0);
        self.0.push(format!("batch {batch} ends"));
        Ok(())
    }
    fn on_evaluate_begin(&mut self, steps: usize) -> Result<()> {
        self.0.push(format!("{steps} batches"));
        Ok(())
    }
    fn on_evaluate_end(&mut self, logs: &Logs) -> Result<()> {
        self.0.push(format!("ends with {} figures", logs.names().count()));
        Ok(())
    }
    fn on_predict_begin(&mut self, steps: usize) -> Result<()> {
        self.0.push(format!("{steps} predictions"));
        Ok(())
    }
    fn on_predict_batch_begin(&mut self, batch: usize) -> Result<()> {
        self.0.push(format!("prediction {batch}"));
        Ok(())
    }
    fn on_predict_batch_end(&mut self, batch: usize) -> Result<()> {
        match batch {
            0 => Ok(()),
            _ => Err(Error::NotBuilt),
        }
    }
    fn on_predict_end(&mut self) -> Result<()> {
        self.0.push("predicted".into());
        Ok(())
    }
}

#[test]
fn evaluations_validations_and_predictions_call_as_keras_does() -> Result<()> {
    let (x, y) = data(5);
    let mut model = model();
    let mut calls = Calls::default();
    let fit = Fit::new().validation_data(&x, &y).validation_batch_size(3).verbose(0);
    model.fit(&x, &y, fit.callback(&mut calls))?;
    assert_eq!(calls.0, ["test begins", "batch 0", "batch 0 ends", "batch 1", "batch 1 ends", "test ends"]);

    let mut calls = Calls::default();
    let logs = model.evaluate_with(&x, &y, Evaluate::new().batch_size(2).steps(2).callback(&mut calls))?;
    assert_eq!(logs.names().count(), 2);
    let expected = ["2 batches", "batch 0", "batch 0 ends", "batch 1", "batch 1 ends", "ends with 2 figures"];
    assert_eq!(calls.0, expected);

    let mut calls = Calls::default();
    let found = model.predict_with(&x.rows(0, 2), Predict::new().batch_size(2).callback(&mut calls))?;
    assert_eq!(found, model.predict(&x)?.rows(0, 2));
    assert_eq!(calls.0, ["1 predictions", "prediction 0", "predicted"]);
    // What a callback returns as an error ends the prediction.
    let mut calls = Calls::default();
    let error = model.predict_with(&x, Predict::new().batch_size(2).callback(&mut calls)).unwrap_err();
    assert!(matches!(error, Error::NotBuilt));
    assert_eq!(calls.0, ["3 predictions", "prediction 0", "prediction 1"]);
    Ok(())
}
