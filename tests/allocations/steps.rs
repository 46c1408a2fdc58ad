//! A steady training step allocates nothing.
//!
//! A fit of many steps must allocate exactly as much memory as a fit of few, since buffers are allocated once.

use super::allocations_so_far;
use nalgebra::{DMatrix, DVector};
use perceptra::metrics::Width;
use perceptra::prelude::*;
use perceptra::{BatchBuffer, optimizers};
use serde_json::json;

/// Allocations of a silent fit over this many rows in batches of 32, the last one ragged.
fn allocations(mut model: Model, outputs: usize, rows: usize) -> usize {
    let x = DMatrix::from_fn(rows, 12, |i, j| ((i * (j + 2)) % 17) as f32 / 17.0);
    let y = DMatrix::from_fn(rows, outputs, |i, j| f32::from(u8::from(i % outputs.max(2) == j)));
    let before = allocations_so_far();
    model.fit(&x, &y, Fit::new().batch_size(32).verbose(0)).unwrap();
    allocations_so_far() - before
}

fn steady(name: &str, model: Model, outputs: usize) {
    // The first use of a thread may allocate thread-local memory, such as the panels of packed products.
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
fn a_steady_step_through_every_kind_of_layer_allocates_nothing() {
    let penalized = Dense::new(12, Elu)
        .kernel_regularizer(L1L2.l1(0.01).l2(0.01))
        .bias_regularizer("l2")
        .activity_regularizer(L2)
        .kernel_constraint(MaxNorm)
        .bias_constraint("non_neg");
    let orthogonal = Dense::new(12, "relu").kernel_regularizer(OrthogonalRegularizer).kernel_constraint(UnitNorm);
    let layers = Sequential::new()
        .add(Rescaling::new(0.5))
        .add(Scaling::new())
        .add(GaussianNoise::new(0.1))
        .add(penalized)
        .add(BatchNormalization::new().gamma_regularizer(L2))
        .add(ActivityRegularization::new().l1(0.01))
        .add(AlphaDropout::new(0.1).noise_shape([None, Some(1)]))
        .add(orthogonal)
        .add(LayerNormalization::new())
        .add(GroupNormalization::new().groups(3))
        .add(PReLU::new())
        .add(SpectralNormalization::new(Dense::new(12, Tanh)))
        .add(RMSNormalization::new())
        .add(GaussianDropout::new(0.1))
        .add(UnitNormalization::new())
        .add(Flatten::new())
        .add(Dense::new(1, Sigmoid))
        .compile(SGD, BinaryCrossentropy, metrics![]);
    steady("layers", layers, 1);

    let codes = Discretization::new().bin_boundaries([0.25, 0.5, 0.75]);
    let embedded = Sequential::new()
        .add(codes)
        .add(IntegerLookup::new().vocabulary([0, 2]).num_oov_indices(2))
        .add(Hashing::new(4))
        .add(Embedding::new(4, 3).embeddings_constraint(MaxNorm))
        .add(Dense::new(1, Sigmoid).activity_regularizer(L2))
        .compile(SGD, BinaryCrossentropy, metrics![]);
    steady("codes", embedded, 1);
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
            let optimizer = optimizers::get(name, options.clone()).unwrap();
            let layers = Sequential::new()
                .add(Dense::new(7, Relu).kernel_regularizer(OrthogonalRegularizer).bias_regularizer(L1L2.l1(0.1)))
                .add(Dense::new(1, Sigmoid).kernel_constraint(MaxNorm).bias_constraint(NonNeg));
            steady(&format!("{name} {options}"), layers.compile(optimizer, BinaryCrossentropy, metrics![]), 1);
        }
    }
}

#[test]
fn a_steady_update_of_a_metric_allocates_nothing() {
    let rows = 37;
    let p = BatchBuffer::from_matrix(&DMatrix::from_fn(rows, 7, |i, j| ((i * 7 + j * 11) % 23) as f32 / 23.0));
    let y = BatchBuffer::from_matrix(&DMatrix::from_fn(rows, 7, |i, j| f32::from(u8::from(i % 7 == j))));
    let classes = BatchBuffer::from_matrix(&DMatrix::from_fn(rows, 1, |i, _| (i % 7) as f32));
    let weights: Vec<f32> = (0..rows).map(|i| (i % 3) as f32).collect();
    let cases = [
        ("accuracy", json!(null)),
        ("crossentropy", json!(null)),
        ("Accuracy", json!(null)),
        ("AUC", json!(null)),
        ("AUC", json!({"curve": "PR", "multi_label": true, "from_logits": true, "thresholds": [0.2, 0.3]})),
        ("BinaryAccuracy", json!(null)),
        ("BinaryCrossentropy", json!(null)),
        ("CategoricalHinge", json!(null)),
        ("ConcordanceCorrelation", json!(null)),
        ("CosineSimilarity", json!(null)),
        ("F1Score", json!(null)),
        ("FBetaScore", json!({"threshold": 0.5, "average": "micro"})),
        ("Hinge", json!(null)),
        ("KLDivergence", json!(null)),
        ("LogCoshError", json!(null)),
        ("Mean", json!(null)),
        ("MeanSquaredError", json!(null)),
        ("PearsonCorrelation", json!({"axis": 0})),
        ("Precision", json!({"top_k": 2})),
        ("PrecisionAtRecall", json!({"recall": 0.5})),
        ("R2Score", json!(null)),
        ("Recall", json!({"thresholds": [0.2, 0.7], "class_id": 1})),
        ("RootMeanSquaredError", json!(null)),
        ("SparseCategoricalAccuracy", json!(null)),
        ("SparseCategoricalCrossentropy", json!({"ignore_class": 1})),
        ("SparseTopKCategoricalAccuracy", json!(null)),
        ("Sum", json!(null)),
        ("TopKCategoricalAccuracy", json!(null)),
        ("TruePositives", json!({"thresholds": [0.0, 0.5, 1.0]})),
    ];
    for (name, config) in cases {
        let targets = if name.starts_with("Sparse") { &classes } else { &y };
        let width = Width { targets: targets.batch().columns(), outputs: 7 };
        let mut state = metrics::get::<f32>(name, config).unwrap().start(width).unwrap();
        state.update(targets.batch(), p.batch(), Some(&weights));
        let before = allocations_so_far();
        state.update(targets.batch(), p.batch(), Some(&weights));
        state.reset();
        state.update(targets.batch(), p.batch(), None);
        assert_eq!(allocations_so_far() - before, 0, "{name}");
    }
}

#[test]
fn the_counter_counts() {
    let before = allocations_so_far();
    let vector = DVector::<f32>::zeros(100);
    assert_eq!(allocations_so_far() - before, 1);
    drop(vector);
}
