//! Files of version 1, committed, which every later release reads. They are never written anew.

use nalgebra::{DMatrix, dmatrix};
use perceptra::optimizers::Nadam;
use perceptra::prelude::*;
use perceptra::preprocessing::{
    ColumnTransformer, MinMaxScaler, OneHotEncoder, Record, StandardScaler, Table, TextToNumber,
};
use perceptra::{Error, Result};

fn path(name: &str) -> String {
    format!("{}/tests/saving/files/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// How the scorer of the file was made; only its test below knows the numbers that came of it.
fn scorer() -> Result<Scorer> {
    let table = Table::new()
        .with_text("term", (0..50).map(|row| if row % 3 == 0 { "60 months" } else { "36 months" }))?
        .with_text("home_ownership", (0..50).map(|row| ["RENT", "OWN", "MORTGAGE"][row % 3]))?
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
        .add(Dense::new(5, Relu).kernel_regularizer(perceptra::regularizers::L2.l2(0.001)))
        .add(perceptra::layers::BatchNormalization::new())
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
    Scorer::new(columns, model)?.threshold(0.45)
}

#[test]
fn a_file_of_version_1_is_read_for_ever() -> Result<()> {
    let scorer = Scorer::load(path("version-1.safetensors"))?;
    let record = |term: &str, home: &str, rate: f64| {
        Record::new()
            .with("term", term)
            .with("home_ownership", home)
            .with("int_rate", rate)
            .with("annual_inc", 33_000.0)
    };
    let scores = [
        scorer.score(&record("36 months", "RENT", 5.0))?,
        scorer.score(&record("60 months", "OWN", 14.5))?,
        scorer.score(&record(" 36 months", "MORTGAGE", 11.0))?,
    ];
    for (score, expected) in scores.iter().zip(EXPECTED) {
        approx::assert_abs_diff_eq!(score.probability, expected, epsilon = 1e-6);
        assert_eq!(score.decision, expected > 0.45);
    }
    let mut model = Model::load(path("version-1.safetensors"))?;
    assert_eq!(model.iterations(), 42);
    assert_eq!(model.network()?.layer_names().collect::<Vec<_>>(), ["dense", "batch_normalization", "dropout", "risk"]);
    let (x, y) = (dmatrix![0.1, 0.2, 0.3, 1.0, 0.0, 0.0f32], dmatrix![1.0f32]);
    assert_eq!(model.evaluate(&x, &y)?.names().collect::<Vec<_>>(), ["loss", "accuracy", "recall"]);
    model.fit(&x, &y, Fit::new().verbose(0))?;
    assert_eq!(model.iterations(), 43);
    Ok(())
}

/// What the scorer said when the file was written.
const EXPECTED: [f64; 3] = [0.438_153_386_116_027_83, 0.506_552_696_228_027_3, 0.465_169_191_360_473_63];

#[test]
fn today_s_file_has_the_same_layout() -> Result<()> {
    let today = std::env::temp_dir().join(format!("perceptra-version-1-{}", std::process::id()));
    scorer()?.save(&today)?;
    let header = |path: &str| -> serde_json::Value {
        let bytes = std::fs::read(path).unwrap();
        let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
        serde_json::from_slice(&bytes[8..8 + length]).unwrap()
    };
    let (mut old, mut new) = (header(&path("version-1.safetensors")), header(today.to_str().unwrap()));
    std::fs::remove_file(today).unwrap();
    for header in [&mut old, &mut new] {
        // The figures of the scalers and the check sum may differ in last digits from machine to machine.
        let metadata = header["__metadata__"].as_object_mut().unwrap();
        metadata.remove("checksum");
        metadata.remove("release");
        let mut config: serde_json::Value = serde_json::from_str(metadata["config"].as_str().unwrap()).unwrap();
        config.as_object_mut().unwrap().remove("preprocessing");
        metadata.insert("config".into(), config);
    }
    assert_eq!(old, new, "a change of the format needs a new version");
    Ok(())
}

/// In double precision, with a number that the optimizer keeps and layers with state.
fn regression() -> Result<Model<f64>> {
    let x = DMatrix::from_fn(30, 2, |i, j| ((i * (j + 2)) % 7) as f64 / 7.0);
    let y = DMatrix::from_fn(30, 1, |i, _| x[(i, 0)] - 2.0 * x[(i, 1)]);
    let mut model = Sequential::<f64>::default()
        .add(Dense::new(3, "elu").kernel_constraint("unit_norm"))
        .add(perceptra::layers::PReLU::new())
        .add(perceptra::layers::SpectralNormalization::new(Dense::new(2, Tanh)))
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
    // As a model that knows nothing of the file, but has the same layers.
    let mut other = regression()?;
    other.fit(&x, &dmatrix![1.0; 2.0], Fit::new().verbose(0))?;
    assert_ne!(other.predict(&x)?, predicted);
    other.load_weights(path("version-1-weights.safetensors"))?;
    assert_eq!(other.predict(&x)?, predicted);
    model.fit(&x, &dmatrix![1.0; 2.0], Fit::new().verbose(0))?;
    assert_ne!(model.predict(&x)?, predicted);
    Ok(())
}

/// What the model predicted when the file was written.
const EXPECTED_OF_DOUBLES: [f64; 2] = [-0.974_681_986_015_560_8, 0.260_628_844_104_401_24];

#[test]
fn a_file_of_a_later_version_is_refused_by_name() {
    let error = Model::load(path("version-2.safetensors")).unwrap_err();
    assert!(matches!(&error, Error::ModelFile { reason, .. } if reason.contains("its version is 2")), "{error}");
}
