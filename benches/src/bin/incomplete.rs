//! The walkthrough's pipeline with and without rows with missing values, on splits that another program made; see
//! `benches/peers/incomplete/run`.
//!
//! `incomplete FOLDER SPLITS SEEDS EPOCHS` reads `FOLDER/train_0.csv`, `FOLDER/dropped_0.csv` (the complete training rows) and
//! `FOLDER/test_0.csv` and so on, and writes the probabilities of the test rows to `FOLDER/perceptra_keep_0_1.csv` and
//! `FOLDER/perceptra_drop_0_1.csv` for each split and seed.

use perceptra::prelude::*;
use perceptra_benches::loans::loan_pipeline;
use perceptra_benches::tables::Outcome;
use std::path::PathBuf;
use std::process::ExitCode;

fn run() -> Outcome<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [folder, splits, seeds, epochs] = words.as_slice() else {
        return Err("usage: incomplete FOLDER SPLITS SEEDS EPOCHS".into());
    };
    let (folder, splits, seeds, epochs) = (PathBuf::from(folder), splits.parse()?, seeds.parse()?, epochs.parse()?);
    for split in 0..splits {
        let read = |name: &str| Table::read_csv(folder.join(format!("{name}_{split}.csv")));
        let (train, dropped, test) = (read("train")?, read("dropped")?, read("test")?);
        // A model that is trained without incomplete rows cannot predict them, so they are left out of the test as well.
        let complete = test.drop_missing()?;
        for seed in 1..=seeds {
            for (way, train, test) in [("keep", &train, &test), ("drop", &dropped, &complete)] {
                let fitted = loan_pipeline(true, epochs, seed).fit(train)?;
                let probability: Vec<f64> = fitted.predict_proba(test)?.column(1).iter().copied().collect();
                let path = folder.join(format!("perceptra_{way}_{split}_{seed}.csv"));
                Table::new().with_numbers("probability", probability)?.write_csv(path)?;
            }
        }
    }
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
