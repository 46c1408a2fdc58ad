use super::{ClassWeight, Monotonicity, Target};
use crate::models::{Fit, FitOptions};
use crate::preprocessing::ColumnTransformer;
use crate::{Error, Model, Result, Scalar};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// A description of everything from a raw table to a trained model: target, columns with their transformers, architecture and
/// training options.
///
/// [`fit`](Self::fit) learns everything that depends on rows (medians, categories, bins, the labels, the weights of the
/// networks) only from the training rows, and returns a [`FittedPipeline`](super::FittedPipeline), which is saved as one file.
///
/// | option | default | |
/// |---|---|---|
/// | [`columns`](Self::columns) | by column type | the transformers |
/// | [`model`](Self::model) | the default network, below | architecture and compile arguments, untrained |
/// | [`options`](Self::options) | those of the network | options of the fit that borrow no data |
/// | [`members`](Self::members) | 1 with a `model`, else 5 | networks with other seeds, whose predictions are averaged |
/// | [`validation_split`](Self::validation_split) | 0 with a `model`, else 0.1 | the fraction of rows for validation |
/// | [`weights`](Self::weights) | 1 each | the column with the weights of the rows |
/// | [`class_weight`](Self::class_weight) | 1 each | the weights of the classes |
/// | [`exclude`](Self::exclude) | none | columns that are not used |
/// | [`known_after`](Self::known_after) | none | columns that are known only after the decision |
/// | [`monotone`](Self::monotone) | none | columns with which the prediction only rises, or only falls |
/// | [`threshold`](Self::threshold) | 0.5 | the probability above which the decision is positive |
/// | [`seed`](Self::seed) | a fresh one | of everything random |
/// | [`cache`](Self::cache) | none | the file that keeps encoded rows for [`fit_batches`](Self::fit_batches) |
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra::preprocessing::{ColumnTransformer, OneHotEncoder, Record, StandardScaler, Table};
///
/// let rows = 0..60;
/// let loans = Table::new()
///     .with_numbers("annual_inc", rows.clone().map(|row| 20.0 + f64::from(row * 7 % 60)))?
///     .with_strings("home_ownership", rows.clone().map(|row| if row % 3 == 0 { "OWN" } else { "RENT" }))?
///     .with_strings("loan_status", rows.map(|row| if row * 7 % 60 < 30 { "Charged Off" } else { "Fully Paid" }))?;
///
/// let ann = Sequential::new()
///     .add(Dense::new(8, Relu))
///     .add(Dense::new(1, Sigmoid))
///     .compile(Adam.learning_rate(0.05), BinaryCrossentropy, metrics![Accuracy]);
/// let pipeline = Pipeline::new(Target::binary("loan_status").positive("Charged Off"))
///     .columns(
///         ColumnTransformer::new()
///             .add(StandardScaler::new(), ["annual_inc"])
///             .add(OneHotEncoder::new(), ["home_ownership"]),
///     )
///     .model(ann)
///     .options(Fit::new().epochs(30).verbose(0))
///     .seed(1);
/// let fitted = pipeline.fit(&loans)?;
/// let applicant = Record::new().with("annual_inc", 21.0).with("home_ownership", "RENT");
/// let Prediction::Binary { probability, .. } = fitted.predict_record(&applicant)? else { unreachable!() };
/// assert!(probability > 0.5);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Seeds
///
/// Everything random follows from the one seed: the rows for validation, what transformers draw, and for each
/// member the initial weights, the dropout and the order of the samples. The seed of a member is a function of the
/// pipeline's seed and the number of the member, so the first members of a larger ensemble are those of a smaller one.
/// Results do not depend on the number of threads.
#[derive(Clone)]
pub struct Pipeline<T: Scalar = f32> {
    pub(super) target: Target,
    pub(super) columns: Option<ColumnTransformer>,
    pub(super) model: Option<Model<T>>,
    /// The options, or why they cannot be repeated.
    pub(super) options: Option<std::result::Result<FitOptions<T>, Arc<Error>>>,
    pub(super) members: Option<usize>,
    pub(super) validation: Option<f64>,
    pub(super) weights: Option<String>,
    pub(super) class_weight: Option<ClassWeight>,
    pub(super) excluded: Vec<String>,
    /// Columns that are recorded only after the decision, so that they leak the target.
    pub(super) known_after: Vec<String>,
    pub(super) monotone: Vec<(String, Monotonicity)>,
    pub(super) threshold: f64,
    pub(super) seed: Option<u64>,
    pub(super) warm_start: bool,
    /// The file of encoded rows.
    pub(super) cache: Option<PathBuf>,
}

impl Pipeline<f32> {
    /// A pipeline of `f32` for this target, with the defaults of everything else.
    pub fn new(target: Target) -> Self {
        Self::with_target(target)
    }
}

impl<T: Scalar> Pipeline<T> {
    /// A pipeline with the element type `T`, for types other than `f32`: `Pipeline::<f64>::with_target(target)`.
    pub fn with_target(target: Target) -> Self {
        Pipeline {
            target,
            columns: None,
            model: None,
            options: None,
            members: None,
            validation: None,
            weights: None,
            class_weight: None,
            excluded: Vec::new(),
            known_after: Vec::new(),
            monotone: Vec::new(),
            threshold: 0.5,
            seed: None,
            warm_start: false,
            cache: None,
        }
    }

    /// The transformers and their columns, in place of those by the types of the columns.
    #[must_use]
    pub fn columns(mut self, columns: ColumnTransformer) -> Self {
        self.columns = Some(columns);
        self
    }

    /// The untrained model: its layers, optimizer, loss and metrics; every fit and every member starts from it.
    #[must_use]
    pub fn model(mut self, model: Model<T>) -> Self {
        self.model = Some(model);
        self
    }

    /// Whether every fit starts from the weights of the given trained model. Defaults to false; a trained model is then an error of
    /// [`fit`](Self::fit).
    #[must_use]
    pub fn warm_start(mut self, warm_start: bool) -> Self {
        self.warm_start = warm_start;
        self
    }

    /// The training options. Options that borrow data, such as `validation_data`, are an error of [`fit`](Self::fit).
    ///
    /// A `validation_split` is the pipeline's [`validation_split`](Self::validation_split). Of the default network they replace batch size, epochs
    /// and early stopping altogether, so name the epochs ([`Fit`]'s default is 1). The progress is not shown with several members, nor
    /// while the default network chooses its activation.
    #[must_use]
    pub fn options<'a>(mut self, options: impl Into<Fit<'a, T>>) -> Self {
        self.options = Some(options.into().options().map_err(Arc::new));
        self
    }

    /// The size of the ensemble, at least 1: networks that differ only in their seeds, trained in parallel. Their predicted
    /// probabilities, or numbers, are averaged. Defaults to 1 with a [`model`](Self::model), else 5.
    #[must_use]
    pub fn members(mut self, members: usize) -> Self {
        self.members = Some(members);
        self
    }

    /// The fraction of the rows, in [0, 1), that is kept for validation: drawn at random, with the same fractions of the classes
    /// as all rows.
    ///
    /// The transformers learn only from the other rows, and all members are validated on the same rows. Where neither
    /// [`columns`](Self::columns) nor a [`model`](Self::model) is given, each member is validated on other rows, so that every
    /// row trains most of them; the default's transformers, which learn nothing from the target, are then fitted on all rows.
    #[must_use]
    pub fn validation_split(mut self, fraction: f64) -> Self {
        self.validation = Some(fraction);
        self
    }

    /// The column of numbers with the weight of each row in the loss; it is no input of the network.
    #[must_use]
    pub fn weights(mut self, column: impl Into<String>) -> Self {
        self.weights = Some(column.into());
        self
    }

    /// How much the rows of each class count in the loss: [`ClassWeight::Balanced`], or labels with their weights; the weights of rows and of
    /// classes multiply.
    ///
    /// Balanced weights follow from the training rows. Unlike in Keras, the validation rows are weighted as well, so that early stopping monitors the loss that
    /// training minimizes; [`Fit::class_weight`] in the [`options`](Self::options), by class index, leaves them as they are. Scores
    /// and baselines of a cross-validation are not weighted.
    ///
    /// Class weights shift the predicted probabilities: with the weights w₀ and w₁ of two classes the predicted odds are w₁/w₀ times those
    /// of the data. To recover calibrated probabilities, compute `p / (p + (1 − p)·w₁/w₀)`. To move the decision only, use
    /// [`threshold`](Self::threshold), which needs no weights.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let table = Table::new()
    ///     .with_numbers("x", (0..60).map(|row| f64::from(row % 7)))?
    ///     .with_strings("late", (0..60).map(|row| if row % 6 == 0 { "yes" } else { "no" }))?;
    /// let pipeline = Pipeline::new(Target::binary("late")).members(1).seed(1);
    /// let mean_of = |pipeline: &Pipeline| Ok::<_, perceptra::Error>(pipeline.fit(&table)?.predict_proba(&table)?.column(1).mean());
    /// assert!(mean_of(&pipeline)? < 0.3);
    /// assert!(mean_of(&pipeline.class_weight(ClassWeight::Balanced))? > 0.4);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    #[must_use]
    pub fn class_weight(mut self, weights: impl Into<ClassWeight>) -> Self {
        self.class_weight = Some(weights.into());
        self
    }

    /// Columns that must not be used, such as identifiers.
    #[must_use]
    pub fn exclude(mut self, columns: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.excluded.extend(columns.into_iter().map(Into::into));
        self
    }

    /// Columns that are known only after the decision, for example the amount that was paid back until a loan ended. They are excluded as
    /// by [`exclude`](Self::exclude), and a record may contain them.
    ///
    /// Such a column leaks the target, and no statistic can detect it: its relation to the target, its distribution and its agreement
    /// between training and test rows look like those of a good predictor. Only the time at which the value is recorded
    /// distinguishes the two, and that is not in the table, so the caller has to state it.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let loans = Table::new()
    ///     .with_numbers("annual_inc", (0..60).map(|row| f64::from(row * 7 % 60)))?
    ///     .with_numbers("total_rec_int", (0..60).map(|row| f64::from(row * 7 % 60 / 30)))?
    ///     .with_booleans("default", (0..60).map(|row| row * 7 % 60 < 30))?;
    /// let fitted = Pipeline::new(Target::binary("default")).known_after(["total_rec_int"]).members(1).seed(1).fit(&loans)?;
    /// assert_eq!(fitted.columns().inputs().first(), Some(&"annual_inc"));
    /// assert_eq!(fitted.unused_columns(), ["total_rec_int"]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    #[must_use]
    pub fn known_after(mut self, columns: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.known_after.extend(columns.into_iter().map(Into::into));
        self
    }

    /// The direction in which the prediction may move as a raw column rises while all others stay the same: the probability of the
    /// positive label, each probability of several labels, or each number. One call for each column; a later one for the same
    /// column takes precedence.
    ///
    /// It is enforced by the signs of weights, before and during training, so it holds for all values, not for those of the
    /// training rows; [`FittedPipeline::prove_monotone`](super::FittedPipeline::prove_monotone) proves it from the weights. The
    /// order is that of the values that are there: whether a value is missing may move the prediction in any direction. Strings
    /// that become numbers have the order of these numbers.
    ///
    /// Half of the units of each hidden layer see only the columns without a direction; the others see all columns, and those
    /// with a direction through weights of one sign each. Layers must be [`Dense`](crate::layers::Dense), with activations that never
    /// fall (relu, elu, selu, softplus, tanh, sigmoid and others), `BatchNormalization`, whose scale is then kept at 0 or above,
    /// and dropout; the default network chooses among relu and selu and leaves out [`Scaling`](crate::layers::Scaling).
    ///
    /// [`fit`](Self::fit) reports [`Error::Argument`] if a transformer makes something else than monotone functions of the column,
    /// such as one-hot categories, and for a target of several classes; [`Error::Layer`](crate::Error::Layer) for other layers.
    ///
    /// See [`prove_monotone`](super::FittedPipeline::prove_monotone) for an example.
    #[must_use]
    pub fn monotone(mut self, column: impl Into<String>, direction: Monotonicity) -> Self {
        let column = column.into();
        self.monotone.retain(|(known, _)| *known != column);
        self.monotone.push((column, direction));
        self
    }

    /// The probability, in [0, 1], above which a decision is positive. Defaults to 0.5.
    #[must_use]
    pub fn threshold(mut self, threshold: f64) -> Self {
        self.threshold = threshold;
        self
    }

    /// The seed of everything random. Without it one is drawn from the operating system at each fit;
    /// [`FittedPipeline::seed`](super::FittedPipeline::seed) returns it.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// The binary file in which [`fit_batches`](Self::fit_batches) keeps the encoded rows, so that all epochs but the first read numbers instead
    /// of encoding the rows of the source again; a later fit that encodes the same rows in the same way reads it too. Defaults to none.
    ///
    /// It is a file of [`CachedBatches`](crate::batches::CachedBatches). One that is of other rows, of other transformers or another target,
    /// truncated, damaged or no such file is an error that states the cure: remove it, or name another. A fit that shuffles has the
    /// blocks of the file in random order, in place of the larger parts of the source.
    #[must_use]
    pub fn cache(mut self, path: impl Into<PathBuf>) -> Self {
        self.cache = Some(path.into());
        self
    }

    /// The target.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Returns an error for arguments out of their ranges.
    pub(super) fn check(&self) -> Result<()> {
        self.target.check()?;
        let refuse = |argument, value: String, expected: &str| {
            Err(Error::argument("Pipeline", argument, value, expected.to_owned()))
        };
        if self.members == Some(0) {
            return refuse("members", "0".into(), "at least 1");
        }
        if let Some(fraction) = self.validation.filter(|fraction| !(0.0..1.0).contains(fraction)) {
            return refuse("validation_split", fraction.to_string(), "a fraction in [0, 1)");
        }
        if !(0.0..=1.0).contains(&self.threshold) {
            return refuse("threshold", self.threshold.to_string(), "a number in [0, 1]");
        }
        if let Some(weights) = &self.class_weight {
            weights.check()?;
            if !self.target.task.has_classes() {
                let value = format!("given for {}", self.target.task);
                return refuse(
                    "class_weight",
                    value,
                    "none: it is for Target::binary and Target::multiclass; for others use .weights(…)",
                );
            }
        }
        if self.model.as_ref().is_some_and(Model::is_built) && !self.warm_start {
            let expected = "an untrained model, or .warm_start(true) to train it further from its weights";
            return refuse("model", "a trained one".into(), expected);
        }
        if self.warm_start && self.model.is_none() {
            return refuse("warm_start", "true without a model".into(), "a trained model given by .model(…)");
        }
        Ok(())
    }
}

impl<T: Scalar> fmt::Debug for Pipeline<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pipeline").field("target", &self.target).field("columns", &self.columns).finish_non_exhaustive()
    }
}
