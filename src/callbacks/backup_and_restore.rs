use super::arguments::{self, config};
use super::save_freq::BatchCount;
use super::{Callback, CallbackItem, Context, SaveFreq};
use crate::engine::fit_state::BackupRequest;
use crate::spec::Spec;
use crate::{Error, Result, Scalar};
use crate::{atomic, saving::native::backup};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Lets a fit that was interrupted continue where it was, when the program is run again.
///
/// | option | default | |
/// |---|---|---|
/// | `backup_dir` | | the folder of the backup, of this fit alone |
/// | `save_freq` | every epoch | or after so many batches |
/// | `double_checkpoint` | false | keeps the backup before the last one too, for when the last cannot be read |
/// | `delete_checkpoint` | true | deletes the backup when the fit has reached its end |
///
/// A fit that finds a backup takes weights, optimizer state, seed and position from it and ends with the same bits as
/// one that was never interrupted. Where the backup was made within an epoch it goes on behind the saved batch (Keras
/// begins that epoch again). The data and the options of the fit, such as batch size and [`Fit::seed`](crate::Fit::seed),
/// and its callbacks are the caller's to repeat.
///
/// The other callbacks continue too: the backup holds what each of them has remembered once all were called for that
/// batch or epoch, whatever their order. So [`EarlyStopping`](crate::callbacks::EarlyStopping) stops where the whole fit would
/// have, with the same best weights, [`ReduceLROnPlateau`](crate::callbacks::ReduceLROnPlateau) has the same rate,
/// [`ModelCheckpoint`](crate::callbacks::ModelCheckpoint) keeps a better file, and
/// [`CSVLogger`](crate::callbacks::CSVLogger) has every epoch once, except that with `append` the first epoch is there twice if
/// a later callback's error at its end kept the first backup from being written. The history is that of all epochs. In Keras
/// all these begin anew. A callback of your own takes part by [`Callback::state`]. A state goes to the callback of its name, where several have
/// one name by their order; the state of a callback that the fit no longer has is dropped, and a callback that the backup
/// does not know begins anew.
///
/// A metric of your own that lacks [`MetricState::numbers`](crate::metrics::MetricState::numbers) covers, in an epoch that is
/// resumed behind one of its batches, the rest of that epoch only. If the loss becomes NaN in such an epoch, the model
/// returns to the weights of the backup.
///
/// ```
/// use nalgebra::DMatrix;
/// use perceptra::prelude::*;
/// use perceptra::callbacks::BackupAndRestore;
///
/// let x = DMatrix::from_fn(40, 2, |i, j| (i % (j + 5)) as f32);
/// let y = x.column(0).map(|v| f32::from(u8::from(v > 2.0)));
/// let folder = std::env::temp_dir().join("perceptra-backup");
/// let mut model = Sequential::new().add(Dense::new(1, Sigmoid)).compile("adam", "bce", ());
/// model.fit(&x, &y, Fit::new().epochs(5).callback(BackupAndRestore::new(&folder)).verbose(0))?;
/// assert!(!folder.exists(), "the fit has reached its end");
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # References
///
/// Keras: `keras.callbacks.BackupAndRestore`.
#[derive(Debug, Clone)]
pub struct BackupAndRestore {
    arguments: Arguments,
    state: State,
}

/// The folder, which has no default, is empty in them.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Arguments {
    backup_dir: PathBuf,
    save_freq: SaveFreq,
    double_checkpoint: bool,
    delete_checkpoint: bool,
}

impl Default for Arguments {
    fn default() -> Self {
        Arguments {
            backup_dir: PathBuf::new(),
            save_freq: SaveFreq::Epoch,
            double_checkpoint: false,
            delete_checkpoint: true,
        }
    }
}

/// Where a fit is.
#[derive(Debug, Clone, Default)]
struct State {
    batches: BatchCount,
    resumed: Option<usize>,
}

impl arguments::Arguments for Arguments {
    const REQUIRED: &'static [&'static str] = &["backup_dir"];
}

impl From<Arguments> for BackupAndRestore {
    fn from(arguments: Arguments) -> Self {
        BackupAndRestore { arguments, state: State::default() }
    }
}

impl BackupAndRestore {
    /// Backs up to this folder after every epoch.
    pub fn new(backup_dir: impl AsRef<Path>) -> Self {
        Arguments { backup_dir: backup_dir.as_ref().to_path_buf(), ..Arguments::default() }.into()
    }

    /// How often to back up; default after every epoch.
    #[must_use]
    pub fn save_freq(mut self, save_freq: impl Into<SaveFreq>) -> Self {
        self.arguments.save_freq = save_freq.into();
        self
    }

    /// Whether to keep the backup before the last one too; default false.
    #[must_use]
    pub fn double_checkpoint(mut self, double: bool) -> Self {
        self.arguments.double_checkpoint = double;
        self
    }

    /// Whether to delete the backup when the fit has reached its end; default true.
    #[must_use]
    pub fn delete_checkpoint(mut self, delete: bool) -> Self {
        self.arguments.delete_checkpoint = delete;
        self
    }

    /// The epoch, counted from 0, with which the last fit went on; none if it began anew.
    pub fn resumed_epoch(&self) -> Option<usize> {
        self.state.resumed
    }

    fn latest(&self) -> PathBuf {
        self.arguments.backup_dir.join("latest.safetensors")
    }

    fn previous(&self) -> PathBuf {
        self.arguments.backup_dir.join("previous.safetensors")
    }

    /// Backs up after so many steps of the epoch, or at its end.
    fn save<T: Scalar>(&self, steps: Option<usize>, context: &mut Context<'_, T>) {
        let previous = self.arguments.double_checkpoint.then(|| self.previous());
        context.request_backup(BackupRequest { path: self.latest(), previous, steps, write: backup::back_up });
    }
}

impl Spec for BackupAndRestore {
    fn config(&self) -> Result<Value> {
        config("BackupAndRestore", &self.arguments)
    }

    fn check(&self) -> Result<()> {
        if self.arguments.save_freq == SaveFreq::Batches(0) {
            return Err(Error::argument("BackupAndRestore", "save_freq", "0 batches", "at least 1"));
        }
        Ok(())
    }
}

impl<T: Scalar> Callback<T> for BackupAndRestore {
    fn on_train_begin(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        self.check()?;
        self.state = State::default();
        let (latest, previous) = (self.latest(), self.previous());
        atomic::remove_leftovers(&latest);
        let mut found = latest.exists().then(|| context.resume(&latest));
        if self.arguments.double_checkpoint && !matches!(found, Some(Ok(_))) && previous.exists() {
            found = Some(context.resume(&previous));
        }
        self.state.resumed = found.transpose()?;
        Ok(())
    }

    fn on_train_batch_end(&mut self, batch: usize, context: &mut Context<'_, T>) -> Result<()> {
        if self.state.batches.is_due(self.arguments.save_freq) {
            self.save(Some(batch + 1), context);
        }
        Ok(())
    }

    fn on_epoch_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        if self.arguments.save_freq == SaveFreq::Epoch {
            self.save(None, context);
        }
        Ok(())
    }

    fn on_train_end(&mut self, _: &mut Context<'_, T>) -> Result<()> {
        if !self.arguments.delete_checkpoint || !self.arguments.backup_dir.exists() {
            return Ok(());
        }
        // Only what was written here, and the folder if nothing else is in it.
        for path in [self.latest(), self.previous()] {
            match fs::remove_file(&path) {
                Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                    return Err(Error::Io { path, source });
                }
                _ => {}
            }
        }
        let _ = fs::remove_dir(&self.arguments.backup_dir);
        Ok(())
    }

    fn item(&self) -> Option<Arc<dyn CallbackItem<T>>> {
        Some(Arc::new(BackupAndRestore::from(self.arguments.clone())))
    }
}
