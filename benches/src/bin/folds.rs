//! Measures cross-validation of the walkthrough's pipeline and single fits, each in a separate process:
//!
//! ```text
//! folds fit [EPOCHS]      one fit on 4/5 of the rows
//! folds fits [EPOCHS]     five fits, one after the other, each on 4/5 of the rows
//! folds all [EPOCHS]      one fit on all rows, of which there is no copy apart from the table
//! folds members [EPOCHS]  one fit of five members on all rows
//! folds cv [EPOCHS]       five-fold cross-validation on the threads that there are
//! ```
//!
//! Prints wall-clock and processor seconds, and the peak of the memory above that of the process with the table.
//! Single fits run on one thread; `PERCEPTRA_NUM_THREADS` governs the cross-validation.

use perceptra::prelude::*;
use perceptra_benches::loans::{TRAINING_ROWS, loan_pipeline, loan_table};
use perceptra_benches::process::{peak_bytes, reset_peak};
use perceptra_benches::tables::{Outcome, processor_seconds};
use std::process::ExitCode;
use std::time::Instant;

fn run() -> Outcome<()> {
    let mut words = std::env::args().skip(1);
    let way = words.next().unwrap_or_default();
    let epochs: usize = words.next().map_or(Ok(10), |word| word.parse())?;
    let table = loan_table(TRAINING_ROWS)?;
    let pipeline = loan_pipeline(false, epochs, 1);
    reset_peak()?;
    let (before, processor, began) = (peak_bytes()?, processor_seconds()?, Instant::now());
    match way.as_str() {
        "fit" | "fits" => {
            perceptra::set_num_threads(1);
            for fold in 0..if way == "fit" { 1 } else { 5 } {
                let rows: Vec<usize> = (0..TRAINING_ROWS).filter(|row| row % 5 != fold).collect();
                pipeline.fit(&table.take(&rows)?)?;
            }
        }
        "all" | "members" => {
            perceptra::set_num_threads(if way == "all" { 1 } else { 0 });
            pipeline.members(if way == "all" { 1 } else { 5 }).fit(&table)?;
        }
        "cv" => {
            let scores = cross_validate(&pipeline, &table, StratifiedKFold::new(5), scores![RocAuc, LogLoss])?;
            eprintln!("{scores}\nroc_auc {:?}", scores.values("roc_auc"));
        }
        _ => return Err("usage: folds fit|fits|all|members|cv [EPOCHS]".into()),
    }
    let (clock, processor) = (began.elapsed().as_secs_f64(), processor_seconds()? - processor);
    let megabytes = peak_bytes()?.saturating_sub(before) as f64 / 1e6;
    println!("{way:<5} {clock:7.2} s, {processor:7.2} s of the processor, {megabytes:6.1} MB");
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
