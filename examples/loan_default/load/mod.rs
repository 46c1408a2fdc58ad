//! Step 1: read the rows, explore them, pick columns, and convert them to matrices.

mod classes;
mod delimiter;
mod encoding;
mod explore;
mod leaks;
mod pick;
mod prepare;

pub(crate) use explore::{Numbers, explore};
pub(crate) use leaks::check_leaks;
pub(crate) use pick::{Inspected, pick};
pub(crate) use prepare::{Data, KNOWN_LATER, prepare, terms};

use crate::arguments::Arguments;
use crate::portfolio;
use crate::task::{Loans, Task};
use crate::text::paragraph;
use perceptra::preprocessing::{CsvOptions, Table};
use perceptra::{Error, Result};

/// The columns of the tutorial's network, the target last.
const LOAN_COLUMNS: [&str; 8] = [
    "funded_amnt_inv",
    "term",
    "int_rate",
    "home_ownership",
    "annual_inc",
    "total_rec_int",
    "tot_cur_bal",
    "loan_status",
];

/// Loads the whole table, and determines the task from the arguments.
pub(crate) fn load(arguments: &Arguments) -> Result<(Table, Task)> {
    let (table, task) = match (&arguments.data, &arguments.target) {
        (None, _) => (synthetic()?, Task::loans(SYNTHETIC.into(), Loans::Synthetic)),
        (Some(path), None) => {
            let table = delimiter::read(path, arguments.delimiter)?;
            table.select(LOAN_COLUMNS)?; // an error names the column that is not there
            classes::check_status(&table, "loan_status")?;
            (table, Task::loans(format!("Customers: {}.", path.display()), Loans::File))
        }
        (Some(path), Some(target)) => {
            let table = delimiter::read(path, arguments.delimiter)?;
            let (table, names) = classes::as_numbers(&table, target)?;
            let [zero, one] = &names;
            let source = format!("Rows: {}. To predict: {target}, {zero} as 0, {one} as 1.", path.display());
            (table, Task::other(source, target, names))
        }
    };
    paragraph(&task.source);
    Ok((table, task))
}

const SYNTHETIC: &str = "Customers: a SYNTHETIC portfolio. No row is a real loan; the rows are drawn from a model that was \
                         calibrated to published summary statistics of LendingClub loans, so that counts, marginals and \
                         correlations are like theirs. Label 1 means default. For real rows: --data FILE.";

/// The portfolio, written and read as CSV like any other file.
fn synthetic() -> Result<Table> {
    let mut file = Vec::new();
    portfolio::write_csv(portfolio::SEED, &mut file)
        .map_err(|source| Error::Io { path: "the synthetic portfolio".into(), source })?;
    CsvOptions::new().read_from(file.as_slice(), "the synthetic portfolio")
}
