use super::monitor::improves;
use super::save_freq::BatchCount;
use super::{Callback, Context, Mode, SaveFreq, template};
use crate::metrics::Direction;
use crate::models::files::format::Format;
use crate::{Error, Result, Scalar};
use std::path::{Path, PathBuf};

/// Saves the model during a fit.
///
/// | option | default | |
/// |---|---|---|
/// | `filepath` | | the file; may hold figures, `"model-{epoch:02d}-{val_loss:.4f}.safetensors"` |
/// | `monitor` | `val_loss` | the figure by which `save_best_only` decides |
/// | `verbose` | 0 | 1 tells on standard error what was saved |
/// | `save_best_only` | false | saves only when the figure is the best so far |
/// | `save_weights_only` | false | saves weights without layers, optimizer and losses |
/// | `mode` | auto | which way the figure gets better |
/// | `save_freq` | every epoch | or after so many batches |
/// | `initial_value_threshold` | none | a figure that the first best one must beat |
///
/// A field of the file's name is `epoch`, `batch` or a figure of the history, in braces; behind a colon it may have a
/// format as in Python, `[0][width][.precision]` with `d`, `f` or `e`. `{{` and `}}` stand for braces. Epochs and batches
/// count from 1, as in Keras. Each file is complete or not there at all, whatever
/// happens while it is written. Loaded with [`Model::load`](crate::Model::load) after an epoch, training goes on as if
/// it had never stopped.
///
/// ```
/// use nalgebra::DMatrix;
/// use perceptra::prelude::*;
/// use perceptra::callbacks::ModelCheckpoint;
///
/// let x = DMatrix::from_fn(40, 2, |i, j| (i % (j + 5)) as f32);
/// let y = x.column(0).map(|v| f32::from(u8::from(v > 2.0)));
/// let path = std::env::temp_dir().join("perceptra-best.safetensors");
/// let mut model = Sequential::new().add(Dense::new(1, Sigmoid)).compile("adam", "bce", ());
/// let mut checkpoint = ModelCheckpoint::new(&path).save_best_only(true);
/// model.fit(&x, &y, Fit::new().epochs(5).validation_split(0.2).callback(&mut checkpoint).verbose(0))?;
/// let best = Model::load(&path)?;
/// # std::fs::remove_file(path).unwrap();
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # References
///
/// Keras: `keras.callbacks.ModelCheckpoint`.
#[derive(Debug, Clone)]
pub struct ModelCheckpoint {
    filepath: PathBuf,
    monitor: String,
    verbose: u8,
    save_best_only: bool,
    save_weights_only: bool,
    mode: Mode,
    save_freq: SaveFreq,
    initial_value_threshold: Option<f64>,
    direction: Direction,
    best: Option<f64>,
    batches: BatchCount,
    last_saved: Option<PathBuf>,
}

impl ModelCheckpoint {
    /// Saves to a file of this name after every epoch.
    pub fn new(filepath: impl AsRef<Path>) -> Self {
        ModelCheckpoint {
            filepath: filepath.as_ref().to_path_buf(),
            monitor: "val_loss".into(),
            verbose: 0,
            save_best_only: false,
            save_weights_only: false,
            mode: Mode::Auto,
            save_freq: SaveFreq::Epoch,
            initial_value_threshold: None,
            direction: Direction::Down,
            best: None,
            batches: BatchCount::default(),
            last_saved: None,
        }
    }

    /// The figure that is looked at; default `val_loss`.
    #[must_use]
    pub fn monitor(mut self, name: impl Into<String>) -> Self {
        self.monitor = name.into();
        self
    }

    /// 1 tells on standard error what was saved; default 0.
    #[must_use]
    pub fn verbose(mut self, verbose: u8) -> Self {
        self.verbose = verbose;
        self
    }

    /// Whether only a model whose figure is the best so far is saved; default false.
    #[must_use]
    pub fn save_best_only(mut self, best_only: bool) -> Self {
        self.save_best_only = best_only;
        self
    }

    /// Whether to save weights alone; default false.
    #[must_use]
    pub fn save_weights_only(mut self, weights_only: bool) -> Self {
        self.save_weights_only = weights_only;
        self
    }

    /// Which way the figure gets better; by default as its metric says.
    #[must_use]
    pub fn mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    /// How often to save; default after every epoch.
    #[must_use]
    pub fn save_freq(mut self, save_freq: impl Into<SaveFreq>) -> Self {
        self.save_freq = save_freq.into();
        self
    }

    /// A figure that the first best one must beat; none by default.
    #[must_use]
    pub fn initial_value_threshold(mut self, threshold: f64) -> Self {
        self.initial_value_threshold = Some(threshold);
        self
    }

    /// The best figure so far.
    pub fn best(&self) -> Option<f64> {
        self.best
    }

    /// The file that was saved last.
    pub fn last_saved(&self) -> Option<&Path> {
        self.last_saved.as_deref()
    }

    /// Saves, unless only the best is wanted and this is not.
    fn save<T: Scalar>(&mut self, batch: Option<usize>, context: &Context<'_, T>) -> Result<()> {
        let path = self.path(batch, context)?;
        let epoch = context.epoch() + 1;
        let mut what = "saving the model".to_string();
        if self.save_best_only {
            // An epoch without validation has no such figure and is passed over.
            let Some(value) = context.logs().get(&self.monitor) else { return Ok(()) };
            if !improves(self.direction, value, self.best, 0.0) {
                self.tell(format!(
                    "Epoch {epoch}: {} did not improve from {:.5}",
                    self.monitor,
                    self.best.unwrap_or(value)
                ));
                return Ok(());
            }
            let before = self.best.map_or(String::new(), |best| format!(" from {best:.5}"));
            what = format!("{} improved{before} to {value:.5}, saving the model", self.monitor);
            self.best = Some(value);
        }
        self.tell(format!("Epoch {epoch}: {what} to {}", path.display()));
        match self.save_weights_only {
            true => context.network().save_weights(&path)?,
            false => context.save(&path)?,
        }
        self.last_saved = Some(path);
        Ok(())
    }

    fn tell(&self, what: String) {
        if self.verbose > 0 {
            eprintln!("{what}");
        }
    }

    /// The file's name with its figures.
    fn path<T: Scalar>(&self, batch: Option<usize>, context: &Context<'_, T>) -> Result<PathBuf> {
        let Some(text) = self.filepath.to_str() else {
            // What is not Unicode has no fields.
            return Ok(self.filepath.clone());
        };
        let mut counts = vec![("epoch", context.epoch() + 1)];
        counts.extend(batch.map(|batch| ("batch", batch + 1)));
        template::fill(text, &counts, context.logs())
            .map(PathBuf::from)
            .map_err(|reason| Error::Callback { callback: "ModelCheckpoint".into(), reason })
    }
}

impl<T: Scalar> Callback<T> for ModelCheckpoint {
    fn on_train_begin(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        // What would fail after the first epoch fails now.
        if self.filepath.is_dir() {
            return Err(Error::Argument {
                item: "ModelCheckpoint".into(),
                argument: "filepath",
                value: self.filepath.display().to_string(),
                expected: "the name of a file; this is a folder".into(),
            });
        }
        Format::Own.check_name(&self.filepath, "ModelCheckpoint", "filepath")?;
        if !self.save_weights_only {
            context.check_description()?;
        }
        if self.save_freq == SaveFreq::Batches(0) {
            return Err(Error::Argument {
                item: "ModelCheckpoint".into(),
                argument: "save_freq",
                value: "0 batches".into(),
                expected: "at least 1".into(),
            });
        }
        if self.save_best_only {
            self.direction = self.mode.direction("ModelCheckpoint", &self.monitor, context)?;
        }
        // As in Keras the best figure is kept when a fit is continued.
        self.best = self.best.or(self.initial_value_threshold);
        Ok(())
    }

    fn on_train_batch_end(&mut self, batch: usize, context: &mut Context<'_, T>) -> Result<()> {
        match self.batches.is_due(self.save_freq) {
            true => self.save(Some(batch), context),
            false => Ok(()),
        }
    }

    fn on_epoch_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        match self.save_freq {
            SaveFreq::Epoch => self.save(None, context),
            SaveFreq::Batches(_) => Ok(()),
        }
    }
}
