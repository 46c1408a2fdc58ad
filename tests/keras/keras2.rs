//! Files that Keras 2 wrote (`tests/interop/keras2_fixtures.py` makes them), against what Keras 2 made of them.

use super::fixtures::{assert_close, fixture, matrix};
use super::message::names;
use flate2::read::GzDecoder;
use nalgebra::DMatrix;
use perceptra::prelude::*;
use perceptra::saving::keras;
use perceptra::{Error, Result};
use serde_json::{Value, json};
use std::io::Read;
use std::path::PathBuf;

fn answers() -> Value {
    serde_json::from_slice(&std::fs::read(fixture("keras2/answers.json")).unwrap()).unwrap()
}

/// A file of the fixtures, unpacked where it is compressed; it is gone when the test is over.
struct File(PathBuf);

impl File {
    fn new(name: &str) -> Self {
        let packed = fixture(&format!("keras2/{name}.gz"));
        let mut bytes = Vec::new();
        match std::fs::read(&packed) {
            Ok(packed) => drop(GzDecoder::new(&packed[..]).read_to_end(&mut bytes).unwrap()),
            Err(_) => bytes = std::fs::read(fixture(&format!("keras2/{name}"))).unwrap(),
        }
        Self::of(name, &bytes)
    }

    fn of(name: &str, bytes: &[u8]) -> Self {
        static COUNT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("perceptra-keras2-{}-{count}-{name}", std::process::id()));
        std::fs::write(&path, bytes).unwrap();
        File(path)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// The four rows of a step.
fn batch(all: &DMatrix<f32>, step: usize) -> DMatrix<f32> {
    DMatrix::from_fn(4, all.ncols(), |row, column| all[((step + row) % 8, column)])
}

const STEPS_BEFORE: usize = 8;

/// The files of models that were trained, which are all but those that say otherwise.
fn cases(answers: &Value) -> impl Iterator<Item = (&String, &Value)> {
    answers["cases"].as_object().unwrap().iter().filter(|(_, case)| case.get("later").is_some())
}

#[test]
fn every_compiled_model_predicts_and_trains_on_as_in_keras_2() -> Result<()> {
    let answers = answers();
    let (x, y) = (matrix(&answers["x"]), matrix(&answers["y"]));
    let mut count = 0;
    for (name, case) in cases(&answers) {
        let mut model = keras::load_model::<f32>(&File::new(name).0)?;
        assert_close(&model.predict(&x)?, &matrix(&case["predictions"]), 1e-5);
        assert_eq!(model.iterations(), case["iterations"].as_u64().unwrap());
        assert_eq!(!model.load_warnings().is_empty(), case["begins_anew"].as_bool().unwrap());
        let steps = answers["steps"].as_u64().unwrap() as usize;
        if case["by_fit"] == true {
            model.fit(&x, &y, Fit::new().epochs(steps / 2).batch_size(4).shuffle(false).verbose(0))?;
        } else {
            for step in STEPS_BEFORE..STEPS_BEFORE + steps {
                model.train_on_batch(&batch(&x, step), &batch(&y, step))?;
            }
        }
        assert_close(&model.predict(&x)?, &matrix(&case["later"]), 1e-5);
        count += 1;
    }
    assert_eq!(count, 54);
    Ok(())
}
