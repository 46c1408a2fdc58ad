//! Parses the command line.

use std::path::PathBuf;

pub(crate) const HELP: &str = "\
Trains a neural network that predicts which customers will default on a loan, or
to which of two classes the rows of any other table belong.

  --data FILE      a CSV file (or .csv.gz); without --target it has the columns
                   funded_amnt_inv, term, int_rate, home_ownership, annual_inc,
                   total_rec_int, tot_cur_bal, loan_status; without --data a
                   synthetic portfolio
  --target COLUMN  the column to predict, which has two values; all other
                   columns of FILE are used by their types
  --delimiter C    what separates the fields of FILE: , ; | or tab; by default
                   whichever its first line has most of
  --without-interest-received
                   leave out total_rec_int, and late fees and recoveries if they
                   are picked: they are not known when a loan is applied for
  --keep-incomplete
                   a second way in place of the walk: keep the rows that lack a
                   value, compare it with the way that drops them, and show
                   what that is worth
  --export-split DIR
                   write the scaled training, down-sampled and test rows as CSV
                   files, so that another program can train on them
  --seed N         seed of the initial weights and the order of the samples
                   (default 1); the split does not depend on it
  --output DIR     where pictures, report and model go
                   (default target/loan_default)
  --help           this text";

pub(crate) struct Arguments {
    pub data: Option<PathBuf>,
    pub target: Option<String>,
    pub delimiter: Option<char>,
    pub without_interest_received: bool,
    pub keep_incomplete: bool,
    pub export_split: Option<PathBuf>,
    pub seed: u64,
    pub output: PathBuf,
    pub help: bool,
}

impl Arguments {
    /// Parses the arguments after the program's name.
    pub(crate) fn parse(mut words: impl Iterator<Item = String>) -> Result<Arguments, String> {
        let mut arguments = Arguments {
            data: None,
            target: None,
            delimiter: None,
            without_interest_received: false,
            keep_incomplete: false,
            export_split: None,
            seed: 1,
            output: PathBuf::from("target/loan_default"),
            help: false,
        };
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("{word} needs a value; see --help"));
            match word.as_str() {
                "--data" => arguments.data = Some(value()?.into()),
                "--target" => arguments.target = Some(value()?),
                "--delimiter" => arguments.delimiter = Some(delimiter(&value()?)?),
                "--without-interest-received" => arguments.without_interest_received = true,
                "--keep-incomplete" => arguments.keep_incomplete = true,
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
        match &arguments {
            Arguments { data: None, target: Some(_), .. } => Err("--target needs a file: --data FILE".into()),
            Arguments { target: Some(_), without_interest_received: true, .. } => {
                Err("--without-interest-received is for loans; leave out --target".into())
            }
            Arguments { export_split: Some(_), keep_incomplete: true, .. } => {
                Err("--keep-incomplete has no split to export; leave out --export-split".into())
            }
            _ => Ok(arguments),
        }
    }
}

fn delimiter(word: &str) -> Result<char, String> {
    match word {
        "tab" | "\\t" => Ok('\t'),
        _ => match word.chars().collect::<Vec<_>>().as_slice() {
            [one] => Ok(*one),
            _ => Err(format!("--delimiter: {word} is not one character; for a tab write tab")),
        },
    }
}
