//! One epoch of training; the throughput is in samples.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use nalgebra::{DMatrix, DVector};
use perceptra::Scalar;
use perceptra::prelude::*;
use perceptra_benches::{binary_data, medium, pictures, walkthrough, wide};

fn epoch<T: Scalar>(c: &mut Criterion, name: &str, mut model: Model<T>, data: (DMatrix<T>, DVector<T>), batch: usize) {
    let (x, y) = data;
    let mut group = c.benchmark_group("epoch");
    group.sample_size(10).throughput(Throughput::Elements(x.nrows() as u64));
    group.bench_function(name, |b| {
        b.iter(|| model.fit(&x, &y, Fit::new().batch_size(batch).verbose(0)).map(|history| history.steps()));
    });
    group.finish();
}

fn training(c: &mut Criterion) {
    for batch in [32, 256, 1024] {
        epoch(c, &format!("12-12-12-1 f32 batch {batch}"), walkthrough::<f32>(), binary_data(100_000, 12), batch);
    }
    epoch(c, "12-12-12-1 f64 batch 32", walkthrough::<f64>(), binary_data(100_000, 12), 32);
    epoch(c, "30-64-64-1 f32 batch 256", medium(), binary_data(25_600, 30), 256);
    epoch(c, "784-512-256-10 f32 batch 128", wide(), pictures(1280), 128);
}

criterion_group!(benches, training);
criterion_main!(benches);
