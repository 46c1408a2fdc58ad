use super::warnings::{self, Warning};
use super::{Model, Registry};
use crate::outputs::Outputs;
use crate::preprocessing::{FittedColumnTransformer, Record, Table};
use crate::saving::native::{Contents, Opened, THRESHOLDS};
use crate::{Error, Result, Scalar};
use std::path::Path;

/// A deployed model: the preprocessing of raw records, the network, and the threshold of the decision.
///
/// One file holds all of it, so that scoring records needs nothing of the training code.
///
/// The model's loss determines what its output is: where it takes logits ([`from_logits`](struct@crate::losses::BinaryCrossentropy)), the
/// sigmoid of the output is the probability. A loss without such a meaning, as the mean squared error, leaves the output as it is.
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
    /// Whether the model predicts logits.
    predicts_logits: bool,
}

/// What a [`Scorer`] returns for a record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// The predicted probability: the output, or its sigmoid where it is a logit.
    pub probability: f64,
    /// Whether the probability is above the threshold, compared in the model's type as by [`to_classes`](crate::metrics::to_classes).
    pub decision: bool,
}

impl<T: Scalar> Scorer<T> {
    /// Joins the fitted preprocessing with a trained model of one output. The threshold is 0.5 at first.
    ///
    /// # Errors
    ///
    /// [`Error::NotBuilt`] for a model that was never fitted; [`Error::Features`] if the preprocessing returns another
    /// number of columns than it takes; [`Error::Outputs`] if it has more than one output; [`Error::Argument`] if its
    /// loss and its last activation contradict each other, or the loss is one of margins, so that the output is no probability.
    pub fn new(columns: FittedColumnTransformer, model: Model<T>) -> Result<Self> {
        let network = model.network()?;
        let (expected, found) = (network.inputs(), columns.width());
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
        let predicts_logits = predicts_logits(&model)?;
        Ok(Scorer { columns, model, threshold: 0.5, predicts_logits })
    }

    /// Decides for probabilities above this one, in [0, 1]; default 0.5.
    ///
    /// To decide for those of at least a threshold, as curves count, pass the number
    /// [just below](crate::metrics::just_below) it.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a threshold outside of the range.
    pub fn threshold(mut self, threshold: f64) -> Result<Self> {
        if !THRESHOLDS.contains(&threshold) {
            return Err(Error::argument("Scorer", "threshold", threshold, "a number in [0, 1]"));
        }
        self.threshold = threshold;
        Ok(self)
    }

    /// Probability and decision for one raw record. Many threads may ask at once.
    ///
    /// # Errors
    ///
    /// The errors about the record, by column: see [`FittedColumnTransformer::transform_record`].
    pub fn score(&self, record: &Record) -> Result<Score> {
        let x = self.columns.transform_record::<T>(record)?;
        Ok(self.decide(self.model.predict(&x)?[(0, 0)]))
    }

    /// Probability and decision for every row of a table.
    ///
    /// # Errors
    ///
    /// The errors about the rows: see [`FittedColumnTransformer::transform`].
    pub fn score_table(&self, table: &Table) -> Result<Vec<Score>> {
        let x = self.columns.transform::<T>(table)?;
        Ok(self.model.predict(&x)?.iter().map(|&probability| self.decide(probability)).collect())
    }

    fn decide(&self, output: T) -> Score {
        let probability = if self.predicts_logits { sigmoid(output) } else { output };
        Score { probability: probability.to_f64(), decision: probability > T::of(self.threshold) }
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

    /// The scorer of a file, whose user-defined items the registry knows.
    ///
    /// # Errors
    ///
    /// As [`Model::load_with`]; [`Error::ModelFile`] for a file without preprocessing or threshold.
    pub fn load_with(path: impl AsRef<Path>, registry: &Registry<T>) -> Result<Self> {
        let path = path.as_ref();
        let mut file = Opened::read(path, registry)?;
        let (columns, threshold) = (file.columns.take(), file.threshold.take());
        let (Some(columns), Some(threshold), Some(model)) = (columns, threshold, Model::from_file(file)) else {
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

/// Whether the one output of a model is a logit by its loss.
///
/// An error states why the output cannot be taken for a probability.
pub(crate) fn predicts_logits<T: Scalar>(model: &Model<T>) -> Result<bool> {
    let loss = model.resolved_loss(1, 1)?;
    let refuse = |value: String, expected: &str| Err(Error::argument("Scorer", "model", value, expected));
    let warning = warnings::of_loss(model.network()?, &*loss);
    match (loss.expects(), warning) {
        (_, Some(warning @ (Warning::ActivatedTwice { .. } | Warning::NotProbabilities { .. }))) => {
            let expected = "a model whose output is a probability, or a logit by its loss; compile and train it so";
            refuse(format!("one where {warning}"), expected)
        }
        (Outputs::Margins, _) => {
            let value = format!("one of {}, which predicts margins", loss.class_name());
            refuse(value, "a model that predicts a probability, as with BinaryCrossentropy")
        }
        (expects, _) => Ok(expects == Outputs::Logits),
    }
}

/// `1/(1 + e^(−z))`.
fn sigmoid<T: Scalar>(z: T) -> T {
    T::of(1.0 / (1.0 + (-z.to_f64()).exp()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::items::IntoItem;
    use crate::prelude::*;
    use nalgebra::{DMatrix, DVector};

    fn columns() -> (FittedColumnTransformer, Table) {
        let table = Table::new().with_numbers("a", (0..40).map(|i| f64::from(i) / 40.0)).unwrap();
        (ColumnTransformer::new().passthrough(["a"]).fit(&table).unwrap(), table)
    }

    fn scorer<M>(activation: &str, loss: impl IntoItem<dyn crate::losses::Loss<f32>, M>) -> Result<Scorer> {
        let mut model = Sequential::new().add(Dense::new(1, activation)).compile("adam", loss, ());
        model.build(1)?;
        model.set_weights("dense", &[DMatrix::from_element(1, 1, 8.0), DMatrix::from_element(1, 1, -6.0)])?;
        Scorer::new(columns().0, model)
    }

    #[test]
    fn the_probability_of_a_logit_is_its_sigmoid() -> Result<()> {
        let (_, table) = columns();
        let scorer_of_logits = scorer("linear", BinaryCrossentropy.from_logits(true))?;
        let path = std::env::temp_dir().join(format!("perceptra-logits-{}.safetensors", std::process::id()));
        scorer_of_logits.save(&path)?;
        let loaded = Scorer::load(&path)?;
        std::fs::remove_file(&path).unwrap();
        let of_probabilities = scorer("sigmoid", BinaryCrossentropy)?;
        for scorer in [&scorer_of_logits, &loaded] {
            let (found, expected) = (scorer.score_table(&table)?, of_probabilities.score_table(&table)?);
            for (row, (found, expected)) in found.iter().zip(&expected).enumerate() {
                approx::assert_relative_eq!(found.probability, expected.probability, max_relative = 1e-6);
                assert_eq!(found.decision, found.probability > 0.5);
                assert_eq!(*found, scorer.score(&Record::new().with("a", row as f64 / 40.0))?);
            }
            assert!(found.iter().any(|score| score.decision) && found.iter().any(|score| !score.decision));
        }
        // At the ends nothing overflows.
        assert_eq!((sigmoid(-1e30_f32), sigmoid(1e30_f32), sigmoid(0.0_f32)), (0.0, 1.0, 0.5));
        Ok(())
    }

    #[test]
    fn what_is_no_probability_is_refused() -> Result<()> {
        let refused = |scorer: Result<Scorer>| scorer.unwrap_err().to_string();
        for activation in ["linear", "tanh", "relu"] {
            let error = refused(scorer(activation, "binary_crossentropy"));
            assert!(error.contains("from_logits(true)") && error.contains("Sigmoid"), "{error}");
        }
        let error = refused(scorer("sigmoid", BinaryCrossentropy.from_logits(true)));
        assert!(error.contains("already") && error.contains("Linear"), "{error}");
        assert!(refused(scorer("linear", "hinge")).contains("margins"));
        // A regression on 0 and 1 predicts what it was trained for.
        let regression = scorer("linear", "mse")?;
        let z = regression.model().predict(&DVector::from_element(1, 0.5))?[0];
        assert_eq!(regression.score(&Record::new().with("a", 0.5))?.probability, f64::from(z));
        Ok(())
    }

    #[test]
    fn the_threshold_is_compared_in_the_models_type() -> Result<()> {
        let (columns, table) = columns();
        let mut model = Sequential::new().add(Dense::new(1, Linear)).compile("sgd", "mse", ());
        model.build(1)?;
        model.set_weights("dense", &[DMatrix::from_element(1, 1, 1.0), DMatrix::from_element(1, 1, 0.0)])?;
        for tenths in 1..10 {
            let threshold = f64::from(tenths) / 10.0;
            let scorer = Scorer::new(columns.clone(), model.clone())?.threshold(threshold)?;
            let decided: Vec<usize> = scorer.score_table(&table)?.iter().map(|s| usize::from(s.decision)).collect();
            let x = columns.transform::<f32>(&table)?;
            assert_eq!(decided, metrics::to_classes(&model.predict(&x)?, threshold), "{threshold}");
            assert!(!scorer.score(&Record::new().with("a", threshold))?.decision, "{threshold}");
        }
        Ok(())
    }
}
