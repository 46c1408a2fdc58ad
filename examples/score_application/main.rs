//! Trains a model, saves it with its preprocessing and threshold, loads it, and scores applications.
//!
//! ```text
//! cargo run --example score_application                         trains if there is no file, then scores
//! cargo run --example score_application -- --model FILE         where the model lies (target/loan_pipeline.safetensors)
//! cargo run --example score_application -- --retrain            trains in any case
//! ```
//!
//! The applicants are synthetic: drawn from a simple rule with noise, so that the example needs no data file.

#[macro_use]
#[path = "../loan_default/console.rs"]
mod console;

use perceptra::Result;
use perceptra::model_selection::train_test_split;
use perceptra::prelude::*;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Above this probability of default an application is declined.
const THRESHOLD: f64 = 0.35;

const APPLICANTS: usize = 4000;

fn main() -> ExitCode {
    let mut path = PathBuf::from("target/loan_pipeline.safetensors");
    let mut retrain = false;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match (argument.as_str(), arguments.next()) {
            ("--model", Some(file)) => path = file.into(),
            ("--retrain", None) => retrain = true,
            _ => {
                say_aside!("usage: score_application [--model FILE] [--retrain]");
                return ExitCode::from(2);
            }
        }
    }
    match run(&path, retrain) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say_aside!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(path: &Path, retrain: bool) -> Result<()> {
    if retrain || !path.exists() {
        say!("Training on {APPLICANTS} synthetic applicants.");
        train()?.save(path)?;
        say!("Saved preprocessing, network and threshold to {}.", path.display());
    }
    // From here on only the file is used: this is what a service does when it starts.
    let pipeline = FittedPipeline::load(path)?;
    say!("Loaded {}.", path.display());
    say!("It asks for {}.\n", pipeline.columns().inputs().join(", "));
    say!("{:<11} {:<10} {:>9} {:>9}   {:>7}  decision", "term", "home", "int_rate", "income", "default");
    for (term, home, rate, income) in [
        ("36 months", "RENT", 11.5, 48_000.0),
        ("60 months", "RENT", 23.9, 31_000.0),
        ("36 months", "MORTGAGE", 6.2, 110_000.0),
        ("60 months", "OWN", 17.0, 60_000.0),
    ] {
        let record = Record::new()
            .with("term", term)
            .with("home_ownership", home)
            .with("int_rate", rate)
            .with("annual_inc", income);
        if let Prediction::Binary { probability, decision, .. } = pipeline.predict_record(&record)? {
            let decision = if decision { "decline" } else { "accept" };
            say!("{term:<11} {home:<10} {rate:>9.1} {income:>9.0}   {:>6.1}%  {decision}", 100.0 * probability);
        }
    }
    let incomplete = Record::new().with("term", "36 months").with("home_ownership", "RENT").with("int_rate", 9.9);
    match pipeline.predict_record(&incomplete) {
        Ok(prediction) => say!("\nA record without income gave {prediction:?}."),
        // The message states what is wrong and, after a semicolon, what to do.
        Err(error) => say!("\nA record without income is refused:\n  {}", error.to_string().replace("; ", ";\n  ")),
    }
    Ok(())
}

/// A pipeline that is trained on synthetic applicants.
fn train() -> Result<FittedPipeline> {
    let (train, test) = train_test_split(&applicants()?).test_size(0.25).stratify("default").seed(1).split()?;
    let columns = ColumnTransformer::new()
        .text_to_number(TextToNumber::leading_number(), ["term"])
        .add(StandardScaler::new(), ["term", "int_rate", "annual_inc"])
        .add(OneHotEncoder::new(), ["home_ownership"]);
    let ann = Sequential::new()
        .add(Dense::new(12, Relu))
        .add(Dense::new(12, Relu))
        .add(Dense::new(1, Sigmoid))
        .compile(Adam::default(), BinaryCrossentropy::default(), metrics![Accuracy, Recall]);
    let fitted = Pipeline::new(Target::binary("default"))
        .columns(columns)
        .model(ann)
        .options(Fit::new().epochs(20).verbose(0))
        .threshold(THRESHOLD)
        .seed(1)
        .fit(&train)?;
    let (x_test, y_test) = (fitted.columns().transform(&test)?, test.to_vector("default")?);
    say!("On applicants it has not seen: {}.", fitted.members()[0].evaluate(&x_test, &y_test)?);
    Ok(fitted)
}

/// Synthetic applicants; the risk rises with term and rate and falls with income.
fn applicants() -> Result<Table> {
    let mut state = 42u64;
    let mut uniform = || {
        // A linear congruential generator is random enough for an example.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    let (mut terms, mut homes, mut rates, mut incomes, mut defaults) = (vec![], vec![], vec![], vec![], vec![]);
    for _ in 0..APPLICANTS {
        let long = uniform() < 0.3;
        let home = ["MORTGAGE", "RENT", "OWN"][(uniform() * 2.4) as usize];
        let rate = 5.0 + 20.0 * uniform() * uniform().sqrt();
        let income = 20_000.0 + 100_000.0 * uniform() * uniform();
        let renting = f64::from(u8::from(home == "RENT"));
        let odds = -3.2 + 0.8 * f64::from(u8::from(long)) + 0.16 * rate + 0.3 * renting - income / 60_000.0;
        defaults.push(f64::from(u8::from(uniform() < 1.0 / (1.0 + (-odds).exp()))));
        terms.push(if long { "60 months" } else { "36 months" });
        homes.push(home);
        rates.push(rate);
        incomes.push(income);
    }
    Table::new()
        .with_strings("term", terms)?
        .with_strings("home_ownership", homes)?
        .with_numbers("int_rate", rates)?
        .with_numbers("annual_inc", incomes)?
        .with_numbers("default", defaults)
}
