mod events;

use super::open::Open;
use super::{Callback, CallbackItem, CallbackState, Context};
use crate::engine::Logs;
use crate::items::argument::plain;
use crate::items::range::{Range, Ranged};
use crate::items::{Spec, item};
use crate::{Error, Result, Scalar};
use events::EventFile;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

/// How often [`TensorBoard`] writes the metrics of training.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", from = "UpdateFreqConfig")]
pub enum UpdateFreq {
    /// After every epoch; Keras's `"epoch"`.
    #[default]
    Epoch,
    /// Also every n batches, n at least 1; Keras's `"batch"` is 1.
    #[serde(untagged)]
    Batches(usize),
}

/// The form of [`UpdateFreq`] in a configuration.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase", expecting = "expected \"epoch\", \"batch\" or a whole number of batches")]
enum UpdateFreqConfig {
    Epoch,
    Batch,
    #[serde(untagged)]
    Batches(usize),
}

impl From<UpdateFreqConfig> for UpdateFreq {
    fn from(written: UpdateFreqConfig) -> Self {
        match written {
            UpdateFreqConfig::Epoch => UpdateFreq::Epoch,
            UpdateFreqConfig::Batch => UpdateFreq::Batches(1),
            UpdateFreqConfig::Batches(batches) => UpdateFreq::Batches(batches),
        }
    }
}

impl From<usize> for UpdateFreq {
    fn from(batches: usize) -> Self {
        UpdateFreq::Batches(batches)
    }
}

plain!(ranged UpdateFreq);

impl Ranged for UpdateFreq {
    fn out_of(&self, range: Range) -> Option<(String, String)> {
        let UpdateFreq::Batches(batches) = self else { return None };
        batches.out_of(range).map(|(value, expected)| (format!("{value} batches"), expected))
    }
}

item! {
    /// Writes loss and metrics of a fit for TensorBoard: `tensorboard --logdir logs`.
    ///
    /// Tags are Keras's: `epoch_loss` over epochs in both; `batch_loss` over steps in `train`,
    /// `evaluation_loss_vs_iterations` over steps in `validation`. Graphs, histograms, images, embeddings and profiles,
    /// which Keras can also write, are not written.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::callbacks::TensorBoard;
    ///
    /// let folder = std::env::temp_dir().join("perceptra-tensorboard");
    /// let mut model = Sequential::new().add(Dense::new(1, Linear)).compile("sgd", "mse", ());
    /// let fit = Fit::new().epochs(2).callback(TensorBoard::new().log_dir(&folder)).verbose(0);
    /// model.fit(&dmatrix![1.0; 2.0], &dmatrix![1.0; 2.0], fit)?;
    /// assert_eq!(std::fs::read_dir(folder.join("train")).unwrap().count(), 1);
    /// # std::fs::remove_dir_all(folder).unwrap();
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.callbacks.TensorBoard`. TensorFlow: `tensorflow/core/util/event.proto`,
    /// `tensorflow/core/framework/summary.proto`; the framing is that of `TFRecord`.
    pub struct TensorBoard: "TensorBoard" () keeps state: TensorBoardState {
        /// The folder; default `logs`. Training goes to `train` in it, validation to `validation`.
        log_dir: PathBuf = "logs",
        /// How often the metrics of training are written; default after every epoch.
        update_freq: UpdateFreq [at least 1] = UpdateFreq::Epoch,
        /// Whether to write the steps per second too; default false.
        write_steps_per_second: bool = false,
    }
}

/// The files and times of a fit that is under way.
#[derive(Debug, Clone, Default)]
struct TensorBoardState {
    /// The name of the files of this fit, in both folders.
    name: String,
    train: Open<EventFile>,
    validation: Open<EventFile>,
    epoch_begin: Option<Instant>,
    batch_begin: Option<Instant>,
    first_step: u64,
}

impl TensorBoard {
    /// The defaults.
    #[allow(clippy::new_without_default)] // a callback is made by `new`
    pub fn new() -> Self {
        Self::with()
    }

    /// Writes values to the file of training, or of validation, which is begun with the first value.
    fn write(&mut self, validation: bool, step: u64, values: Vec<(String, f64)>) -> Result<()> {
        if values.is_empty() {
            return Ok(());
        }
        let (events, folder) = match validation {
            true => (&mut self.state.validation, "validation"),
            false => (&mut self.state.train, "train"),
        };
        let folder = self.log_dir.join(folder);
        let events = match &mut **events {
            Some(events) => events,
            empty => {
                let begun = EventFile::create(&folder, &self.state.name)
                    .map_err(|source| Error::Io { path: folder, source })?;
                empty.insert(begun)
            }
        };
        values.iter().for_each(|(tag, value)| events.scalar(tag, step, *value));
        events.flush().map_err(|source| Error::Io { path: events.path().to_path_buf(), source })
    }

    /// Opens the file of training or of validation after its first `length` bytes; `None` if it no longer has that many.
    fn continued(&self, folder: &str, length: Option<u64>) -> Result<Option<EventFile>> {
        let Some(length) = length else { return Ok(None) };
        let folder = self.log_dir.join(folder);
        EventFile::continued(&folder, &self.state.name, length).map_err(|source| Error::Io { path: folder, source })
    }
}

/// The values of training or of validation under their tags.
fn tagged(logs: &Logs, validation: bool, tag: impl Fn(&str) -> String) -> Vec<(String, f64)> {
    let scalars = logs.iter().filter_map(|(name, value)| match (name.strip_prefix("val_"), validation) {
        (Some(name), true) => Some((tag(name), value)),
        (None, false) => Some((tag(name), value)),
        _ => None,
    });
    scalars.collect()
}

/// The seconds since an epoch or batch began; 0 if none has.
fn seconds_since(begin: Option<Instant>) -> f64 {
    begin.map_or(0.0, |begin| begin.elapsed().as_secs_f64())
}

impl<T: Scalar> Callback<T> for TensorBoard {
    fn on_train_begin(&mut self, _: &mut Context<'_, T>) -> Result<()> {
        self.check()?;
        self.state = TensorBoardState { name: events::new_name(), ..TensorBoardState::default() };
        Ok(())
    }

    fn on_epoch_begin(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        self.state.epoch_begin = Some(Instant::now());
        self.state.first_step = context.iterations();
        Ok(())
    }

    fn on_train_batch_begin(&mut self, _: usize, _: &mut Context<'_, T>) -> Result<()> {
        self.state.batch_begin = Some(Instant::now());
        Ok(())
    }

    fn on_train_batch_end(&mut self, _: usize, context: &mut Context<'_, T>) -> Result<()> {
        let UpdateFreq::Batches(every) = self.update_freq else { return Ok(()) };
        let step = context.iterations();
        if !step.is_multiple_of(every as u64) {
            return Ok(());
        }
        let mut values = tagged(context.logs(), false, |name| format!("batch_{name}"));
        if self.write_steps_per_second {
            let seconds = seconds_since(self.state.batch_begin);
            values.push(("batch_steps_per_second".into(), 1.0 / seconds.max(f64::MIN_POSITIVE)));
        }
        self.write(false, step, values)
    }

    fn on_test_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        let values = tagged(context.logs(), true, |name| format!("evaluation_{name}_vs_iterations"));
        self.write(true, context.iterations(), values)
    }

    fn on_epoch_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        let epoch = context.epoch() as u64;
        let mut values = tagged(context.logs(), false, |name| format!("epoch_{name}"));
        if !values.iter().any(|(tag, _)| tag == "epoch_learning_rate") {
            values.push(("epoch_learning_rate".into(), context.learning_rate()));
        }
        if self.write_steps_per_second {
            let steps = context.iterations().saturating_sub(self.state.first_step) as f64;
            let seconds = seconds_since(self.state.epoch_begin);
            values.push(("epoch_steps_per_second".into(), steps / seconds.max(f64::MIN_POSITIVE)));
        }
        self.write(false, epoch, values)?;
        let values = tagged(context.logs(), true, |name| format!("epoch_{name}"));
        self.write(true, epoch, values)
    }

    fn on_train_end(&mut self, _: &mut Context<'_, T>) -> Result<()> {
        (self.state.train, self.state.validation) = Default::default();
        Ok(())
    }

    fn on_train_error(&mut self, _: &Error, _: &mut Context<'_, T>) -> Result<()> {
        (self.state.train, self.state.validation) = Default::default();
        Ok(())
    }

    fn item(&self) -> Option<Arc<dyn CallbackItem<T>>> {
        Some(Arc::new(self.with_default_state()))
    }

    fn state(&self) -> Result<Option<CallbackState<T>>> {
        let length = |events: &Option<EventFile>| events.as_ref().map(EventFile::length);
        let (train, validation) = (length(&self.state.train), length(&self.state.validation));
        CallbackState::new(TensorBoardBackup { name: self.state.name.clone(), train, validation }).map(Some)
    }

    fn restore_state(&mut self, state: CallbackState<T>, _: &mut Context<'_, T>) -> Result<()> {
        let TensorBoardBackup { name, train, validation } = state.values()?;
        if !events::is_name(&name) {
            return Ok(());
        }
        // A file that was begun after the backup has this name too, and is then begun again.
        self.state.name = name;
        self.state.train = self.continued("train", train)?.into();
        self.state.validation = self.continued("validation", validation)?.into();
        Ok(())
    }
}

/// The lengths of both files at the time of the backup.
#[derive(Serialize, Deserialize)]
struct TensorBoardBackup {
    name: String,
    train: Option<u64>,
    validation: Option<u64>,
}
