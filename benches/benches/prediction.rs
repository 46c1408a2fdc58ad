//! Prediction of many rows, on one thread and on all, of one row, and of one raw record with everything that is decided by it.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use nalgebra::DMatrix;
use perceptra::calibration::PlattScaling;
use perceptra::decisions::ThresholdFor;
use perceptra::prelude::*;
use perceptra::preprocessing::Unknown;
use perceptra::{Result, Scalar};
use perceptra_benches::{binary_data, walkthrough};

fn predict<T: Scalar>(c: &mut Criterion, name: &str) {
    let (x, _) = binary_data::<T>(500_000, 12);
    let mut model = walkthrough::<T>();
    let Ok(network) = model.build(12) else { return };
    let mut group = c.benchmark_group("predict");
    group.sample_size(20).throughput(Throughput::Elements(x.nrows() as u64));
    for (threads, said) in [(1, "one thread"), (0, "all threads")] {
        perceptra::set_num_threads(threads);
        group.bench_function(format!("500,000 rows {name}, {said}"), |b| b.iter(|| network.predict(&x)));
    }
    let (one, mut y) = (x.rows(0, 1).into_owned(), DMatrix::zeros(1, 1));
    group.sample_size(100).throughput(Throughput::Elements(1));
    group.bench_function(format!("one row {name}"), |b| b.iter(|| network.predict(&one)));
    group.bench_function(format!("one row {name}, output reused"), |b| b.iter(|| network.predict_into(&one, &mut y)));
    group.finish();
}

/// Loans with the columns of the walkthrough: eight of numbers, the term as a string, and the home.
fn loans(rows: usize) -> Result<Table> {
    let noise = |row: usize, step: usize| (((row * 1000 + step) as f64).sin().abs() * 1e4).fract();
    let names = ["loan_amnt", "int_rate", "installment", "annual_inc", "dti", "open_acc", "revol_bal", "total_acc"];
    let numbers = names.iter().enumerate().try_fold(Table::new(), |table, (at, name)| {
        table.with_numbers(*name, (0..rows).map(|row| 1000.0 * noise(row, at)))
    });
    numbers?
        .with_strings("term", (0..rows).map(|row| if row % 3 == 0 { "60 months" } else { "36 months" }))?
        .with_strings("home_ownership", (0..rows).map(|row| ["RENT", "OWN", "MORTGAGE"][row * 7 % 11 % 3]))?
        .with_booleans("default", (0..rows).map(|row| noise(row, 0) + noise(row, 99) > 1.3))
}

/// One loaded file with calibration, threshold, sets and domain: probability, decision and flags of one raw record.
fn assess(c: &mut Criterion) -> Result<()> {
    let table = loans(4000)?;
    let numbers: Vec<&str> = table.number_names().into_iter().filter(|name| *name != "default").collect();
    let columns = ColumnTransformer::new()
        .text_to_number(TextToNumber::leading_number(), ["term"])
        .add(StandardScaler::new(), numbers.into_iter().chain(["term"]))
        .add(OneHotEncoder::new().unknown(Unknown::Zeros), ["home_ownership"]);
    let pipeline = Pipeline::new(Target::binary("default")).columns(columns).model(walkthrough());
    let fitted = pipeline.options(Fit::new().epochs(2).verbose(0)).seed(1).fit(&table)?;
    let plain = fitted.clone();
    let fitted = fitted
        .calibrate(PlattScaling, &table)?
        .choose_threshold(ThresholdFor::recall(0.8), &table)?
        .conformal(0.1, &table)?
        .domain(&table)?;
    let path = std::env::temp_dir().join(format!("perceptra-bench-{}.safetensors", std::process::id()));
    fitted.save(&path)?;
    let fitted = FittedPipeline::load(&path)?;
    std::fs::remove_file(&path).ok();
    let record = table.drop_columns(["default"])?.record(7)?;
    let mut group = c.benchmark_group("record");
    group.throughput(Throughput::Elements(1));
    group.bench_function("prediction", |b| b.iter(|| plain.predict_record(&record)));
    group.bench_function("assessment", |b| b.iter(|| fitted.assess_record(&record)));
    group.finish();
    Ok(())
}

fn prediction(c: &mut Criterion) {
    assess(c).unwrap();
    predict::<f32>(c, "f32");
    predict::<f64>(c, "f64");
}

criterion_group!(benches, prediction);
criterion_main!(benches);
