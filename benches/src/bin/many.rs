//! Measures many concurrent fits of 12–12–1 on 500,000 rows, each variant in a separate process:
//!
//! ```text
//! many members COUNT [EPOCHS]  one fit of a pipeline of this many members
//! many trials COUNT [EPOCHS]   a search of this many learning rates, validated on a fifth of the rows
//! many folds COUNT [EPOCHS]    cross-validation with this many folds
//! ```
//!
//! Prints wall-clock and processor seconds, and the peak of the memory above that of the process with the table, also in
//! multiples of the encoded rows: twelve features and a target in `f32`, with the padding of a record. A COUNT of one runs on one
//! thread: eight of them on two cores are meant to take little more than four times as long. Folds begin with two.

use perceptra::prelude::*;
use perceptra_benches::binary_data;
use perceptra_benches::process::{peak_bytes, reset_peak};
use perceptra_benches::tables::{Outcome, processor_seconds};
use std::process::ExitCode;
use std::time::Instant;

const ROWS: usize = 500_000;
const FEATURES: usize = 12;

fn table() -> perceptra::Result<Table> {
    let (x, y) = binary_data::<f64>(ROWS, FEATURES);
    let mut table = Table::new();
    for (index, column) in x.column_iter().enumerate() {
        table = table.with_numbers(format!("x{index}"), column.iter().copied())?;
    }
    table.with_numbers("y", y.iter().copied())
}

fn pipeline(rate: f64, members: usize, epochs: usize) -> Pipeline {
    let names: Vec<String> = (0..FEATURES).map(|index| format!("x{index}")).collect();
    let network = Sequential::new()
        .add(Dense::new(12, Relu))
        .add(Dense::new(12, Relu))
        .add(Dense::new(1, Sigmoid))
        .compile(Adam.learning_rate(rate), BinaryCrossentropy, metrics![]);
    Pipeline::new(Target::binary("y").positive(1.0))
        .columns(ColumnTransformer::new().add(StandardScaler::new(), names))
        .model(network)
        .options(Fit::new().batch_size(32).epochs(epochs).verbose(0))
        .members(members)
        .seed(1)
}

fn run() -> Outcome<()> {
    const USAGE: &str = "usage: many members|trials|folds COUNT [EPOCHS]";
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [way, count, rest @ ..] = words.as_slice() else { return Err(USAGE.into()) };
    let count: usize = count.parse()?;
    let epochs: usize = rest.first().map_or(Ok(5), |word| word.parse())?;
    let table = table()?;
    perceptra::set_num_threads(usize::from(count == 1));
    reset_peak()?;
    let (before, processor, began) = (peak_bytes()?, processor_seconds()?, Instant::now());
    match way.as_str() {
        "members" => drop(pipeline(0.001, count, epochs).fit(&table)?),
        "trials" => {
            let space = SearchSpace::new().log_float("rate", 1e-4..=1e-2);
            let search = Search::new(space, |trial| Ok(pipeline(trial.float("rate")?, 1, epochs)));
            search
                .strategy(RandomSearch::new(count))
                .score(LogLoss)
                .validation_split(0.2)
                .seed(1)
                .progress(false)
                .run(&table)?;
        }
        "folds" => {
            let pipeline = pipeline(0.001, 1, epochs);
            cross_validate(&pipeline, &table, KFold::new(count).shuffle(true).seed(1), scores![LogLoss])?;
        }
        _ => return Err(USAGE.into()),
    }
    let (clock, processor) = (began.elapsed().as_secs_f64(), processor_seconds()? - processor);
    let bytes = peak_bytes()?.saturating_sub(before) as f64;
    // A record of 13 values takes 16.
    let copies = bytes / (ROWS * 16 * size_of::<f32>()) as f64;
    println!(
        "{way} {count}: {clock:.2} s, {processor:.2} s of the processor, {:.1} MB, {copies:.2} × the rows",
        bytes / 1e6
    );
    Ok(())
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
