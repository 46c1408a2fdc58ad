//! Items that cannot be exported are rejected with their name and the reason.

use perceptra::items::{IntoItem, Spec};
use perceptra::layers::{BuiltLayer, Layer, LayerOptions};
use perceptra::prelude::*;
use perceptra::preprocessing::{
    self, ColumnTransformer, FeatureSpace, HashedCrossing, Hashing as TextHashing, Integers, StandardScaler,
    StringColumn, Table, TextToNumber, Transformer,
};
use perceptra::saving::onnx::{self, Export, Exportable};
use perceptra::{Batch, BatchMut, Error, Result, activations};
use serde_json::{Value, json};

/// An activation that describes itself.
#[derive(Debug)]
struct Doubled {
    name: &'static str,
    config: Value,
}

impl Spec for Doubled {
    fn class_name(&self) -> String {
        self.name.into()
    }

    fn config(&self) -> Result<Value> {
        Ok(self.config.clone())
    }
}

impl activations::Activation<f32> for Doubled {
    fn forward(&self, z: Batch<'_, f32>, mut a: BatchMut<'_, f32>) {
        a.map_from(z, |z| 2.0 * z);
    }

    fn backward(&self, _: Batch<'_, f32>, _: Batch<'_, f32>, da: Batch<'_, f32>, mut dz: BatchMut<'_, f32>) {
        dz.map_from(da, |da| 2.0 * da);
    }
}

/// A layer that takes a name of the crate's for itself.
#[derive(Debug)]
struct Named(&'static str, Value);

impl Spec for Named {
    fn class_name(&self) -> String {
        self.0.into()
    }

    fn config(&self) -> Result<Value> {
        Ok(self.1.clone())
    }
}

impl Layer<f32> for Named {
    fn build(&self, inputs: usize) -> Result<Box<dyn BuiltLayer<f32>>> {
        Identity::new().build(inputs)
    }

    fn options(&self) -> LayerOptions {
        LayerOptions::default()
    }
}

fn refusal(model: &impl Exportable<f32>, export: &Export<'_>) -> String {
    match export.to_bytes(model) {
        Err(error @ Error::NotSerializable { .. }) => error.to_string(),
        other => panic!("{:?}", other.map(|bytes| bytes.len())),
    }
}

fn of_layers(layers: Sequential) -> String {
    refusal(&layers.build(2).unwrap(), &Export::new())
}

#[test]
fn layers_without_operators() {
    let text = of_layers(Sequential::new().add(Identity::new()).add(Lambda::new(|x, mut y| y.copy_from(x))));
    assert!(text.starts_with("Lambda (layer lambda) as ONNX cannot be saved: a closure"), "{text}");
    let text = of_layers(Sequential::new().add(Hashing::new(4).name("bins")));
    assert!(text.starts_with("Hashing (layer bins) as ONNX cannot be saved: ") && text.contains("hash"), "{text}");
    let lookup = IntegerLookup::new().vocabulary([1, 2]).num_oov_indices(2);
    let text = of_layers(Sequential::new().add(lookup.oov_method(perceptra::layers::OovMethod::Farmhash)));
    assert!(text.contains("IntegerLookup") && text.contains("Floormod"), "{text}");
}

#[test]
fn user_defined_items() {
    let own = |name, config| Dense::new(1, Doubled { name, config });
    let text = of_layers(Sequential::new().add(own("Doubled", json!({}))));
    assert!(text.starts_with("activation Doubled (layer dense) as ONNX cannot be saved: "), "{text}");
    assert!(text.contains("built-in layers and activations only; build the same of those"), "{text}");
    let text = of_layers(Sequential::new().add(own("elu", json!({ "beta": 3 }))));
    assert!(text.contains("activation elu"), "{text}");
    let text = of_layers(Sequential::new().add(own("elu", json!({ "alpha": 1.0 }))));
    assert!(text.contains("activation elu"), "{text}");
    let text = of_layers(Sequential::new().add(Activation::new(activations::Custom::new(|z: f32| z, |_| 1.0))));
    assert!(text.starts_with("activation custom (layer activation) as ONNX"), "{text}");
    for layer in [
        Named("Mine", json!({})),
        Named("Identity", json!({})),
        // It has the description of one of the crate's layers, but its type decides.
        Named("Identity", json!({ "trainable": true })),
        Named("Identity", json!({ "trainable": true, "rate": 1 })),
        Named("Dense", json!({ "units": 3 })),
        Named("ReLU", json!({ "trainable": true, "max_value": "none", "negative_slope": 0.0, "threshold": 0.0 })),
    ] {
        let text = of_layers(Sequential::new().add(layer));
        assert!(text.contains("build the same of those"), "{text}");
    }
}

/// A user-defined penalty does not affect predictions.
#[test]
fn own_items_of_training_are_no_hindrance() {
    /// A regularizer without a description.
    #[derive(Debug)]
    struct Free;

    impl Spec for Free {}

    impl perceptra::regularizers::Regularizer<f32> for Free {
        fn penalty(&self, _: &[f32], _: perceptra::initializers::Shape) -> f64 {
            0.0
        }

        fn add_gradient(&self, _: &[f32], _: perceptra::initializers::Shape, _: f64, _: &mut [f32]) {}
    }

    let dense = Dense::new(1, "relu").kernel_regularizer(Free);
    let network = Sequential::new().add(SpectralNormalization::new(dense)).build(2).unwrap();
    assert!(Export::new().to_bytes(&network).is_ok());
}

fn pipeline(columns: &ColumnTransformer, table: &Table) -> FittedPipeline {
    let columns = columns.fit(table).unwrap();
    let mut model = Sequential::new().add(Dense::new(1, Sigmoid)).compile(SGD, BinaryCrossentropy, ());
    model.build(columns.names().len()).unwrap();
    let train = table.with_booleans("late", (0..table.nrows()).map(|row| row % 2 == 0)).unwrap();
    FittedPipeline::from_parts(columns, &Target::binary("late"), &train, vec![model]).unwrap()
}

#[test]
fn preprocessing_without_operators() {
    let table = Table::new().with_strings("term", ["36 months", "60 months"]).unwrap();
    let columns = ColumnTransformer::new()
        .text_to_number(TextToNumber::leading_number(), ["term"])
        .add(StandardScaler::new(), ["term"]);
    let text = refusal(&pipeline(&columns, &table), &Export::new());
    assert!(
        text.starts_with("the preprocessing of term as ONNX cannot be saved") && text.contains(".as_number"),
        "{text}"
    );
    assert!(Export::new().as_number("term").to_bytes(&pipeline(&columns, &table)).is_ok());
    let error = Export::new().as_number("rate").to_bytes(&pipeline(&columns, &table)).unwrap_err();
    assert!(matches!(error, Error::Argument { argument: "as_number", .. }), "{error}");
    let text = Export::new().as_number("tern").to_bytes(&pipeline(&columns, &table)).unwrap_err().to_string();
    assert!(text.contains("as_number is tern") && text.ends_with("did you mean \"term\"?"), "{text}");
    let alone = Sequential::new().add(Dense::new(1, Sigmoid)).build(1).unwrap();
    let text = Export::new().as_number("term").to_bytes(&alone).unwrap_err().to_string();
    assert!(text.contains("as_number is term") && text.contains(".preprocessing("), "{text}");

    let columns = ColumnTransformer::new().add(TextToNumber::leading_number().then(StandardScaler::new()), ["term"]);
    assert!(refusal(&pipeline(&columns, &table), &Export::new()).contains(".as_number"));
    assert!(Export::new().as_number("term").to_bytes(&pipeline(&columns, &table)).is_ok());

    let columns = ColumnTransformer::new().add(TextHashing::new(4), ["term"]);
    let text = refusal(&pipeline(&columns, &table), &Export::new());
    assert!(text.contains("of term") && text.contains("StringLookup with a vocabulary"), "{text}");

    let numbers = Table::new().with_numbers("a", [1.0, 2.0]).unwrap().with_numbers("b", [3.0, 4.0]).unwrap();
    let on_numbers: [(ColumnTransformer, &str); 5] = [
        (
            ColumnTransformer::new().add(preprocessing::Discretization::new().num_bins(2), ["a", "b"]),
            "put the layer of that name",
        ),
        (ColumnTransformer::new().add(preprocessing::IntegerLookup::new(), ["a", "b"]), "put the layer of that name"),
        (ColumnTransformer::new().add(preprocessing::Rescaling::new(0.5), ["a", "b"]), "put the layer of that name"),
        (ColumnTransformer::new().add(Integers, ["a", "b"]), "refuses a fraction"),
        (ColumnTransformer::new().add(HashedCrossing::new(3), ["a", "b"]), "no operator for a hash"),
    ];
    for (columns, reason) in on_numbers {
        let columns = columns.fit(&numbers).unwrap();
        let network = Sequential::new().add(Dense::new(1, Sigmoid)).build(columns.names().len()).unwrap();
        let text = refusal(&network, &Export::new().preprocessing(&columns));
        assert!(text.contains("of a, b") && text.contains(reason), "{text}");
    }

    let dates = Table::new().with_strings("at", ["2024-02-29", "2024-03-01"]).unwrap().parse_dates("at").unwrap();
    for (item, transformer) in [
        ("DateParts", DateParts::new().into_item()),
        ("Elapsed", Elapsed::since(DateTime::from_microseconds(0)).into_item()),
    ] {
        let columns = ColumnTransformer::new().add(transformer, ["at"]);
        let text = refusal(&pipeline(&columns, &dates), &Export::new());
        assert!(text.contains(&format!("of at by {item}")) && text.contains("no operators for dates"), "{text}");
    }

    let filled = SimpleImputer::most_frequent().then(OneHotEncoder::new());
    let text = refusal(&pipeline(&ColumnTransformer::new().add(filled, ["term"]), &table), &Export::new());
    assert!(text.contains("of term") && text.contains("ONNX has no missing string"), "{text}");
    let missing = MissingIndicator::new().features(preprocessing::IndicatorFeatures::All);
    let text = refusal(&pipeline(&ColumnTransformer::new().add(missing, ["term"]), &table), &Export::new());
    assert!(text.contains("ONNX has no missing string"), "{text}");
    let kept = ColumnArithmetic::ratio("a", "b").keep_inputs(true).then(OneHotEncoder::new());
    let mixed = table.with_numbers("a", [1.0, 2.0]).unwrap().with_numbers("b", [3.0, 4.0]).unwrap();
    let columns = ColumnTransformer::new().add(kept, ["a", "b", "term"]);
    let text = refusal(&pipeline(&columns, &mixed), &Export::new());
    assert!(text.contains("of term") && text.contains("only columns of numbers"), "{text}");

    let missing: StringColumn = [Some("a"), Some(""), None].into_iter().collect();
    let never: StringColumn = [None::<&str>; 3].into_iter().collect();
    let strings = Table::new().with_column("a", missing).unwrap().with_column("b", never).unwrap();
    for encoder in [OneHotEncoder::new().into_item(), FrequencyEncoder::new().into_item()] {
        for (column, reason) in [("a", "the empty one is taken for it"), ("b", "leave the column out")] {
            let columns = ColumnTransformer::new().add(encoder.clone(), [column]).fit(&strings).unwrap();
            let network = Sequential::new().add(Dense::new(1, Sigmoid)).build(columns.names().len()).unwrap();
            let text = refusal(&network, &Export::new().preprocessing(&columns));
            assert!(text.contains(&format!("of {column} by ")) && text.contains(reason), "{text}");
        }
    }

    let columns = FeatureSpace::new().feature("term", "string_categorical").adapt(&table).unwrap();
    let network = Sequential::new().add(Dense::new(1, Sigmoid)).build(columns.names().len()).unwrap();
    let text = refusal(&network, &Export::new().preprocessing(&columns));
    assert!(text.contains("of a FeatureSpace") && text.contains("ColumnTransformer"), "{text}");
}

#[test]
fn arguments_that_do_not_go_together() {
    let network = Sequential::new().add(Dense::new(2, Softmax)).build(3).unwrap();
    assert!(matches!(Export::new().threshold(0.5).to_bytes(&network), Err(Error::Outputs { .. })));
    let network = Sequential::new().add(Dense::new(1, Sigmoid)).build(3).unwrap();
    let argument = |export: Export<'_>| match export.to_bytes(&network) {
        Err(Error::Argument { argument, .. }) => argument,
        other => panic!("{:?}", other.map(|bytes| bytes.len())),
    };
    assert_eq!(argument(Export::new().threshold(f64::NAN)), "threshold");
    assert_eq!(argument(Export::new().input_name("")), "input_name");
    assert_eq!(argument(Export::new().output_name("input")), "output_name");
    assert_eq!(argument(Export::new().threshold(0.5).decision_name("input")), "decision_name");
    assert_eq!(argument(Export::new().threshold(0.5).decision_name("probability")), "decision_name");
    let table = Table::new().with_numbers("rate", [1.0, 2.0]).unwrap();
    let columns = ColumnTransformer::new().passthrough(["rate"]).fit(&table).unwrap();
    let error = Export::new().preprocessing(&columns).to_bytes(&network).unwrap_err();
    assert!(matches!(error, Error::Features { expected: 3, found: 1, .. }), "{error}");
    let unbuilt = Sequential::new().add(Dense::new(1, Sigmoid)).compile(SGD, BinaryCrossentropy, ());
    assert!(matches!(Export::new().to_bytes(&unbuilt), Err(Error::NotBuilt)));
}

#[test]
fn a_threshold_is_for_probabilities() {
    let table =
        Table::new().with_numbers("rate", [1.0, 2.0, 4.0]).unwrap().with_numbers("price", [1.0, 3.0, 2.0]).unwrap();
    let columns = ColumnTransformer::new().passthrough(["rate"]).fit(&table).unwrap();
    let mut model = Sequential::new().add(Dense::new(1, Linear)).compile(SGD, "mse", ());
    model.build(1).unwrap();
    let target = Target::regression("price");
    let numbers = FittedPipeline::from_parts(columns, &target, &table, vec![model.clone(), model]).unwrap();
    let error = Export::new().threshold(0.5).to_bytes(&numbers).unwrap_err().to_string();
    assert!(error.contains("threshold is 0.5") && error.contains("regression has no decision"), "{error}");
    let error = Export::new().output_name("rate").to_bytes(&numbers).unwrap_err();
    assert!(matches!(error, Error::Argument { argument: "output_name", .. }), "{error}");
    assert!(Export::new().output_name("price").to_bytes(&numbers).is_ok());
}

#[test]
fn a_diverged_weight() {
    let mut network = Sequential::new().add(Dense::new(1, Linear)).build(1).unwrap();
    network.set_flat(&[f32::NAN, 0.0], &[]).unwrap();
    assert!(refusal(&network, &Export::new()).starts_with("dense/kernel cannot be saved: it holds NaN"));
}

#[test]
fn a_file_is_there_as_a_whole_or_not_at_all() {
    let folder = std::env::temp_dir().join(format!("perceptra-onnx-{}", std::process::id()));
    let path = folder.join("model.onnx");
    let mut network = Sequential::new().add(Dense::new(1, Linear)).build(2).unwrap();
    network.set_weights("dense", &[dmatrix![2.0; 3.0], dmatrix![1.0]]).unwrap();
    onnx::export(&network, &path).unwrap();
    let before = std::fs::read(&path).unwrap();
    assert_eq!(before, Export::new().to_bytes(&network).unwrap());
    network.set_flat(&[f32::INFINITY, 0.0, 0.0], &[]).unwrap();
    assert!(onnx::export(&network, &path).is_err());
    assert_eq!(std::fs::read(&path).unwrap(), before);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
    std::fs::remove_dir_all(folder).unwrap();
}
