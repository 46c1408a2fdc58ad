use super::save_freq::BatchCount;
use super::{Callback, CallbackItem, Context, SaveFreq};
use crate::engine::fit_state::BackupRequest;
use crate::items::{Spec, item};
use crate::{Error, Result, Scalar};
use crate::{atomic, saving::native::backup};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

item! {
    /// Lets a fit that was interrupted continue where it was, when the program is run again.
    ///
    /// A fit that finds a backup takes weights, optimizer state, seed and position from it and ends with the same bits as
    /// one that was never interrupted. If the backup was made within an epoch, training continues after the saved batch (Keras
    /// repeats that epoch). The data and the options of the fit, such as batch size and [`Fit::seed`](crate::Fit::seed),
    /// and its callbacks are the caller's to repeat.
    ///
    /// The other callbacks continue too: the backup holds what each of them has remembered once all were called for that
    /// batch or epoch, whatever their order. So [`EarlyStopping`](crate::callbacks::EarlyStopping) stops where the whole fit would
    /// have, with the same best weights, [`ReduceLROnPlateau`](crate::callbacks::ReduceLROnPlateau) has the same rate,
    /// [`ModelCheckpoint`](crate::callbacks::ModelCheckpoint) keeps a better file, and
    /// [`CSVLogger`](crate::callbacks::CSVLogger) has every epoch once, except that with `append` the first epoch is there twice if
    /// a later callback's error at its end kept the first backup from being written. The history is that of all epochs. In Keras
    /// all of these start over. A user-defined callback takes part by [`Callback::state`]. A state goes to the callback of its name, where several have
    /// one name by their order; the state of a callback that the fit no longer has is dropped, and a callback that the backup
    /// does not know starts over.
    ///
    /// A user-defined metric that lacks [`MetricState::accumulators_mut`](crate::metrics::MetricState::accumulators_mut) covers, in an epoch that is
    /// resumed after one of its batches, the rest of that epoch only. If the loss becomes NaN in such an epoch, the model
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
    pub struct BackupAndRestore: "BackupAndRestore" (backup_dir: PathBuf) keeps state: BackupState {
        /// How often to back up; default after every epoch.
        save_freq: SaveFreq [at least 1] = SaveFreq::Epoch,
        /// Whether to keep the backup before the last one too, for when the last cannot be read; default false.
        double_checkpoint: bool = false,
        /// Whether to delete the backup when the fit has reached its end; default true.
        delete_checkpoint: bool = true,
    }
}

/// The progress of a fit.
#[derive(Debug, Clone, Default)]
struct BackupState {
    batches: BatchCount,
    resumed: Option<usize>,
}

impl BackupAndRestore {
    /// Backs up to this folder after every epoch; the folder must belong to this fit only.
    pub fn new(backup_dir: impl AsRef<Path>) -> Self {
        Self::with(backup_dir.as_ref().to_path_buf())
    }

    /// The epoch, counted from 0, at which the last fit resumed; `None` if it started from the beginning.
    pub fn resumed_epoch(&self) -> Option<usize> {
        self.state.resumed
    }

    fn latest(&self) -> PathBuf {
        self.backup_dir.join("latest.safetensors")
    }

    fn previous(&self) -> PathBuf {
        self.backup_dir.join("previous.safetensors")
    }

    /// Backs up after this many steps of the epoch, or at its end.
    fn save<T: Scalar>(&self, steps: Option<usize>, context: &mut Context<'_, T>) {
        let previous = self.double_checkpoint.then(|| self.previous());
        context.request_backup(BackupRequest { path: self.latest(), previous, steps, write: backup::back_up });
    }
}

impl<T: Scalar> Callback<T> for BackupAndRestore {
    fn on_train_begin(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        self.check()?;
        self.state = BackupState::default();
        let (latest, previous) = (self.latest(), self.previous());
        atomic::remove_leftovers(&latest);
        let mut found = latest.exists().then(|| context.resume(&latest));
        if self.double_checkpoint && !matches!(found, Some(Ok(_))) && previous.exists() {
            found = Some(context.resume(&previous));
        }
        self.state.resumed = found.transpose()?;
        Ok(())
    }

    fn on_train_batch_end(&mut self, batch: usize, context: &mut Context<'_, T>) -> Result<()> {
        if self.state.batches.is_due(self.save_freq) {
            self.save(Some(batch + 1), context);
        }
        Ok(())
    }

    fn on_epoch_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        if self.save_freq == SaveFreq::Epoch {
            self.save(None, context);
        }
        Ok(())
    }

    fn on_train_end(&mut self, _: &mut Context<'_, T>) -> Result<()> {
        if !self.delete_checkpoint || !self.backup_dir.exists() {
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
        let _ = fs::remove_dir(&self.backup_dir);
        Ok(())
    }

    fn item(&self) -> Option<Arc<dyn CallbackItem<T>>> {
        Some(Arc::new(self.with_default_state()))
    }
}
