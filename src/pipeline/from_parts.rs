//! Pipelines of parts that a program has fitted and trained separately.

use super::{FittedPipeline, Target, output_link};
use crate::preprocessing::{FittedColumnTransformer, Table};
use crate::{Error, Model, Network, Result, Scalar};

impl<T: Scalar> FittedPipeline<T> {
    /// Joins transformers that were fitted with models that were trained, for a program that did so without a
    /// [`Pipeline`](super::Pipeline).
    ///
    /// `table` holds the training rows: the target learns its labels, or the distribution of its numbers, from them, and a
    /// record may have the columns of the table. The models must have been trained on targets of that form: classes of a
    /// binary target as 0 and 1, of a multiclass target one-hot or as indices in the order of
    /// [`labels`](super::FittedTarget::labels), and numbers transformed as the target states, or
    /// [`standardize(false)`](Target::standardize) where they are learned as they are. The threshold is 0.5, see
    /// [`with_threshold`](Self::with_threshold); the seed is that of the first network.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let train = Table::new()
    ///     .with_strings("term", (0..40).map(|row| if row % 2 == 0 { "36 months" } else { "60 months" }))?
    ///     .with_strings("home_ownership", (0..40).map(|row| if row % 3 == 0 { "OWN" } else { "RENT" }))?
    ///     .with_numbers("default", (0..40).map(|row| f64::from(row % 2)))?;
    /// let (columns, x) = ColumnTransformer::new()
    ///     .add(TextToNumber::leading_number().then(StandardScaler::new()), ["term"])
    ///     .add(OneHotEncoder::new(), ["home_ownership"])
    ///     .fit_transform(&train)?;
    /// let mut ann = Sequential::new().add(Dense::new(1, Sigmoid)).compile(Adam.learning_rate(0.1), BinaryCrossentropy, ());
    /// ann.fit(&x, &train.to_vector("default")?, Fit::new().epochs(50).verbose(0))?;
    ///
    /// let path = std::env::temp_dir().join("perceptra-from-parts.safetensors");
    /// let pipeline = FittedPipeline::from_parts(columns, &Target::binary("default"), &train, vec![ann])?;
    /// pipeline.with_threshold(0.4)?.save(&path)?;
    /// let loaded = FittedPipeline::load(&path)?;
    /// let applicant = Record::new().with("term", "60 months").with("home_ownership", "RENT");
    /// let Prediction::Binary { probability, decision, .. } = loaded.predict_record(&applicant)? else { unreachable!() };
    /// assert!(decision && probability > 0.5);
    /// # std::fs::remove_file(path).unwrap();
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::NotBuilt`] for a model that was never fitted; [`Error::Features`] if the transformers return another number of
    /// columns than a network takes; [`Error::Outputs`] for another number of outputs than the target needs;
    /// [`Error::Argument`] for no model at all, for models of different layers or whose outputs mean different things, for a
    /// model whose loss and last activation do not fit the target, and for rows from which the target cannot learn;
    /// [`Error::UnknownColumn`] for a target that the table lacks.
    pub fn from_parts(
        columns: FittedColumnTransformer,
        target: &Target,
        table: &Table,
        members: Vec<Model<T>>,
    ) -> Result<Self> {
        let Some(first) = members.first() else {
            let expected = "at least one trained model";
            return Err(Error::argument("FittedPipeline::from_parts", "members", "an empty list", expected));
        };
        let target = target.fit(table, None)?;
        let found = columns.width();
        let mut link = None;
        for (index, member) in members.iter().enumerate() {
            let network = member.network()?;
            let expected = network.inputs();
            if found != expected {
                return Err(Error::Features { what: "the preprocessing", expected, found });
            }
            let (_, of_member) = output_link::trainable(member, &target)?;
            if !same_layers(first.network()?, network) {
                return Err(differs(index, "of other layers than the first", "models of the same layers"));
            }
            if *link.get_or_insert(of_member) != of_member {
                let expected = "models that all predict probabilities, or all logits by their losses";
                return Err(differs(index, "whose outputs mean something else than those of the first", expected));
            }
        }
        let (seed, link) = (first.network()?.seed(), link.ok_or(Error::NotBuilt)?);
        let mut known = table.names().to_vec();
        for name in columns.inputs() {
            if !known.iter().any(|known| known == name) {
                known.push(name.into());
            }
        }
        // The table may hold only the target.
        let x = columns.transform::<T>(table).ok();
        let fitted = FittedPipeline::new(columns, target, members, link, 0.5, seed, known);
        Ok(match x {
            Some(x) => fitted.with_baseline_of(&x),
            None => fitted,
        })
    }
}

fn differs(index: usize, how: &str, expected: &str) -> Error {
    Error::argument("FittedPipeline::from_parts", "members", format!("a model {how} (number {index})"), expected)
}

/// Whether two networks have the same layers, since a file contains the layers once for all members.
fn same_layers<T: Scalar>(first: &Network<T>, other: &Network<T>) -> bool {
    let tables = |network: &Network<T>| {
        let all = network.variables().iter().chain(network.state_variables());
        all.map(|variable| (variable.path.clone(), variable.shape)).collect::<Vec<_>>()
    };
    let [layers, of_other] = [first, other].map(|network| network.architecture().seed(0));
    // Layers without a description cannot be saved, so there only the variables decide.
    let described = match (layers.to_json(), of_other.to_json()) {
        (Ok(layers), Ok(of_other)) => layers == of_other,
        (layers, of_other) => layers.is_err() == of_other.is_err(),
    };
    described && tables(first) == tables(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::items::{IntoItem, Item};
    use crate::losses::Loss;
    use crate::metrics;
    use crate::pipeline::Prediction;
    use crate::prelude::*;
    use nalgebra::{DMatrix, DVector};

    fn table() -> Table {
        let rows = 0..40;
        let table = Table::new().with_numbers("a", rows.clone().map(|row| f64::from(row) / 40.0)).unwrap();
        table.with_numbers("y", rows.map(|row| f64::from(row % 2))).unwrap()
    }

    fn columns() -> FittedColumnTransformer {
        ColumnTransformer::new().passthrough(["a"]).fit(&table()).unwrap()
    }

    fn model<M>(activation: &str, loss: impl IntoItem<dyn Loss<f32>, M>) -> Model {
        let mut model = Sequential::new().add(Dense::new(1, activation)).compile("adam", loss, ());
        model.build(1).unwrap();
        model.set_weights("dense", &[DMatrix::from_element(1, 1, 8.0), DMatrix::from_element(1, 1, -6.0)]).unwrap();
        model
    }

    fn pipeline(members: Vec<Model>) -> Result<FittedPipeline> {
        FittedPipeline::from_parts(columns(), &Target::binary("y"), &table(), members)
    }

    fn binary(pipeline: &FittedPipeline) -> Vec<(f64, bool)> {
        let of = |prediction| match prediction {
            Prediction::Binary { probability, decision, .. } => (probability, decision),
            other => panic!("{other:?}"),
        };
        pipeline.predict(&table()).unwrap().into_iter().map(of).collect()
    }

    #[test]
    fn the_probability_of_a_logit_is_its_sigmoid() -> Result<()> {
        let logits = pipeline(vec![model("linear", BinaryCrossentropy.from_logits(true))])?;
        let path = std::env::temp_dir().join(format!("perceptra-logits-{}.safetensors", std::process::id()));
        logits.save(&path)?;
        let loaded = FittedPipeline::load(&path)?;
        std::fs::remove_file(&path).unwrap();
        let expected = binary(&pipeline(vec![model("sigmoid", BinaryCrossentropy)])?);
        for pipeline in [&logits, &loaded] {
            let found = binary(pipeline);
            for (row, (found, expected)) in found.iter().zip(&expected).enumerate() {
                approx::assert_relative_eq!(found.0, expected.0, max_relative = 1e-6);
                assert_eq!(found.1, found.0 > 0.5);
                let record = Record::new().with("a", row as f64 / 40.0);
                let of_record = pipeline.predict_record(&record)?;
                assert!(matches!(of_record, Prediction::Binary { probability, .. } if probability == found.0));
            }
            assert!(found.iter().any(|one| one.1) && found.iter().any(|one| !one.1));
        }
        Ok(())
    }

    #[test]
    fn models_without_probabilities_are_rejected() -> Result<()> {
        let refused = |model: Model| pipeline(vec![model]).unwrap_err().to_string();
        for activation in ["linear", "tanh", "relu"] {
            let error = refused(model(activation, "binary_crossentropy"));
            assert!(error.contains("from_logits(true)") && error.contains("Sigmoid"), "{error}");
        }
        let error = refused(model("sigmoid", BinaryCrossentropy.from_logits(true)));
        assert!(error.contains("already") && error.contains("Linear"), "{error}");
        assert!(refused(model("linear", "hinge")).contains("margins"));
        for loss in ["mse", "mae", "huber"] {
            let error = refused(model("linear", loss));
            assert!(error.contains("outside of [0, 1]") && error.contains("Dense::new(1, Sigmoid)"), "{error}");
        }
        // The squared error of a probability is the Brier score.
        let brier = model("sigmoid", "mse");
        let z = brier.predict(&DVector::from_element(1, 0.5))?[0];
        assert_eq!(binary(&pipeline(vec![brier])?)[20].0, f64::from(z));
        Ok(())
    }

    #[test]
    fn the_threshold_is_compared_in_the_models_type() -> Result<()> {
        let within = Sequential::new().add(Dense::new(1, Relu.max_value(1.0)));
        let mut same = within.compile("adam", "mse", ());
        same.build(1)?;
        same.set_weights("dense", &[DMatrix::from_element(1, 1, 1.0), DMatrix::from_element(1, 1, 0.0)])?;
        let predicted = same.predict(&columns().transform::<f32>(&table())?)?.clone_owned();
        let pipeline = pipeline(vec![same])?;
        for tenths in 1..10 {
            let threshold = f64::from(tenths) / 10.0;
            let pipeline = pipeline.clone().with_threshold(threshold)?;
            let decided: Vec<usize> = binary(&pipeline).iter().map(|one| usize::from(one.1)).collect();
            assert_eq!(decided, metrics::to_classes(&predicted, threshold), "{threshold}");
            let made = pipeline.predict_table(&table())?;
            let numbers = decided.iter().map(|&class| class as f64).collect::<Vec<_>>();
            assert_eq!(made.numbers("y")?, numbers);
        }
        assert!(pipeline.with_threshold(1.5).unwrap_err().to_string().contains("in [0, 1]"));
        Ok(())
    }

    #[test]
    fn parts_that_do_not_go_together_are_refused() -> Result<()> {
        let probabilities = || model("sigmoid", BinaryCrossentropy);
        let message = |result: Result<FittedPipeline>| result.unwrap_err().to_string();
        assert!(message(pipeline(vec![])).contains("at least one trained model"));
        let never = Sequential::new().add(Dense::new(1, Sigmoid)).compile("adam", BinaryCrossentropy, ());
        assert!(matches!(pipeline(vec![never]), Err(Error::NotBuilt)));
        let mut wide = Sequential::new().add(Dense::new(1, Sigmoid)).compile("adam", BinaryCrossentropy, ());
        wide.build(2)?;
        assert!(matches!(pipeline(vec![probabilities(), wide]), Err(Error::Features { expected: 2, found: 1, .. })));
        let mut two = Sequential::new().add(Dense::new(2, Sigmoid)).compile("adam", BinaryCrossentropy, ());
        two.build(1)?;
        assert!(matches!(pipeline(vec![two]), Err(Error::Outputs { expected: 2, found: 1, .. })));
        // The variables are the same.
        let error = message(pipeline(vec![probabilities(), model("hard_sigmoid", BinaryCrossentropy)]));
        assert!(error.contains("number 1") && error.contains("of the same layers"), "{error}");
        let normalized = |loss: Item<dyn Loss<f32>>| {
            let layers = Sequential::new().add(Dense::new(1, Linear)).add(LayerNormalization::new());
            let mut model = layers.compile("adam", loss, ());
            model.build(1)?;
            Ok::<_, Error>(model)
        };
        let plain = || normalized("mse".into_item());
        let logits = normalized(BinaryCrossentropy.from_logits(true).into_item())?;
        assert!(message(pipeline(vec![plain()?, plain()?, logits])).contains("all logits by their losses"));
        let target = |target: Target| FittedPipeline::from_parts(columns(), &target, &table(), vec![probabilities()]);
        assert!(matches!(target(Target::binary("z")), Err(Error::UnknownColumn { .. })));
        assert!(message(target(Target::binary("a"))).contains("Target::multiclass"));
        Ok(())
    }

    #[test]
    fn models_that_differ_by_their_seeds_are_members() -> Result<()> {
        let seeded = |seed| -> Result<Model> {
            let layers = Sequential::new().add(Dense::new(3, Relu)).add(Dense::new(1, Sigmoid)).seed(seed);
            let mut model = layers.compile("adam", BinaryCrossentropy, ());
            model.build(1)?;
            Ok(model)
        };
        let members = [7, 8, 9].into_iter().map(seeded).collect::<Result<Vec<_>>>()?;
        let pipeline = pipeline(members.clone())?;
        assert_eq!((pipeline.seed(), pipeline.members().len()), (7, 3));
        let record = Record::new().with("a", 0.25).with("y", 1);
        let Prediction::Binary { probability, .. } = pipeline.predict_record(&record)? else { panic!("not binary") };
        let x = DVector::from_element(1, 0.25);
        let each = members.iter().map(|member| Ok(f64::from(member.predict(&x)?[0]))).collect::<Result<Vec<_>>>()?;
        assert_eq!(probability, each.iter().sum::<f64>() / 3.0);
        assert!(matches!(pipeline.predict_record(&record.with("b", 1)), Err(Error::UnknownColumn { .. })));
        Ok(())
    }
}
