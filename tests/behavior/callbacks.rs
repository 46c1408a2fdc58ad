//! Callbacks through the public API; the parity tests compare their behavior with Keras.

mod repeated;

use nalgebra::{DMatrix, DVector};
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
    assert!(
        text.starts_with("epoch;\"a;b\"\"c\";accuracy;loss;\"val_a;b\"\"c\";val_accuracy;val_loss\n0;1.0;"),
        "{text}"
    );
    Ok(())
}

/// Reads records by their lengths; the crate's own tests compare the checksums with published values.
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
fn event_files_contain_a_record_for_each_value() -> Result<()> {
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

/// A model with one weight, which diverges in the first step with a rate of 1e30.
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
fn validation_uses_the_averages() -> Result<()> {
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

/// Records the hooks that are called.
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
    // An error of a callback ends the prediction.
    let mut calls = Calls::default();
    let error = model.predict_with(&x, Predict::new().batch_size(2).callback(&mut calls)).unwrap_err();
    assert!(matches!(error, Error::NotBuilt));
    assert_eq!(calls.0, ["3 predictions", "prediction 0", "prediction 1"]);
    Ok(())
}

/// The error of a fit and the epochs that were trained before it.
fn refused(fit: Fit<'_, f32>, (x, y): (&DMatrix<f32>, &DVector<f32>)) -> (String, usize) {
    let mut model = model();
    let error = model.fit(x, y, fit.epochs(3).verbose(0)).unwrap_err().to_string();
    (error, model.iterations() as usize)
}

#[test]
fn names_of_checkpoints_are_checked_before_the_first_epoch() {
    let (x, y) = data(40);
    let folder = temporary("names");
    let validated = || Fit::new().validation_split(0.25);
    let at = |name: &str| ModelCheckpoint::new(folder.join(name));
    let scheduler = || LearningRateScheduler::new(|_, rate| rate);
    for (fit, cure) in [
        (validated().callback(at("{val_los:.4f}")), "did you mean \"val_loss\"?; known: epoch, loss, accuracy"),
        (validated().callback(at("{epochs}")), "did you mean \"epoch\"?"),
        (validated().callback(at("{batch}")), "batch needs .save_freq(…)"),
        (validated().callback(at("{val_loss}").save_freq(2)), "after a batch there is nothing of validation"),
        (validated().callback(at("{}")), "there is no value \"\""),
        (validated().callback(at("{0}")), "there is no value \"0\""),
        (Fit::new().callback(at("{val_loss}")), "needs .validation_data(…) or .validation_split(…)"),
        (Fit::new().callback(at("{learning_rate}")), "LearningRateScheduler and ReduceLROnPlateau add learning_rate"),
        (Fit::new().callback(at("{learning_rate}")).callback(scheduler()), "for the callbacks after them"),
        (Fit::new().callback(at("{f1}")), "a value that a callback adds is declared by its added_logs"),
        (Fit::new().callback(at("{loss:d}")), "d is for whole numbers, and this is a fraction; use .0f"),
        (Fit::new().callback(at("{loss:x}")), "the format of {loss:x} is not valid"),
        (Fit::new().callback(at("{epoch:.2}")), "a whole number has no precision"),
        (Fit::new().callback(at("{loss")), "braces come in pairs"),
        (Fit::new().callback(at("a.keras")), "a name that ends in .safetensors"),
        (Fit::new().callback(at("a").initial_value_threshold(f64::NAN)), "initial_value_threshold is NaN"),
        // The same for the monitored value.
        (Fit::new().callback(at("a").save_best_only(true)), "needs .validation_data(…) or .validation_split(…)"),
        (
            validated().callback(at("a").save_best_only(true).save_freq(3)),
            "after a batch there is nothing of validation",
        ),
        (validated().callback(at("a").monitor("val_acuracy").save_best_only(true)), "did you mean \"val_accuracy\"?"),
        (validated().callback(EarlyStopping::new().monitor("val_los")), "did you mean \"val_loss\"?"),
        (validated().callback(ReduceLROnPlateau::new().monitor("acuracy")), "did you mean \"accuracy\"?"),
        (Fit::new().callback(EarlyStopping::new()), "needs .validation_data(…) or .validation_split(…)"),
    ] {
        let (error, steps) = refused(fit, (&x, &y));
        assert!(error.contains(cure) && steps == 0, "{error} after {steps} steps");
    }
    assert!(!folder.exists());
    // A file in place of the folder.
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("file"), "").unwrap();
    let (error, steps) = refused(Fit::new().callback(at("file/a/{epoch}")), (&x, &y));
    assert!(error.contains("file is a file") && steps == 0, "{error}");
    std::fs::remove_dir_all(&folder).unwrap();
}

/// The names of the files in a folder, sorted; the folder is gone afterwards.
fn files(folder: &std::path::Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    std::fs::remove_dir_all(folder).unwrap();
    names
}

#[test]
fn names_of_checkpoints_contain_the_values_of_an_epoch() -> Result<()> {
    let (x, y) = data(40);
    let folder = temporary("skipped");
    let fit = || Fit::new().epochs(4).validation_split(0.25).verbose(0);
    // Epochs 1 and 3 are not validated.
    for best in [false, true] {
        let checkpoint = ModelCheckpoint::new(folder.join("m-{epoch:02d}-{val_loss:.1f}")).save_best_only(best);
        model().fit(&x, &y, fit().validation_freq(2).callback(checkpoint))?;
        assert_eq!(files(&folder), ["m-02-0.7", "m-04-0.7"], "save_best_only({best})");
    }
    // What only the name needs is waited for as well, and the best value is that of a file.
    let mut checkpoint =
        ModelCheckpoint::new(folder.join("{epoch}{val_loss:.0e}")).save_best_only(true).monitor("loss");
    let history = model().fit(&x, &y, fit().validation_freq(3).callback(&mut checkpoint))?;
    assert_eq!(files(&folder).len(), 1);
    assert_eq!(checkpoint.best(), Some(history.get("loss").unwrap()[2]));
    // Values that other callbacks add, and Python's formats.
    let root = LambdaCallback::new().added_logs(["rmse"]).on_epoch_end(|context| {
        let epoch = context.epoch() as f64;
        context.logs_mut().set("rmse", epoch + 0.25);
        Ok(())
    });
    let scheduler = LearningRateScheduler::new(|_, _| 0.0125);
    let checkpoint = ModelCheckpoint::new(folder.join("{epoch:>3}_{rmse:.3g}_{learning_rate:.2%}_{{}}"));
    let fit = Fit::new().epochs(2).verbose(0).callback(root).callback(scheduler);
    let stopping = EarlyStopping::new().monitor("rmse").mode(perceptra::callbacks::Mode::Max).patience(9);
    model().fit(&x, &y, fit.callback(checkpoint).callback(stopping))?;
    assert_eq!(files(&folder), ["  1_0.25_1.25%_{}", "  2_1.25_1.25%_{}"]);
    Ok(())
}

/// What a log holds after a fit of the second epoch was appended to what was there; or the error and that nothing changed.
fn appended(before: &[u8], split: f64) -> std::result::Result<String, String> {
    let (x, y) = data(40);
    let path = temporary("append");
    std::fs::write(&path, before).unwrap();
    let log = CSVLogger::new(&path).append(true);
    let mut model = model();
    let fit = Fit::new().initial_epoch(1).epochs(2).validation_split(split).callback(log).verbose(0);
    let result = model.fit(&x, &y, fit);
    let text = std::fs::read(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    match result {
        Ok(_) => Ok(String::from_utf8(text).unwrap()),
        Err(error) => {
            assert_eq!((text, model.iterations()), (before.to_vec(), 0), "{error}");
            Err(error.to_string())
        }
    }
}

#[test]
fn a_csv_log_is_continued_by_the_names_of_its_columns() {
    let (plain, validated) = (appended(b"", 0.0).unwrap(), appended(b"", 0.25).unwrap());
    let rows =
        |text: &str| text.lines().map(|line| line.split(',').map(String::from).collect()).collect::<Vec<Vec<_>>>();
    let (plain, validated) = (rows(&plain), rows(&validated));
    assert_eq!(plain[0], ["epoch", "accuracy", "loss", "val_accuracy", "val_loss"], "as in Keras");
    assert_eq!(plain[1][3..], ["NA", "NA"]);
    let (accuracy, loss) = (&plain[1][1], &plain[1][2]);
    for (before, expected) in [
        ("epoch,loss,mae,accuracy\n0,1,2,3\n", format!("epoch,loss,mae,accuracy\n0,1,2,3\n1,{loss},NA,{accuracy}\n")),
        (
            "loss,\"accuracy\",epoch\r\n1,2,0\r\n",
            format!("loss,\"accuracy\",epoch\r\n1,2,0\r\n{loss},{accuracy},1\r\n"),
        ),
        ("epoch,accuracy,loss\n0,0.5,0.7", format!("epoch,accuracy,loss\n0,0.5,0.7\n1,{accuracy},{loss}\n")),
        ("epoch,accuracy,loss", format!("epoch,accuracy,loss\n1,{accuracy},{loss}\n")),
        ("\u{feff}epoch,accuracy,loss\n", format!("\u{feff}epoch,accuracy,loss\n1,{accuracy},{loss}\n")),
        (" \n\n", format!("epoch,accuracy,loss,val_accuracy,val_loss\n1,{accuracy},{loss},NA,NA\n")),
    ] {
        assert_eq!(appended(before.as_bytes(), 0.0).unwrap(), expected);
    }
    // Validation that starts later.
    let later = appended(b"epoch,accuracy,loss,val_accuracy,val_loss\n0,1,2,NA,NA\n", 0.25).unwrap();
    assert_eq!(rows(&later)[2], validated[1]);
    for (before, split, cure) in [
        (&b"epoch,loss,mae\n0,0.5,0.7\n"[..], 0.0, "has no column for accuracy; its columns are epoch, loss, mae"),
        (b"epoch,accuracy,loss\n0,1,2\n", 0.25, "has no column for val_loss, val_accuracy"),
        (b"accuracy,loss\n", 0.0, "has no column for epoch"),
        (b"epoch;accuracy;loss\n", 0.0, "has no column for epoch, loss, accuracy"),
        (b"epoch,loss,accuracy,loss\n", 0.0, "has the column loss twice"),
        (b"epoch,accuracy,loss\n0,0.5", 0.0, "its last line ends after 2 of 3 values"),
        (b"epoch,\xff\n", 0.0, "not UTF-8"),
        (b"\nepoch,accuracy,loss\n", 0.0, "has no column for epoch"),
    ] {
        let error = appended(before, split).unwrap_err();
        assert!(error.contains(cure), "{error}");
    }
}

#[test]
fn a_csv_log_of_a_value_that_was_not_declared() -> Result<()> {
    let (x, y) = data(20);
    let path = temporary("undeclared");
    let fit = || {
        Fit::new().epochs(2).verbose(0).callback(LambdaCallback::new().on_epoch_end(|context| {
            context.logs_mut().set("gain", 2.5);
            Ok(())
        }))
    };
    std::fs::write(&path, "epoch,accuracy,loss\n0,1,2\n").unwrap();
    let error = model().fit(&x, &y, fit().callback(CSVLogger::new(&path).append(true))).unwrap_err().to_string();
    assert!(error.contains("has no column for gain"), "{error}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "epoch,accuracy,loss\n0,1,2\n");
    model().fit(&x, &y, fit().callback(CSVLogger::new(&path)))?;
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    assert!(text.starts_with("epoch,accuracy,gain,loss,val_accuracy,val_gain,val_loss\n"), "{text}");
    Ok(())
}

#[cfg(feature = "csv")]
#[test]
fn a_csv_log_is_a_table() -> Result<()> {
    let (x, y) = data(40);
    let path = temporary("table.csv");
    let log = |append: bool| CSVLogger::new(&path).append(append);
    let mut model = model();
    let first = model.fit(&x, &y, Fit::new().epochs(2).callback(log(false)).verbose(0))?;
    let fit = Fit::new().initial_epoch(2).epochs(3).validation_split(0.25).callback(log(true)).verbose(0);
    let second = model.fit(&x, &y, fit)?;
    let table = Table::read_csv(&path);
    std::fs::remove_file(&path).unwrap();
    let table = table?;
    assert_eq!(table.names(), ["epoch", "accuracy", "loss", "val_accuracy", "val_loss"]);
    let losses = table.numbers("loss")?;
    assert_eq!(losses[..2], *first.get("loss").unwrap());
    assert_eq!(losses[2], second.get("loss").unwrap()[0]);
    Ok(())
}

#[test]
fn a_csv_log_that_cannot_be_written_is_named() {
    let (x, y) = data(20);
    for append in [false, true] {
        for place in [std::env::temp_dir(), temporary("none").join("folder").join("log.csv")] {
            let log = CSVLogger::new(&place).append(append);
            let (error, steps) = refused(Fit::new().callback(log), (&x, &y));
            assert!(error.starts_with(&place.display().to_string()) && steps == 0, "{error}");
        }
        if std::path::Path::new("/dev/full").exists() {
            let mut model = model();
            let log = CSVLogger::new("/dev/full").append(append);
            let error = model.fit(&x, &y, Fit::new().epochs(3).callback(log).verbose(0)).unwrap_err();
            assert!(error.to_string().starts_with("/dev/full: No space left on device"), "{error}");
            assert_eq!(model.history().epochs(), [0], "the epoch that was trained is not lost");
        }
    }
}

/// A callback that gives the monitored value of each epoch, and makes the number of the epoch the model's weights.
fn scripted(values: &[f64]) -> LambdaCallback<'_> {
    LambdaCallback::new().added_logs(["value"]).on_epoch_end(|context| {
        let epoch = context.epoch();
        context.logs_mut().set("value", values[epoch]);
        let weights = vec![epoch as f32; context.network().flat_weights().len()];
        context.network_mut().set_flat(&weights, &[])
    })
}

#[test]
fn nan_is_never_the_best_value() -> Result<()> {
    use perceptra::callbacks::Mode::{self, Max, Min};
    let (x, y) = data(20);
    let (nan, inf) = (f64::NAN, f64::INFINITY);
    // Values; the epoch that is stopped at with a patience of 2; the best epoch; the epochs whose model is saved; the
    // epochs after which the rate is halved with a patience of 2.
    type Case<'a> = (Mode, &'a [f64], Option<usize>, Option<usize>, &'a [&'a str], &'a [usize]);
    let cases: [Case<'_>; 8] = [
        (Min, &[nan, nan, nan, nan, 3.0, 2.0, 1.0], None, Some(6), &["5", "6", "7"], &[]),
        (Max, &[nan, nan, nan, nan, 1.0, 2.0, 3.0], None, Some(6), &["5", "6", "7"], &[]),
        (Min, &[3.0, nan, 2.0, nan, nan, 1.0], Some(4), Some(2), &["1", "3"], &[4]),
        (Min, &[2.0, nan, nan, nan], Some(2), Some(0), &["1"], &[2]),
        (Max, &[2.0, nan, 1.0, 3.0], Some(2), Some(0), &["1"], &[2]),
        (Min, &[nan, nan, nan, nan], None, None, &[], &[]),
        // Infinities are ordered: every number is better than the worst of them.
        (Min, &[inf, 5.0, 4.0, -inf, 1.0], None, Some(3), &["1", "2", "3", "4"], &[]),
        (Max, &[-inf, nan, 5.0, inf, 6.0], None, Some(3), &["1", "3", "4"], &[]),
    ];
    for (mode, values, stopped, best, saved, halved) in cases {
        let folder = temporary("nan");
        std::fs::create_dir_all(&folder).unwrap();
        let mut stopping = EarlyStopping::new().monitor("value").mode(mode).patience(2).restore_best_weights(true);
        let checkpoint = ModelCheckpoint::new(folder.join("{epoch}")).monitor("value").mode(mode).save_best_only(true);
        let plateau = ReduceLROnPlateau::new().monitor("value").mode(mode).patience(2).factor(0.5);
        let rates = std::cell::RefCell::new(Vec::new());
        let after = LambdaCallback::new().on_epoch_end(|context| {
            rates.borrow_mut().push(context.learning_rate());
            Ok(())
        });
        let mut model = model();
        let fit = Fit::new().epochs(values.len()).callback(scripted(values)).verbose(0);
        let fit = fit.callback(checkpoint).callback(plateau).callback(after).callback(&mut stopping);
        let history = model.fit(&x, &y, fit)?;
        assert_eq!(stopping.stopped_epoch(), stopped, "{values:?}");
        assert_eq!(stopping.best(), best.map(|epoch| values[epoch]), "{values:?}");
        // Where there was no number, nothing is restored.
        let last = *history.epochs().last().unwrap();
        assert_eq!(model.network()?.flat_weights()[0] as usize, best.unwrap_or(last), "{values:?}");
        let end = stopped.map_or(values.len(), |epoch| epoch + 1);
        let saved: Vec<&str> = saved.iter().copied().filter(|name| name.parse::<usize>().unwrap() <= end).collect();
        assert_eq!(files(&folder), saved, "{values:?}");
        let rates = rates.into_inner();
        let changes: Vec<usize> =
            (0..rates.len()).filter(|&i| rates[i] < if i == 0 { 0.001 } else { rates[i - 1] }).collect();
        assert_eq!(changes, halved, "{values:?}");
    }
    Ok(())
}

/// The weights after each epoch that has ended.
#[derive(Default)]
struct Weights(Vec<Vec<f32>>);

impl Callback<f32> for Weights {
    fn on_epoch_end(&mut self, context: &mut Context<'_, f32>) -> Result<()> {
        self.0.push(context.network().flat_weights().to_vec());
        Ok(())
    }
}

/// A callback that fails on one occasion.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fails {
    EpochBegin,
    Batch,
    Test,
    EpochEnd,
    TrainEnd,
    Diverged,
}

impl Fails {
    fn at(self, occasion: Fails, epoch: usize) -> Result<()> {
        match self == occasion && (epoch == 3 || occasion == Fails::TrainEnd) {
            true => Err(Error::Callback { callback: "Fails".into(), reason: "there is no space".into() }),
            false => Ok(()),
        }
    }
}

impl Callback<f32> for Fails {
    fn on_epoch_begin(&mut self, context: &mut Context<'_, f32>) -> Result<()> {
        if *self == Fails::Diverged && context.epoch() == 3 {
            context.network_mut().set_flat(&[f32::MAX; 21], &[])?;
        }
        self.at(Fails::EpochBegin, context.epoch())
    }
    fn on_train_batch_end(&mut self, _: usize, context: &mut Context<'_, f32>) -> Result<()> {
        self.at(Fails::Batch, context.epoch())
    }
    fn on_test_begin(&mut self, context: &mut Context<'_, f32>) -> Result<()> {
        self.at(Fails::Test, context.epoch())
    }
    fn on_epoch_end(&mut self, context: &mut Context<'_, f32>) -> Result<()> {
        self.at(Fails::EpochEnd, context.epoch())
    }
    fn on_train_end(&mut self, context: &mut Context<'_, f32>) -> Result<()> {
        self.at(Fails::TrainEnd, context.epoch())
    }
}

#[test]
fn a_fit_that_fails_keeps_the_best_weights() -> Result<()> {
    let (x, y) = data(80);
    for fails in [Fails::EpochBegin, Fails::Batch, Fails::Test, Fails::EpochEnd, Fails::TrainEnd, Fails::Diverged] {
        let path = temporary("failed");
        let (mut weights, mut events) = (Weights::default(), Vec::new());
        // The first two epochs are the best ones.
        let best = LambdaCallback::new().added_logs(["value"]).on_epoch_end(|context| {
            let epoch = context.epoch() as f64;
            context.logs_mut().set("value", (epoch - 1.0).abs());
            Ok(())
        });
        let mut stopping = EarlyStopping::new().monitor("value").mode(perceptra::callbacks::Mode::Min);
        stopping = stopping.patience(99).restore_best_weights(true);
        let mut model = model().compile(SGD.learning_rate(0.3).use_ema(true), MeanSquaredError, metrics![Accuracy]);
        let fit = Fit::new().batch_size(20).epochs(5).validation_split(0.25).verbose(0);
        let fit = fit.callback(best).callback(&mut weights).callback(CSVLogger::new(&path));
        let fit =
            fit.callback(SwapEMAWeights::new()).callback(fails).callback(&mut stopping).callback(Ends(&mut events));
        let error = model.fit(&x, &y, fit).unwrap_err();
        let text = error.to_string();
        match fails {
            Fails::Diverged => {
                assert!(matches!(error, Error::Diverged { epoch: 4, restored_epoch: Some(2), .. }), "{text}");
                assert!(
                    text.contains("(the model holds the weights of epoch 2, which a callback has restored)"),
                    "{text}"
                );
            }
            _ => assert_eq!(
                text,
                "callback Fails: there is no space; the model holds the weights of epoch 2, which a callback has restored"
            ),
        }
        assert_eq!(model.network()?.flat_weights(), weights.0[1], "{fails:?}");
        let epochs = match fails {
            Fails::TrainEnd => 5,
            Fails::EpochEnd => 4,
            _ => 3,
        };
        assert_eq!(model.history().epochs().len(), epochs, "{fails:?}");
        assert_eq!(events, ["error"], "{fails:?}");
        let rows = std::fs::read_to_string(&path).unwrap().lines().count() - 1;
        std::fs::remove_file(&path).unwrap();
        assert_eq!(rows, epochs, "{fails:?}");
        // The model can be trained and saved as any other.
        model.fit(&x, &y, Fit::new().verbose(0))?;
        model.save(&path)?;
        std::fs::remove_file(&path).unwrap();
    }
    Ok(())
}

/// Notes how a fit ends.
struct Ends<'a>(&'a mut Vec<&'static str>);

impl Callback<f32> for Ends<'_> {
    fn on_train_end(&mut self, _: &mut Context<'_, f32>) -> Result<()> {
        self.0.push("end");
        Ok(())
    }
    fn on_train_error(&mut self, _: &Error, _: &mut Context<'_, f32>) -> Result<()> {
        self.0.push("error");
        Ok(())
    }
}

#[test]
fn only_callbacks_that_have_begun_get_the_error() -> Result<()> {
    let (x, y) = data(20);
    let (mut before, mut behind, mut good) = (Vec::new(), Vec::new(), Vec::new());
    let wrong = EarlyStopping::new().monitor("nothing");
    let fit = Fit::new().callback(Ends(&mut before)).callback(wrong).callback(Ends(&mut behind)).verbose(0);
    assert!(model().fit(&x, &y, fit).is_err());
    model().fit(&x, &y, Fit::new().callback(Ends(&mut good)).verbose(0))?;
    assert_eq!((before, behind, good), (vec!["error"], vec![], vec!["end"]));
    // An error from the hook itself is reported as well.
    struct Worse;
    impl Callback<f32> for Worse {
        fn on_epoch_end(&mut self, _: &mut Context<'_, f32>) -> Result<()> {
            Err(Error::Callback { callback: "Worse".into(), reason: "one".into() })
        }
        fn on_train_error(&mut self, error: &Error, _: &mut Context<'_, f32>) -> Result<()> {
            assert!(error.to_string().contains("one"));
            Err(Error::NotBuilt)
        }
    }
    let error = model().fit(&x, &y, Fit::new().callback(Worse).verbose(0)).unwrap_err().to_string();
    assert!(error.starts_with("callback Worse: one; moreover, the model is not built"), "{error}");
    Ok(())
}
