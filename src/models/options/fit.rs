use super::fit_callback::FitCallback;
use super::fit_options::FitOptions;
use crate::as_matrix::AsMatrix;
use crate::batches::BatchSource;
use crate::distributed::Distributed;
use crate::engine::{
    Callback, CallbackFactory, CallbackItem, Callbacks, ClassWeights, FitInputs, FitSettings, ResumableFit,
    SharedSamples, ValidationMatrices, Verbosity,
};
use crate::error::counted;
use crate::items::{IntoItem, Item};
use crate::kernels::strided_view::StridedView;
use crate::lists::try_map;
use crate::{Error, Result, Scalar};
use std::fmt;
use std::sync::Arc;

/// The options of [`Model::fit`](crate::Model::fit): those that can be repeated, and the data that one call borrows.
///
/// | option | default | |
/// |---|---|---|
/// | `batch_size` | 32 | samples of a step; the last batch of an epoch may be smaller |
/// | `epochs` | 1 | the number of the last epoch, see `initial_epoch` |
/// | `initial_epoch` | 0 | the number of the first epoch, counted from 0 |
/// | `steps_per_epoch` | all | the batches of an epoch; the next one continues after them |
/// | `shuffle` | true | a new order of the samples in every epoch |
/// | `shuffle_buffer` | as many as take 32 MiB | the rows of a source of blocks that are shuffled together |
/// | `copy_rows` | by batch size and threads | whether all rows of matrices are copied for the fit |
/// | `seed` | the model's | of that order |
/// | `validation_split` | 0 | the fraction of samples, the last ones, kept for validation |
/// | `validation_data` | none | samples and targets for validation; takes precedence over `validation_split` |
/// | `validation_batches` | none | a source of blocks for the validation of `fit_batches` |
/// | `validation_hash` | 0 | the fraction of a source's rows, chosen by their contents, kept for validation |
/// | `validation_weights` | 1 each | the factor of the loss of each sample of `validation_data` |
/// | `validation_batch_size` | `batch_size` | |
/// | `validation_steps` | all | the batches of a validation, from the first on |
/// | `validation_freq` | 1 | validate every n epochs |
/// | `class_weight` | 1 each | the factor of the loss of a class's samples |
/// | `sample_weight` | 1 each | the factor of each sample's loss |
/// | `callbacks` | none | |
/// | `distributed` | one process | the ranks; each passes its part of the rows |
/// | `verbose` | auto | the progress display |
///
/// ```
/// use nalgebra::DMatrix;
/// use perceptra::prelude::*;
///
/// let x = DMatrix::from_fn(64, 2, |i, j| ((i * (j + 3)) % 7) as f32);
/// let y = x.column(0).map(|v| f32::from(u8::from(v > 3.0)));
/// let mut model = Sequential::new().add(Dense::new(1, Sigmoid)).compile("adam", "bce", ["accuracy"]);
/// let fit = Fit::new().batch_size(16).epochs(3).validation_split(0.25).class_weight([(1, 2.0)]).verbose(0);
/// let history = model.fit(&x, &y, fit)?;
/// assert_eq!(history.get("val_accuracy").unwrap().len(), 3);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// One call takes them. [`options`](Fit::options) keeps those that can be repeated as [`FitOptions`], of which any number
/// of calls are made.
///
/// # References
///
/// Keras: `keras.Model.fit`.
#[must_use]
pub struct Fit<'a, T: Scalar> {
    settings: FitSettings,
    /// The callbacks in order: repeatable ones, and those for this call only.
    callbacks: Vec<FitCallback<'a, T>>,
    /// The data that one call borrows.
    validation_data: Option<(StridedView<'a, T>, StridedView<'a, T>)>,
    validation_weights: Option<&'a [T]>,
    sample_weight: Option<&'a [T]>,
    validation_batches: Option<Box<dyn BatchSource<T> + 'a>>,
    shared: SharedSamples<'a, T>,
    /// The end of this part and the state of the fit, for a fit in parts.
    resumable: Option<&'a mut ResumableFit<T>>,
    /// The ranks, of a distributed fit.
    distributed: Option<Distributed<'a>>,
}

impl<T: Scalar> Default for Fit<'_, T> {
    fn default() -> Self {
        FitOptions::default().into()
    }
}

impl<T: Scalar> From<FitOptions<T>> for Fit<'_, T> {
    fn from(options: FitOptions<T>) -> Self {
        let FitOptions { settings, callbacks } = options;
        Fit {
            settings,
            callbacks: callbacks.into_iter().map(FitCallback::Item).collect(),
            validation_data: None,
            validation_weights: None,
            sample_weight: None,
            validation_batches: None,
            shared: SharedSamples { train: None, validation: None },
            resumable: None,
            distributed: None,
        }
    }
}

impl<T: Scalar> From<&FitOptions<T>> for Fit<'_, T> {
    fn from(options: &FitOptions<T>) -> Self {
        options.clone().into()
    }
}

impl<'a, T: Scalar> Fit<'a, T> {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Samples of a step, at least 1; default 32.
    pub fn batch_size(mut self, batch_size: usize) -> Self {
        self.settings.batch_size = batch_size;
        self
    }

    /// The number of the last epoch; from the default `initial_epoch` on, how many there are. Default 1.
    pub fn epochs(mut self, epochs: usize) -> Self {
        self.settings.epochs = epochs;
        self
    }

    /// The number of the first epoch, counted from 0, when an earlier fit is continued; default 0.
    pub fn initial_epoch(mut self, epoch: usize) -> Self {
        self.settings.initial_epoch = epoch;
        self
    }

    /// The number of batches of an epoch, at least 1; by default all of them.
    ///
    /// The next epoch continues after them, and a new pass over the samples, in a new order, begins after the last one;
    /// an epoch does not extend into the next pass. A fit begins a pass.
    pub fn steps_per_epoch(mut self, steps: usize) -> Self {
        self.settings.steps_per_epoch = Some(steps);
        self
    }

    /// Whether the samples come in a new random order in every epoch; default true.
    pub fn shuffle(mut self, shuffle: bool) -> Self {
        self.settings.shuffle = shuffle;
        self
    }

    /// The rows of a source of blocks that [`fit_batches`](crate::Model::fit_batches) shuffles together, at least 1: they are in memory
    /// at once. By default as many as take 32 MiB.
    ///
    /// The number is rounded up to whole batches. If the source has its rows in some order, such as that of their targets, the buffer
    /// should be much larger than a run of similar rows.
    pub fn shuffle_buffer(mut self, rows: usize) -> Self {
        self.settings.shuffle_buffer = Some(rows);
        self
    }

    /// Whether a fit of matrices copies all of their rows, each into one place, or only those of a part of an epoch at a time. By
    /// default all are copied, except with batches of at least 256 rows if another thread can copy the next rows during training. This
    /// requires more than one thread ([`set_num_threads`](crate::set_num_threads)), steps that are too small to be divided among
    /// threads, and a fit that does not run in parallel with others (folds, members, trials).
    ///
    /// The copy takes `4·(f + t + w)` bytes a row, 8 instead of 4 in `f64`, with `f` features, `t` targets, and `w` 1 with weights and
    /// else 0; the parenthesis is rounded up to a power of two or, above 16 values (8 in `f64`), a multiple of 16 (8), unless that adds
    /// more than half. Otherwise a quarter of that is taken, at least 2 MiB, and 8 bytes more for each row: another thread fills one
    /// window of an eighth of the rows while the fit goes on with the other. An epoch then reads the matrices eight times; without
    /// another thread that makes a step of 12-12-12-1 in batches of 256 about one and a half times as long. A copy that takes 1 MiB or
    /// less is made in any case, and so is that of samples for validation. The results are the same, bit for bit.
    ///
    /// ```
    /// use nalgebra::DMatrix;
    /// use perceptra::prelude::*;
    ///
    /// let x = DMatrix::from_fn(64, 2, |i, j| ((i * (j + 3)) % 7) as f32);
    /// let y = x.column(0).into_owned();
    /// let mut model = Sequential::new().add(Dense::new(1, Linear)).compile("adam", "mse", ());
    /// model.fit(&x, &y, Fit::new().copy_rows(false).verbose(0))?;
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    pub fn copy_rows(mut self, copy: bool) -> Self {
        self.settings.copy_rows = Some(copy);
        self
    }

    /// The seed of the samples' order; default the model's.
    pub fn seed(mut self, seed: u64) -> Self {
        self.settings.seed = Some(seed);
        self
    }

    /// Keeps the last fraction of the samples, in [0, 1), for validation; default 0.
    pub fn validation_split(mut self, fraction: f64) -> Self {
        self.settings.validation_split = fraction;
        self
    }

    /// Evaluates on these samples after every epoch.
    pub fn validation_data(mut self, x: &'a impl AsMatrix<T>, y: &'a impl AsMatrix<T>) -> Self {
        self.validation_data = Some((StridedView::new(x.as_matrix()), StridedView::new(y.as_matrix())));
        self
    }

    /// Evaluates on the rows of this source after every epoch of a [`fit_batches`](crate::Model::fit_batches): a value, or `&mut` one.
    pub fn validation_batches(mut self, source: impl BatchSource<T> + 'a) -> Self {
        self.validation_batches = Some(Box::new(source));
        self
    }

    /// Keeps a fraction of the rows of a source, in [0, 1), for the validation of a [`fit_batches`](crate::Model::fit_batches); default 0.
    ///
    /// Rows are selected by a hash of their features, targets and weight, so that equal rows are always in the same part, in every epoch
    /// and every fit, independent of the other rows of the source.
    pub fn validation_hash(mut self, fraction: f64) -> Self {
        self.settings.validation_hash = fraction;
        self
    }

    /// Weights for the samples of [`validation_data`](Fit::validation_data), one for each.
    ///
    /// The samples of a `validation_split` keep their weights from [`sample_weight`](Fit::sample_weight).
    pub fn validation_weights(mut self, weights: &'a [T]) -> Self {
        self.validation_weights = Some(weights);
        self
    }

    /// Samples that are evaluated together, at least 1; default `batch_size`.
    pub fn validation_batch_size(mut self, batch_size: usize) -> Self {
        self.settings.validation_batch_size = Some(batch_size);
        self
    }

    /// The number of batches of a validation, at least 1, from the first on; by default all of them.
    pub fn validation_steps(mut self, steps: usize) -> Self {
        self.settings.validation_steps = Some(steps);
        self
    }

    /// Validates every n epochs, n at least 1; default 1.
    pub fn validation_freq(mut self, epochs: usize) -> Self {
        self.settings.validation_freq = epochs;
        self
    }

    /// The factor of the loss for the samples of a class; a class that is not named has 1.
    ///
    /// The class of a sample is its target, or the column of its largest target if there are several.
    pub fn class_weight(mut self, weights: impl IntoIterator<Item = (usize, f64)>) -> Self {
        self.settings.class_weight = ClassWeights(weights.into_iter().collect());
        self
    }

    /// The factor of each sample's loss, one per row of `x`.
    pub fn sample_weight(mut self, weights: &'a [T]) -> Self {
        self.sample_weight = Some(weights);
        self
    }

    /// Distributes the fit over the ranks of a communicator, `&world`, or as [`Distributed`] describes: this process passes its part
    /// of the rows. See [`distributed`](crate::distributed).
    pub fn distributed(mut self, over: impl Into<Distributed<'a>>) -> Self {
        self.distributed = Some(over.into());
        self
    }

    /// Adds a callback: a value, or `&mut` one that is read afterwards.
    pub fn callback(mut self, callback: impl Callback<T> + 'a) -> Self {
        self.callbacks.push(FitCallback::Value(Box::new(callback)));
        self
    }

    /// Adds a callback that `make` makes for each fit: how a callback of closures can be [repeated](Fit::options).
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let halve = || {
    ///     LambdaCallback::new().on_epoch_end(|context| {
    ///         let rate = context.learning_rate();
    ///         context.set_learning_rate(rate / 2.0);
    ///         Ok(())
    ///     })
    /// };
    /// let options = Fit::new().epochs(3).callback_with(halve).verbose(0).options()?;
    /// let mut model = Sequential::new().add(Dense::new(1, Linear)).compile(SGD.learning_rate(0.8), "mse", ());
    /// model.fit(&dmatrix![1.0; 2.0], &dmatrix![1.0; 2.0], Fit::from(&options))?;
    /// assert_eq!(model.learning_rate()?, 0.1);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    pub fn callback_with<C: Callback<T> + 'static>(mut self, make: impl Fn() -> C + Send + Sync + 'static) -> Self {
        self.callbacks
            .push(FitCallback::Item(Item::from(Arc::new(CallbackFactory::new(make)) as Arc<dyn CallbackItem<T>>)));
        self
    }

    /// Adds a callback by its description, from which the fit starts its own: by its name, `"TerminateOnNaN"`, a value,
    /// or what [`callbacks::get`](crate::callbacks::get) returns.
    pub fn callback_item<M>(mut self, item: impl IntoItem<dyn CallbackItem<T>, M>) -> Self {
        self.callbacks.push(FitCallback::Item(item.into_item()));
        self
    }

    /// The progress display: a [`Verbosity`], or Keras's 0, 1 or 2.
    pub fn verbose(mut self, verbosity: impl Into<Verbosity>) -> Self {
        self.settings.verbosity = verbosity.into();
        self
    }

    /// The options without the data, from which any number of fits can be made.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] names what serves one call: `validation_data`, `validation_weights`, `sample_weight`, and a
    /// callback that is a `&mut` reference, is made of closures, or is of a type that does not return itself from
    /// [`Callback::item`]; and an option, or an argument of a callback, that is out of its range. What
    /// [`callback_with`](Fit::callback_with) makes is checked by each fit, which makes it. [`Error::Unknown`] for a
    /// callback whose name does not exist.
    pub fn options(&self) -> Result<FitOptions<T>> {
        let borrowed = |argument, rows: Option<usize>| match rows {
            Some(rows) => Err(Error::argument(
                "Fit",
                argument,
                counted(rows, "borrowed row"),
                format!(
                    "nothing borrowed in options that are repeated; give it to each fit: Fit::from(&options).{argument}(…)"
                ),
            )),
            None => Ok(()),
        };
        borrowed("validation_data", self.validation_data.map(|(x, _)| x.rows))?;
        borrowed("validation_weights", self.validation_weights.map(<[T]>::len))?;
        borrowed("sample_weight", self.sample_weight.map(<[T]>::len))?;
        borrowed("validation_batches", self.validation_batches.as_ref().map(|source| source.rows().unwrap_or(0)))?;
        if let Some(over) = self.distributed {
            let expected = "no borrowed ranks in options that are repeated; give them to each fit: Fit::from(&options).distributed(…)";
            return Err(Error::argument("Fit", "distributed", format!("{over:?}"), expected));
        }
        let callbacks = try_map(self.callbacks.iter(), FitCallback::item)?;
        let options = FitOptions { settings: self.settings.clone(), callbacks };
        options.check()?;
        Ok(options)
    }

    /// Checks the ranges of the options, and of the arguments of callbacks that describe themselves.
    pub(crate) fn check(&self) -> Result<()> {
        self.settings.check()?;
        self.callbacks.iter().try_for_each(FitCallback::check)
    }

    /// Validates on the samples of these views.
    pub(crate) fn validation_views(mut self, x: StridedView<'a, T>, y: StridedView<'a, T>) -> Self {
        self.validation_data = Some((x, y));
        self
    }

    /// Uses these records, with the same samples, targets and weights as the fit, instead of copying the matrices.
    pub(crate) fn shared(mut self, shared: SharedSamples<'a, T>) -> Self {
        self.shared = shared;
        self
    }

    /// Trains a part of the fit, which continues the one before.
    pub(crate) fn part(mut self, resumable: &'a mut ResumableFit<T>) -> Self {
        self.resumable = Some(resumable);
        self
    }

    /// The ranks, of a distributed fit.
    pub(crate) fn ranks(&self) -> Option<Distributed<'a>> {
        self.distributed
    }

    /// The progress display.
    pub(crate) fn verbosity(&self) -> Verbosity {
        self.settings.verbosity
    }

    /// The settings and the inputs of this call for the engine, with its callbacks started.
    pub(crate) fn into_parts(
        self,
        x: StridedView<'a, T>,
        y: StridedView<'a, T>,
    ) -> Result<(FitSettings, FitInputs<'a, T>)> {
        let Fit { settings, callbacks, validation_data, validation_weights, sample_weight, shared, resumable, .. } =
            self;
        let callbacks = start(callbacks)?;
        Ok((
            settings,
            FitInputs { x, y, validation_data, validation_weights, sample_weight, shared, callbacks, resumable },
        ))
    }

    /// The settings and the inputs of a fit of a source, with its callbacks started.
    pub(crate) fn into_source_parts(self) -> Result<SourceParts<'a, T>> {
        let Fit { settings, callbacks, validation_data, validation_weights, validation_batches, .. } = self;
        let validation_data = validation_data.map(|data| (data, validation_weights));
        Ok((settings, validation_data, validation_batches, start(callbacks)?))
    }

    /// Returns an error for options that a fit of matrices does not use.
    pub(crate) fn check_of_matrices(&self) -> Result<()> {
        let refused = |argument, value| Err(Error::argument("Fit", argument, value, "it only with fit_batches"));
        if let Some(rows) = self.settings.shuffle_buffer {
            return refused("shuffle_buffer", format!("{rows} rows"));
        }
        if self.settings.validation_hash > 0.0 {
            return refused("validation_hash", self.settings.validation_hash.to_string());
        }
        if self.validation_batches.is_some() {
            return refused("validation_batches", "a source".into());
        }
        Ok(())
    }

    /// Returns an error for options that a fit of a source does not use, and for more than one validation set.
    pub(crate) fn check_of_source(&self) -> Result<()> {
        if let Some(weights) = self.sample_weight {
            return Err(of_matrices("Fit", "sample_weight", counted(weights.len(), "number"), WEIGHTS));
        }
        if let Some(copy) = self.settings.copy_rows {
            let cure = "it holds a window of rows at a time, as large as shuffle_buffer";
            return Err(of_matrices("Fit", "copy_rows", copy.to_string(), cure));
        }
        let FitSettings { validation_split: split, validation_hash: hash, .. } = self.settings;
        if split > 0.0 {
            return Err(of_matrices(
                "Fit",
                "validation_split",
                split.to_string(),
                "use validation_hash or validation_batches",
            ));
        }
        if let (Some(weights), None) = (self.validation_weights, &self.validation_data) {
            let found = format!("{} without validation_data", counted(weights.len(), "number"));
            return Err(of_matrices("Fit", "validation_weights", found, WEIGHTS));
        }
        let sets = [hash > 0.0, self.validation_batches.is_some(), self.validation_data.is_some()];
        if sets.iter().filter(|given| **given).count() > 1 {
            let found = "given with another set for validation";
            let expected = "one of validation_batches, validation_hash and validation_data";
            return Err(Error::argument("Fit", "validation_batches", found, expected));
        }
        Ok(())
    }
}

/// Settings, validation data, the source of validation data, and callbacks.
type SourceParts<'a, T> =
    (FitSettings, Option<ValidationMatrices<'a, T>>, Option<Box<dyn BatchSource<T> + 'a>>, Callbacks<'a, T>);

/// The advice for weights that are given with a source.
pub(in crate::models) const WEIGHTS: &str =
    "a source returns the weights of its rows itself, such as CsvBatches::weight";

/// The error about an option that needs matrices.
pub(in crate::models) fn of_matrices(item: &str, argument: &'static str, found: String, cure: &str) -> Error {
    Error::argument(item, argument, found, format!("none with a source of blocks: {cure}"))
}

fn start<T: Scalar>(callbacks: Vec<FitCallback<'_, T>>) -> Result<Callbacks<'_, T>> {
    try_map(callbacks, FitCallback::start)
}

impl<T: Scalar> fmt::Debug for Fit<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fit")
            .field("settings", &self.settings)
            .field("callbacks", &self.callbacks)
            .field("validation_data", &self.validation_data.map(|(x, _)| x.rows))
            .field("validation_weights", &self.validation_weights.map(<[T]>::len))
            .field("sample_weight", &self.sample_weight.map(<[T]>::len))
            .field("distributed", &self.distributed)
            .finish()
    }
}
