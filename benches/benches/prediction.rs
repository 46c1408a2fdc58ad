//! Prediction of many rows and of one.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use perceptra::Scalar;
use perceptra_benches::{binary_data, walkthrough};

fn predict<T: Scalar>(c: &mut Criterion, name: &str) {
    let (x, _) = binary_data::<T>(500_000, 12);
    let mut model = walkthrough::<T>();
    let Ok(network) = model.build(12) else { return };
    let mut group = c.benchmark_group("predict");
    group.sample_size(20).throughput(Throughput::Elements(x.nrows() as u64));
    group.bench_function(format!("500,000 rows {name}"), |b| b.iter(|| network.predict(&x)));
    let one = x.rows(0, 1).into_owned();
    group.sample_size(100).throughput(Throughput::Elements(1));
    group.bench_function(format!("one row {name}"), |b| b.iter(|| network.predict(&one)));
    group.finish();
}

fn prediction(c: &mut Criterion) {
    predict::<f32>(c, "f32");
    predict::<f64>(c, "f64");
}

criterion_group!(benches, prediction);
criterion_main!(benches);
