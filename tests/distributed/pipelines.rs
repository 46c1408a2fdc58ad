//! A pipeline over several ranks, compared with the same one in one process.

use nalgebra::DMatrix;
use perceptra::batches::TableBlocks;
use perceptra::distributed::Communicator;
use perceptra::pipeline::ClassWeight;
use perceptra::prelude::*;
use perceptra::preprocessing::{
    ColumnTransformer, KBinsDiscretizer, MinMaxScaler, OneHotEncoder, OrdinalEncoder, QuantileTransformer,
    RobustScaler, SimpleImputer, StandardScaler, Table, TargetEncoder, Transformer,
};
use perceptra::{Result, Scalar};
use std::ops::Range;
use std::path::PathBuf;

const ROWS: usize = 480;

/// Rows of a table with missing values, and with a category that occurs in the last rows only.
pub(crate) fn table(rows: Range<usize>) -> Result<Table> {
    let rows = || rows.clone();
    let gap = |row: usize, value: f64| if row % 11 == 3 { f64::NAN } else { value };
    Table::new()
        .with_numbers("income", rows().map(|row| gap(row, 0.1 + (row * 37 % 101) as f64)))?
        .with_numbers("debt", rows().map(|row| (row * 53 % 97) as f64 / 7.0 - 3.0))?
        .with_numbers("income_2", rows().map(|row| gap(row, (row * 41 % 103) as f64)))?
        .with_numbers("debt_2", rows().map(|row| (row * 59 % 89) as f64 / 7.0))?
        .with_strings("home_2", rows().map(|row| ["a", "b", "c", "d", "e"][row * 3 % 5]))?
        .with_strings("home_3", rows().map(|row| ["x", "y", "z"][row * 11 % 7 % 3]))?
        .with_integers("count", rows().map(|row| (row * 7 % 5) as i64))?
        .with_strings(
            "home",
            rows().map(|row| if row > ROWS - 9 { "OTHER" } else { ["OWN", "RENT", "LOAN"][row % 3] }),
        )?
        .with_booleans("late", rows().map(|row| row * 37 % 101 < 40 || row % 13 == 0))?
        .with_numbers("amount", rows().map(|row| (row * 37 % 101) as f64 - (row * 53 % 97) as f64))?
        .with_numbers("weight", rows().map(|row| (1 + row % 3) as f64))
}

fn columns() -> ColumnTransformer {
    ColumnTransformer::new()
        .add(SimpleImputer::mean().then(StandardScaler::new()), ["income"])
        .add(RobustScaler::new(), ["debt"])
        .add(MinMaxScaler::new(), ["count"])
        .add(OneHotEncoder::new(), ["home"])
        .add(SimpleImputer::median().indicator(true).then(KBinsDiscretizer::new().n_bins(4)), ["income_2"])
        .add(OrdinalEncoder::new().then(StandardScaler::new()), ["home_2"])
        .add(QuantileTransformer::new().n_quantiles(20), ["debt_2"])
        .add(TargetEncoder::new(), ["home_3"])
}

fn pipeline<T: Scalar>(target: Target) -> Pipeline<T> {
    let activation = if target.task().is_regression() { "linear" } else { "sigmoid" };
    let loss = if target.task().is_regression() { "mse" } else { "bce" };
    let model = Sequential::<T>::default().add(Dense::new(5, Tanh)).add(Dense::new(1, activation));
    Pipeline::<T>::with_target(target)
        .columns(columns())
        .model(model.compile(Adam.learning_rate(0.01), loss, ()))
        .weights("weight")
        .members(2)
        .seed(3)
}

/// The bytes of the file of a pipeline.
fn file<T: Scalar>(fitted: &FittedPipeline<T>, name: &str) -> Result<Vec<u8>> {
    let path: PathBuf = std::env::temp_dir().join(format!("perceptra-{name}-{}.safetensors", std::process::id()));
    fitted.save(&path)?;
    let bytes = std::fs::read(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    Ok(bytes)
}

/// The same file on every rank.
fn assert_same<T: Scalar>(world: &impl Communicator, fitted: &FittedPipeline<T>, name: &str) -> Result<()> {
    let mine = file(fitted, &format!("{name}-{}-{}", world.size(), world.rank()))?;
    let mut length = (mine.len() as u64).to_le_bytes();
    world.broadcast(0, &mut length)?;
    assert_eq!(mine.len() as u64, u64::from_le_bytes(length), "{name} on rank {}", world.rank());
    let mut first = mine.clone();
    world.broadcast(0, &mut first)?;
    assert!(first == mine, "{name} on rank {}", world.rank());
    Ok(())
}

fn assert_close(found: &DMatrix<f64>, expected: &DMatrix<f64>, bound: f64, what: &str) {
    assert_eq!(found.shape(), expected.shape(), "{what}");
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() <= bound * expected.abs().max(1.0), "{what}: {found} {expected}");
    }
}

/// Transformers, target and members equal those of one process with the rows of all ranks.
pub(crate) fn check(world: &impl Communicator) -> Result<()> {
    let (all, size) = (table(0..ROWS)?, world.size());
    // The ranks' rows of a step follow one another in the rows of one process: blocks of a batch go round.
    let batch = 24 / size;
    let order: Vec<usize> =
        (0..size).flat_map(|rank| (0..ROWS).filter(move |row| row / batch % size == rank)).collect();
    let mine: Vec<usize> = order.iter().copied().filter(|row| row / batch % size == world.rank()).collect();
    for target in [Target::binary("late"), Target::regression("amount")] {
        let fit = |batch: usize| Fit::new().epochs(4).batch_size(batch).shuffle(false).verbose(0);
        let has_classes = target.task().has_classes();
        let pipeline = |batch: usize| {
            let pipeline = pipeline::<f64>(target.clone()).options(fit(batch));
            if has_classes { pipeline.class_weight(ClassWeight::Balanced) } else { pipeline }
        };
        let expected = pipeline(24).fit_batches(&mut TableBlocks::new(&all).block_rows(50))?;
        let found = pipeline(batch).fit_distributed(world, &mut TableBlocks::new(&all.take(&mine)?).block_rows(37))?;
        let what = format!("{target:?} on rank {} of {size}", world.rank());
        assert_same(world, &found, "fitted")?;
        assert_eq!(found.columns().names(), expected.columns().names());
        if has_classes {
            assert_eq!(found.target(), expected.target());
        }
        let [x, y] = [&found, &expected].map(|fitted| fitted.columns().transform::<f64>(&all));
        assert_close(&x?, &y?, 1e-12, &what);
        for (one, other) in found.members().iter().zip(expected.members()) {
            let [one, other] = [one.network()?, other.network()?].map(|network| network.flat_weights().to_vec());
            assert_close(&DMatrix::from_vec(1, one.len(), one), &DMatrix::from_vec(1, other.len(), other), 1e-9, &what);
        }
        // The checksum covers the rows of rank 0, then those of rank 1 and so on.
        let receipt = found.receipt().unwrap();
        let concatenated = pipeline(24).fit_batches(&mut TableBlocks::new(&all.take(&order)?))?;
        assert_eq!(receipt.table, concatenated.receipt().unwrap().table);
    }
    Ok(())
}

/// Rows in order of their ranks, shuffled and validated, with the default network and a callback that stops.
pub(crate) fn shuffled(world: &impl Communicator) -> Result<()> {
    let mine = table(world.local_rows(ROWS))?;
    let stopping = || EarlyStopping::new().patience(2).restore_best_weights(true);
    let options = Fit::new().epochs(6).batch_size(16).callback(stopping()).verbose(0);
    let pipeline = pipeline::<f32>(Target::binary("late")).options(options).validation_split(0.2);
    let fitted = pipeline.fit_distributed(world, &mut TableBlocks::new(&mine).block_rows(29))?;
    assert_same(world, &fitted, "shuffled")?;
    let again = pipeline.fit_distributed(world, &mut TableBlocks::new(&mine).block_rows(29))?;
    let weights = |fitted: &FittedPipeline| fitted.receipt().map(|receipt| receipt.weights);
    assert_eq!(weights(&again), weights(&fitted));
    Ok(())
}

/// A target alone: the columns and the network are the default's, and a rank may lack categories that others have.
pub(crate) fn defaults(world: &impl Communicator) -> Result<()> {
    let all = table(0..ROWS)?;
    let pipeline = Pipeline::new(Target::binary("late")).exclude(["amount", "weight"]).members(1).seed(2);
    let pipeline =
        pipeline.validation_split(0.0).options(Fit::new().epochs(2).batch_size(32).shuffle(false).verbose(0));
    let mine = all.take(&world.local_rows(ROWS).collect::<Vec<_>>())?;
    let found = pipeline.fit_distributed(world, &mut TableBlocks::new(&mine))?;
    assert_same(world, &found, "default")?;
    let expected = pipeline.fit_batches(&mut TableBlocks::new(&all))?;
    assert_eq!(found.columns().names(), expected.columns().names());
    assert_eq!(found.receipt().unwrap().table, expected.receipt().unwrap().table);
    let [x, y] = [&found, &expected].map(|fitted| fitted.columns().transform::<f64>(&all));
    assert_close(&x?, &y?, 1e-12, "default columns");
    Ok(())
}

/// Quantiles of more numbers than a sketch holds: they are the same on all ranks, and close to those of all rows.
pub(crate) fn sketched(world: &impl Communicator) -> Result<()> {
    const MANY: usize = 60_000;
    let rows = || world.local_rows(MANY);
    let mine = Table::new()
        .with_numbers("x", rows().map(|row| (row * 7919 % MANY) as f64))?
        .with_numbers("y", rows().map(|row| (row % 10) as f64))?;
    let model = Sequential::<f64>::default().add(Dense::new(1, Linear)).compile("adam", "mse", ());
    let pipeline = Pipeline::<f64>::with_target(Target::regression("y"))
        .columns(ColumnTransformer::new().add(RobustScaler::new(), ["x"]))
        .model(model)
        .options(Fit::new().epochs(1).batch_size(4096).verbose(0))
        .seed(1);
    let fitted = pipeline.fit_distributed(world, &mut TableBlocks::new(&mine))?;
    assert_same(world, &fitted, "sketched")?;
    // The median becomes 0, and the quartiles lie half of one on either side.
    let quartiles = Table::new().with_numbers("x", [0.25, 0.5, 0.75].map(|q| q * MANY as f64))?;
    let scaled = fitted.columns().transform::<f64>(&quartiles)?;
    assert_close(&scaled, &DMatrix::from_vec(3, 1, vec![-0.5, 0.0, 0.5]), 4e-3, "quartiles");
    Ok(())
}
