//! Cases that Python prepared, one JSON file each.

use nalgebra::DMatrix;
use perceptra::prelude::*;
use perceptra::saving::keras;
use serde_json::{Value, json};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

/// The JSON files of a folder with this ending, in their order.
fn cases(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
    paths.retain(|path| path.to_string_lossy().ends_with(ending));
    paths.sort();
    Ok(paths)
}

/// A table of rows.
pub(crate) fn matrix(rows: &Value) -> DMatrix<f32> {
    let rows: Vec<Vec<f32>> = serde_json::from_value(rows.clone()).expect("rows of numbers");
    DMatrix::from_fn(rows.len(), rows.first().map_or(0, Vec::len), |i, j| rows[i][j])
}

/// The rows of a table.
pub(crate) fn rows(matrix: &DMatrix<f32>) -> Value {
    matrix.row_iter().map(|row| Value::from(row.iter().copied().collect::<Vec<f32>>())).collect()
}

/// Opens each model, predicts, and saves it again; a refusal is an answer too.
pub(crate) fn open(folder: &Path) -> Result<(), Box<dyn Error>> {
    for path in cases(folder, ".case.json")? {
        let case: Value = serde_json::from_slice(&fs::read(&path)?)?;
        let name = path.to_string_lossy().replace(".case.json", "");
        let answer = match answer(folder, &case, &name) {
            Ok(predictions) => json!({ "predictions": rows(&predictions) }),
            Err(error) => json!({ "error": error.to_string() }),
        };
        fs::write(format!("{name}.answer.json"), answer.to_string())?;
    }
    Ok(())
}

fn answer(folder: &Path, case: &Value, name: &str) -> perceptra::Result<DMatrix<f32>> {
    let file = folder.join(case["file"].as_str().unwrap_or_default());
    let x = matrix(&case["x"]);
    if case["compiled"] == true {
        let model = keras::load_model::<f32>(file)?;
        keras::save_model(&model, format!("{name}.back.keras"))?;
        keras::save_weights(&model, format!("{name}.back.weights.h5"))?;
        model.predict(&x)
    } else {
        let network = keras::load_network::<f32>(file)?;
        keras::save_model(&network, format!("{name}.back.keras"))?;
        keras::save_weights(&network, format!("{name}.back.weights.h5"))?;
        network.predict(&x)
    }
}

/// Trains each model for the epochs of its case, predicts and saves it.
pub(crate) fn train(folder: &Path) -> Result<(), Box<dyn Error>> {
    for path in cases(folder, ".train.json")? {
        let case: Value = serde_json::from_slice(&fs::read(&path)?)?;
        let name = path.to_string_lossy().replace(".train.json", "");
        let answer = match trained(folder, &case, &name) {
            Ok(predictions) => json!({ "predictions": rows(&predictions) }),
            Err(error) => json!({ "error": error.to_string() }),
        };
        fs::write(format!("{name}.trained.json"), answer.to_string())?;
    }
    Ok(())
}

fn trained(folder: &Path, case: &Value, name: &str) -> perceptra::Result<DMatrix<f32>> {
    let mut model = keras::load_model::<f32>(folder.join(case["file"].as_str().unwrap_or_default()))?;
    let (x, y) = (matrix(&case["x"]), matrix(&case["y"]));
    let [epochs, size] = ["epochs", "batch_size"].map(|key| case[key].as_u64().unwrap_or(1) as usize);
    model.fit(&x, &y, Fit::new().epochs(epochs).batch_size(size).shuffle(false).verbose(0))?;
    keras::save_model(&model, format!("{name}.trained.keras"))?;
    model.predict(&x)
}
