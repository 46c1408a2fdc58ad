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
    /// Lets an interrupted fit continue from its last backup when the program is run again.
    ///
    /// A fit that finds a backup restores weights, optimizer state, seed and position from it, and has the same result, bit for
    /// bit, as an uninterrupted one. If the backup was made within an epoch, training continues after the saved batch (Keras
    /// repeats that epoch). The caller has to pass the same data, callbacks and options of the fit, such as batch size and
    /// [`Fit::seed`](crate::Fit::seed).
    ///
    /// The other callbacks continue too: the backup contains the state of each after all of them were called for that batch or
    /// epoch, in any order. So [`EarlyStopping`](crate::callbacks::EarlyStopping) stops at the same epoch as in an uninterrupted
    /// fit, with the same best weights; [`ReduceLROnPlateau`](crate::callbacks::ReduceLROnPlateau) has the same rate;
    /// [`ModelCheckpoint`](crate::callbacks::ModelCheckpoint) does not overwrite a better file; and
    /// [`CSVLogger`](crate::callbacks::CSVLogger) logs every epoch once, except that with `append` the first epoch is logged twice
    /// if an error of a later callback at its end prevented the first backup. The history contains all epochs. In Keras all of
    /// these start over. A user-defined callback continues if it implements [`Callback::state`]. States are matched to callbacks
    /// by name, and by order if several have the same name; the state of a callback that the fit does not have is ignored, and a
    /// callback that is not in the backup starts over.
    ///
    /// If an epoch is resumed after one of its batches, a user-defined metric without
    /// [`MetricState::accumulators_mut`](crate::metrics::MetricState::accumulators_mut) covers only the rest of that epoch. If the
    /// loss becomes NaN in this epoch, the model returns to the weights of the backup.
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
        /// Whether to also keep the previous backup, in case the last one cannot be read; default false.
        double_checkpoint: bool = false,
        /// Whether to delete the backup at the end of the fit; default true.
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
        // Deletes only files that this callback has written, and the folder if it is empty then.
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
