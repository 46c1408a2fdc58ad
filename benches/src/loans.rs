//! Loans with the walkthrough's columns, and its network as a pipeline.

use crate::numbers;
use perceptra::Result;
use perceptra::prelude::*;

/// The training rows of the walkthrough.
pub const TRAINING_ROWS: usize = 343_294;

const AMOUNTS: [&str; 5] = ["funded_amnt_inv", "int_rate", "annual_inc", "total_rec_int", "tot_cur_bal"];

/// A table with the walkthrough's columns and types, and labels that depend on two of them.
pub fn loan_table(rows: usize) -> Result<Table> {
    let mut next = numbers();
    let mut table = Table::new();
    for name in AMOUNTS {
        table = table.with_numbers(name, (0..rows).map(|_| (1e4 * (1.0 + next())).round()))?;
    }
    let pick = |value: f64, count: usize| ((value + 0.5) * count as f64) as usize % count;
    let terms: Vec<&str> = (0..rows).map(|_| ["36 months", "60 months"][pick(next(), 2)]).collect();
    let homes: Vec<&str> =
        (0..rows).map(|_| ["MORTGAGE", "RENT", "OWN", "OTHER", "NONE", "ANY"][pick(next(), 6)]).collect();
    let rates = table.numbers("int_rate")?;
    let status: Vec<f64> = (0..rows).map(|row| f64::from(u8::from(rates[row] / 2e4 + next() > 0.9))).collect();
    table.with_strings("term", terms)?.with_strings("home_ownership", homes)?.with_numbers("loan_status", status)
}

/// The walkthrough's network after its transformers; with `imputer` these impute the median of numbers and add indicators.
pub fn loan_pipeline(imputer: bool, epochs: usize, seed: u64) -> Pipeline {
    let mut columns = ColumnTransformer::new();
    columns = match imputer {
        true => columns.add(SimpleImputer::median().indicator(true).then(StandardScaler::new()), AMOUNTS),
        false => columns.add(StandardScaler::new(), AMOUNTS),
    };
    let columns = columns
        .add(TextToNumber::leading_number().then(StandardScaler::new()), ["term"])
        .add(OneHotEncoder::new(), ["home_ownership"]);
    let ann = Sequential::new()
        .add(Dense::new(12, Relu))
        .add(Dense::new(12, Relu))
        .add(Dense::new(1, Sigmoid))
        .compile(Adam::default(), BinaryCrossentropy::default(), metrics![]);
    Pipeline::new(Target::binary("loan_status").positive(1.0))
        .columns(columns)
        .model(ann)
        .options(Fit::new().batch_size(32).epochs(epochs).verbose(0))
        .seed(seed)
}
