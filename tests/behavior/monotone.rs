//! Pipelines that are monotone in raw columns.

use perceptra::Result;
use perceptra::callbacks::EarlyStopping;
use perceptra::layers::{Activation, BatchNormalization};
use perceptra::pipeline::Monotonicity::{Decreasing, Increasing};
use perceptra::prelude::*;
use perceptra::preprocessing::{PiecewiseLinearEncoder, PowerTransformer};

/// Numbers in [0, 1), the same in every run.
fn noise(row: usize, stream: u64) -> f64 {
    let mut bits = (row as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ stream.wrapping_mul(0xd1b5_4a32_d192_ed03);
    for _ in 0..3 {
        bits = (bits ^ bits >> 31).wrapping_mul(0x94d0_49bb_1331_11eb);
    }
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}

/// Loans with a default rate that is not monotone in the income: it rises again for high incomes.
fn loans(rows: usize) -> Table {
    let income = |row: usize| 150.0 * noise(row, 1);
    let dti = |row: usize| 40.0 * noise(row, 2);
    let bad = |row: usize| {
        let hump = ((income(row) - 80.0) / 40.0).powi(2) - 1.0 + (dti(row) - 20.0) / 15.0;
        noise(row, 3) < 1.0 / (1.0 + (-hump).exp())
    };
    Table::new()
        .with_numbers("annual_inc", (0..rows).map(|row| if row % 11 == 3 { f64::NAN } else { income(row) }))
        .and_then(|table| table.with_numbers("dti", (0..rows).map(dti)))
        .and_then(|table| table.with_numbers("age", (0..rows).map(|row| 20.0 + 50.0 * noise(row, 4))))
        .and_then(|table| table.with_strings("home", (0..rows).map(|row| ["RENT", "OWN", "MORTGAGE"][row % 3])))
        .and_then(|table| table.with_booleans("default", (0..rows).map(bad)))
        .unwrap()
}

fn pipeline() -> Pipeline {
    let target = Target::binary("default");
    Pipeline::new(target).monotone("annual_inc", Decreasing).monotone("dti", Increasing).seed(3)
}

/// Records far beyond the training rows too, and the same with other values in one column.
fn pairs(rows: usize, column: &str) -> (Table, Table) {
    let random = |stream: u64, from: f64, to: f64| (0..rows).map(move |row| from + (to - from) * noise(row, stream));
    let base = Table::new()
        .with_numbers("annual_inc", random(11, -300.0, 600.0))
        .and_then(|table| table.with_numbers("dti", random(12, -20.0, 90.0)))
        .and_then(|table| table.with_numbers("age", random(13, 0.0, 110.0)))
        .and_then(|table| table.with_strings("home", (0..rows).map(|row| ["RENT", "OWN", "MORTGAGE"][row % 3])))
        .unwrap();
    // From steps of a thousandth to those across the whole domain.
    let step = |row: usize| 600.0 * noise(row, 14) * 10f64.powf(-6.0 * noise(row, 15));
    let moved: Vec<f64> = base.numbers(column).unwrap().iter().enumerate().map(|(row, x)| x + step(row)).collect();
    let moved = base.with_numbers(column, moved).unwrap();
    (base, moved)
}

/// The number of pairs that are predicted in the wrong order by more than rounding; 0 in a monotone pipeline.
fn violations(fitted: &FittedPipeline, rows: usize) -> Result<[usize; 2]> {
    let count = |column: &str, sign: f64| {
        let (base, moved) = pairs(rows, column);
        let (before, after) = (fitted.predict_proba(&base)?, fitted.predict_proba(&moved)?);
        let wrong = |row: &usize| sign * (after[(*row, 1)] - before[(*row, 1)]) < -4.0 * f64::from(f32::EPSILON);
        Ok((0..rows).filter(wrong).count())
    };
    Ok([count("annual_inc", -1.0)?, count("dti", 1.0)?])
}

/// A million pairs of each column in optimized builds.
const PAIRS: usize = if cfg!(debug_assertions) { 100_000 } else { 1_000_000 };

fn proven(fitted: &FittedPipeline) -> Result<()> {
    fitted.prove_monotone("annual_inc", Decreasing)?;
    fitted.prove_monotone("dti", Increasing)?;
    for (column, direction) in
        [("annual_inc", Increasing), ("dti", Decreasing), ("age", Increasing), ("home", Increasing)]
    {
        assert!(fitted.prove_monotone(column, direction).is_err(), "{column} {direction}");
    }
    Ok(())
}

#[test]
fn a_default_network_is_monotone_over_the_whole_domain_and_stays_so_in_a_file() -> Result<()> {
    let short = || Fit::new().epochs(6).verbose(0).callback(EarlyStopping::new().restore_best_weights(true));
    let train = loans(800);
    let fitted = pipeline().members(2).options(short()).fit(&train)?;
    assert!(fitted.members()[0].weights("scaling").is_err(), "a factor may become negative");
    proven(&fitted)?;
    assert_eq!(violations(&fitted, PAIRS)?, [0, 0]);
    let path = std::env::temp_dir().join(format!("perceptra-monotone-{}.safetensors", std::process::id()));
    fitted.save(&path)?;
    let loaded = FittedPipeline::load(&path)?;
    std::fs::remove_file(&path).unwrap();
    proven(&loaded)?;
    assert_eq!(violations(&loaded, 2_000)?, [0, 0]);
    // The rows themselves are not monotone, and a network without the constraint learns that.
    let free = Pipeline::new(Target::binary("default")).seed(3).members(1).options(short()).fit(&train)?;
    assert!(violations(&free, 2_000)?.iter().all(|count| *count > 50));
    assert!(free.members()[0].weights("scaling").is_ok());
    assert!(free.prove_monotone("dti", Increasing).unwrap_err().to_string().contains("dense"));
    Ok(())
}

#[test]
fn a_given_network_with_averaged_weights_and_normalization_is_monotone() -> Result<()> {
    let model = Sequential::new()
        .add(Dense::new(12, Linear))
        .add(BatchNormalization::new().gamma_initializer("random_normal"))
        .add(Activation::new("tanh"))
        .add(Dense::new(7, Elu))
        .add(Dropout::new(0.1))
        .add(Dense::new(1, Sigmoid))
        .compile(Adam.learning_rate(0.02).use_ema(true).ema_momentum(0.9), BinaryCrossentropy, ());
    let columns = ColumnTransformer::new()
        .add(SimpleImputer::median().indicator(true).then(PowerTransformer::new()), ["annual_inc"])
        .add(PiecewiseLinearEncoder::new().bins(6), ["dti"])
        .add(StandardScaler::new(), ["age"])
        .add(OneHotEncoder::new(), ["home"]);
    let short = Fit::new().epochs(5).verbose(0);
    let fitted = pipeline().model(model).columns(columns).options(short).fit(&loans(500))?;
    proven(&fitted)?;
    assert_eq!(violations(&fitted, 20_000)?, [0, 0]);
    Ok(())
}

/// The mean squared error of a small relu network on a function of one monotone and one unconstrained column.
fn error_of(target: fn(f64, f64) -> f64, monotone: bool) -> Result<f64> {
    let rows = 400;
    let (x, z) = (|row: usize| noise(row, 21), |row: usize| noise(row, 22));
    let table = Table::new()
        .with_numbers("x", (0..rows).map(x))?
        .with_numbers("z", (0..rows).map(z))?
        .with_numbers("y", (0..rows).map(|row| target(x(row), z(row))))?;
    let model = Sequential::new().add(Dense::new(16, Relu)).add(Dense::new(16, Relu)).add(Dense::new(1, Linear));
    let pipeline = Pipeline::new(Target::regression("y"))
        .columns(ColumnTransformer::new().add(StandardScaler::new(), ["x", "z"]))
        .model(model.compile(Adam.learning_rate(0.01), MeanSquaredError, ()))
        .options(Fit::new().epochs(60).verbose(0))
        .seed(1);
    let pipeline = if monotone { pipeline.monotone("x", Increasing) } else { pipeline };
    let fitted = pipeline.fit(&table)?;
    let predicted = fitted.predict_table(&table)?;
    let pairs = predicted.numbers("y")?.iter().zip(table.numbers("y")?);
    Ok(pairs.map(|(a, b)| (a - b).powi(2)).sum::<f64>() / rows as f64)
}

#[test]
fn relu_learns_concave_convex_and_joint_functions_that_are_monotone() -> Result<()> {
    for (name, target) in [
        ("concave", (|x, _| x.sqrt()) as fn(f64, f64) -> f64),
        ("convex", |x, _| x * x),
        ("both", |x, _| 1.0 / (1.0 + (-12.0 * (x - 0.5)).exp())),
        ("joint", |x, z| x * (6.0 * z).sin().abs() + (5.0 * z).cos()),
    ] {
        let (constrained, free) = (error_of(target, true)?, error_of(target, false)?);
        assert!(
            constrained < 4e-4_f64.max(3.0 * free),
            "{name}: {constrained:e} beside {free:e} without the constraint"
        );
    }
    // A function that falls cannot be learned.
    assert!(error_of(|x, _| -x, true)? > 0.05);
    Ok(())
}

#[path = "monotone_matrix.rs"]
mod matrix;

#[test]
fn columns_without_a_direction_are_rejected_with_the_cure() {
    let refused = |pipeline: Pipeline| pipeline.fit(&loans(60)).map(drop).unwrap_err().to_string();
    let with = |columns: ColumnTransformer| pipeline().columns(columns);
    let error = refused(with(ColumnTransformer::new().add(OneHotEncoder::new(), ["dti"])));
    assert!(error.contains("\"dti\", whose feature \"dti_") && error.contains("PiecewiseLinearEncoder"), "{error}");
    let error = refused(pipeline().monotone("home", Increasing));
    assert!(error.contains("\"home\", whose feature \"home_") && error.contains("TextToNumber"), "{error}");
    let error = refused(pipeline().monotone("income", Increasing));
    assert!(error.contains("\"income\"") && error.contains("annual_inc"), "{error}");
    for pipeline in
        [pipeline().exclude(["dti"]), pipeline().known_after(["dti"]), pipeline().monotone("default", Increasing)]
    {
        let error = refused(pipeline);
        assert!(error.contains("an input: neither the target"), "{error}");
    }
    let error = refused(Pipeline::new(Target::multiclass("home")).monotone("dti", Increasing));
    assert!(error.contains("two classes"), "{error}");
    let mish = Sequential::new().add(Dense::new(4, Mish)).add(Dense::new(1, Sigmoid));
    let error = refused(pipeline().model(mish.compile("adam", "bce", ())));
    assert!(error.contains("mish") && error.contains("use relu"), "{error}");
}

#[test]
fn columns_that_are_known_after_the_decision_are_no_features() -> Result<()> {
    let table = loans(120).with_numbers("total_rec_int", (0..120).map(|row| noise(row, 9)))?;
    let base = Pipeline::new(Target::binary("default")).known_after(["total_rec_int"]).seed(1);
    let base = base.options(Fit::new().epochs(2).verbose(0)).members(1);
    assert!(base.to_string().contains("known after total_rec_int"));
    let fitted = base.fit(&table)?;
    assert!(fitted.columns().inputs().iter().all(|name| *name != "total_rec_int"));
    assert_eq!(fitted.unused_columns(), ["total_rec_int"]);
    let record = Record::new().with("annual_inc", 50.0).with("dti", 10.0).with("age", 30.0).with("home", "OWN");
    let with_it = fitted.predict_record(&record.clone().with("total_rec_int", 1e9))?;
    assert_eq!(with_it, fitted.predict_record(&record)?);
    let asked = base.clone().columns(ColumnTransformer::new().add(StandardScaler::new(), ["dti", "total_rec_int"]));
    let error = asked.fit(&table).unwrap_err().to_string();
    assert!(error.contains("\"total_rec_int\"") && error.contains("known at the decision"), "{error}");
    assert!(matches!(base.known_after(["recoveries"]).fit(&table), Err(perceptra::Error::UnknownColumn { .. })));
    Ok(())
}
