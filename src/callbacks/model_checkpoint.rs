use super::monitor::{improves, same_monitor};
use super::python_format::FieldValue;
use super::save_freq::BatchCount;
use super::template::Template;
use super::{Callback, CallbackItem, CallbackState, Context, Mode, SaveFreq};
use crate::engine::context::Unavailable;
use crate::engine::show_line;
use crate::error::suggestion;
use crate::items::{Spec, invalid, item};
use crate::metrics::Direction;
use crate::{Error, Result, Scalar};
use crate::{atomic, saving::format::FileFormat};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::Arc;

item! {
    /// Saves the model during a fit.
    ///
    /// The file name may contain fields in braces: `epoch`, `batch` or a value of the history, optionally with a colon and a
    /// format as in Python, `[[fill]align][sign][0][width][.precision]` with `d`, `f`, `e`, `g` or `%`. `{{` and `}}` denote
    /// braces. Epochs and batches count from 1, as in Keras. An unknown name and an invalid format, such as `d` for a fraction,
    /// are errors before the first epoch. An epoch without validation is skipped if the file name or the monitored metric needs
    /// it. NaN is never the best value: with `save_best_only` nothing is saved before the metric is a number.
    ///
    /// Each file is either complete or missing, even if the process is killed while it writes. If a model that was saved after an epoch is
    /// loaded with [`Model::load`](crate::Model::load), training continues as if it had not been interrupted.
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
    pub struct ModelCheckpoint: "ModelCheckpoint" (filepath: PathBuf) keeps state: CheckpointState checked by check_arguments {
        /// The metric that `save_best_only` compares; default `val_loss`.
        monitor: String = "val_loss",
        /// With 1, reports each saved file on standard error; default 0.
        verbose: u8 = 0,
        /// Whether to save a model only if its metric is the best so far; default false.
        save_best_only: bool = false,
        /// Whether to save only the weights, without layers, optimizer and losses; default false.
        save_weights_only: bool = false,
        /// The direction in which the monitored value improves; by default as its metric declares.
        mode: Mode = Mode::Auto,
        /// How often to save; default after every epoch.
        save_freq: SaveFreq [at least 1] = SaveFreq::Epoch,
        /// A value that the first best one must beat; none by default.
        initial_value_threshold: Option<f64> = None,
    }
}

/// The values observed in a fit and the files saved.
#[derive(Debug, Clone)]
struct CheckpointState {
    direction: Direction,
    template: Option<Template>,
    best: Option<f64>,
    batches: BatchCount,
    last_saved: Option<PathBuf>,
    /// Whether the fit resumes an interrupted one, which may have been interrupted while it wrote a file.
    resumed: bool,
}

impl Default for CheckpointState {
    fn default() -> Self {
        CheckpointState {
            direction: Direction::Down,
            template: None,
            best: None,
            batches: BatchCount::default(),
            last_saved: None,
            resumed: false,
        }
    }
}

impl ModelCheckpoint {
    /// Saves to a file with this name after every epoch; the name may contain values of the fit,
    /// `"model-{epoch:02d}-{val_loss:.4f}.safetensors"`.
    pub fn new(filepath: impl AsRef<Path>) -> Self {
        Self::with(filepath.as_ref().to_path_buf())
    }

    /// The best value so far: that of the last saved file, or the threshold.
    pub fn best(&self) -> Option<f64> {
        self.state.best
    }

    /// The file that was saved last.
    pub fn last_saved(&self) -> Option<&Path> {
        self.state.last_saved.as_deref()
    }

    /// Saves the model, except with `save_best_only` if it is not the best.
    fn save<T: Scalar>(&mut self, batch: Option<usize>, context: &Context<'_, T>) -> Result<()> {
        // An epoch without validation lacks values that the name or the comparison needs, and is skipped.
        let Some(path) = self.path(batch, context) else { return Ok(()) };
        let epoch = context.epoch() + 1;
        let mut what = "saving the model".to_string();
        let mut best = self.state.best;
        if self.save_best_only {
            let Some(value) = context.logs().get(&self.monitor) else { return Ok(()) };
            if !improves(self.state.direction, value, self.state.best, 0.0) {
                self.report(format!(
                    "Epoch {epoch}: {} did not improve from {:.5}",
                    self.monitor,
                    self.state.best.unwrap_or(value)
                ));
                return Ok(());
            }
            let before = self.state.best.map_or(String::new(), |best| format!(" from {best:.5}"));
            what = format!("{} improved{before} to {value:.5}, saving the model", self.monitor);
            best = Some(value);
        }
        self.report(format!("Epoch {epoch}: {what} to {}", path.display()));
        match self.save_weights_only {
            true => context.network().save_weights(&path)?,
            false => context.save(&path)?,
        }
        if self.state.resumed {
            // The file that was being written at the interruption has just been written again.
            atomic::remove_leftovers(&path);
        }
        // Recorded after saving, since a file that could not be written is not the best file.
        self.state.best = best;
        self.state.last_saved = Some(path);
        Ok(())
    }

    fn report(&self, what: String) {
        if self.verbose > 0 {
            show_line(format_args!("{what}"));
        }
    }

    /// The file name with its values; `None` if one of them is missing.
    fn path<T: Scalar>(&self, batch: Option<usize>, context: &Context<'_, T>) -> Option<PathBuf> {
        let Some(template) = &self.state.template else { return Some(self.filepath.clone()) };
        let number = |name: &str| match name {
            "epoch" => Some(FieldValue::Count(context.epoch() + 1)),
            "batch" if batch.is_some() => batch.map(|batch| FieldValue::Count(batch + 1)),
            name => context.logs().get(name).map(FieldValue::Metric),
        };
        template.fill(number).map(PathBuf::from)
    }

    fn parse(&self, filepath: &str) -> Result<Template> {
        Template::parse(filepath).map_err(|reason| self.invalid_path(reason))
    }

    /// Parses the file name and checks that all values in it will exist.
    fn read_template<T: Scalar>(&mut self, context: &Context<'_, T>) -> Result<()> {
        // A name that is not Unicode has no fields.
        self.state.template = match self.filepath.to_str() {
            Some(text) => Some(self.parse(text)?),
            None => None,
        };
        let by_batch = self.save_freq != SaveFreq::Epoch;
        let counts: &[&str] = if by_batch { &["epoch", "batch"] } else { &["epoch"] };
        for name in self.state.template.iter().flat_map(Template::fields) {
            if !counts.contains(&name) {
                context.key(name, by_batch).map_err(|Unavailable { known, cure }| {
                    let known: Vec<&str> = counts.iter().copied().chain(known).collect();
                    let (suggestion, known) = (suggestion(name, &known), known.join(", "));
                    let expected = format!(
                        "fields that this fit can fill, and there is no value \"{name}\"{suggestion}; known: {known}"
                    );
                    let error = self.invalid_path(expected);
                    if cure.is_empty() { error } else { error.with_note(cure) }
                })?;
            }
        }
        Ok(())
    }

    /// Checks that a file can be written at this path.
    fn check_place(&self) -> Result<()> {
        if self.filepath.is_dir() {
            return Err(self.invalid_path("the name of a file; this is a folder"));
        }
        // Missing folders are created; an existing path has to be a folder.
        if let Some(there) = self.filepath.ancestors().skip(1).find(|path| path.exists())
            && !there.is_dir()
        {
            let expected = format!("a file in a folder; {} is a file", there.display());
            return Err(self.invalid_path(expected));
        }
        FileFormat::Native.check_name(&self.filepath, "ModelCheckpoint", "filepath")
    }

    fn check_arguments(&self) -> Result<()> {
        if self.initial_value_threshold.is_some_and(f64::is_nan) {
            let expected = "a number, than which some value can be better";
            return Err(invalid(self, "initial_value_threshold", "NaN", expected));
        }
        self.filepath.to_str().map_or(Ok(()), |text| self.parse(text).map(|_| ()))
    }

    fn invalid_path(&self, expected: impl Into<String>) -> Error {
        invalid(self, "filepath", self.filepath.display(), expected)
    }
}

/// The part of the state that a backup holds.
#[derive(Serialize, Deserialize)]
struct CheckpointBackup {
    /// The monitored value; `None` unless only the best is saved.
    monitor: Option<String>,
    #[serde(with = "crate::json_numbers::option")]
    best: Option<f64>,
    batches: BatchCount,
    last_saved: Option<PathBuf>,
}

impl<T: Scalar> Callback<T> for ModelCheckpoint {
    fn on_train_begin(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        self.check()?;
        // Reports errors now instead of after the first epoch.
        self.check_place()?;
        if !self.save_weights_only {
            context.check_description()?;
        }
        self.state.resumed = false;
        self.read_template(context)?;
        if self.save_best_only {
            let by_batch = self.save_freq != SaveFreq::Epoch;
            self.state.direction = self.mode.direction("ModelCheckpoint", &self.monitor, context, by_batch)?;
        }
        // As in Keras the best value is kept when a fit is continued.
        self.state.best = self.state.best.or(self.initial_value_threshold);
        Ok(())
    }

    fn on_train_batch_end(&mut self, batch: usize, context: &mut Context<'_, T>) -> Result<()> {
        match self.state.batches.is_due(self.save_freq) {
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

    fn item(&self) -> Option<Arc<dyn CallbackItem<T>>> {
        Some(Arc::new(self.with_default_state()))
    }

    fn state(&self) -> Result<Option<CallbackState<T>>> {
        let memory = CheckpointBackup {
            monitor: self.save_best_only.then(|| self.monitor.clone()),
            best: self.state.best,
            batches: self.state.batches.clone(),
            // JSON cannot represent a path that is not Unicode.
            last_saved: self.state.last_saved.clone().filter(|path| path.to_str().is_some()),
        };
        CallbackState::new(memory).map(Some)
    }

    fn restore_state(&mut self, state: CallbackState<T>, _: &mut Context<'_, T>) -> Result<()> {
        let CheckpointBackup { monitor, best, batches, last_saved } = state.values()?;
        if let (Some(monitor), true) = (monitor, self.save_best_only) {
            same_monitor("ModelCheckpoint", &self.monitor, &monitor)?;
        }
        (self.state.best, self.state.batches, self.state.last_saved) = (best, batches, last_saved);
        self.state.resumed = true;
        Ok(())
    }
}
