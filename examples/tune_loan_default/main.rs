//! Searches a better network for the loans of the walkthrough: 200 candidates in a minute.
//!
//! ```text
//! cargo run --example tune_loan_default                          the search, and what it gained on the test rows
//! cargo run --example tune_loan_default -- --journal FILE        the same, resumed from the file if it is there
//! ```
//!
//! One to three hidden layers of 4 to 32 units with an activation each, dropout, optimizer, learning rate and batch size are
//! searched by successive halving on the balanced training rows of the synthetic portfolio, scored on one part of them. The winner
//! is fitted to all of these rows, and compared with the walkthrough's network of 12, 12 and 1 units on the test rows.

#[macro_use]
#[path = "../loan_default/console.rs"]
mod console;
#[path = "../loan_default/portfolio/mod.rs"]
mod portfolio;

mod compare;
mod networks;

use perceptra::model_selection::down_sample;
use perceptra::prelude::*;
use perceptra::preprocessing::CsvOptions;
use perceptra::{Error, Result};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

/// The seed of the split and of the down-sampling, as in the walkthrough.
const SPLIT_SEED: u64 = 1;
const SEED: u64 = 1;
/// The number of networks of which training is begun.
const TRIALS: usize = 200;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let journal = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => None,
        ["--journal", path] => Some(PathBuf::from(path)),
        _ => {
            say_aside!("usage: tune_loan_default [--journal FILE]");
            return ExitCode::from(2);
        }
    };
    match run(journal) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say_aside!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(journal: Option<PathBuf>) -> Result<()> {
    let (train, test) = rows()?;
    say!("{} balanced training rows, {} test rows of a synthetic portfolio.\n", train.nrows(), test.nrows());

    // One fit, to compare its time with that of the search.
    let begin = Instant::now();
    let first = networks::walkthrough()?.fit(&train)?;
    say!("One fit of 12-12-1, 10 epochs on all of these rows: {:.2} s.\n", begin.elapsed().as_secs_f64());

    let mut search = Search::new(networks::space(), networks::of_trial)
        .strategy(SuccessiveHalving::new(TRIALS).min_fraction(0.1).factor(10_f64.sqrt()))
        .score(LogLoss)
        .validation_split(0.2)
        .seed(SEED);
    if let Some(path) = journal {
        search = search.journal(path);
    }
    let result = search.run(&train)?;
    say!("{result}\n");
    let seconds = result.elapsed().as_secs_f64();
    say!("The search of {TRIALS} networks took {seconds:.1} s.\n");

    let winner = search.refit(&result, &train)?;
    compare::on_test_rows(&first, &winner, &test)
}

/// The balanced training rows and the test rows of the walkthrough.
fn rows() -> Result<(Table, Table)> {
    let mut file = Vec::new();
    portfolio::write_csv(portfolio::SEED, &mut file)
        .map_err(|source| Error::Io { path: "the synthetic portfolio".into(), source })?;
    let loans = CsvOptions::new().read_from(file.as_slice(), "the synthetic portfolio")?;
    let complete = loans.select(networks::NUMBERS.iter().chain(&["term", "home_ownership", "loan_status"]))?;
    let (train, test) =
        train_test_split(&complete.drop_missing()?).test_size(0.3).stratify("loan_status").seed(SPLIT_SEED).split()?;
    let balanced = down_sample(&train.to_vector::<f32>("loan_status")?).seed(SPLIT_SEED).rows()?;
    Ok((train.take(&balanced)?, test))
}
