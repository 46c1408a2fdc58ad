//! Committed files of version 1, which every later release reads. They are never regenerated.

use super::folder::Folder;
use nalgebra::DMatrix;
use perceptra::optimizers::Nadam;
use perceptra::pipeline::Task;
use perceptra::prelude::*;
use perceptra::preprocessing::{
    ColumnTransformer, MinMaxScaler, OneHotEncoder, Record, StandardScaler, Table, TextToNumber,
};
use perceptra::{Error, Result};
use serde_json::{Value, json};

fn path(name: &str) -> String {
    format!("{}/tests/saving/files/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// How the pipeline of the file was made; only its test below knows the numbers that came of it.
fn pipeline() -> Result<FittedPipeline> {
    let table = Table::new()
        .with_strings("term", (0..50).map(|row| if row % 3 == 0 { "60 months" } else { "36 months" }))?
        .with_strings("home_ownership", (0..50).map(|row| ["RENT", "OWN", "MORTGAGE"][row % 3]))?
        .with_numbers("int_rate", (0..50).map(|row| 5.0 + f64::from(row % 11)))?
        .with_numbers("annual_inc", (0..50).map(|row| 30_000.0 + 1000.0 * f64::from(row % 7)))?
        .with_numbers("status", (0..50).map(|row| f64::from(u8::from(row % 11 > 6))))?;
    let (columns, x) = ColumnTransformer::new()
        .text_to_number(TextToNumber::leading_number(), ["term"])
        .add(StandardScaler::new(), ["term", "int_rate"])
        .add(MinMaxScaler::new(), ["annual_inc"])
        .add(OneHotEncoder::new(), ["home_ownership"])
        .fit_transform::<f32>(&table)?;
    let mut model = Sequential::new()
        .add(Dense::new(5, Relu).kernel_regularizer(L2.l2(0.001)))
        .add(BatchNormalization::new())
        .add(Dropout::new(0.1))
        .add(Dense::new(1, Sigmoid).name("risk"))
        .seed(7)
        .compile(
            Adam.learning_rate(0.01).use_ema(true),
            BinaryCrossentropy.label_smoothing(0.05),
            metrics![Accuracy, Recall],
        );
    let fit = Fit::new().batch_size(8).epochs(6).verbose(0);
    model.fit(&x, &table.to_vector("status")?, fit)?;
    FittedPipeline::from_parts(columns, &Target::binary("status"), &table, vec![model])?.with_threshold(0.45)
}

/// The probability and the decision of a prediction.
fn binary(prediction: &Prediction) -> (f64, bool) {
    match prediction {
        Prediction::Binary { probability, decision, .. } => (*probability, *decision),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_file_of_version_1_is_read_for_ever() -> Result<()> {
    let pipeline = FittedPipeline::load(path("version-1.safetensors"))?;
    assert_eq!((pipeline.target().task(), pipeline.threshold()), (Task::Binary, 0.45));
    assert_eq!(pipeline.target().target().columns(), ["target"]);
    assert_eq!(pipeline.target().labels(), [0.0, 1.0].map(perceptra::preprocessing::Value::Number));
    let record = |term: &str, home: &str, rate: f64| {
        Record::new()
            .with("term", term)
            .with("home_ownership", home)
            .with("int_rate", rate)
            .with("annual_inc", 33_000.0)
    };
    let predictions = [
        pipeline.predict_record(&record("36 months", "RENT", 5.0))?,
        pipeline.predict_record(&record("60 months", "OWN", 14.5))?,
        pipeline.predict_record(&record(" 36 months", "MORTGAGE", 11.0))?,
    ];
    for (prediction, expected) in predictions.iter().zip(EXPECTED) {
        let (probability, decision) = binary(prediction);
        approx::assert_abs_diff_eq!(probability, expected, epsilon = 1e-6);
        assert_eq!(decision, expected > 0.45);
    }
    // The file does not list the columns of the training table, so no key is unknown.
    let with_more = record("36 months", "RENT", 5.0).with("status", 1).with("purpose", "car");
    assert_eq!(pipeline.predict_record(&with_more)?, predictions[0]);
    let mut model = Model::load(path("version-1.safetensors"))?;
    assert_eq!(model.iterations(), 42);
    assert_eq!(model.network()?.layer_names().collect::<Vec<_>>(), ["dense", "batch_normalization", "dropout", "risk"]);
    let (x, y) = (dmatrix![0.1, 0.2, 0.3, 1.0, 0.0, 0.0f32], dmatrix![1.0f32]);
    assert_eq!(model.evaluate(&x, &y)?.names().collect::<Vec<_>>(), ["loss", "accuracy", "recall"]);
    model.fit(&x, &y, Fit::new().verbose(0))?;
    assert_eq!(model.iterations(), 43);
    Ok(())
}

/// The predictions when the file was written.
const EXPECTED: [f64; 3] = [0.438_153_386_116_027_83, 0.506_552_696_228_027_3, 0.465_169_191_360_473_63];

/// The header of a file, with its configuration as a value and without the parts that depend on the machine.
fn header(path: &str) -> Value {
    let bytes = std::fs::read(path).unwrap();
    let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let mut header: Value = serde_json::from_slice(&bytes[8..8 + length]).unwrap();
    let metadata = header["__metadata__"].as_object_mut().unwrap();
    metadata.remove("checksum");
    metadata.remove("release");
    let config = serde_json::from_str(metadata["config"].as_str().unwrap()).unwrap();
    metadata.insert("config".into(), config);
    header
}

#[test]
fn version_2_has_the_same_content_in_another_order() -> Result<()> {
    let today = std::env::temp_dir().join(format!("perceptra-version-2-{}", std::process::id()));
    let pipeline = pipeline()?;
    pipeline.save(&today)?;
    let of_pipeline = header(today.to_str().unwrap());
    // A pipeline has no state of an optimizer, as a scorer had.
    pipeline.members()[0].save(&today)?;
    let (mut old, mut new) = (header(&path("version-1.safetensors")), header(today.to_str().unwrap()));
    std::fs::remove_file(today).unwrap();
    for (name, tensor) in of_pipeline.as_object().unwrap() {
        assert!(name == "__metadata__" || tensor["shape"] == old[name]["shape"], "{name}");
    }
    for part in ["preprocessing", "threshold", "pipeline"] {
        new["__metadata__"]["config"][part] = of_pipeline["__metadata__"]["config"][part].clone();
    }
    assert_eq!([&old["__metadata__"]["version"], &new["__metadata__"]["version"]], ["1", "2"]);
    let mut metadata =
        [&mut old, &mut new].map(|header| header.as_object_mut().unwrap().remove("__metadata__").unwrap());
    assert_eq!(old, new, "the same tensors");
    let [old, new] = &mut metadata;
    let (old, mut new) = (old["config"].take(), new["config"].take());
    let layers = old["architecture"]["config"]["layers"].as_array().unwrap();
    let graph = &new["architecture"];
    let mut before = "input";
    for ((layer, node), name) in layers.iter().zip(graph["nodes"].as_array().unwrap()).zip(NAMES) {
        let (class, config) = (&layer["class_name"], &layer["config"]);
        assert_eq!(*node, json!({ "name": name, "class_name": class, "config": config, "inputs": [before] }));
        before = name;
    }
    assert_eq!(layers.len(), NAMES.len());
    assert_eq!([&graph["inputs"], &graph["outputs"], &graph["seed"]], [&json!(["input"]), &json!(["risk"]), &json!(7)]);
    assert_eq!(new["network"]["inputs"], json!([old["network"]["inputs"]]));
    // Version 1 left this argument out at its default.
    let mut optimizer = old["compile"]["optimizer"].clone();
    optimizer["config"]["exclude_from_weight_decay"] = json!([]);
    assert_eq!(new["compile"]["optimizer"], optimizer);
    let (loss, metrics) = (&old["compile"]["loss"], &old["compile"]["metrics"]);
    assert_eq!(new["compile"]["outputs"], json!([{ "loss": loss, "metrics": metrics }]));
    for part in ["dtype", "training", "threshold"] {
        assert_eq!(new[part], old[part], "{part}");
    }
    let target = json!({
        "target": { "task": "binary", "columns": ["status"], "log": false, "standardize": false, "clamp": false },
        "labels": [0.0, 1.0],
    });
    let table = ["term", "home_ownership", "int_rate", "annual_inc", "status"];
    assert_eq!(new["pipeline"]["baseline"].as_array().unwrap().len(), 6);
    new["pipeline"].as_object_mut().unwrap().remove("baseline");
    assert_eq!(new["pipeline"], json!({ "target": target, "seed": 7, "table": table }));
    for (step, class) in new["preprocessing"]["steps"].as_array().unwrap().iter().zip(CLASSES) {
        assert_eq!(step["class_name"], class);
        assert!(step["config"].is_object() && step["state"].is_object());
    }
    Ok(())
}

/// The layers of the pipeline's network, and its transformers.
const NAMES: [&str; 4] = ["dense", "batch_normalization", "dropout", "risk"];
const CLASSES: [&str; 3] = ["StandardScaler", "MinMaxScaler", "OneHotEncoder"];

#[test]
fn files_of_version_1_are_saved_as_version_2() -> Result<()> {
    let folder = Folder::new("version-1-again");
    let (first, second) = (folder.file("first"), folder.file("second"));
    for name in ["version-1.safetensors", "version-1-transformers.safetensors", "version-1-feature-space.safetensors"] {
        let pipeline = FittedPipeline::<f64>::load_with(path(name), &Registry::new())?;
        pipeline.save(&first)?;
        assert_eq!(header(first.to_str().unwrap())["__metadata__"]["version"], "2");
        let again = FittedPipeline::<f64>::load_with(&first, &Registry::new())?;
        assert_eq!(again.columns(), pipeline.columns());
        assert_eq!(again.target(), pipeline.target());
        // As of version 1: keys of columns that are not used are ignored.
        let record = loans()?.record(0)?.with("annual_inc", 40_000).with("home_ownership", "OWN").with("int_rate", 7.5);
        let prediction = again.predict_record(&record.clone().with("another", 1))?;
        assert_eq!(prediction, pipeline.predict_record(&record)?, "{name}");
        again.save(&second)?;
        assert_eq!(std::fs::read(&first).unwrap(), std::fs::read(&second).unwrap());
    }
    Ok(())
}

/// The table on which the two pipelines below were fitted, before transformers had a state of their own; `files/generate.rs`
/// says how. One has all transformers of a `ColumnTransformer`, the other all features of a `FeatureSpace`.
fn loans() -> Result<Table> {
    let rows = 0..24_usize;
    let of =
        |names: &'static [&'static str], step: usize| rows.clone().map(move |row| names[(row * step) % names.len()]);
    Table::new()
        .with_strings("term", of(&["36 months", "60 months"], 1))?
        .with_strings("grade", of(&["A", "B", "C", "D"], 3))?
        .with_strings("home", of(&["RENT", "OWN", "MORTGAGE"], 1))?
        .with_strings("purpose", of(&["car", "house", "debt", "other", "debt"], 1))?
        .with_strings("state", of(&["CA", "NY", "TX", "WA", "FL", "OH", "UT"], 2))?
        .with_numbers("rate", rows.clone().map(|row| 5.0 + ((row * 7) % 11) as f64))?
        .with_numbers("income", rows.clone().map(|row| 30_000.0 + 1250.0 * ((row * 5) % 9) as f64))?
        .with_numbers("amount", rows.clone().map(|row| 1000.0 + 375.5 * ((row * 3) % 13) as f64))?
        .with_numbers("ratio", rows.clone().map(|row| ((row * 11) % 17) as f64 / 16.0))?
        .with_numbers("accounts", rows.clone().map(|row| ((row * 5) % 4) as f64))
}

#[test]
fn every_transformer_of_version_1_predicts_as_it_did() -> Result<()> {
    let table = loans()?;
    // MinMaxScaler divides by the width now, where it multiplied by a rounded inverse: a last digit may differ.
    let cases = [
        ("version-1-transformers.safetensors", BITS_OF_TRANSFORMERS, 1),
        ("version-1-feature-space.safetensors", BITS_OF_FEATURES, 0),
    ];
    for (name, expected, digits) in cases {
        let pipeline = FittedPipeline::<f64>::load_with(path(name), &Registry::new())?;
        let predictions = pipeline.predict(&table)?;
        for (row, (prediction, expected)) in predictions.iter().zip(expected).enumerate() {
            let (probability, decision) = binary(prediction);
            let differ = probability.to_bits().abs_diff(expected);
            let expected = f64::from_bits(expected);
            assert!(differ <= digits, "{name}, row {row}: {probability} where it was {expected}");
            assert_eq!(decision, expected > 0.375);
            assert_eq!(pipeline.predict_record(&table.record(row)?)?, *prediction, "{name}, row {row}");
        }
        assert_eq!(predictions.len(), expected.len());
    }
    Ok(())
}

/// The predictions of the two pipelines when their files were written.
const BITS_OF_TRANSFORMERS: [u64; 24] = [
    0x3fe0d26538245392,
    0x3fdf724819b7768f,
    0x3fe044e894a9e667,
    0x3fe07c81e1448f24,
    0x3fe145338fc7990b,
    0x3fe1f530074a97a2,
    0x3fdef08aeb460602,
    0x3fe1f88c534806bf,
    0x3fe0c4508b649974,
    0x3fdede284b81043f,
    0x3fe136344f832522,
    0x3fddbc5f7a3b0446,
    0x3fe2538584d49b17,
    0x3fdf5b36dab81d57,
    0x3fe2a9b47b76ffba,
    0x3fdee221d09258e8,
    0x3fe1f3d88fea4afa,
    0x3fe0c6bf1557551d,
    0x3fdf196dbe49e41d,
    0x3fe12f07f84b3d06,
    0x3fe0cd7bc931d7f7,
    0x3fe05f7691e48035,
    0x3fdf568c30e9c3e5,
    0x3fe14239a7f0330d,
];
const BITS_OF_FEATURES: [u64; 24] = [
    0x3fe26ac267ca78eb,
    0x3fe2667468caad93,
    0x3fe0874f20b240eb,
    0x3fe1e0ba6840854f,
    0x3fe2b85b738485be,
    0x3fe2eaf75d3ddec4,
    0x3fe195ad6370548b,
    0x3fe0ab24a0bdcd2a,
    0x3fe126f6632868ab,
    0x3fe1e8bae5463af9,
    0x3fe4d7437ff4b0f0,
    0x3fe1b9ce66910947,
    0x3fe1d50f7c52576e,
    0x3fe26e7f8964c911,
    0x3fe193a3bcc403e4,
    0x3fe1c9455f21e276,
    0x3fe38fe2dea9958c,
    0x3fe187cf5b782e1d,
    0x3fe352af5f58e1f7,
    0x3fe17275736b3238,
    0x3fe2337957bae019,
    0x3fe14a9478bc78da,
    0x3fe2439d9f41acab,
    0x3fe0e2e50b55d079,
];

/// In double precision, with a number that the optimizer keeps and layers with state.
fn regression() -> Result<Model<f64>> {
    let x = DMatrix::from_fn(30, 2, |i, j| ((i * (j + 2)) % 7) as f64 / 7.0);
    let y = DMatrix::from_fn(30, 1, |i, _| x[(i, 0)] - 2.0 * x[(i, 1)]);
    let mut model = Sequential::<f64>::default()
        .add(Dense::new(3, "elu").kernel_constraint("unit_norm"))
        .add(PReLU::new())
        .add(SpectralNormalization::new(Dense::new(2, Tanh)))
        .add(Dense::new(1, Linear))
        .seed(5)
        .compile(Nadam.learning_rate(0.05), "huber", ["mae"]);
    model.fit(&x, &y, Fit::new().batch_size(8).epochs(4).verbose(0))?;
    Ok(model)
}

#[test]
fn a_file_of_doubles_and_one_of_weights_are_read_for_ever() -> Result<()> {
    let mut model = Model::<f64>::load_with(path("version-1-float64.safetensors"), &Registry::new())?;
    let x = dmatrix![0.1, 0.7; 0.5, 0.2];
    for (prediction, expected) in model.predict(&x)?.iter().zip(EXPECTED_OF_DOUBLES) {
        approx::assert_abs_diff_eq!(*prediction, expected, epsilon = 1e-12);
    }
    assert_eq!(model.iterations(), 16);
    let predicted = model.predict(&x)?;
    // Loaded into a new model with the same layers.
    let mut other = regression()?;
    other.fit(&x, &dmatrix![1.0; 2.0], Fit::new().verbose(0))?;
    assert_ne!(other.predict(&x)?, predicted);
    other.load_weights(path("version-1-weights.safetensors"))?;
    assert_eq!(other.predict(&x)?, predicted);
    model.fit(&x, &dmatrix![1.0; 2.0], Fit::new().verbose(0))?;
    assert_ne!(model.predict(&x)?, predicted);
    Ok(())
}

/// The predictions of the model when the file was written.
const EXPECTED_OF_DOUBLES: [f64; 2] = [-0.974_681_986_015_560_8, 0.260_628_844_104_401_24];

#[test]
fn a_model_that_was_saved_before_its_first_fit_is_read() -> Result<()> {
    let layers = Sequential::new().add(Dense::new(3, Relu)).add(Dense::new(2, Tanh).name("middle"));
    let mut model = layers.add(Dense::new(1, Sigmoid)).seed(9).compile("adam", BinaryCrossentropy, metrics![Accuracy]);
    model = model.weighted_metrics(["auc"]);
    let mut read = Model::load(path("version-1-unbuilt.safetensors"))?;
    assert!(matches!(read.network(), Err(Error::NotBuilt)));
    assert_eq!(read.architecture().to_json()?, model.architecture().to_json()?);
    let (x, y) = super::data(20);
    let fit = || Fit::new().epochs(2).verbose(0);
    let (of_file, of_model) = (read.fit(&x, &y, fit())?, model.fit(&x, &y, fit())?);
    assert_eq!(of_file.names().collect::<Vec<_>>(), of_model.names().collect::<Vec<_>>());
    assert_eq!(read.network()?.flat_weights(), model.network()?.flat_weights());
    assert_eq!(read.network()?.layer_names().collect::<Vec<_>>(), ["dense", "middle", "dense_1"]);
    Ok(())
}

#[test]
fn a_file_of_a_later_version_is_refused_by_name() {
    let error = Model::load(path("version-3.safetensors")).unwrap_err();
    assert!(matches!(&error, Error::ModelFile { reason, .. } if reason.contains("its version is 3")), "{error}");
    assert!(error.to_string().contains("update perceptra"), "{error}");
}
