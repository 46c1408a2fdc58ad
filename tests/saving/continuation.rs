//! Training continues exactly: a model that is loaded and fitted further has the same bits as one that was never saved.

use super::data;
use super::folder::Folder;
use perceptra::Result;
use perceptra::callbacks::{BackupAndRestore, LambdaCallback, SaveFreq, SwapEMAWeights};
use perceptra::layers::{BatchNormalization, GaussianDropout, GaussianNoise, SpectralNormalization};
use perceptra::optimizers::schedules::CosineDecay;
use perceptra::optimizers::{Adafactor, AdamW, Lamb, Muon, Nadam, Optimizer, ScheduleFreeAdamW};
use perceptra::prelude::*;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

fn layers() -> Sequential {
    Sequential::new()
        .add(Dense::new(6, Relu))
        .add(BatchNormalization::new())
        .add(Dropout::new(0.2))
        .add(GaussianNoise::new(0.1))
        .add(Dense::new(1, Sigmoid))
        .seed(11)
}

fn fit<'a>(from: usize, to: usize) -> Fit<'a, f32> {
    Fit::new().batch_size(16).initial_epoch(from).epochs(to).verbose(0)
}

/// The complete state of training.
fn bits(model: &Model) -> (Vec<u32>, Vec<u32>, u64, u64) {
    let network = model.network().unwrap();
    let bits = |values: &[f32]| values.iter().map(|value| value.to_bits()).collect();
    let rate = model.learning_rate().unwrap().to_bits();
    (bits(network.flat_weights()), bits(network.flat_state()), model.iterations(), rate)
}

fn holds_for(name: &str, optimizer: impl Optimizer<f32> + Clone + 'static) -> Result<()> {
    let folder = Folder::new(&format!("continuation-{name}"));
    let (x, y) = data(100);
    let compiled = || layers().compile(optimizer.clone(), BinaryCrossentropy, metrics![Accuracy]);
    let mut whole = compiled();
    whole.fit(&x, &y, fit(0, 7))?;
    let mut part = compiled();
    part.fit(&x, &y, fit(0, 3))?;
    part.save(folder.file("model"))?;
    let mut loaded = Model::load(folder.file("model"))?;
    assert_eq!(bits(&loaded), bits(&part), "{name}");
    let history = loaded.fit(&x, &y, fit(3, 7))?;
    assert_eq!(history.epochs(), [3, 4, 5, 6]);
    // At the end of every fit the averages replace the weights, which is the only difference of two fits from one.
    if optimizer.settings().use_ema {
        part.fit(&x, &y, fit(3, 7))?;
        assert_eq!(bits(&loaded), bits(&part), "{name}");
    } else {
        assert_eq!(bits(&loaded), bits(&whole), "{name}");
    }
    // Also what only shows later: the slots.
    let mut other = if optimizer.settings().use_ema { part } else { whole };
    loaded.fit(&x, &y, fit(7, 8))?;
    other.fit(&x, &y, fit(7, 8))?;
    assert_eq!(bits(&loaded), bits(&other), "{name}");
    Ok(())
}

#[test]
fn every_kind_of_optimizer_state_continues() -> Result<()> {
    holds_for("adam", Adam.amsgrad(true))?;
    holds_for("schedule", SGD.learning_rate(CosineDecay::new(0.1, 40)).momentum(0.9))?;
    holds_for("nadam", Nadam)?;
    holds_for("averages", AdamW.use_ema(true))?;
    holds_for("accumulation", Adam.gradient_accumulation_steps(5).clipnorm(1.0))?;
    holds_for("adafactor", Adafactor)?;
    holds_for("schedule-free", ScheduleFreeAdamW)?;
    holds_for("muon", Muon)?;
    holds_for("lamb", Lamb)
}

#[test]
fn a_rate_that_a_callback_set_is_kept() -> Result<()> {
    let folder = Folder::new("continuation-rate");
    let (x, y) = data(60);
    let mut model = layers().compile(Adam, BinaryCrossentropy, ());
    let halve = || LearningRateScheduler::new(|_, rate| rate / 2.0);
    model.fit(&x, &y, fit(0, 3).callback(halve()))?;
    model.save(folder.file("model"))?;
    let mut loaded = Model::load(folder.file("model"))?;
    assert_eq!(loaded.learning_rate()?, 0.001 / 8.0);
    loaded.fit(&x, &y, fit(3, 5).callback(halve()))?;
    model.fit(&x, &y, fit(3, 5).callback(halve()))?;
    assert_eq!(bits(&loaded), bits(&model));
    Ok(())
}

/// The test that is run again as another process goes on with every model in the folder that this variable names.
const CHILD: &str = "PERCEPTRA_CONTINUE_IN";

/// Models with every kind of state: slots, schedules, averages, accumulated gradients, moving statistics, noise, and
/// weights that a rule or a freeze holds.
fn models_with_state() -> Vec<(&'static str, Model)> {
    let bounded = || {
        Sequential::new()
            .add(SpectralNormalization::new(Dense::new(5, Tanh)))
            .add(GaussianDropout::new(0.3))
            .add(BatchNormalization::new().trainable(false))
            .add(Dense::new(1, Sigmoid).kernel_constraint("unit_norm").kernel_regularizer("l2"))
            .seed(12)
    };
    let compiled = |layers: Sequential, optimizer: Arc<dyn Optimizer<f32>>| {
        layers.compile(optimizer, BinaryCrossentropy, metrics![Recall])
    };
    let schedule = CosineDecay::new(0.1, 40);
    vec![
        ("rmsprop", compiled(layers(), Arc::new(RMSprop.momentum(0.5).centered(true)))),
        ("schedule", compiled(layers(), Arc::new(SGD.learning_rate(schedule).momentum(0.9)))),
        ("averages", compiled(layers(), Arc::new(AdamW.use_ema(true).ema_overwrite_frequency(5)))),
        ("accumulation", compiled(layers(), Arc::new(Adam.gradient_accumulation_steps(5).clipnorm(1.0)))),
        ("nadam", compiled(layers(), Arc::new(Nadam))),
        ("schedule-free", compiled(layers(), Arc::new(ScheduleFreeAdamW))),
        ("adafactor", compiled(bounded(), Arc::new(Adafactor))),
        ("muon", compiled(bounded(), Arc::new(Muon))),
        ("lamb", compiled(bounded(), Arc::new(Lamb.use_ema(true)))),
    ]
}

#[test]
fn another_process_goes_on_with_the_same_bits() -> Result<()> {
    let (x, y) = data(100);
    if let Some(folder) = std::env::var_os(CHILD) {
        for (name, _) in models_with_state() {
            let path = Path::new(&folder).join(name);
            let mut loaded = Model::load(&path)?;
            loaded.fit(&x, &y, fit(4, 9))?;
            loaded.save(path)?;
        }
        return Ok(());
    }
    let folder = Folder::new("continuation-process");
    let mut models = models_with_state();
    for (name, model) in &mut models {
        model.fit(&x, &y, fit(0, 4))?;
        model.save(folder.file(name))?;
        model.fit(&x, &y, fit(4, 9))?;
    }
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "saving::continuation::another_process_goes_on_with_the_same_bits"])
        .env(CHILD, folder.path())
        .output()
        .unwrap();
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stdout));
    for (name, model) in &models {
        model.save(folder.file("here"))?;
        let (here, there) = (std::fs::read(folder.file("here")).unwrap(), std::fs::read(folder.file(name)).unwrap());
        // The file holds weights, state, slots, scalars and counts: all of it is the same.
        assert!(here == there, "{name} ended differently in another process");
        assert_eq!(Model::load(folder.file(name))?.iterations(), model.iterations(), "{name}");
    }
    Ok(())
}

/// A fit that an error ends after this many batches of all.
fn interrupted_after(batches: usize) -> LambdaCallback<'static> {
    let mut count = 0;
    LambdaCallback::new().on_train_batch_end(move |_, _| {
        count += 1;
        match count >= batches {
            true => Err(perceptra::Error::Callback { callback: "test".into(), reason: "the power is gone".into() }),
            false => Ok(()),
        }
    })
}

#[test]
fn a_backup_lets_an_interrupted_fit_end_as_if_it_had_not_been() -> Result<()> {
    let (x, y) = data(100);
    let compiled = || layers().compile(Adam.use_ema(true), BinaryCrossentropy, ());
    let mut whole = compiled();
    whole.fit(&x, &y, fit(0, 6))?;
    // Every epoch; every batch, also within an epoch; twice kept.
    for (name, epoch) in [("epoch", 2), ("batch", 2), ("double", 2)] {
        let folder = Folder::new(&format!("backup-{name}"));
        let callback = || {
            let base = BackupAndRestore::new(folder.file("backup"));
            match name {
                "batch" => base.save_freq(4),
                "double" => base.double_checkpoint(true),
                _ => base,
            }
        };
        let mut model = compiled();
        assert!(model.fit(&x, &y, fit(0, 6).callback(callback()).callback(interrupted_after(18))).is_err());
        // A new model with another seed.
        let mut again = layers().seed(99).compile(Adam.use_ema(true), BinaryCrossentropy, ());
        let mut resumed = callback();
        again.fit(&x, &y, fit(0, 6).callback(&mut resumed))?;
        assert_eq!(resumed.resumed_epoch(), Some(epoch), "{name}");
        assert_eq!(bits(&again), bits(&whole), "{name}");
        assert!(!folder.file("backup").exists(), "{name}");
    }
    Ok(())
}

#[test]
fn a_backup_within_a_pass_over_the_data_is_resumed() -> Result<()> {
    // Seven batches in epochs of three: passes end within the order of epochs, so that every break is another case.
    let (x, y) = data(100);
    let compiled = || layers().compile(Adam, BinaryCrossentropy, ());
    let stepped = || fit(0, 8).steps_per_epoch(3);
    let mut whole = compiled();
    whole.fit(&x, &y, stepped())?;
    for save_freq in [SaveFreq::Epoch, SaveFreq::Batches(1), SaveFreq::Batches(2)] {
        for batches in 3..=whole.iterations() as usize {
            let folder = Folder::new("backup-steps");
            let callback = || BackupAndRestore::new(folder.file("backup")).save_freq(save_freq);
            let broken = stepped().callback(callback()).callback(interrupted_after(batches));
            assert!(compiled().fit(&x, &y, broken).is_err());
            let mut again = layers().seed(99).compile(Adam, BinaryCrossentropy, ());
            // No backup exists before the first epoch has ended.
            if folder.file("backup").exists() {
                again.fit(&x, &y, stepped().callback(callback()))?;
                assert_eq!(bits(&again), bits(&whole), "{save_freq:?} broken after {batches}");
            } else {
                assert_eq!((save_freq, batches), (SaveFreq::Epoch, 3));
            }
        }
    }
    Ok(())
}

#[test]
fn the_backup_before_the_last_serves_where_the_last_is_damaged() -> Result<()> {
    let (x, y) = data(60);
    let folder = Folder::new("backup-damaged");
    let callback = || BackupAndRestore::new(folder.path()).delete_checkpoint(false).double_checkpoint(true);
    let mut model = layers().compile(Adam, BinaryCrossentropy, ());
    model.fit(&x, &y, fit(0, 3).callback(callback()))?;
    let latest = folder.file("latest.safetensors");
    let bytes = std::fs::read(&latest).unwrap();
    std::fs::write(&latest, &bytes[..bytes.len() / 2]).unwrap();
    let mut again = layers().compile(Adam, BinaryCrossentropy, ());
    let mut resumed = callback();
    again.fit(&x, &y, fit(0, 3).callback(&mut resumed))?;
    assert_eq!(resumed.resumed_epoch(), Some(2));
    assert_eq!(bits(&again), bits(&model));
    // Without the second checkpoint the error reports the damage.
    std::fs::write(&latest, &bytes[..bytes.len() / 2]).unwrap();
    let mut third = layers().compile(Adam, BinaryCrossentropy, ());
    let single = BackupAndRestore::new(folder.path());
    let error = third.fit(&x, &y, fit(0, 3).callback(single)).unwrap_err();
    assert!(matches!(error, perceptra::Error::ModelFile { .. }), "{error}");
    Ok(())
}

#[test]
fn training_continues_from_a_checkpoint_of_averages_with_the_weights() -> Result<()> {
    let (x, y) = data(80);
    let folder = Folder::new("checkpoint-averages");
    let compiled = || layers().compile(SGD.use_ema(true).ema_momentum(0.9), BinaryCrossentropy, ());
    let swap = || SwapEMAWeights::new().swap_on_epoch(true);
    let mut whole = compiled();
    whole.fit(&x, &y, fit(0, 5).callback(swap()))?;
    let mut plain = compiled();
    plain.fit(&x, &y, fit(0, 5))?;
    assert_eq!(bits(&whole), bits(&plain), "swapping leaves training alone");
    let checkpoint = ModelCheckpoint::new(folder.file("model-{epoch}"));
    compiled().fit(&x, &y, fit(0, 3).callback(swap()).callback(checkpoint))?;
    let mut loaded = Model::load(folder.file("model-2"))?;
    let averages = loaded.predict(&x)?;
    let mut two = compiled();
    two.fit(&x, &y, fit(0, 2))?;
    assert_eq!(averages, two.predict(&x)?, "the file predicts with the averages");
    loaded.fit(&x, &y, fit(2, 5).callback(swap()))?;
    assert_eq!(bits(&loaded), bits(&whole));
    Ok(())
}
