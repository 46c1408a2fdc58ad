use super::files::{Contents, Opened};
use super::{Model, Registry};
use crate::preprocessing::{FittedColumnTransformer, Record, Table};
use crate::{Error, Result, Scalar};
use std::path::Path;

/// A deployed model: what turns a raw record into features, the network, and the threshold of the decision.
///
/// One file holds all of it, so that nothing about the training has to be repeated where records are scored.
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra::models::Scorer;
/// use perceptra::preprocessing::{ColumnTransformer, OneHotEncoder, Record, StandardScaler, Table, TextToNumber};
///
/// let train = Table::new()
///     .with_text("term", (0..40).map(|row| if row % 2 == 0 { "36 months" } else { "60 months" }))?
///     .with_text("home_ownership", (0..40).map(|row| if row % 3 == 0 { "OWN" } else { "RENT" }))?
///     .with_numbers("default", (0..40).map(|row| f64::from(row % 2)))?;
/// let (columns, x) = ColumnTransformer::new()
///     .text_to_number(TextToNumber::leading_number(), ["term"])
///     .add(StandardScaler::new(), ["term"])
///     .add(OneHotEncoder::new(), ["home_ownership"])
///     .fit_transform(&train)?;
/// let mut ann = Sequential::new().add(Dense::new(1, Sigmoid)).compile(Adam.learning_rate(0.1), BinaryCrossentropy, ());
/// ann.fit(&x, &train.to_vector("default")?, Fit::new().epochs(50).verbose(0))?;
///
/// let path = std::env::temp_dir().join("perceptra-scorer.safetensors");
/// Scorer::new(columns, ann)?.threshold(0.5)?.save(&path)?;
/// let scorer = Scorer::load(&path)?;
/// let score = scorer.score(&Record::new().with("term", "60 months").with("home_ownership", "RENT"))?;
/// assert!(score.decision && score.probability > 0.5);
/// # std::fs::remove_file(path).unwrap();
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Scorer<T: Scalar = f32> {
    columns: FittedColumnTransformer,
    model: Model<T>,
    threshold: f64,
}

/// What a [`Scorer`] says of a record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// What the model predicts.
    pub probability: f64,
    /// Whether the probability is above the threshold.
    pub decision: bool,
}

impl<T: Scalar> Scorer<T> {
    /// Joins the fitted preprocessing with a trained model of one output. The threshold is 0.5 at first.
    ///
    /// # Errors
    ///
    /// [`Error::NotBuilt`] for a model that was never fitted; [`Error::Features`] if the preprocessing gives another
    /// number of columns than it takes; [`Error::Outputs`] if it has more than one output.
    pub fn new(columns: FittedColumnTransformer, model: Model<T>) -> Result<Self> {
        let network = model.network()?;
        let (expected, found) = (network.inputs(), columns.width()?);
        if found != expected {
            return Err(Error::Features { what: "the preprocessing", expected, found });
        }
        if network.outputs() != 1 {
            return Err(Error::Outputs {
                what: "a Scorer's decision",
                expected: network.outputs(),
                found: 1,
                advice: "it decides by one probability; use Model::predict for several outputs".into(),
            });
        }
        Ok(Scorer { columns, model, threshold: 0.5 })
    }

    /// Decides for probabilities above this one, in [0, 1]; default 0.5.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a threshold outside of the range.
    pub fn threshold(mut self, threshold: f64) -> Result<Self> {
        if !(0.0..=1.0).contains(&threshold) {
            return Err(Error::Argument {
                item: "Scorer".into(),
                argument: "threshold",
                value: threshold.to_string(),
                expected: "a number in [0, 1]".into(),
            });
        }
        self.threshold = threshold;
        Ok(self)
    }

    /// Probability and decision for one raw record. Many threads may ask at once.
    ///
    /// # Errors
    ///
    /// What is wrong with the record, by column: see [`FittedColumnTransformer::transform_record`].
    pub fn score(&self, record: &Record) -> Result<Score> {
        let x = self.columns.transform_record::<T>(record)?;
        Ok(self.decide(self.model.predict(&x)?[(0, 0)]))
    }

    /// Probability and decision for every row of a table.
    ///
    /// # Errors
    ///
    /// What is wrong with the rows: see [`FittedColumnTransformer::transform`].
    pub fn score_table(&self, table: &Table) -> Result<Vec<Score>> {
        let x = self.columns.transform::<T>(table)?;
        Ok(self.model.predict(&x)?.iter().map(|&probability| self.decide(probability)).collect())
    }

    fn decide(&self, probability: T) -> Score {
        let probability = probability.to_f64();
        Score { probability, decision: probability > self.threshold }
    }

    /// Writes preprocessing, model and threshold to one file; see [`Model::save`].
    ///
    /// The file can also be read by [`Model::load`], to train the model further.
    ///
    /// # Errors
    ///
    /// As [`Model::save`].
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let (columns, threshold) = (Some(&self.columns), Some(self.threshold));
        Contents { columns, threshold, ..self.model.contents() }.save(path.as_ref())
    }

    /// The scorer of a file, whose own items the registry knows.
    ///
    /// # Errors
    ///
    /// As [`Model::load_with`]; [`Error::ModelFile`] for a file without preprocessing or threshold.
    pub fn load_with(path: impl AsRef<Path>, registry: &Registry<T>) -> Result<Self> {
        let path = path.as_ref();
        let mut file = Opened::read(path, registry)?;
        let (columns, threshold) = (file.columns.take(), file.threshold.take());
        let (Some(columns), Some(threshold), Some(model)) = (columns, threshold, Model::of_file(file)) else {
            let reason = "it holds a model without preprocessing and threshold; use Model::load".into();
            return Err(Error::ModelFile { path: path.to_path_buf(), reason });
        };
        Scorer::new(columns, model)?.threshold(threshold)
    }

    /// The preprocessing.
    pub fn columns(&self) -> &FittedColumnTransformer {
        &self.columns
    }

    /// The model.
    pub fn model(&self) -> &Model<T> {
        &self.model
    }

    /// The threshold of the decision.
    pub fn decision_threshold(&self) -> f64 {
        self.threshold
    }

    /// The preprocessing and the model, to train it further.
    pub fn into_parts(self) -> (FittedColumnTransformer, Model<T>) {
        (self.columns, self.model)
    }
}

impl Scorer<f32> {
    /// The scorer that [`save`](Scorer::save) wrote.
    ///
    /// # Errors
    ///
    /// As [`load_with`](Scorer::load_with).
    pub fn load(path: impl AsRef<Path>) -> Result<Self> {
        Self::load_with(path, &Registry::new())
    }
}
