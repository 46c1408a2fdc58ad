//! A steady training step allocates nothing.
//!
//! A fit of many steps must ask for exactly as much memory as a fit of few: what is allocated is allocated once.

use nalgebra::{DMatrix, DVector};
use perceptra::optimizers;
use perceptra::prelude::*;
use perceptra::spec::Shared;
use serde_json::json;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: every call is handed to the system's allocator; counting touches a plain thread-local number.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.with(|count| count.set(count.get() + 1));
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Allocations of a silent fit over so many rows in batches of 32, the last one ragged.
fn allocations(mut model: Model, outputs: usize, rows: usize) -> usize {
    let x = DMatrix::from_fn(rows, 12, |i, j| ((i * (j + 2)) % 17) as f32 / 17.0);
    let y = DMatrix::from_fn(rows, outputs, |i, j| f32::from(u8::from(i % outputs.max(2) == j)));
    let before = COUNT.with(Cell::get);
    model.fit(&x, &y, Fit::new().batch_size(32).verbose(0)).unwrap();
    COUNT.with(Cell::get) - before
}

fn steady(name: &str, model: Model, outputs: usize) {
    // The first use of a thread may set up what it keeps, such as the panels of packed products.
    allocations(model.clone(), outputs, 5 * 32 + 7);
    let few = allocations(model.clone(), outputs, 5 * 32 + 7);
    let many = allocations(model, outputs, 105 * 32 + 7);
    assert_eq!(many, few, "{name}: 100 more steps allocate");
}

#[test]
fn a_steady_step_allocates_nothing() {
    let walkthrough = Sequential::new()
        .add(Dense::new(12, Relu))
        .add(Dropout::new(0.2))
        .add(Dense::new(12, Tanh))
        .add(Dense::new(1, Sigmoid))
        .compile(Adam, BinaryCrossentropy, metrics![Accuracy, Recall, Precision]);
    steady("binary", walkthrough, 1);

    let classes = Sequential::new().add(Dense::new(8, Relu)).add(Dense::new(3, Softmax)).compile(
        SGD.momentum(0.9).nesterov(true),
        CategoricalCrossentropy,
        metrics![Accuracy],
    );
    steady("classes", classes, 3);

    let wide = Sequential::new().add(Dense::new(512, Relu)).add(Dense::new(2, Linear)).compile(
        RMSprop.centered(true),
        MeanSquaredError,
        metrics![],
    );
    steady("wide", wide, 2);
}

#[test]
fn no_optimizer_allocates() {
    let options = [
        json!({}),
        json!({ "weight_decay": 0.01, "exclude_from_weight_decay": ["bias"], "clipnorm": 0.5, "use_ema": true }),
        json!({ "global_clipnorm": 0.5, "gradient_accumulation_steps": 3, "use_ema": true, "ema_overwrite_frequency": 2 }),
        json!({ "clipvalue": 0.1 }),
    ];
    for name in [
        "adadelta",
        "adafactor",
        "adagrad",
        "adam",
        "adamax",
        "adamw",
        "ftrl",
        "lamb",
        "lion",
        "muon",
        "nadam",
        "rmsprop",
        "schedulefreeadamw",
        "sgd",
    ] {
        for options in &options {
            let optimizer = Shared(optimizers::get(name, options.clone()).unwrap());
            let layers = Sequential::new()
                .add(Dense::new(7, Relu).kernel_regularizer(OrthogonalRegularizer).bias_regularizer(L1L2.l1(0.1)))
                .add(Dense::new(1, Sigmoid).kernel_constraint(MaxNorm).bias_constraint(NonNeg));
            steady(&format!("{name} {options}"), layers.compile(optimizer, BinaryCrossentropy, metrics![]), 1);
        }
    }
}

#[test]
fn the_counter_counts() {
    let before = COUNT.with(Cell::get);
    let vector = DVector::<f32>::zeros(100);
    assert_eq!(COUNT.with(Cell::get) - before, 1);
    drop(vector);
}
