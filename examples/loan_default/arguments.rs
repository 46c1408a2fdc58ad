//! What the command line says.

use std::path::PathBuf;

pub const HELP: &str = "\
Trains a neural network that tells which customers will default on a loan.

  --data FILE                  a CSV file (or .csv.gz) with the columns funded_amnt_inv,
                               term, int_rate, home_ownership, annual_inc, total_rec_int,
                               tot_cur_bal, loan_status; without it a synthetic portfolio
  --without-interest-received  leave out total_rec_int, which is not known yet when a
                               loan is applied for
  --export-split DIR           write the scaled training, down-sampled and test rows as
                               CSV files, so that another program can train on them
  --seed N                     seed of the initial weights and the order of the samples
                               (default 1); the split does not depend on it
  --output DIR                 where pictures and reports go (default target/loan_default)
  --help                       this text";

pub struct Arguments {
    pub data: Option<PathBuf>,
    pub without_interest_received: bool,
    pub export_split: Option<PathBuf>,
    pub seed: u64,
    pub output: PathBuf,
    pub help: bool,
}

impl Arguments {
    /// Reads the words after the program's name.
    pub fn parse(mut words: impl Iterator<Item = String>) -> Result<Arguments, String> {
        let mut arguments = Arguments {
            data: None,
            without_interest_received: false,
            export_split: None,
            seed: 1,
            output: PathBuf::from("target/loan_default"),
            help: false,
        };
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("{word} needs a value; see --help"));
            match word.as_str() {
                "--data" => arguments.data = Some(value()?.into()),
                "--without-interest-received" => arguments.without_interest_received = true,
                "--export-split" => arguments.export_split = Some(value()?.into()),
                "--seed" => {
                    let seed = value()?;
                    arguments.seed = seed.parse().map_err(|_| format!("--seed: {seed} is not a whole number"))?;
                }
                "--output" => arguments.output = value()?.into(),
                "--help" | "-h" => arguments.help = true,
                _ => return Err(format!("there is no option {word}; see --help")),
            }
        }
        Ok(arguments)
    }
}
