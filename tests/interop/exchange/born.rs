//! Models made here, for what Keras's own models do not show: layers that need others beside them in Keras, names that are
//! missing, arguments in this crate's spelling.

use super::cases::rows;
use nalgebra::DMatrix;
use perceptra::layers::*;
use perceptra::prelude::*;
use perceptra::saving::keras;
use serde_json::json;
use std::error::Error;
use std::fs;
use std::path::Path;

/// Numbers around 0 without a pattern.
fn reals(rows: usize, columns: usize) -> DMatrix<f32> {
    DMatrix::from_fn(rows, columns, |i, j| ((i * 37 + j * 101 + 5) % 41) as f32 / 12.0 - 1.6)
}

/// Whole numbers below `bound`.
fn codes(rows: usize, columns: usize, bound: usize) -> DMatrix<f32> {
    DMatrix::from_fn(rows, columns, |i, j| ((i * 7 + j * 5 + i * j) % bound) as f32)
}

/// Saves a model after a few steps of training, with its predictions.
fn save(folder: &Path, name: &str, model: Sequential, x: &DMatrix<f32>) -> Result<(), Box<dyn Error>> {
    let mut model = model.seed(7).compile(Adam.learning_rate(0.01), "mse", ["mae", "Accuracy"]);
    let y = DMatrix::from_fn(x.nrows(), 2, |i, j| ((i + j) % 3) as f32);
    model.fit(x, &y, Fit::new().epochs(2).verbose(0))?;
    let path = folder.join(name);
    keras::save_model(&model, path.with_extension("keras"))?;
    let answer = json!({ "x": rows(x), "predictions": rows(&model.predict(x)?) });
    fs::write(path.with_extension("born.json"), answer.to_string())?;
    Ok(())
}

pub(crate) fn write(folder: &Path) -> Result<(), Box<dyn Error>> {
    let x = reals(24, 3);
    let head = || Dense::new(2, Linear);
    save(folder, "plain", Sequential::new().add(Dense::new(4, "swish")).add(head()), &x)?;
    save(folder, "declared", Sequential::new().add(Input::new(3).name("features")).add(head()), &x)?;
    let arguments = Dense::new(5, Relu.max_value(1.5)).kernel_initializer("he_normal").kernel_regularizer("l2");
    save(folder, "arguments", Sequential::new().add(arguments).add(head()), &x)?;
    let learned = Normalization::new().adapt(&x)?;
    save(folder, "learned", Sequential::new().add(learned).add(Dense::new(3, Tanh)).add(head()), &x)?;
    let mixed = Normalization::new().mean(0.5).variance([1.0, 2.0, 4.0]);
    save(folder, "mixed", Sequential::new().add(mixed).add(head()), &x)?;
    let bins = Discretization::new().num_bins(4).adapt(&x)?.output_mode(OutputMode::OneHot);
    save(folder, "bins", Sequential::new().add(bins).add(head()), &x)?;
    let small = codes(24, 3, 5);
    save(folder, "embedding", Sequential::new().add(Embedding::new(5, 3)).add(head()), &small)?;
    let flat = Sequential::new().add(Embedding::new(5, 3)).add(Dropout::new(0.1)).add(Flatten::new()).add(head());
    save(folder, "flattened", flat, &small)?;
    let one_hot = CategoryEncoding::new(5).output_mode(OutputMode::OneHot);
    save(folder, "one_hot", Sequential::new().add(one_hot).add(head()), &small)?;
    let lookup = IntegerLookup::new().adapt(&small)?.output_mode(OutputMode::Count);
    save(folder, "lookup", Sequential::new().add(lookup).add(head()), &small)?;
    let hashed = Sequential::new().add(Hashing::new(4).output_mode(OutputMode::MultiHot)).add(head());
    save(folder, "hashed", hashed, &small)?;
    let spectral = Sequential::new().add(SpectralNormalization::new(Dense::new(4, "relu"))).add(head());
    save(folder, "spectral", spectral, &x)?;
    Ok(())
}
