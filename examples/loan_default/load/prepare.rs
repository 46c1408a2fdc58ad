//! Converts the picked columns to training and test matrices.

use super::encoding;
use crate::SPLIT_SEED;
use crate::arguments::Arguments;
use crate::task::Task;
use crate::text::{paragraph, percent, thousands};
use nalgebra::{DMatrix, DVector};
use perceptra::model_selection::train_test_split;
use perceptra::preprocessing::{
    Column, ColumnTransformer, FittedColumnTransformer, OneHotEncoder, StandardScaler, Table, TextToNumber, Unknown,
};
use perceptra::{Error, Result};

/// Columns that are known only after a loan has ended. In the synthetic portfolio only the first is related to the target.
pub(crate) const KNOWN_LATER: [&str; 4] =
    ["total_rec_int", "total_rec_late_fee", "recoveries", "collection_recovery_fee"];

/// The smallest number of training rows of a class: with fewer, folds may lack the class.
const FEWEST: usize = 20;

/// Training and test rows in the form that the network needs.
pub(crate) struct Data {
    /// Encodes and scales the columns; not fitted yet.
    pub transformer: ColumnTransformer,
    /// Converts a raw record to the network's inputs.
    pub columns: FittedColumnTransformer,
    pub features: Vec<String>,
    pub x_train: DMatrix<f32>,
    pub y_train: DVector<f32>,
    /// The training rows before encoding.
    pub train: Table,
    /// The test rows before encoding.
    pub test: Table,
    pub x_test: DMatrix<f32>,
    pub y_test: DVector<f32>,
    pub rows_read: usize,
    pub positives_read: usize,
    pub rows_kept: usize,
    pub positives_kept: usize,
}

/// Drops incomplete rows, splits 70/30, encodes, and scales with the means and deviations of the training rows.
pub(crate) fn prepare(picked: &Table, task: &Task, arguments: &Arguments) -> Result<Data> {
    let complete = picked.drop_missing()?;
    let (train, test) = train_test_split(&complete).test_size(0.3).stratify(&task.target).seed(SPLIT_SEED).split()?;

    let ones_to_learn = ones(&train, task)?;
    let fewest = ones_to_learn.min(train.nrows() - ones_to_learn);
    if fewest < FEWEST {
        return Err(Error::Argument {
            item: "loan_default".into(),
            argument: "--data",
            value: format!("a file with {fewest} training rows of one class, once incomplete rows are dropped"),
            expected: format!("at least {FEWEST} of each class"),
        });
    }

    let left_out = if arguments.without_interest_received { &KNOWN_LATER[..] } else { &[] };
    let inputs: Vec<&str> = train
        .names()
        .iter()
        .map(String::as_str)
        .filter(|name| *name != task.target && !left_out.contains(name))
        .collect();
    let inputs = train.select(inputs)?;
    let transformer = transformer(&inputs, task);
    let (columns, x_train) = transformer.fit_transform(&inputs)?;
    encoding::show(&inputs, task, &columns, &x_train)?;

    Ok(Data {
        transformer,
        features: columns.names(),
        x_train,
        y_train: train.to_vector(&task.target)?,
        x_test: columns.transform(&test)?,
        y_test: test.to_vector(&task.target)?,
        columns,
        train,
        test,
        rows_read: picked.nrows(),
        positives_read: ones(picked, task)?,
        rows_kept: complete.nrows(),
        positives_kept: ones(&complete, task)?,
    })
}

/// Columns by their types: numbers and booleans scaled, strings as a column of zeros and ones per category.
fn transformer(inputs: &Table, task: &Task) -> ColumnTransformer {
    let terms = terms(inputs, task);
    let is_number = |name: &str, column: &Column| !matches!(column, Column::String(_)) || terms.contains(&name);
    let (numbers, categories): (Vec<_>, Vec<_>) = inputs.iter().partition(|(name, column)| is_number(name, column));
    let names = |columns: &[(&str, &Column)]| columns.iter().map(|(name, _)| name.to_string()).collect::<Vec<_>>();
    let (numbers, categories) = (names(&numbers), names(&categories));
    let mut columns = ColumnTransformer::new();
    if !terms.is_empty() {
        columns = columns.text_to_number(TextToNumber::leading_number(), terms);
    }
    if !numbers.is_empty() {
        columns = columns.add(StandardScaler::new(), numbers);
    }
    if !categories.is_empty() {
        columns = columns.add(OneHotEncoder::new().unknown(Unknown::Zeros), categories);
    }
    columns
}

/// The column of loans that holds numbers as strings, "36 months".
pub(crate) fn terms(table: &Table, task: &Task) -> Vec<&'static str> {
    let is_text = matches!(table.column("term"), Ok(Column::String(_)));
    if task.loans.is_some() && is_text { vec!["term"] } else { Vec::new() }
}

/// The table with `"36 months"` as 36.
pub(super) fn months(table: &Table, task: &Task) -> Result<Table> {
    terms(table, task).into_iter().try_fold(table.clone(), |table, name| {
        table.map_strings(name, |text| TextToNumber::leading_number().number(text))
    })
}

fn ones(table: &Table, task: &Task) -> Result<usize> {
    Ok(table.numbers(&task.target)?.iter().filter(|label| **label == 1.0).count())
}

impl Data {
    /// The rows of the training part with label 1.
    pub(crate) fn positives_train(&self) -> usize {
        self.y_train.iter().filter(|label| **label == 1.0).count()
    }

    /// The rows of the test part with label 1.
    pub(crate) fn positives_test(&self) -> usize {
        self.y_test.iter().filter(|label| **label == 1.0).count()
    }

    /// The fraction of the training rows with label 1.
    pub(crate) fn positive_rate(&self) -> f64 {
        self.positives_train() as f64 / self.y_train.len() as f64
    }

    pub(crate) fn describe(&self, task: &Task) {
        let rows = [
            ("read", self.rows_read, self.positives_read),
            ("complete", self.rows_kept, self.positives_kept),
            ("training (70%)", self.y_train.len(), self.positives_train()),
            ("test (30%)", self.y_test.len(), self.positives_test()),
        ];
        say!("{:<16} {:>9} {:>9} {:>8}", "rows", "", task.positives, "rate");
        for (name, count, positives) in rows {
            let rate = percent(positives as f64 / count.max(1) as f64);
            say!("{name:<16} {:>9} {:>9} {rate:>8}", thousands(count), thousands(positives));
        }
        say!();
        paragraph(&format!("{} inputs: {}.", self.features.len(), self.features.join(", ")));
        if task.loans.is_some() && self.features.iter().any(|name| name == "total_rec_int") {
            paragraph(
                "One of them deserves suspicion: total_rec_int, the interest received so far, is known only after a \
                 loan has run. A model that uses it describes loans but cannot score an application; \
                 --without-interest-received leaves it out.",
            );
        }
    }
}
