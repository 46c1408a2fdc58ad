//! Measures passes over tables larger than memory, each variant in a separate process.
//!
//! ```text
//! streams generate FILE GIGABYTES   a CSV file of ten numbers and a label in each line
//! streams csv FILE                  an epoch whose rows are parsed from the file
//! streams cached FILE CACHE         the epoch that writes the cache, then one that reads it
//! streams memory FILE               an epoch of the same rows in memory, with the batches in order
//! streams pipeline FILE             a pipeline of imputers, scalers and an encoder, fitted to the file
//! streams rows COUNT                an epoch on generated rows that never are in memory together
//! ```
//!
//! The network has layers of 12, 12 and 1 units, the batch 32 rows. Prints wall-clock and processor seconds, rows per second,
//! and the peak of the memory of the process.

use perceptra::batches::{CachedBatches, CsvBatches, CsvTables, FnBatches, RowShape};
use perceptra::prelude::*;
use perceptra::preprocessing::{ColumnTransformer, SimpleImputer, StandardScaler};
use perceptra_benches::process::peak_bytes;
use perceptra_benches::tables::{Outcome, processor_seconds};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::process::ExitCode;
use std::time::Instant;

const COLUMNS: usize = 10;

/// The rows of a block of generated ones.
const BLOCK: usize = 4096;

fn names() -> Vec<String> {
    (0..COLUMNS).map(|column| format!("x{column}")).collect()
}

/// The numbers of a row and its label, which depends on the first three numbers.
fn row(index: u64) -> ([f32; COLUMNS], f32) {
    let mut state = index.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let numbers: [f32; COLUMNS] = std::array::from_fn(|_| {
        state ^= state >> 29;
        state = state.wrapping_mul(0xBF58_476D_1CE4_E5B9);
        (state >> 40) as f32 / (1 << 23) as f32 - 1.0
    });
    let [a, b, c, ..] = numbers;
    (numbers, f32::from(u8::from(a + b * c > 0.1)))
}

fn generate(path: &str, gigabytes: f64) -> Outcome<u64> {
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
    writeln!(file, "{},default", names().join(","))?;
    let (mut bytes, mut rows) = (0, 0);
    let mut line = String::new();
    while (bytes as f64) < gigabytes * 1e9 {
        line.clear();
        let (numbers, label) = row(rows);
        for number in numbers {
            line.push_str(&format!("{number:.6},"));
        }
        line.push_str(if label > 0.0 { "1\n" } else { "0\n" });
        file.write_all(line.as_bytes())?;
        (bytes, rows) = (bytes + line.len(), rows + 1);
    }
    file.into_inner()?.sync_all()?;
    Ok(rows)
}

fn model() -> Model {
    let layers = Sequential::new().add(Dense::new(12, Relu)).add(Dense::new(12, Relu)).add(Dense::new(1, Sigmoid));
    layers.seed(1).compile(Adam, BinaryCrossentropy, ())
}

fn epoch() -> Fit<'static, f32> {
    Fit::new().shuffle(false).verbose(0)
}

fn csv(path: &str) -> CsvBatches {
    CsvBatches::new([path]).inputs(names()).target("default")
}

/// Runs a part, and prints its time and memory.
fn measured(what: &str, part: impl FnOnce() -> Outcome<usize>) -> Outcome<()> {
    let (began, processor) = (Instant::now(), processor_seconds()?);
    let rows = part()? as f64;
    let (clock, processor) = (began.elapsed().as_secs_f64(), processor_seconds()? - processor);
    let peak = peak_bytes()? as f64 / 1e6;
    println!(
        "{what:<9} {rows:11.0} rows {clock:8.2} s {processor:8.2} s of the processor {:9.0} rows/s {peak:7.1} MB",
        rows / clock
    );
    Ok(())
}

fn run() -> Outcome<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["generate", path, gigabytes] => {
            let gigabytes = gigabytes.parse()?;
            measured("generate", || Ok(generate(path, gigabytes)? as usize))
        }
        ["csv", path] => measured("csv", || {
            let mut model = model();
            Ok(32 * model.fit_batches(&mut csv(path), epoch())?.steps())
        }),
        ["cached", path, cache] => {
            let mut rows = CachedBatches::new(csv(path), cache);
            let mut model = model();
            measured("written", || Ok(32 * model.fit_batches(&mut rows, epoch())?.steps()))?;
            measured("cached", || Ok(32 * model.fit_batches(&mut rows, epoch())?.steps()))
        }
        ["memory", path] => {
            let table = Table::read_csv(path)?;
            let (x, y) = (table.to_matrix::<f32>(names())?, table.to_matrix::<f32>(["default"])?);
            let mut model = model();
            measured("memory", || Ok(32 * model.fit(&x, &y, epoch())?.steps()))
        }
        ["pipeline", path] => measured("pipeline", || {
            let numbers = SimpleImputer::median().then(StandardScaler::new());
            let columns = ColumnTransformer::new().add(numbers, names());
            let pipeline =
                Pipeline::new(Target::binary("default")).columns(columns).model(model()).options(epoch()).seed(1);
            let mut source = CsvTables::new([path]);
            let fitted = pipeline.fit_batches(&mut source)?;
            Ok(fitted.receipt().map_or(0, |receipt| receipt.table.rows))
        }),
        ["rows", count] => {
            let count: u64 = count.parse()?;
            let mut rows = FnBatches::new(RowShape::new(COLUMNS, 1), move |index, block| {
                let begin = (index * BLOCK) as u64;
                for index in begin..(begin + BLOCK as u64).min(count) {
                    let (x, y) = row(index);
                    block.push(&x, &[y], 1.0)?;
                }
                Ok(begin < count)
            });
            measured("rows", || {
                model().fit_batches(&mut rows, epoch())?;
                Ok(count as usize)
            })
        }
        _ => {
            let usage = "usage: streams generate FILE GIGABYTES | csv FILE | cached FILE CACHE | memory FILE | \
                         pipeline FILE | rows COUNT";
            Err(usage.into())
        }
    }
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
