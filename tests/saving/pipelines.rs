//! Fitted pipelines of every task in files: a loaded pipeline, in this or in another process, predicts the same bits.

use super::folder::Folder;
use perceptra::pipeline::Task;
use perceptra::prelude::*;
use perceptra::{Result, Scalar};
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

/// Set in the process that loads the files that this one has saved.
const CHILD: &str = "PERCEPTRA_PIPELINES_OF";

fn table() -> Result<Table> {
    let rows = 0..60_u32;
    Table::new()
        .with_numbers("income", rows.clone().map(|row| 20.0 + f64::from(row * 7 % 60)))?
        .with_strings("home", rows.clone().map(|row| ["OWN", "RENT", "MORTGAGE"][row as usize % 3]))?
        .with_strings("status", rows.clone().map(|row| if row * 7 % 60 < 30 { "late" } else { "paid" }))?
        .with_strings("grade", rows.clone().map(|row| ["A", "B", "C", "D"][row as usize * 7 % 60 / 15]))?
        .with_numbers("price", rows.clone().map(|row| f64::from(row * 11 % 60).powi(2)))?
        .with_numbers("fee", rows.clone().map(|row| f64::from(row % 5) - 2.5))?
        .with_booleans("owner", rows.clone().map(|row| row % 3 == 0))?
        .with_booleans("old", rows.map(|row| row % 4 < 2))
}

fn targets() -> [Target; 5] {
    [
        Target::binary("status").positive("late"),
        Target::multiclass("grade"),
        Target::regression("price").log(true).clamp(true),
        Target::multi_regression(["price", "fee"]),
        Target::multilabel(["owner", "old"]),
    ]
}

fn fitted<T: Scalar>(target: Target, members: usize) -> Result<FittedPipeline<T>> {
    let layers = Sequential::<T>::default().add(Dense::new(4, Relu)).add(BatchNormalization::new());
    let model = match target.task() {
        // One that predicts logits is among them.
        Task::Binary => layers.add(Dense::new(1, Linear)).compile(Adam, BinaryCrossentropy.from_logits(true), ()),
        Task::Multiclass => layers.add(Dense::new(4, Softmax)).compile(Adam, SparseCategoricalCrossentropy, ()),
        Task::Multilabel => layers.add(Dense::new(2, Sigmoid)).compile(Adam, BinaryCrossentropy, ()),
        _ => layers.add(Dense::new(target.columns().len(), Linear)).compile(Adam, MeanSquaredError, ()),
    };
    let columns = ColumnTransformer::new()
        .add(RobustScaler::new().then(SmoothClip::new()), ["income"])
        .add(OneHotEncoder::new(), ["home"]);
    let pipeline = Pipeline::with_target(target).columns(columns).model(model).members(members);
    pipeline.options(Fit::new().epochs(3).batch_size(8).verbose(0)).threshold(0.4).seed(5).fit(&table()?)
}

/// Every prediction for the rows of the table, by each function; numbers are printed so that the digits determine the bits.
fn predictions<T: Scalar>(pipeline: &FittedPipeline<T>) -> Result<String> {
    let table = table()?;
    let mut text = String::new();
    for (row, prediction) in pipeline.predict(&table)?.iter().enumerate() {
        let record = table.record(row)?;
        assert_eq!(pipeline.predict_record(&record)?, *prediction, "row {row}");
        writeln!(text, "{prediction:?}").unwrap();
    }
    let made = pipeline.predict_table(&table)?;
    for row in 0..table.nrows() {
        writeln!(text, "{:?}", made.record(row)?).unwrap();
    }
    if !pipeline.target().task().is_regression() {
        writeln!(text, "{:?}", pipeline.predict_proba(&table)?.as_slice()).unwrap();
    }
    writeln!(text, "{} {} {:?}", pipeline.seed(), pipeline.threshold(), pipeline.target()).unwrap();
    Ok(text)
}

fn name<T: Scalar>(target: &Target, members: usize) -> String {
    format!("{}-{members}-{}", target.columns().join("-"), T::DTYPE)
}

/// Saves and loads the pipelines of an element type; keeps the files, each with a file of its predictions.
fn save_all<T: Scalar>(folder: &Folder) -> Result<()> {
    for target in targets() {
        for members in [1, 3] {
            let name = name::<T>(&target, members);
            let pipeline = fitted::<T>(target.clone(), members)?;
            assert_eq!(pipeline.members().len(), members);
            pipeline.save(folder.file(&name))?;
            let loaded = FittedPipeline::<T>::load_with(folder.file(&name), &Registry::new())?;
            let expected = predictions(&pipeline)?;
            assert_eq!(predictions(&loaded)?, expected, "{name}");
            assert_eq!(loaded.columns(), pipeline.columns());
            // The columns of the table of the fit are in the file.
            let unknown = table()?.record(0)?.with("incom", 1);
            let error = loaded.predict_record(&unknown).unwrap_err().to_string();
            assert!(error.contains("did you mean \"income\"?"), "{error}");
            loaded.save(folder.file("again"))?;
            let bytes = |name: &str| std::fs::read(folder.file(name)).unwrap();
            FittedPipeline::<T>::load_with(folder.file("again"), &Registry::new())?.save(folder.file("third"))?;
            assert!(bytes("again") == bytes("third"), "{name} is saved as another file");
            std::fs::write(folder.file(&format!("{name}.expected")), expected).unwrap();
        }
    }
    Ok(())
}

fn load_all<T: Scalar>(folder: &Path) -> Result<()> {
    for target in targets() {
        for members in [1, 3] {
            let path = folder.join(name::<T>(&target, members));
            let loaded = FittedPipeline::<T>::load_with(&path, &Registry::new())?;
            let expected = std::fs::read_to_string(format!("{}.expected", path.display())).unwrap();
            assert_eq!(predictions(&loaded)?, expected, "{}", path.display());
        }
    }
    Ok(())
}

#[test]
fn another_process_predicts_the_same_bits() -> Result<()> {
    if let Some(folder) = std::env::var_os(CHILD) {
        load_all::<f32>(Path::new(&folder))?;
        return load_all::<f64>(Path::new(&folder));
    }
    let folder = Folder::new("pipelines-process");
    save_all::<f32>(&folder)?;
    save_all::<f64>(&folder)?;
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "saving::pipelines::another_process_predicts_the_same_bits"])
        .env(CHILD, folder.path())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success() && text.contains("1 passed"), "{text}");
    Ok(())
}

#[test]
fn a_file_opens_in_the_other_width_and_as_its_first_network() -> Result<()> {
    let folder = Folder::new("pipelines-width");
    let pipeline = fitted::<f64>(Target::regression("price"), 3)?;
    pipeline.save(folder.file("pipeline"))?;
    let narrow = FittedPipeline::load(folder.file("pipeline"))?;
    for (wide, narrow) in pipeline.predict(&table()?)?.iter().zip(narrow.predict(&table()?)?) {
        let (Prediction::Number(wide), Prediction::Number(narrow)) = (wide, narrow) else { panic!("no numbers") };
        approx::assert_relative_eq!(*wide, narrow, max_relative = 1e-4, epsilon = 1e-2);
    }
    let x = pipeline.columns().transform::<f64>(&table()?)?;
    let first = Model::<f64>::load_with(folder.file("pipeline"), &Registry::new())?;
    let predicted = pipeline.members()[0].predict(&x)?;
    assert_eq!(first.predict(&x)?, predicted);
    let mut other = fitted::<f64>(Target::regression("fee"), 1)?.members()[0].clone();
    other.load_weights(folder.file("pipeline"))?;
    assert_eq!(other.predict(&x)?, predicted);
    Ok(())
}
