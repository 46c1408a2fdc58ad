//! The separate parts of a step: dense products of all shapes, elementwise functions, metrics.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use nalgebra::DMatrix;
use perceptra::metrics::{AUC, Metric, Width};
use perceptra::prelude::*;
use perceptra::{BatchBuffer, Scalar, activations};

fn matrix<T: Scalar>(rows: usize, columns: usize) -> DMatrix<T> {
    DMatrix::from_fn(rows, columns, |i, j| T::of(((i * 31 + j * 17) % 101) as f64 / 50.0 - 1.0))
}

/// Samples × inputs × units through one dense layer; the throughput is in products of numbers.
fn products<T: Scalar>(c: &mut Criterion, name: &str) {
    let mut group = c.benchmark_group(format!("product {name}"));
    group.sample_size(20);
    for (rows, inputs, units) in
        [(1, 30, 64), (32, 12, 1), (32, 12, 12), (32, 64, 64), (256, 64, 64), (128, 784, 512), (1024, 1024, 1024)]
    {
        let layers = Sequential::<T>::default().add(Dense::<T>::new(units, Linear)).seed(1);
        let Ok(network) = layers.build(inputs) else { return };
        let (x, mut y) = (matrix::<T>(rows, inputs), DMatrix::zeros(rows, units));
        group.throughput(Throughput::Elements((rows * inputs * units) as u64));
        group.bench_function(format!("{rows} × {inputs} × {units}"), |b| b.iter(|| network.predict_into(&x, &mut y)));
    }
    group.finish();
}

/// Values and derivatives of activations over 32 × 64 numbers.
fn functions<T: Scalar>(c: &mut Criterion, name: &str) {
    let z = BatchBuffer::from_matrix(&matrix::<T>(32, 64));
    let (mut a, mut dz) = (BatchBuffer::zeros(32, 64), BatchBuffer::zeros(32, 64));
    let mut group = c.benchmark_group(format!("function {name}"));
    group.throughput(Throughput::Elements(32 * 64));
    for function in ["relu", "sigmoid", "tanh", "softplus", "gelu", "mish", "softmax"] {
        let Ok(activation) = activations::get::<T>(function, serde_json::Value::Null) else { return };
        group.bench_function(function, |b| b.iter(|| activation.forward(z.batch(), a.batch_mut())));
        group.bench_function(format!("{function}, derivative"), |b| {
            b.iter(|| activation.backward(z.batch(), a.batch(), z.batch(), dz.batch_mut()));
        });
    }
    group.finish();
}

/// Metrics of batches of 32 and of 4,096 samples.
fn metrics<T: Scalar>(c: &mut Criterion, name: &str) {
    let mut group = c.benchmark_group(format!("metric {name}"));
    for rows in [32, 4096] {
        let y = BatchBuffer::from_matrix(&matrix::<T>(rows, 1).map(|v| T::of(f64::from(u8::from(v > T::zero())))));
        let p = BatchBuffer::from_matrix(&matrix::<T>(rows, 1).map(|v| T::of(v.to_f64() / 2.0 + 0.5)));
        group.throughput(Throughput::Elements(rows as u64));
        let all: [(&str, Box<dyn Metric<T>>); 4] = [
            ("accuracy", Box::new(Accuracy)),
            ("recall", Box::new(Recall)),
            ("precision", Box::new(Precision)),
            ("auc", Box::new(AUC)),
        ];
        for (metric, item) in all {
            let Ok(mut state) = item.start(Width { targets: 1, outputs: 1 }) else { return };
            group.bench_function(format!("{metric}, {rows} samples"), |b| {
                b.iter(|| state.update(y.batch(), p.batch(), None));
            });
        }
    }
    group.finish();
}

fn arithmetic(c: &mut Criterion) {
    products::<f32>(c, "f32");
    products::<f64>(c, "f64");
    functions::<f32>(c, "f32");
    functions::<f64>(c, "f64");
    metrics::<f32>(c, "f32");
    metrics::<f64>(c, "f64");
}

criterion_group!(benches, arithmetic);
criterion_main!(benches);
