//! The networks and data that the benchmarks share.

use nalgebra::{DMatrix, DVector};
use perceptra::Scalar;
use perceptra::prelude::*;

/// Numbers that look random, the same in every run.
fn numbers() -> impl FnMut() -> f64 {
    let mut state = 1u64;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f64 / (1u64 << 24) as f64 - 0.5
    }
}

/// Samples of `columns` features and a target that depends on three of them.
pub fn binary_data<T: Scalar>(rows: usize, columns: usize) -> (DMatrix<T>, DVector<T>) {
    let mut next = numbers();
    let x = DMatrix::from_fn(rows, columns, |_, _| T::of(3.0 * next()));
    let y = DVector::from_fn(rows, |i, _| {
        let score = (x[(i, 0)] + x[(i, 1)] - x[(i, 2)]).to_f64() + next();
        T::of(f64::from(u8::from(score > 0.5)))
    });
    (x, y)
}

/// The network of the loan walkthrough: 12 inputs, 12 relu, 12 relu, 1 sigmoid, Adam, three metrics.
pub fn walkthrough<T: Scalar>() -> Model<T> {
    Sequential::<T>::default()
        .add(Dense::new(12, Relu))
        .add(Dense::new(12, Relu))
        .add(Dense::new(1, Sigmoid))
        .seed(1)
        .compile(Adam, BinaryCrossentropy, metrics![Accuracy, Recall, Precision])
}

/// 30 inputs, 64 relu, 64 relu, 1 sigmoid.
pub fn medium() -> Model {
    Sequential::new().add(Dense::new(64, Relu)).add(Dense::new(64, Relu)).add(Dense::new(1, Sigmoid)).seed(1).compile(
        Adam,
        BinaryCrossentropy,
        metrics![],
    )
}

/// 784 inputs, 512 relu, 256 relu, 10 softmax.
pub fn wide() -> Model {
    Sequential::new()
        .add(Dense::new(512, Relu))
        .add(Dense::new(256, Relu))
        .add(Dense::new(10, Softmax))
        .seed(1)
        .compile(Adam, SparseCategoricalCrossentropy, metrics![])
}

/// Pictures of 28 × 28 numbers with a class from 0 to 9.
pub fn pictures(rows: usize) -> (DMatrix<f32>, DVector<f32>) {
    let mut next = numbers();
    let x = DMatrix::from_fn(rows, 784, |_, _| next() as f32);
    let y = DVector::from_fn(rows, |i, _| (i % 10) as f32);
    (x, y)
}

// Not at the top, since `.ci/profiles` copies what comes before.
pub mod loans;
pub mod process;
pub mod tables;
