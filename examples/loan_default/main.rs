//! Which customers of a bank will default? The walkthrough of a well-known tutorial on neural networks.
//!
//! ```text
//! cargo run --example loan_default                                       the synthetic portfolio
//! cargo run --example loan_default -- --data loans.csv.gz                a real file with the same columns
//! cargo run --example loan_default -- --data any.csv --target COLUMN     any other table
//! cargo run --example loan_default -- --keep-incomplete                  rows that lack a value are kept
//! cargo run --example loan_default -- --help                             all options
//! ```
//!
//! Each step of the tutorial is a function, in a file or folder of the same name: neuron, load, build, train, evaluate, tune.
//! `docs/walkthrough.md` explains them.

#[macro_use]
mod console;

mod arguments;
mod build;
mod evaluate;
mod export;
mod incomplete;
mod load;
mod neuron;
mod observations;
mod portfolio;
mod report;
mod task;
mod text;
mod train;
mod tune;

use arguments::Arguments;
use perceptra::Result;
use std::process::ExitCode;
use std::time::Instant;
use text::{heading, paragraph};

/// Above this probability a row is predicted as class 1, that is, a customer as defaulting.
const THRESHOLD: f64 = 0.55;

/// The split, the down-sampling and the folds are the same in every run; `--seed` changes the training only.
const SPLIT_SEED: u64 = 1;

fn main() -> ExitCode {
    let arguments = match Arguments::parse(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(message) => {
            say_aside!("{message}");
            return ExitCode::from(2);
        }
    };
    if arguments.help {
        say!("{}", arguments::HELP);
        return ExitCode::SUCCESS;
    }
    match walk(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say_aside!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The whole tutorial.
fn walk(arguments: &Arguments) -> Result<()> {
    let mut phases = Phases::default();
    if arguments.keep_incomplete {
        return keep_incomplete(arguments);
    }

    heading("0. From neuron to network");
    neuron::show()?;

    heading("1. Load");
    let (table, task) = phases.time("load", || load::load(arguments))?;
    let numbers = phases.time("explore", || load::explore(&table, &task))?;
    let (picked, inspected) = phases.time("pick", || load::pick(&table, &task, &numbers))?;
    phases.time("check leaks", || load::check_leaks(&picked, &task))?;
    let data = phases.time("prepare", || load::prepare(&picked, &task, arguments))?;
    data.describe(&task);
    if let Some(folder) = &arguments.export_split {
        phases.time("export", || export::export(&data, &task, folder))?;
    }

    heading("2. Build");
    let mut ann = build::build(arguments.seed);
    build::summarize(&mut ann, data.features.len(), arguments.seed)?;

    heading("3. Train");
    let imbalanced = phases.time("train", || train::train(&mut ann, &data.x_train, &data.y_train))?;
    train::accuracy_misleads(&imbalanced, &data, &task);
    // Scored now, since the same model is trained further below.
    let before = phases.time("evaluate", || evaluate::evaluate(&ann, &data))?;
    let (balanced_rows, x_balanced, y_balanced) = train::balance(&data)?;
    train::describe_balanced(y_balanced.len());
    let balanced = phases.time("train balanced", || train::train(&mut ann, &x_balanced, &y_balanced))?;
    train::recall_rises(&imbalanced, &balanced);

    heading("4. Predict and evaluate");
    let after = phases.time("evaluate balanced", || evaluate::evaluate(&ann, &data))?;
    evaluate::first_predictions(&after, &data, &task);
    evaluate::confusion("before down-sampling", &before);
    evaluate::confusion("after down-sampling", &after);
    evaluate::surest(&after, &data, &task)?;
    evaluate::trade_off(&after, &data, &task)?;
    observations::show(&before, &after, &data, &task);

    heading("5. Tune");
    let search = phases.time("tune", || tune::tune(&balanced_rows, &data, &task.target, arguments.seed))?;
    let winner =
        phases.time("refit", || tune::refit(&search, &data, (&x_balanced, &y_balanced), &after, arguments.seed))?;
    tune::ask(&winner, &data, &task, &arguments.output)?;

    let run = report::Run {
        table: &table,
        task,
        numbers,
        inspected,
        data,
        ann,
        imbalanced,
        balanced,
        before,
        after,
        search,
        winner,
    };
    report::write(&run, &arguments.output, &mut phases)?;
    heading("Written");
    paragraph(&format!(
        "The pictures, report.html, report.json and the winner are in {}. The whole run took {:.1} s.",
        arguments.output.display(),
        phases.total()
    ));
    Ok(())
}

/// The second way, in which rows with missing values are kept.
fn keep_incomplete(arguments: &Arguments) -> Result<()> {
    heading("1. Load");
    let (table, task) = load::load(arguments)?;
    let numbers = load::explore(&table, &task)?;
    let (picked, _) = load::pick(&table, &task, &numbers)?;
    heading("8. Keep the incomplete rows");
    incomplete::keep(&picked, &task, arguments)
}

/// The wall-clock seconds of the parts of the run.
#[derive(Default)]
struct Phases {
    seconds: Vec<(&'static str, f64)>,
}

impl Phases {
    /// Runs a part and records its time.
    fn time<R>(&mut self, name: &'static str, part: impl FnOnce() -> R) -> R {
        let begin = Instant::now();
        let result = part();
        self.seconds.push((name, begin.elapsed().as_secs_f64()));
        result
    }

    fn total(&self) -> f64 {
        self.seconds.iter().map(|(_, seconds)| seconds).sum()
    }
}
