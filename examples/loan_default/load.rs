//! Step 1: read the customers, look at them, and turn them into matrices.

use crate::arguments::Arguments;
use crate::text::{paragraph, percent, thousands};
use crate::{SPLIT_SEED, portfolio};
use nalgebra::{DMatrix, DVector};
use perceptra::model_selection::train_test_split;
use perceptra::plot::HeatMap;
use perceptra::preprocessing::{ColumnTransformer, CsvOptions, OneHotEncoder, StandardScaler, Table, Unknown};
use perceptra::{Error, Result};

const COLUMNS: [&str; 8] = [
    "funded_amnt_inv",
    "term",
    "int_rate",
    "home_ownership",
    "annual_inc",
    "total_rec_int",
    "tot_cur_bal",
    "loan_status",
];
const NUMBERS: [&str; 6] = ["funded_amnt_inv", "term", "int_rate", "annual_inc", "total_rec_int", "tot_cur_bal"];

/// Where the customers come from.
pub fn source(arguments: &Arguments) -> String {
    match &arguments.data {
        Some(path) => format!("Customers: {}.", path.display()),
        None => "Customers: a SYNTHETIC portfolio. No row is a real loan; the rows are drawn from a model that was \
                 calibrated to published summary figures of LendingClub loans, so that counts, marginals and \
                 correlations are like theirs. Label 1 means default. For real rows: --data FILE."
            .to_string(),
    }
}

/// The customers as the file has them.
pub fn load(arguments: &Arguments) -> Result<Table> {
    paragraph(&source(arguments));
    let table = match &arguments.data {
        Some(path) => Table::read_csv(path)?,
        None => {
            let mut file = Vec::new();
            portfolio::write_csv(portfolio::SEED, &mut file)
                .map_err(|source| Error::Io { path: "the synthetic portfolio".into(), source })?;
            CsvOptions::new().read_from(file.as_slice(), "the synthetic portfolio")?
        }
    };
    table.select(COLUMNS)
}

/// The correlations of all numbers, as the tutorial's heat map shows them.
pub struct Numbers {
    pub names: Vec<String>,
    pub correlation: DMatrix<f64>,
    /// The correlation of each number with the target, the strongest first.
    pub with_target: Vec<(String, f64)>,
}

impl Numbers {
    pub fn heat_map(&self) -> HeatMap {
        HeatMap::new("Correlation of the numbers", &self.correlation).labels(&self.names).range(-1.0, 1.0).decimals(2)
    }
}

/// `"36 months"` as 36.
fn months(term: &str) -> Option<f64> {
    term.trim().strip_suffix(" months")?.trim().parse().ok()
}

/// First rows, missing values, correlations.
pub fn explore(loans: &Table) -> Result<Numbers> {
    println!("{}\n", loans.head(5));
    let complete = loans.drop_missing()?.map_text("term", months)?;
    let correlation = complete.drop_columns(["home_ownership"])?.correlation();
    let with_target: Vec<(String, f64)> =
        correlation.with("loan_status")?.into_iter().map(|(name, value)| (name.to_string(), value)).collect();
    let numbers =
        Numbers { names: correlation.names().to_vec(), correlation: correlation.matrix().clone(), with_target };
    println!("{}", numbers.heat_map().to_text()?);
    println!("Correlation with loan_status, strongest first:");
    for (name, value) in &numbers.with_target {
        println!("  {name:<16} {value:>7.3}");
    }
    println!();
    paragraph(
        "All of them are kept: a network can also use what is only weakly correlated on its own. One deserves \
         suspicion: total_rec_int, the interest received so far, is known only after a loan has run. A model that \
         uses it describes loans but cannot score an application; --without-interest-received leaves it out.",
    );
    Ok(numbers)
}

/// Training and test rows as the network takes them.
pub struct Data {
    pub features: Vec<String>,
    pub x_train: DMatrix<f32>,
    pub y_train: DVector<f32>,
    pub x_test: DMatrix<f32>,
    pub y_test: DVector<f32>,
    pub rows_read: usize,
    pub positives_read: usize,
    pub rows_kept: usize,
    pub positives_kept: usize,
}

/// Drops incomplete rows, encodes, splits 70/30 and scales with the figures of the training rows.
pub fn prepare(loans: &Table, arguments: &Arguments) -> Result<Data> {
    let complete = loans.drop_missing()?.map_text("term", months)?;
    let (train, test) = train_test_split(&complete).test_size(0.3).stratify("loan_status").seed(SPLIT_SEED).split()?;

    let numbers = NUMBERS.into_iter().filter(|name| !arguments.without_interest_received || *name != "total_rec_int");
    let columns = ColumnTransformer::new()
        .add(StandardScaler::new(), numbers)
        .add(OneHotEncoder::new().unknown(Unknown::Zeros), ["home_ownership"]);
    let (columns, x_train) = columns.fit_transform(&train)?;

    Ok(Data {
        features: columns.names(),
        x_train,
        y_train: train.to_vector("loan_status")?,
        x_test: columns.transform(&test)?,
        y_test: test.to_vector("loan_status")?,
        rows_read: loans.nrows(),
        positives_read: ones(loans)?,
        rows_kept: complete.nrows(),
        positives_kept: ones(&complete)?,
    })
}

fn ones(table: &Table) -> Result<usize> {
    Ok(table.numbers("loan_status")?.iter().filter(|label| **label == 1.0).count())
}

impl Data {
    /// The rows of the training part with label 1.
    pub fn positives_train(&self) -> usize {
        self.y_train.iter().filter(|label| **label == 1.0).count()
    }

    /// The rows of the test part with label 1.
    pub fn positives_test(&self) -> usize {
        self.y_test.iter().filter(|label| **label == 1.0).count()
    }

    /// The share of the training rows without default: what "nobody defaults" would score.
    pub fn majority_share(&self) -> f64 {
        1.0 - self.positives_train() as f64 / self.y_train.len() as f64
    }

    pub fn describe(&self) {
        let rows = [
            ("read", self.rows_read, self.positives_read),
            ("complete", self.rows_kept, self.positives_kept),
            ("training (70%)", self.y_train.len(), self.positives_train()),
            ("test (30%)", self.y_test.len(), self.positives_test()),
        ];
        println!("{:<16} {:>9} {:>9} {:>8}", "rows", "", "defaults", "share");
        for (name, count, positives) in rows {
            let share = percent(positives as f64 / count.max(1) as f64);
            println!("{name:<16} {:>9} {:>9} {share:>8}", thousands(count), thousands(positives));
        }
        println!();
        paragraph(&format!("{} inputs: {}.", self.features.len(), self.features.join(", ")));
    }
}
