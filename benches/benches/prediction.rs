//! Prediction of many rows, on one thread and on all, and of one row.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use nalgebra::DMatrix;
use perceptra::Scalar;
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

fn prediction(c: &mut Criterion) {
    predict::<f32>(c, "f32");
    predict::<f64>(c, "f64");
}

criterion_group!(benches, prediction);
criterion_main!(benches);
