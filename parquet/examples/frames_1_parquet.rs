//! Frames 1: Parquet in, predictions out. A pipeline is fitted on some columns of one file and scores two other files in a stream; a row
//! with a category that it has never seen is reported, skipped and counted.
//!
//! ```text
//! cargo run --example frames_1_parquet
//! ```

use perceptra::Result;
use perceptra::batches::TableSource;
use perceptra::prelude::*;
use perceptra_parquet::{ParquetOptions, ParquetTables, PredictParquet, read_parquet, write_parquet};

/// Synthetic loans: those with a high rate and a low income default more often. Some incomes are missing.
fn loans(first: u32, rows: u32) -> Result<Table> {
    // A number in [0, 1) that looks random.
    let noise = |id: u32, step: u32| ((f64::from(id * 1000 + step)).sin().abs() * 1e4).fract();
    let ids = || first..first + rows;
    let rate = |id: u32| 5.0 + 20.0 * noise(id, 389);
    let income = |id: u32| if id % 11 == 3 { f64::NAN } else { 20.0 + 90.0 * noise(id, 577) };
    // Only the last of all loans is of a kind that did not exist before.
    let home = |id: u32| if id == 2_999 { "BOAT" } else { ["MORTGAGE", "OWN", "RENT"][id as usize * 7 % 3] };
    let default = |id: u32| rate(id) - 0.1 * income(id).max(40.0) + 8.0 * noise(id, 211) > 13.0;
    Table::new()
        .with_integers("id", ids().map(i64::from))?
        .with_numbers("rate", ids().map(rate))?
        .with_numbers("income", ids().map(income))?
        .with_strings("home", ids().map(home))?
        .with_strings("remarks", ids().map(|id| format!("none on loan {id}")))?
        .with_booleans("default", ids().map(default))
}

fn main() -> Result<()> {
    let folder = std::env::temp_dir().join(format!("perceptra-frames-1-{}", std::process::id()));
    let [past, spring, autumn, scored] =
        ["past", "spring", "autumn", "scored"].map(|name| folder.join(format!("{name}.parquet")));
    write_parquet(&loans(0, 1_000)?, &past)?;
    write_parquet(&loans(1_000, 1_000)?, &spring)?;
    write_parquet(&loans(2_000, 1_000)?, &autumn)?;

    // The column of remarks is not read from the file.
    let used = ["rate", "income", "home", "default"];
    let train = ParquetOptions::new().columns(used).read(&past)?;
    println!("{}", train.describe());
    let pipeline = Pipeline::new(Target::binary("default"))
        .columns(
            ColumnTransformer::new()
                .add(SimpleImputer::median().then(StandardScaler::new()), ["rate", "income"])
                .add(OneHotEncoder::new(), ["home"]),
        )
        .model(Sequential::new().add(Dense::new(8, Relu)).add(Dense::new(1, Sigmoid)).compile(
            Adam.learning_rate(0.01),
            BinaryCrossentropy,
            (),
        ))
        .options(Fit::new().epochs(30).verbose(0))
        .seed(1);
    let fitted = pipeline.fit(&train)?;

    // As a stream: the memory is that of a few batches, however large the files are.
    let mut new = ParquetTables::new([&spring, &autumn]).keep(["id"]).skip_bad_rows(true);
    println!("rows to score: {:?}", new.rows());
    let rows = fitted.predict_parquet(&mut new, &scored)?;
    println!("rows scored: {rows}, passed over: {}", new.skipped());
    for bad in new.bad_rows() {
        println!("  {}", bad.to_string().replace(&folder.display().to_string(), "."));
    }
    let predictions = read_parquet(&scored)?;
    println!("columns: {}", predictions.names().join(", "));
    let positive = predictions.booleans("default")?.iter().filter(|default| *default == Some(true)).count();
    println!("predicted to default: {positive}");
    assert_eq!((rows, new.skipped(), predictions.nrows()), (1_999, 1, 1_999));
    std::fs::remove_dir_all(&folder).map_err(|source| perceptra::Error::Io { path: folder, source })
}
