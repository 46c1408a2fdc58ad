//! A fit that is resumed ends as the whole one would have: weights, rates, stops, files, logs and history.

use super::data;
use super::folder::Folder;
use perceptra::callbacks::{
    BackupAndRestore, CSVLogger, CallbackState, Context, LambdaCallback, Mode, SaveFreq, TensorBoard,
};
use perceptra::metrics::{self, AUC, FBetaScore, PrecisionAtRecall, R2Score};
use perceptra::models::History;
use perceptra::prelude::*;
use perceptra::{Error, Result, Scalar};
use serde_json::json;
use std::path::{Path, PathBuf};

/// A callback of the user's own that keeps state: the sum of the losses at the ends of epochs and the number of batches,
/// with the weights at the end of the first epoch.
#[derive(Default)]
struct Sums {
    losses: f64,
    batches: u64,
    first: Option<perceptra::callbacks::Snapshot<f32>>,
}

impl Callback<f32> for Sums {
    fn on_train_batch_end(&mut self, _: usize, _: &mut Context<'_, f32>) -> Result<()> {
        self.batches += 1;
        Ok(())
    }

    fn on_epoch_end(&mut self, context: &mut Context<'_, f32>) -> Result<()> {
        self.losses += context.logs().loss();
        if self.first.is_none() {
            self.first = Some(context.snapshot());
        }
        Ok(())
    }

    fn state(&self) -> Result<Option<CallbackState<f32>>> {
        let state = CallbackState::new(json!({ "losses": self.losses, "batches": self.batches }))?;
        Ok(Some(state.snapshot(self.first.clone())))
    }

    fn restore_state(&mut self, state: CallbackState<f32>, _: &mut Context<'_, f32>) -> Result<()> {
        let values: serde_json::Value = state.values()?;
        self.losses = values["losses"].as_f64().unwrap();
        self.batches = values["batches"].as_u64().unwrap();
        self.first = state.into_snapshot();
        Ok(())
    }
}

/// Fails after this many batches, or at the end of this epoch.
fn cut(batches: Option<usize>, epoch: Option<usize>) -> LambdaCallback<'static> {
    let power = || Error::Callback { callback: "test".into(), reason: "the power is gone".into() };
    let mut count = 0;
    LambdaCallback::new()
        .on_train_batch_end(move |_, _| {
            count += 1;
            if Some(count) == batches { Err(power()) } else { Ok(()) }
        })
        .on_epoch_end(move |context| if Some(context.epoch()) == epoch { Err(power()) } else { Ok(()) })
}

/// All results of a fit.
#[derive(Debug, PartialEq)]
struct Left {
    weights: Vec<u32>,
    rate: u64,
    iterations: u64,
    history: Vec<(String, Vec<u64>)>,
    steps: usize,
    epochs: Vec<usize>,
    stopped: (Option<usize>, usize, Option<u64>),
    sums: (u64, u64, usize),
    /// Names and contents of all checkpoints and logs.
    files: Vec<(PathBuf, Vec<u8>)>,
    events: Vec<Vec<Vec<u8>>>,
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

fn columns(history: &History) -> Vec<(String, Vec<u64>)> {
    history.names().map(|name| (name.to_string(), bits(history.get(name).unwrap()))).collect()
}

/// The files of a folder and of those in it, but for backups and event files.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        match path.file_name().unwrap().to_str().unwrap() {
            "backup" | "events" => {}
            name => files.push((name.into(), std::fs::read(&path).unwrap())),
        }
    }
    files.sort();
    files
}

/// The records of all event files of a part, in the order of their names, without the times in them.
fn events(folder: &Path) -> Vec<Vec<u8>> {
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut records = Vec::new();
    for bytes in paths.iter().map(|path| std::fs::read(path).unwrap()) {
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            let length = u64::from_le_bytes(rest[..8].try_into().unwrap()) as usize;
            records.push(rest[12 + 9..12 + length].to_vec());
            rest = &rest[12 + length + 4..];
        }
    }
    records
}

#[derive(Debug, Clone, Copy)]
struct Plan {
    save_freq: SaveFreq,
    /// Whether the backup is the first of the callbacks or the last.
    first: bool,
    steps_per_epoch: Option<usize>,
    /// The epoch from which the model no longer improves, so that the fit stops.
    still: usize,
}

/// A fit in a folder until it ends, or until it is cut.
fn run(plan: Plan, folder: &Path, cut: LambdaCallback<'_>) -> Result<Option<Left>> {
    let (x, y) = data(100);
    let layers = Sequential::new().add(Dense::new(5, Relu)).add(Dropout::new(0.1)).add(Dense::new(1, Sigmoid));
    let optimizer = SGD.learning_rate(0.5).momentum(0.5).use_ema(true).ema_momentum(0.5);
    let list = metrics![
        Accuracy,
        AUC,
        FBetaScore.threshold(0.5),
        metrics::MeanSquaredError,
        metrics::Hinge,
        R2Score.num_regressors(1),
        PrecisionAtRecall.recall(0.4)
    ];
    let mut model = layers.seed(5).compile(optimizer, BinaryCrossentropy, list);
    let backup = || BackupAndRestore::new(folder.join("backup")).save_freq(plan.save_freq);
    let still = plan.still;
    let mut stopping = EarlyStopping::new().monitor("loss").min_delta(1e-3).patience(3).restore_best_weights(true);
    let mut sums = Sums::default();
    let mut fit = Fit::new().batch_size(16).epochs(12).validation_split(0.2).validation_freq(2).verbose(0);
    if let Some(steps) = plan.steps_per_epoch {
        fit = fit.steps_per_epoch(steps);
    }
    if plan.first {
        fit = fit.callback(backup());
    }
    fit = fit
        .callback(LearningRateScheduler::new(move |epoch, rate| if epoch >= still { 0.0 } else { rate * 0.9 }))
        .callback(ReduceLROnPlateau::new().monitor("auc").patience(2).factor(0.5).min_delta(0.05).cooldown(1))
        .callback(ModelCheckpoint::new(folder.join("best")).monitor("loss").save_best_only(true))
        .callback(ModelCheckpoint::new(folder.join("n-{epoch}-{val_loss:.6f}-{learning_rate:.3e}")))
        .callback(ModelCheckpoint::new(folder.join("b-{epoch}-{batch}")).save_freq(3).save_weights_only(true))
        .callback(CSVLogger::new(folder.join("log.csv")))
        .callback(TensorBoard::new().log_dir(folder.join("events")).update_freq(2))
        .callback(&mut sums)
        .callback(&mut stopping)
        .callback(cut);
    if !plan.first {
        fit = fit.callback(backup());
    }
    match model.fit(&x, &y, fit) {
        Err(error) => {
            assert!(error.to_string().contains("the power is gone"), "{error}");
            Ok(None)
        }
        Ok(history) => Ok(Some(Left {
            weights: model.network()?.flat_weights().iter().map(|weight| weight.to_bits()).collect(),
            rate: model.learning_rate().unwrap().to_bits(),
            iterations: model.iterations(),
            history: columns(&history),
            steps: history.steps(),
            epochs: history.epochs().to_vec(),
            stopped: (stopping.stopped_epoch(), stopping.best_epoch(), stopping.best().map(f64::to_bits)),
            sums: (sums.losses.to_bits(), sums.batches, sums.first.map_or(usize::MAX, |first| first.epoch())),
            files: files(folder),
            events: ["train", "validation"].map(|part| events(&folder.join("events").join(part))).to_vec(),
        })),
    }
}

fn resumes(name: &str, plan: Plan, cuts: impl IntoIterator<Item = (Option<usize>, Option<usize>)>) -> Result<()> {
    let folder = Folder::new(&format!("resumed-{name}-whole"));
    let mut whole = run(plan, folder.path(), LambdaCallback::new())?.unwrap();
    let events = std::mem::take(&mut whole.events);
    assert!(whole.stopped.0.is_some() && whole.epochs.len() < 12, "{:?}", whole.epochs);
    for (batches, epoch) in cuts {
        let folder = Folder::new(&format!("resumed-{name}-cut"));
        assert!(run(plan, folder.path(), cut(batches, epoch))?.is_none());
        let begun_anew = !folder.file("backup").exists();
        let mut resumed = run(plan, folder.path(), LambdaCallback::new())?.unwrap();
        let events_of_both = std::mem::take(&mut resumed.events);
        // A fit that begins again also begins new event files.
        assert!(begun_anew || events_of_both == events, "{plan:?} cut after {batches:?} batches or epoch {epoch:?}");
        assert_eq!(resumed, whole, "{plan:?} cut after {batches:?} batches or epoch {epoch:?}");
        assert!(!folder.file("backup").exists());
    }
    Ok(())
}

#[test]
fn a_fit_that_is_resumed_after_an_epoch_ends_as_the_whole_one() -> Result<()> {
    // Five batches per epoch; a callback stops the fit.
    for first in [true, false] {
        let plan = Plan { save_freq: SaveFreq::Epoch, first, steps_per_epoch: None, still: 5 };
        let epochs = (usize::from(first)..8).step_by(2).map(|epoch| (None, Some(epoch)));
        resumes("after", plan, epochs.chain([(Some(13), None), (Some(31), None)]))?;
    }
    Ok(())
}

#[test]
fn a_fit_that_is_resumed_within_an_epoch_ends_as_the_whole_one() -> Result<()> {
    for (freq, steps_per_epoch) in [(1, None), (3, None), (2, Some(3))] {
        let plan = Plan { save_freq: SaveFreq::Batches(freq), first: freq != 3, steps_per_epoch, still: 4 };
        // These include interruptions after the last batch of an epoch, when only the end of the epoch is missing.
        let batches = (1 + freq..22).step_by(5).map(|cut| (Some(cut), None));
        resumes("within", plan, batches.chain([(Some(6), None), (None, Some(1))]))?;
    }
    Ok(())
}

#[test]
fn a_fit_that_was_stopped_is_not_gone_on_with() -> Result<()> {
    let (x, y) = data(60);
    let folder = Folder::new("resumed-stopped");
    for within in [false, true] {
        let fit = |fails: bool| {
            let stop = LambdaCallback::new()
                .on_train_batch_end(move |batch, context| {
                    if within && context.epoch() == 2 && batch == 1 {
                        context.stop();
                    }
                    Ok(())
                })
                .on_epoch_end(move |context| {
                    if context.epoch() == 2 {
                        context.stop();
                    }
                    Ok(())
                })
                .on_train_end(move |_| match fails {
                    true => Err(Error::NotBuilt),
                    false => Ok(()),
                });
            let backup = BackupAndRestore::new(folder.file("backup")).delete_checkpoint(false);
            let backup = if within { backup.save_freq(2) } else { backup };
            Fit::new().batch_size(16).epochs(9).callback(stop).callback(backup).verbose(0)
        };
        let compiled = || Sequential::new().add(Dense::new(1, Sigmoid)).seed(1).compile(Adam, BinaryCrossentropy, ());
        let mut whole = compiled();
        assert!(matches!(whole.fit(&x, &y, fit(true)), Err(Error::NotBuilt)));
        let mut again = compiled();
        let history = again.fit(&x, &y, fit(false))?;
        assert_eq!(history.epochs(), [0, 1, 2]);
        assert_eq!(columns(&history), columns(whole.history()), "{within}");
        assert_eq!(again.network()?.flat_weights(), whole.network()?.flat_weights(), "{within}");
        assert_eq!(again.iterations(), whole.iterations());
        std::fs::remove_dir_all(folder.file("backup")).unwrap();
    }
    Ok(())
}

/// Trains three epochs with some callbacks and leaves the backup.
fn backed_up<'a>(folder: &Folder, add: impl FnOnce(Fit<'a, f32>) -> Fit<'a, f32>, epochs: usize) -> Result<Model> {
    let (x, y) = data(40);
    let mut model = Sequential::new().add(Dense::new(1, Sigmoid)).seed(1).compile(SGD, BinaryCrossentropy, ["mae"]);
    let backup = BackupAndRestore::new(folder.file("backup")).delete_checkpoint(false);
    model.fit(&x, &y, add(Fit::new().epochs(epochs).callback(backup).verbose(0)))?;
    Ok(model)
}

#[test]
fn callbacks_are_found_by_name_and_place() -> Result<()> {
    let folder = Folder::new("resumed-places");
    let plateau = |monitor: &str| ReduceLROnPlateau::new().monitor(monitor).patience(1).min_delta(9.0);
    let stopping = || EarlyStopping::new().monitor("loss").patience(9);
    let rate = |model: Model| model.learning_rate().unwrap();
    let whole = Folder::new("resumed-places-whole");
    let expected = rate(backed_up(&whole, |fit| fit.callback(plateau("loss")), 6)?);
    // In another order, and with one callback more or less.
    backed_up(&folder, |fit| fit.callback(stopping()).callback(plateau("loss")), 3)?;
    let backup = std::fs::read(folder.file("backup").join("latest.safetensors")).unwrap();
    let again = |add: &dyn Fn(Fit<'static, f32>) -> Fit<'static, f32>| {
        std::fs::write(folder.file("backup").join("latest.safetensors"), &backup).unwrap();
        backed_up(&folder, add, 6)
    };
    assert_eq!(rate(again(&|fit| fit.callback(plateau("loss")).callback(stopping()))?), expected);
    assert_eq!(rate(again(&|fit| fit.callback(plateau("loss")))?), expected);
    assert_eq!(rate(again(&|fit| fit.callback(LambdaCallback::new()).callback(plateau("loss")))?), expected);
    // One that monitors something else is another one.
    let error = again(&|fit| fit.callback(plateau("mae"))).unwrap_err().to_string();
    assert!(
        error.contains("of one that monitors loss, and this one monitors mae; give the fit the callbacks"),
        "{error}"
    );
    assert!(error.contains("the backup is ") && error.contains("latest.safetensors"), "{error}");
    let error = again(&|fit| fit.callback(EarlyStopping::new().monitor("mae"))).unwrap_err().to_string();
    assert!(error.contains("EarlyStopping") && error.contains("monitors mae"), "{error}");
    // Two of one name keep their places.
    let folder = Folder::new("resumed-two");
    let two = |fit: Fit<'static, f32>| fit.callback(plateau("loss")).callback(plateau("mae"));
    backed_up(&folder, two, 3)?;
    backed_up(&folder, two, 4)?;
    Ok(())
}

#[test]
fn a_missing_log_is_created_again_and_another_one_is_kept() -> Result<()> {
    let folder = Folder::new("resumed-log");
    let log = folder.file("log.csv");
    let logged = |append: bool| {
        let log = log.clone();
        move |fit: Fit<'static, f32>| fit.callback(CSVLogger::new(&log).append(append))
    };
    backed_up(&folder, logged(false), 3)?;
    let text = std::fs::read_to_string(&log).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 4);
    // Lines that were written after the backup are removed: a whole line, half a line, or none.
    let backup = folder.file("backup").join("latest.safetensors");
    let saved = std::fs::read(&backup).unwrap();
    let mut ends = Vec::new();
    for more in ["", "3,0.5,0.5,NA,NA\n", "3,0."] {
        std::fs::write(&backup, &saved).unwrap();
        std::fs::write(&log, format!("{text}{more}")).unwrap();
        backed_up(&folder, logged(more.is_empty()), 5)?;
        ends.push(std::fs::read_to_string(&log).unwrap());
    }
    assert!(ends[0].starts_with(&text) && ends[0].lines().count() == 6, "{}", ends[0]);
    assert!(ends.iter().all(|end| *end == ends[0]));
    let rows: Vec<&str> = ends[0].lines().skip(4).collect();
    for (before, after) in [
        (None, format!("{}\n{}\n{}\n", lines[0], rows[0], rows[1])),
        // Shorter than it was: its lines are somebody's.
        (Some(format!("{}\n9,1,2,3,4\n", lines[0])), format!("{}\n9,1,2,3,4\n{}\n{}\n", lines[0], rows[0], rows[1])),
    ] {
        std::fs::write(&backup, &saved).unwrap();
        match before {
            None => std::fs::remove_file(&log).unwrap(),
            Some(before) => std::fs::write(&log, before).unwrap(),
        }
        backed_up(&folder, logged(false), 5)?;
        assert_eq!(std::fs::read_to_string(&log).unwrap(), after);
    }
    Ok(())
}

#[test]
fn a_log_that_was_not_yet_continued_is_continued() -> Result<()> {
    let (x, y) = data(40);
    let folder = Folder::new("resumed-unbegun");
    let log = folder.file("log.csv");
    let run = |cuts: LambdaCallback<'static>| {
        let log = CSVLogger::new(&log).append(true);
        let backup = BackupAndRestore::new(folder.file("backup")).save_freq(1);
        let mut model = Sequential::new().add(Dense::new(1, Sigmoid)).seed(1).compile(SGD, BinaryCrossentropy, ());
        model.fit(&x, &y, Fit::new().epochs(2).callback(log).callback(backup).callback(cuts).verbose(0))
    };
    // Two batches per epoch. The file lacks the end of its last line, and is backed up before the first line is added.
    for (batch, epoch) in [(Some(2), None), (None, Some(0))] {
        std::fs::write(&log, "epoch,loss\n7,0.5").unwrap();
        assert!(run(cut(batch, epoch)).is_err());
        run(LambdaCallback::new())?;
        let text = std::fs::read_to_string(&log).unwrap();
        assert!(text.starts_with("epoch,loss\n7,0.5\n0,0.") && text.lines().count() == 4, "{text}");
    }
    Ok(())
}

#[test]
fn the_partial_checkpoint_of_a_killed_process_is_removed() -> Result<()> {
    let folder = Folder::new("resumed-leftovers");
    let checkpoint = |fit: Fit<'static, f32>| {
        fit.callback(ModelCheckpoint::new(folder.file("m-{epoch}"))).callback(LambdaCallback::new())
    };
    backed_up(&folder, checkpoint, 3)?;
    let left = folder.file(".m-4.0123456789abcdef.tmp");
    let others = [folder.file(".m-9.0123456789abcdef.tmp"), folder.file(".m-4.mine.tmp")];
    for path in others.iter().chain([&left]) {
        std::fs::write(path, "half").unwrap();
    }
    backed_up(&folder, checkpoint, 5)?;
    assert!(folder.file("m-4").exists() && !left.exists());
    assert!(others.iter().all(|path| path.exists()));
    Ok(())
}

#[test]
fn infinities_and_gaps_come_back() -> Result<()> {
    let (x, y) = data(40);
    let folder = Folder::new("resumed-infinite");
    let compiled = || Sequential::new().add(Dense::new(1, Sigmoid)).seed(1).compile(SGD, BinaryCrossentropy, ());
    let values = [f64::INFINITY, f64::NAN, f64::NEG_INFINITY, 3.0, f64::NAN, 1.0];
    let run = |fails: Option<usize>, folder: &Path| {
        let mut stopping = EarlyStopping::<f32>::new().monitor("value").mode(Mode::Min).patience(9);
        let scripted = LambdaCallback::new().added_logs(["value"]).on_epoch_end(|context| {
            let epoch = context.epoch();
            if Some(epoch) == fails {
                return Err(Error::NotBuilt);
            }
            if epoch != 3 {
                context.logs_mut().set("value", values[epoch]);
            }
            Ok(())
        });
        let backup = BackupAndRestore::new(folder);
        let fit = Fit::new().epochs(6).callback(scripted).callback(&mut stopping).callback(backup).verbose(0);
        let result = compiled().fit(&x, &y, fit);
        (result.map(|history| columns(&history)), stopping.best())
    };
    let (whole, best) = run(None, &folder.file("whole"));
    let whole = whole?;
    assert_eq!(best, Some(f64::NEG_INFINITY));
    for epoch in 1..6 {
        let folder = folder.file(&epoch.to_string());
        assert!(run(Some(epoch), &folder).0.is_err());
        let (resumed, best) = run(None, &folder);
        assert_eq!((resumed?, best), (whole.clone(), Some(f64::NEG_INFINITY)), "{epoch}");
    }
    Ok(())
}

/// Backups of the release before callbacks had a state in them, after two epochs, and after the last
/// batch of the third, whose end is then left out.
#[test]
fn backups_without_the_state_of_callbacks_are_resumed() -> Result<()> {
    let (x, y) = data(40);
    let compiled = || {
        let layers = Sequential::new().add(Dense::new(3, Tanh)).add(Dense::new(1, Sigmoid)).seed(11);
        layers.compile(Adam.learning_rate(0.01), BinaryCrossentropy, metrics![Accuracy])
    };
    let fit = || Fit::new().batch_size(8).epochs(6).verbose(0);
    let mut whole = compiled();
    whole.fit(&x, &y, fit())?;
    for (name, epochs) in [("backup-1-epoch", &[2, 3, 4, 5][..]), ("backup-1-batch", &[3, 4, 5])] {
        let folder = Folder::new(name);
        let from = format!("{}/tests/saving/files/{name}.safetensors", env!("CARGO_MANIFEST_DIR"));
        std::fs::copy(from, folder.file("latest.safetensors")).unwrap();
        let mut backup = BackupAndRestore::new(folder.path());
        let mut again = compiled();
        let plateau = ReduceLROnPlateau::new().monitor("loss");
        let history = again.fit(&x, &y, fit().callback(plateau).callback(&mut backup))?;
        assert_eq!((backup.resumed_epoch(), history.epochs()), (Some(2), epochs), "{name}");
        let (again, whole) = (again.network()?.flat_weights(), whole.network()?.flat_weights());
        // The numbers of another processor may differ in their last bits.
        for (a, b) in again.iter().zip(whole) {
            assert!((a - b).to_f64().abs() <= 1e-4 * (1.0 + b.abs().to_f64()), "{name}: {a} {b}");
        }
    }
    Ok(())
}

#[test]
fn a_backup_that_cannot_be_written_leaves_the_one_before() -> Result<()> {
    let (x, y) = data(40);
    let folder = Folder::new("backup-kept");
    for double in [false, true] {
        let mut model = Sequential::new().add(Dense::new(1, Sigmoid)).seed(1).compile(SGD, BinaryCrossentropy, ());
        // Weights that are no numbers have no place in a file.
        let spoil = LambdaCallback::new().on_epoch_end(|context| {
            if context.epoch() == 2 {
                context.network_mut().set_flat(&[f32::INFINITY; 4], &[])?;
            }
            Ok(())
        });
        let backup = BackupAndRestore::new(folder.file("backup")).double_checkpoint(double);
        let fit = Fit::new().epochs(4).callback(spoil).callback(backup).verbose(0);
        assert!(matches!(model.fit(&x, &y, fit), Err(Error::NotSerializable { .. })));
        assert_eq!(model.history().epochs(), [0, 1, 2]);
        let mut resumed = BackupAndRestore::new(folder.file("backup")).double_checkpoint(double);
        model.fit(&x, &y, Fit::new().epochs(4).callback(&mut resumed).verbose(0))?;
        assert_eq!(resumed.resumed_epoch(), Some(2), "{double}");
    }
    Ok(())
}
