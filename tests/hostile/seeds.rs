//! The seeds of the readers of Keras's files and of the crate's own, as small as files that this crate writes can be.
//!
//! `cargo test --all-features --test files -- --ignored seeds` writes them anew. Those that it does not write come from
//! Keras 3.15.1: `later_layout` with `libver="latest"`, and `legacy`, `model.save("legacy.h5")` of one compiled `Dense(1)`;
//! and from Keras 2, by `tests/interop/keras2_fixtures.py seeds`: `keras_2`, `nested`, `tf212_adam`, `windows`.

use perceptra::layers::{Discretization, IntegerLookup, Normalization};
use perceptra::prelude::*;
use perceptra::saving::keras;
use std::path::{Path, PathBuf};

#[test]
#[ignore = "writes the committed seeds"]
fn seeds() -> perceptra::Result<()> {
    let x = dmatrix![1.0, 5.0; 2.0, 6.0; 3.0, 5.0; 4.0, 7.0f32];
    let y = dmatrix![0.0; 1.0; 0.0; 1.0f32];
    let fit = || Fit::new().epochs(1).batch_size(2).verbose(0);

    let plain = Sequential::new().add(Input::new(2)).add(Dense::new(1, Sigmoid)).seed(1);
    let mut plain = plain.compile(Adam, BinaryCrossentropy, ());
    plain.fit(&x, &y, fit())?;
    save("plain", &plain)?;

    let scaled = Sequential::new().add(Normalization::new().adapt(&x)?).add(Dense::new(1, Sigmoid)).seed(1);
    let mut scaled = scaled.compile(Adam, BinaryCrossentropy.label_smoothing(0.1), ["accuracy", "auc"]);
    scaled.fit(&x, &y, fit())?;
    save("scaled", &scaled)?;

    let codes = IntegerLookup::new().adapt(&x.columns(1, 1).into_owned())?;
    let looked_up = Sequential::new().add(codes).add(Dense::new(2, Relu).kernel_regularizer(L2.l2(0.01))).seed(1);
    let looked_up = looked_up.add(BatchNormalization::new()).add(Dropout::new(0.5)).add(Dense::new(1, Sigmoid));
    let rate = ExponentialDecay::new(0.01, 100, 0.9);
    let mut looked_up =
        looked_up.compile(SGD.learning_rate(rate).momentum(0.9).clipnorm(1.0), "binary_crossentropy", ());
    looked_up.fit(&x.columns(1, 1).into_owned(), &y, fit())?;
    save("looked_up", &looked_up)?;

    let deep = Sequential::new().add(Input::new(2)).add(Embedding::new(4, 2)).add(Flatten::new()).seed(1);
    let deep =
        deep.add(SpectralNormalization::new(Dense::new(2, LeakyRelu))).add(Dense::new(1, Linear)).build_declared()?;
    save("wrapped", &deep)?;
    let bins = Sequential::new().add(Input::new(1)).add(Discretization::new().bin_boundaries([0.0, 1.0])).seed(1);
    save("bins", &bins.add(Dense::new(1, Linear)).build_declared()?)
}

/// What the seeds of version 1 hold, as the present version of the crate's own format writes it, and a pipeline of two networks.
#[test]
#[ignore = "writes the committed seeds"]
fn seeds_of_the_own_format() -> perceptra::Result<()> {
    let corpus = |reader: &str, name: &str| -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hostile/corpus").join(reader).join(name)
    };
    let file = |name: &str| corpus("own_format", name);
    let model = Model::<f64>::load_with(file("float64"), &Registry::new())?;
    model.save(file("float64_2"))?;
    model.save_weights(file("weights_2"))?;
    pipeline()?.save(file("pipeline_2"))?;
    for name in ["float64_2", "weights_2", "pipeline_2"] {
        let (header, values) = without_check_sum(&file(name));
        if name == "float64_2" {
            let text = header["__metadata__"]["config"].as_str().unwrap();
            std::fs::write(corpus("own_configuration", name), text).unwrap();
        }
        let header = header.to_string();
        let parts = [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &values];
        std::fs::write(file(name), parts.concat()).unwrap();
    }
    // The values around a configuration are those of a model with the state of its optimizer.
    let scratch = std::env::temp_dir().join(format!("perceptra-seeds-{}", std::process::id()));
    Model::load(file("scorer"))?.save(&scratch)?;
    let mut whole = configuration(&without_check_sum(&scratch).0);
    FittedPipeline::load(file("scorer"))?.save(&scratch)?;
    let of_pipeline = configuration(&without_check_sum(&scratch).0);
    std::fs::remove_file(&scratch).unwrap();
    for part in ["preprocessing", "threshold", "pipeline"] {
        whole[part] = of_pipeline[part].clone();
    }
    std::fs::write(corpus("own_configuration", "pipeline_2"), whole.to_string()).unwrap();
    Ok(())
}

/// Two small networks for three labels.
fn pipeline() -> perceptra::Result<FittedPipeline> {
    let table = Table::new()
        .with_numbers("a", (0..9).map(f64::from))?
        .with_strings("b", (0..9).map(|row| ["p", "q"][row % 2]))?
        .with_strings("y", (0..9).map(|row| ["low", "mid", "high"][row % 3]))?;
    let model = Sequential::new().add(Dense::new(3, Softmax)).compile(SGD, CategoricalCrossentropy, ());
    let columns = ColumnTransformer::new().add(StandardScaler::new(), ["a"]).add(OneHotEncoder::new(), ["b"]);
    let pipeline = Pipeline::new(Target::multiclass("y")).columns(columns).model(model);
    pipeline.members(2).options(Fit::new().epochs(1).verbose(0)).seed(1).fit(&table)
}

/// The header of a file without its checksum, and the values, so that a changed header is not rejected because of its checksum.
fn without_check_sum(path: &Path) -> (serde_json::Value, Vec<u8>) {
    let bytes = std::fs::read(path).unwrap();
    let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let mut header: serde_json::Value = serde_json::from_slice(&bytes[8..8 + length]).unwrap();
    header["__metadata__"].as_object_mut().unwrap().remove("checksum");
    (header, bytes[8 + length..].to_vec())
}

fn configuration(header: &serde_json::Value) -> serde_json::Value {
    serde_json::from_str(header["__metadata__"]["config"].as_str().unwrap()).unwrap()
}

/// Every seed can be read, since a rejected seed would reach little of its reader.
#[test]
fn seeds_of_the_present_version_are_read() -> perceptra::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hostile/corpus/own_format");
    assert_eq!(FittedPipeline::load(folder.join("pipeline_2"))?.members().len(), 2);
    Model::<f64>::load_with(folder.join("float64_2"), &Registry::new())?;
    Ok(())
}

/// One model as a seed for all three readers.
fn save(name: &str, model: &impl keras::Exchangeable<f32>) -> perceptra::Result<()> {
    let path = |reader: &str| -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hostile/corpus").join(reader).join(name)
    };
    let (archive, weights) = (path("keras_archive"), path("keras_hdf5"));
    keras::save_model(model, &archive)?;
    keras::save_weights(model, &weights)?;
    let mut parts = keras::to_json(model)?.into_bytes();
    if name == "looked_up" {
        parts.extend(b"\x005\n6\n7\n");
    }
    parts.extend(std::fs::read(weights).unwrap());
    let path = path("keras_parts");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, parts).unwrap();
    Ok(())
}
