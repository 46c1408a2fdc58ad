//! From a file to matrices and back to figures, as a user's program goes through it.

use std::fmt::Write;

use nalgebra::DMatrix;
use perceptra::Error;
use perceptra::metrics::{classification_report, confusion_matrix, roc_auc_score, to_classes};
use perceptra::model_selection::{Rows, StratifiedKFold, down_sample, train_test_split};
use perceptra::preprocessing::{
    ColumnTransformer, CsvOptions, FittedColumnTransformer, OneHotEncoder, Record, StandardScaler, Table, Unknown,
};

const HOMES: [&str; 4] = ["RENT", "OWN", "MORTGAGE", "NONE"];

/// A file of made-up loans: every seventh has no balance, every fifth is in default.
fn loans() -> Table {
    let mut file = String::from("amount,term,rate,home,balance,status\n");
    for row in 0..700 {
        let term = if row % 3 == 0 { " 60 months" } else { " 36 months" };
        let balance = if row % 7 == 0 { String::new() } else { format!("{}", (row * 37) % 1000) };
        let rate = 5.0 + f64::from(row % 40) / 4.0;
        let home = HOMES[(row % 41 % 4) as usize];
        writeln!(file, "{}.0,{term},{rate},{home},{balance},{}", 1000 + row, u8::from(row % 5 == 0)).unwrap();
    }
    CsvOptions::new().read_from(file.as_bytes(), "loans.csv").unwrap()
}

fn months(term: &str) -> Option<f64> {
    term.trim().strip_suffix(" months")?.parse().ok()
}

fn columns() -> ColumnTransformer {
    ColumnTransformer::new()
        .add(StandardScaler::new(), ["amount", "term", "rate", "balance"])
        .add(OneHotEncoder::new().unknown(Unknown::Zeros), ["home"])
}

#[test]
fn a_file_becomes_training_and_test_matrices() -> Result<(), Error> {
    let loans = loans();
    assert_eq!((loans.nrows(), loans.incomplete_rows()), (700, 100));
    let complete = loans.drop_missing()?.map_text("term", months)?;
    let (train, test) = train_test_split(&complete).test_size(0.3).stratify("status").seed(1).split()?;
    assert_eq!((train.nrows(), test.nrows()), (420, 180));

    let (columns, x_train) = columns().fit_transform::<f32>(&train)?;
    let x_test: DMatrix<f32> = columns.transform(&test)?;
    assert_eq!(columns.names()[3..], ["balance", "home_MORTGAGE", "home_NONE", "home_OWN", "home_RENT"]);
    assert_eq!((x_train.shape(), x_test.shape()), ((420, 8), (180, 8)));
    assert!(x_train.column(0).mean().abs() < 1e-5, "training rows are centred");
    assert!(x_test.column(0).mean().abs() > 1e-4, "test rows are scaled with the training rows' figures");

    let y_train = train.to_vector::<f32>("status")?;
    assert_eq!((y_train.sum(), test.to_vector::<f32>("status")?.sum()), (84.0, 36.0));
    let balanced = down_sample(&y_train).seed(1).rows()?;
    let (x_balanced, y_balanced) = (&x_train, &y_train).take_rows(&balanced)?;
    assert_eq!((x_balanced.nrows(), y_balanced.sum()), (168, 84.0));
    for fold in StratifiedKFold::new(4).shuffle(true).seed(1).split(&y_train)? {
        assert_eq!((&y_train).take_rows(&fold.test)?.sum(), 21.0);
    }
    Ok(())
}

#[test]
fn a_fitted_transformer_travels_and_serves_single_records() -> Result<(), Error> {
    let table = loans().drop_missing()?.map_text("term", months)?;
    let fitted = columns().fit(&table)?;
    let served: FittedColumnTransformer = serde_json::from_str(&serde_json::to_string(&fitted).unwrap()).unwrap();
    let record = r#"{"amount": 1003, "term": 60, "rate": 5.75, "home": "NONE", "balance": 111}"#;
    let record: Record = serde_json::from_str(record).unwrap();
    let row = served.transform_record::<f32>(&record)?;
    let expected = fitted.transform::<f32>(&table)?;
    approx::assert_relative_eq!(row, expected.row(2).clone_owned(), epsilon = 1e-6);
    let unknown = served.transform_record::<f32>(&record.with("home", "CASTLE"))?;
    assert_eq!(unknown.columns(4, 4).sum(), 0.0);
    Ok(())
}

#[test]
fn errors_name_file_line_and_column_after_rows_were_moved() {
    let shuffled = loans().take(&[699, 0, 10]).unwrap();
    let missing = shuffled.to_matrix::<f32>(["balance"]).unwrap_err().to_string();
    assert!(missing.starts_with("loans.csv, line 2, column \"balance\": the value is missing"), "{missing}");
    let unmapped = shuffled.map_text("term", |term| months(term).filter(|&term| term < 50.0)).unwrap_err();
    assert!(unmapped.to_string().starts_with("loans.csv, line 701, column \"term\""), "{unmapped}");
    let text = columns().fit(&shuffled.drop_missing().unwrap()).unwrap_err().to_string();
    assert!(text.starts_with("loans.csv, line 701, column \"term\": \" 60 months\" is not a number"), "{text}");
}

#[test]
fn predictions_of_a_model_go_into_the_figures_as_they_are() -> Result<(), Error> {
    let truth = loans().to_vector::<f32>("status")?;
    let probability = DMatrix::from_fn(700, 1, |row, _| if row % 5 < 2 { 0.7_f32 } else { 0.2 });
    let predicted = to_classes(&probability, 0.55);
    let confusion = confusion_matrix(&truth, &predicted)?;
    assert_eq!(confusion.binary()?.tp, 140);
    assert!(confusion.to_string().contains("TN = 420 (TNR = 75.00%)"), "{confusion}");
    assert_eq!(roc_auc_score(&truth, &probability)?, 0.875);
    assert_eq!(classification_report(&truth, &predicted)?.classes[1].precision, 0.5);
    Ok(())
}
