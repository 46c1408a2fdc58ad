//! Models that are saved and loaded are unchanged.

use super::data;
use super::folder::Folder;
use perceptra::callbacks::SaveFreq;
use perceptra::initializers::HeNormal;
use perceptra::layers::{self, BatchNormalization, LayerNormalization, PReLU};
use perceptra::prelude::*;
use perceptra::preprocessing::{ColumnTransformer, OneHotEncoder, Record, StandardScaler, Table, TextToNumber};
use perceptra::regularizers::L2;
use perceptra::{Error, Result};

fn rich() -> Model {
    Sequential::new()
        .add(Dense::new(6, LeakyRelu.negative_slope(0.3)).kernel_initializer(HeNormal).kernel_regularizer(L2.l2(0.01)))
        .add(BatchNormalization::new().momentum(0.9))
        .add(Dense::new(4, "gelu").name("middle").trainable(false))
        .add(PReLU::new())
        .add(LayerNormalization::new())
        .add(Dense::new(1, Sigmoid))
        .seed(5)
        .compile("nadam", "crossentropy", ["acc", "recall"])
        .weighted_metrics(metrics![Precision.thresholds([0.3])])
}

#[test]
fn a_model_comes_back_whole() -> Result<()> {
    let folder = Folder::new("round-trip");
    let (x, y) = data(90);
    let mut model = rich();
    model.fit(&x, &y, Fit::new().epochs(2).verbose(0))?;
    model.set_trainable("dense", false)?;
    model.save(folder.file("model"))?;
    let loaded = Model::load(folder.file("model"))?;
    assert_eq!(loaded.predict(&x)?, model.predict(&x)?);
    assert_eq!(loaded.evaluate(&x, &y)?, model.evaluate(&x, &y)?, "loss and metrics, under their names");
    assert_eq!(loaded.summary()?.to_string(), model.summary()?.to_string(), "also what is frozen");
    assert!(!loaded.get_layer("dense")?.trainable() && !loaded.get_layer("middle")?.trainable());
    // Saved again, the file is the same, except that items given by name have their full configuration after reading.
    loaded.save(folder.file("again"))?;
    Model::load(folder.file("again"))?.save(folder.file("third"))?;
    let bytes = |name: &str| std::fs::read(folder.file(name)).unwrap();
    assert!(bytes("third") == bytes("again"));
    Ok(())
}

#[test]
fn parts_of_a_file_can_be_read_separately() -> Result<()> {
    let folder = Folder::new("round-trip-parts");
    let (x, y) = data(40);
    let mut model = rich();
    model.fit(&x, &y, Fit::new().verbose(0))?;
    model.save(folder.file("model"))?;
    let network = Network::load(folder.file("model"))?;
    assert_eq!(network.predict(&x)?, model.predict(&x)?);
    network.save(folder.file("network"))?;
    let error = Model::load(folder.file("network")).unwrap_err().to_string();
    assert!(error.contains("use Network::load, then compile"), "{error}");
    assert!(matches!(FittedPipeline::load(folder.file("model")), Err(Error::ModelFile { .. })));
    let wide = Network::<f64>::load_with(folder.file("network"), &Registry::new())?;
    let x = x.map(f64::from);
    let apart = wide.predict(&x)?.zip_map(&model.predict(&x.map(|v| v as f32))?, |a, b| (a - f64::from(b)).abs());
    assert!(apart.max() < 1e-5);
    Ok(())
}

#[test]
fn a_model_without_weights_keeps_its_description() -> Result<()> {
    let folder = Folder::new("round-trip-unbuilt");
    let (x, y) = data(40);
    rich().save(folder.file("model"))?;
    let mut loaded = Model::load(folder.file("model"))?;
    let mut model = rich();
    loaded.fit(&x, &y, Fit::new().verbose(0))?;
    model.fit(&x, &y, Fit::new().verbose(0))?;
    assert_eq!(loaded.predict(&x)?, model.predict(&x)?, "the seed came along");
    assert!(matches!(Network::load(folder.file("model")), Err(Error::NotBuilt)));
    Ok(())
}

#[test]
fn f64_comes_back_exactly() -> Result<()> {
    let folder = Folder::new("round-trip-f64");
    let (x, y) = (dmatrix![0.1; 0.7; 0.3], dmatrix![1.0; 0.0; 1.0]);
    let layers = Sequential::<f64>::default().add(Dense::new(3, Tanh)).add(Dense::new(1, Linear));
    let mut model = layers.compile(RMSprop, MeanSquaredError, ());
    model.fit(&x, &y, Fit::new().epochs(3).verbose(0))?;
    model.save(folder.file("model"))?;
    let mut loaded = Model::load_with(folder.file("model"), &Registry::<f64>::new())?;
    model.fit(&x, &y, Fit::new().epochs(3).verbose(0))?;
    loaded.fit(&x, &y, Fit::new().epochs(3).verbose(0))?;
    assert_eq!(loaded.network()?.flat_weights(), model.network()?.flat_weights());
    Ok(())
}

/// Every layer of the crate, in the smallest form it has.
#[test]
fn every_layer_is_saved_and_read() -> Result<()> {
    let folder = Folder::new("round-trip-layers");
    let x = dmatrix![0.0, 1.0, 2.0, 1.0; 1.0, 0.0, 1.0, 2.0f32];
    for name in layers::names() {
        let config = match name {
            "InputLayer" => serde_json::json!({ "batch_shape": [null, 4] }),
            "Activation" => serde_json::json!({ "activation": "relu" }),
            "Dense" => serde_json::json!({ "units": 3 }),
            "Embedding" => serde_json::json!({ "input_dim": 3, "output_dim": 2 }),
            "GroupNormalization" => serde_json::json!({ "groups": 2 }),
            "Dropout" | "AlphaDropout" | "GaussianDropout" => serde_json::json!({ "rate": 0.2 }),
            "IntegerLookup" => serde_json::json!({ "vocabulary": [1, 2] }),
            "Hashing" => serde_json::json!({ "num_bins": 4 }),
            "CategoryEncoding" => serde_json::json!({ "num_tokens": 3 }),
            "Discretization" => serde_json::json!({ "bin_boundaries": [0.5, 1.5] }),
            "Normalization" => serde_json::json!({ "mean": [0.0, 0.5, 1.0, 1.0], "variance": [1.0, 2.0, 1.0, 0.5] }),
            "Rescaling" => serde_json::json!({ "scale": 0.5 }),
            "GaussianNoise" => serde_json::json!({ "stddev": 0.2 }),
            "SpectralNormalization" => {
                serde_json::json!({ "layer": { "class_name": "Dense", "config": { "units": 2 } } })
            }
            _ => serde_json::Value::Null,
        };
        let layer = layers::get::<f32>(name, config)?;
        let network = Sequential::new().add(layer).build(4)?;
        network.save(folder.file(name))?;
        let loaded = Network::load(folder.file(name))?;
        assert_eq!(loaded.predict(&x)?, network.predict(&x)?, "{name}");
        assert_eq!(loaded.flat_state(), network.flat_state(), "{name}");
    }
    Ok(())
}

#[test]
fn a_pipeline_of_parts_takes_raw_records() -> Result<()> {
    let folder = Folder::new("round-trip-parts-of-a-pipeline");
    let terms = ["36 months", "60 months", " 36 months"];
    let homes = ["RENT", "OWN", "MORTGAGE", "RENT"];
    let table = Table::new()
        .with_strings("term", (0..60).map(|row| terms[row % 3]))?
        .with_strings("home_ownership", (0..60).map(|row| homes[row % 4]))?
        .with_numbers("int_rate", (0..60).map(|row| 5.0 + f64::from(row % 7)))?
        .with_numbers("status", (0..60).map(|row| f64::from(row % 2)))?;
    let (columns, x) = ColumnTransformer::new()
        .text_to_number(TextToNumber::leading_number(), ["term"])
        .add(StandardScaler::new(), ["term", "int_rate"])
        .add(OneHotEncoder::new(), ["home_ownership"])
        .fit_transform::<f32>(&table)?;
    let mut model =
        Sequential::new().add(Dense::new(4, Relu)).add(Dense::new(1, Sigmoid)).seed(2).compile(Adam, "bce", ());
    model.fit(&x, &table.to_vector("status")?, Fit::new().epochs(3).verbose(0))?;
    let pipeline = FittedPipeline::from_parts(columns, &Target::binary("status"), &table, vec![model])?;
    let pipeline = pipeline.with_threshold(0.45)?;
    pipeline.save(folder.file("pipeline"))?;
    let loaded = FittedPipeline::load(folder.file("pipeline"))?;
    let record = Record::new().with("term", "36 months").with("home_ownership", "RENT").with("int_rate", 9.5);
    let prediction = loaded.predict_record(&record)?;
    assert_eq!(prediction, pipeline.predict_record(&record)?);
    let Prediction::Binary { probability, decision, .. } = prediction else { panic!("{prediction:?}") };
    assert_eq!(decision, probability > 0.45);
    // A number in place of the text is taken as it is.
    assert_eq!(loaded.predict_record(&record.clone().with("term", 36.0))?, prediction);
    assert_eq!(loaded.predict(&table)?.len(), 60);
    assert_eq!(loaded.predict(&table)?[7], loaded.predict_record(&table.record(7).unwrap())?);
    for wrong in [
        record.clone().with("home_ownership", "TENT"),
        record.clone().with("term", "months"),
        Record::new().with("term", "36 months"),
    ] {
        assert!(loaded.predict_record(&wrong).is_err(), "{wrong:?}");
    }
    // The file can also be opened as a model, with a new optimizer state.
    assert_eq!(Model::load(folder.file("pipeline"))?.iterations(), 0);
    Ok(())
}

#[test]
fn checkpoints_have_values_in_their_names() -> Result<()> {
    let folder = Folder::new("round-trip-checkpoints");
    let (x, y) = data(60);
    let mut model = rich();
    let path = folder.file("sub").join("m-{epoch:02d}-{val_loss:.3f}.safetensors");
    let mut checkpoint = ModelCheckpoint::new(path);
    let history =
        model.fit(&x, &y, Fit::new().epochs(3).validation_split(0.25).callback(&mut checkpoint).verbose(0))?;
    for (epoch, loss) in history.get("val_loss").unwrap().iter().enumerate() {
        let name = format!("m-{:02}-{loss:.3}.safetensors", epoch + 1);
        let loaded = Model::load(folder.file("sub").join(&name))?;
        assert_eq!(loaded.iterations(), 2 * (epoch as u64 + 1), "{name}");
    }
    let by_batch = ModelCheckpoint::new(folder.file("w-{epoch}-{batch}")).save_freq(SaveFreq::Batches(2));
    model.fit(&x, &y, Fit::new().batch_size(20).epochs(2).callback(by_batch.save_weights_only(true)).verbose(0))?;
    for name in ["w-1-2", "w-2-1", "w-2-3"] {
        rich_built()?.load_weights(folder.file(name))?;
    }
    let unknown = ModelCheckpoint::new(folder.file("{f1}"));
    assert!(matches!(model.fit(&x, &y, Fit::new().callback(unknown).verbose(0)), Err(Error::Argument { .. })));
    Ok(())
}

fn rich_built() -> Result<Model> {
    let mut model = rich();
    model.build(3)?;
    Ok(model)
}
