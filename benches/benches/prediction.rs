//! Prediction of many rows, on one thread and on all, of one row, and of one raw record with its decisions:
//! `cargo bench --package perceptra-benches --bench prediction -- record`.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use nalgebra::DMatrix;
use perceptra::calibration::PlattScaling;
use perceptra::decisions::ThresholdFor;
use perceptra::prelude::*;
use perceptra::{Result, Scalar};
use perceptra_benches::loans::{loan_pipeline, loan_table};
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

/// The walkthrough's pipeline, loaded from a file with calibration, threshold, prediction sets and domain. For one raw record: the
/// probability; probability, decision and flags; and the reasons by integrated gradients.
fn assess(c: &mut Criterion) -> Result<()> {
    let table = loan_table(20_000)?;
    let fitted = loan_pipeline(false, 3, 1).fit(&table)?;
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
    let record = table.drop_columns(["loan_status"])?.record(7)?;
    let mut group = c.benchmark_group("record");
    group.throughput(Throughput::Elements(1));
    group.bench_function("prediction", |b| b.iter(|| plain.predict_record(&record)));
    group.bench_function("assessment", |b| b.iter(|| fitted.assess_record(&record)));
    group.bench_function("reasons", |b| b.iter(|| fitted.explain(&record).map(|found| found.reasons(4).len())));
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
