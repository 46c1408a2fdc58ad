//! Training: steps on samples in the cache, and whole epochs of shuffled samples, including the preparation of a fit.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use nalgebra::{DMatrix, DVector};
use perceptra::Scalar;
use perceptra::prelude::*;
use perceptra_benches::{binary_data, medium, pictures, walkthrough, wide};

/// 64 steps on the same samples in every round; the throughput is in steps.
fn steps<T: Scalar>(c: &mut Criterion, name: &str, batch: usize) {
    let (x, y) = binary_data::<T>(64 * batch, 12);
    let mut model = walkthrough::<T>();
    let mut group = c.benchmark_group("step");
    group.sample_size(20).throughput(Throughput::Elements(64 * 8));
    group.bench_function(format!("12-12-12-1 {name} batch {batch}"), |b| {
        let fit = || Fit::new().batch_size(batch).epochs(8).shuffle(false).verbose(0);
        b.iter(|| model.fit(&x, &y, fit()).map(|history| history.steps()));
    });
    group.finish();
}

/// One epoch; the throughput is in samples.
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
    // Only the wide network gains from threads.
    perceptra::set_num_threads(1);
    for batch in [32, 256, 1024] {
        steps::<f32>(c, "f32", batch);
        steps::<f64>(c, "f64", batch);
    }
    for batch in [32, 256, 1024] {
        epoch(c, &format!("12-12-12-1 f32 batch {batch}"), walkthrough::<f32>(), binary_data(500_000, 12), batch);
    }
    epoch(c, "12-12-12-1 f64 batch 32", walkthrough::<f64>(), binary_data(500_000, 12), 32);
    epoch(c, "30-64-64-1 f32 batch 256", medium(), binary_data(25_600, 30), 256);
    epoch(c, "784-512-256-10 f32 batch 128, one thread", wide(), pictures(1280), 128);
    perceptra::set_num_threads(0);
    epoch(c, "784-512-256-10 f32 batch 128, all threads", wide(), pictures(1280), 128);
}

criterion_group!(benches, training);
criterion_main!(benches);
