//! Fitted pipelines with known weights, for the tests.

use crate::initializers::HeNormal;
use crate::pipeline::{FittedPipeline, Target};
use crate::prelude::*;
use crate::preprocessing::Table;
use nalgebra::DMatrix;

/// Numbers without a pattern, −1 to 1.
pub(super) fn noise(row: usize, column: usize) -> f64 {
    let mixed = (row * 7919 + column * 104_729 + 17) * 2_654_435_761 % 1_000_003;
    mixed as f64 / 500_001.5 - 1.0
}

/// Columns `a`, `b`, `c` of numbers, `home` of strings, and targets: `y` of numbers and `late` of booleans.
pub(super) fn table(rows: usize) -> Table {
    let column = |column: usize, scale: f64| (0..rows).map(move |row| scale * noise(row, column));
    Table::new()
        .with_numbers("a", column(1, 1.0))
        .and_then(|table| table.with_numbers("b", column(2, 10.0)))
        .and_then(|table| table.with_numbers("c", column(3, 3.0)))
        .and_then(|table| {
            table.with_strings("home", (0..rows).map(|row| ["OWN", "RENT", "MORTGAGE"][row * row % 7 % 3]))
        })
        .and_then(|table| table.with_numbers("y", (0..rows).map(|row| noise(row, 1) + noise(row, 5))))
        .and_then(|table| table.with_booleans("late", (0..rows).map(|row| row % 2 == 0)))
        .unwrap()
}

/// One layer with these weights after the transformers, which are fitted to the table.
pub(super) fn one_layer(
    table: &Table,
    columns: &ColumnTransformer,
    target: &Target,
    (activation, loss): (&str, &str),
    (weights, bias): (&[f64], f64),
) -> FittedPipeline<f64> {
    let columns = columns.fit(table).unwrap();
    let mut model = Sequential::<f64>::default().add(Dense::new(1, activation)).seed(1).compile("adam", loss, ());
    model.build(weights.len()).unwrap();
    let values = [DMatrix::from_column_slice(weights.len(), 1, weights), DMatrix::from_element(1, 1, bias)];
    model.set_weights("dense", &values).unwrap();
    FittedPipeline::from_parts(columns, target, table, vec![model]).unwrap()
}

/// A linear function of `a`, `b` and `c`.
pub(super) fn linear(table: &Table, weights: [f64; 3], bias: f64) -> FittedPipeline<f64> {
    let columns = ColumnTransformer::new().passthrough(["a", "b", "c"]);
    let target = Target::regression("y").standardize(false);
    one_layer(table, &columns, &target, ("linear", "mse"), (&weights, bias))
}

/// Two hidden layers of relu after encoders of all kinds, with the weights that the seeds draw: its output changes by steps
/// of several tenths.
pub(super) fn network(table: &Table, seeds: &[u64]) -> FittedPipeline {
    let columns = ColumnTransformer::new()
        .add(SimpleImputer::median().indicator(true).then(StandardScaler::new()), ["a"])
        .add(PiecewiseLinearEncoder::new().bins(4), ["b"])
        .add(ColumnArithmetic::product("a", "c").then(SimpleImputer::constant(0.0)), ["a", "c"])
        .add(OneHotEncoder::new(), ["home"])
        .fit(table)
        .unwrap();
    let width = columns.names().len();
    let member = |&seed: &u64| {
        let layers = Sequential::new()
            .add(Dense::new(12, Relu).kernel_initializer(HeNormal))
            .add(Dropout::new(0.5))
            .add(Dense::new(12, Relu).kernel_initializer(HeNormal))
            .add(Dense::new(1, Sigmoid).kernel_initializer(HeNormal));
        let mut model = layers.seed(seed).compile("adam", "binary_crossentropy", ());
        model.build(width).unwrap();
        model
    };
    let members = seeds.iter().map(member).collect();
    FittedPipeline::from_parts(columns, &Target::binary("late"), table, members).unwrap()
}

/// The table and the network of the golden values: `x0`, `x1`, `x2` through a layer of tanh to a sigmoid.
pub(super) fn golden() -> (Table, FittedPipeline<f64>) {
    let case = crate::reference::case("inspected_network");
    let (x, w1, w2) = (case.matrix("x"), case.matrix("w1"), case.matrix("w2"));
    let named =
        |table: Table, column: usize| table.with_numbers(format!("x{column}"), x.column(column).iter().copied());
    let table =
        (0..3).try_fold(Table::new(), named).and_then(|table| table.with_numbers("y", case.numbers("predicted")));
    let table = table.unwrap();
    let columns = ColumnTransformer::new().passthrough(["x0", "x1", "x2"]).fit(&table).unwrap();
    let layers = Sequential::<f64>::default().add(Dense::new(6, Tanh)).add(Dense::new(1, Sigmoid));
    let mut model = layers.compile("adam", "mse", ());
    model.build(3).unwrap();
    let bias = |name: &str| DMatrix::from_row_slice(1, case.numbers(name).len(), &case.numbers(name));
    model.set_weights("dense", &[w1, bias("b1")]).unwrap();
    model.set_weights("dense_1", &[w2, bias("b2")]).unwrap();
    let target = Target::regression("y").standardize(false);
    (table.clone(), FittedPipeline::from_parts(columns, &target, &table, vec![model]).unwrap())
}
