//! Monotone networks together with everything else that a network can have.

use super::{loans, noise, violations};
use perceptra::callbacks::SwapEMAWeights;
use perceptra::layers::{
    Activation, ActivityRegularization, AlphaDropout, BatchNormalization, ELU, Flatten, GaussianDropout, GaussianNoise,
    GroupNormalization, Identity, LayerNormalization, LeakyReLU, PReLU, RMSNormalization, ReLU, Scaling, Softmax,
    SpectralNormalization, UnitNormalization,
};
use perceptra::pipeline::Monotonicity::{Decreasing, Increasing};
use perceptra::prelude::*;
use perceptra::{Result, optimizers};
use serde_json::json;

fn columns() -> ColumnTransformer {
    ColumnTransformer::new()
        .add(SimpleImputer::median().indicator(true).then(StandardScaler::new()), ["annual_inc"])
        .add(StandardScaler::new(), ["dti", "age"])
        .add(OneHotEncoder::new(), ["home"])
}

fn short() -> Fit<'static, f32> {
    Fit::new().epochs(3).batch_size(40).verbose(0)
}

fn pipeline(model: Model) -> Pipeline {
    super::pipeline().columns(columns()).model(model).options(short())
}

/// A network with the layers of a case after its first one.
fn network(layers: impl FnOnce(Sequential) -> Sequential) -> Sequential {
    layers(Sequential::new().add(Dense::new(6, Elu))).add(Dense::new(5, Tanh)).add(Dense::new(1, Sigmoid))
}

fn compiled(layers: impl FnOnce(Sequential) -> Sequential) -> Model {
    network(layers).compile(Adam.learning_rate(0.03), BinaryCrossentropy, ())
}

/// Checks monotonicity by the signs of the weights, by random pairs far outside the training rows, and over a grid.
fn check(case: &str, fitted: &FittedPipeline) -> Result<()> {
    for (column, direction) in [("annual_inc", Decreasing), ("dti", Increasing)] {
        if let Err(error) = fitted.prove_monotone(column, direction) {
            panic!("{case}: {error}");
        }
    }
    assert_eq!(violations(fitted, 300)?, [0, 0], "{case}");
    let grid = |row: usize| -50.0 + 250.0 * row as f64 / 99.0;
    for (column, sign) in [("annual_inc", -1.0), ("dti", 1.0)] {
        let table = Table::new()
            .with_numbers("annual_inc", [70.0; 100])?
            .with_numbers("dti", [20.0; 100])?
            .with_numbers("age", [40.0; 100])?
            .with_strings("home", ["OWN"; 100])?
            .with_numbers(column, (0..100).map(grid))?;
        let p = fitted.predict_proba(&table)?;
        let falls = |row: usize| sign * (p[(row + 1, 1)] - p[(row, 1)]) < -4.0 * f64::from(f32::EPSILON);
        assert!(!(0..99).any(falls), "{case}: {column} over a grid");
    }
    Ok(())
}

/// The fit, its file, and training that goes on from the file.
fn is_monotone(case: &str, pipeline: &Pipeline) -> Result<()> {
    let table = loans(200);
    let fitted = pipeline.fit(&table)?;
    check(&format!("{case}, fitted"), &fitted)?;
    let name = format!("perceptra-monotone-matrix-{}-{:?}", std::process::id(), std::thread::current().id());
    let path = std::env::temp_dir().join(name);
    fitted.save(&path)?;
    let loaded = FittedPipeline::<f32>::load(&path)?;
    std::fs::remove_file(&path).unwrap();
    let before = loaded.predict_proba(&table)?;
    assert_eq!(before, fitted.predict_proba(&table)?, "{case}");
    let x = loaded.columns().transform::<f32>(&table)?;
    // Targets that pull against both directions.
    let dti = table.numbers("dti")?;
    let y = nalgebra::DVector::from_fn(200, |row, _| f32::from(u8::from(noise(row, 5) > dti[row] / 40.0)));
    let mut members = loaded.members().to_vec();
    for member in &mut members {
        member.fit(&x, &y, short())?;
    }
    let target = Target::binary("default");
    let continued = FittedPipeline::from_parts(loaded.columns().clone(), &target, &table, members)?;
    assert_ne!(continued.predict_proba(&table)?, before, "{case}: it was trained further");
    check(&format!("{case}, trained further from a file"), &continued)
}

#[test]
fn every_optimizer_keeps_the_signs() -> Result<()> {
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
        // Rates so large that every step would leave the signs.
        for more in [
            json!({}),
            json!({ "use_ema": true, "ema_momentum": 0.8, "weight_decay": 0.1 }),
            json!({ "global_clipnorm": 0.5, "gradient_accumulation_steps": 2 }),
        ] {
            let mut config = more.clone();
            config["learning_rate"] = json!(if name == "adadelta" { 5.0 } else { 0.2 });
            let model = network(|layers| layers).compile(optimizers::get(name, config)?, BinaryCrossentropy, ());
            is_monotone(&format!("{name} {more}"), &pipeline(model))?;
        }
    }
    let options = short().callback(SwapEMAWeights::new());
    let averaged = network(|layers| layers).compile(Adam.use_ema(true), BinaryCrossentropy, ());
    let fitted = pipeline(averaged).options(options).fit(&loans(200))?;
    check("SwapEMAWeights", &fitted)
}

#[test]
fn layers_regularizers_and_constraints_keep_the_signs() -> Result<()> {
    let cases: Vec<(&str, Model)> = vec![
        ("BatchNormalization", compiled(|layers| layers.add(BatchNormalization::new()))),
        (
            "BatchNormalization with negative gamma at first",
            compiled(|layers| layers.add(BatchNormalization::new().gamma_initializer("random_normal").momentum(0.5))),
        ),
        ("BatchNormalization without gamma", compiled(|layers| layers.add(BatchNormalization::new().scale(false)))),
        (
            "BatchNormalization with penalties",
            compiled(|layers| {
                let normalization = BatchNormalization::new().gamma_regularizer("l2").beta_regularizer("l1");
                layers.add(normalization.beta_constraint("non_neg"))
            }),
        ),
        ("dropout", compiled(|layers| layers.add(Dropout::new(0.3)).add(AlphaDropout::new(0.1)))),
        ("noise", compiled(|layers| layers.add(GaussianNoise::new(0.3)).add(GaussianDropout::new(0.2)))),
        ("activity", compiled(|layers| layers.add(ActivityRegularization::new().l1(0.01).l2(0.01)))),
        ("activations as layers", compiled(|layers| layers.add(ReLU::new()).add(ELU::new()).add(LeakyReLU::new()))),
        (
            "activation",
            compiled(|layers| layers.add(Activation::new("softplus")).add(Identity::new()).add(Flatten::new())),
        ),
        ("PReLU", compiled(|layers| layers.add(PReLU::new().alpha_initializer("random_normal")))),
        ("L1", compiled(|layers| layers.add(Dense::new(6, Relu).kernel_regularizer("l1").bias_regularizer("l1")))),
        ("L2", compiled(|layers| layers.add(Dense::new(6, Relu).kernel_regularizer("l2").activity_regularizer("l2")))),
        ("L1L2", compiled(|layers| layers.add(Dense::new(6, Softplus).kernel_regularizer("l1_l2")))),
        ("orthogonal", compiled(|layers| layers.add(Dense::new(6, Relu).kernel_regularizer("orthogonal_regularizer")))),
        ("max_norm of the bias", compiled(|layers| layers.add(Dense::new(6, Relu).bias_constraint("max_norm")))),
        ("unit_norm of the bias", compiled(|layers| layers.add(Dense::new(6, Relu).bias_constraint("unit_norm")))),
        ("no bias", compiled(|layers| layers.add(Dense::new(6, Relu).use_bias(false)))),
        ("orthogonal at first", compiled(|layers| layers.add(Dense::new(6, Relu).kernel_initializer("orthogonal")))),
    ];
    for (case, model) in cases {
        is_monotone(case, &pipeline(model.clone()))?;
        let fitted = pipeline(model).members(2).fit(&loans(120))?;
        check(&format!("{case}, two members"), &fitted)?;
    }
    Ok(())
}

#[test]
fn models_that_cannot_keep_the_signs_are_rejected_with_the_cure() {
    let dense = || Dense::new(6, Relu);
    let cases: Vec<(Sequential, [&str; 2])> = vec![
        (network(|layers| layers.add(LayerNormalization::new())), ["LayerNormalization", "BatchNormalization"]),
        (network(|layers| layers.add(RMSNormalization::new())), ["RMSNormalization", "BatchNormalization"]),
        (
            network(|layers| layers.add(GroupNormalization::new().groups(2))),
            ["GroupNormalization", "BatchNormalization"],
        ),
        (network(|layers| layers.add(UnitNormalization::new())), ["UnitNormalization", "BatchNormalization"]),
        (network(|layers| layers.add(SpectralNormalization::new(dense()))), ["SpectralNormalization", "use Dense"]),
        (network(|layers| layers.add(Scaling::new())), ["Scaling", "leave it out"]),
        (network(|layers| layers.add(Softmax::new())), ["Softmax", "use "]),
        (network(|layers| layers.add(dense().kernel_constraint("max_norm"))), ["kernel_constraint", "leave it out"]),
        (
            network(|layers| layers.add(dense().kernel_constraint("min_max_norm"))),
            ["kernel_constraint", "leave it out"],
        ),
        (network(|layers| layers.add(dense().kernel_constraint("non_neg"))), ["kernel_constraint", "leave it out"]),
        (network(|layers| layers.add(dense().kernel_constraint("unit_norm"))), ["kernel_constraint", "leave it out"]),
        (
            network(|layers| layers.add(BatchNormalization::new().gamma_constraint("unit_norm"))),
            ["gamma_constraint", "leave it out"],
        ),
        (network(|layers| layers.add(PReLU::new().alpha_constraint("max_norm"))), ["alpha_constraint", "leave it out"]),
        (network(|layers| layers.add(LeakyReLU::new().negative_slope(-0.1))), ["negative_slope", "at least 0"]),
    ];
    let table = loans(60);
    for (layers, expected) in cases {
        let model = layers.compile(Adam, BinaryCrossentropy, ());
        let Err(error) = pipeline(model).fit(&table) else { panic!("{expected:?} is fitted") };
        let error = error.to_string();
        assert!(expected.iter().all(|part| error.contains(part)), "{expected:?}: {error}");
    }
    let error = pipeline(compiled(|layers| layers)).warm_start(true).fit(&table).unwrap_err().to_string();
    assert!(error.contains("an untrained model"), "{error}");
}
