//! From a file to matrices and back to figures, as a user's program goes through it.

use std::fmt::Write;

use nalgebra::DMatrix;
use perceptra::Error;
use perceptra::metrics::{classification_report, confusion_matrix, roc_auc_score, to_classes};
use perceptra::model_selection::{Rows, StratifiedKFold, down_sample, train_test_split};
use perceptra::preprocessing::{
    ColumnTransformer, CsvOptions, FitInput, FittedColumnTransformer, FittedTransformer, MinMaxScaler, OneHotEncoder,
    Record, StandardScaler, StringLookup, Table, TextToNumber, Transformer, Unknown,
};
use std::sync::Arc;

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
    let complete = loans.drop_missing()?.map_strings("term", months)?;
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
    let table = loans().drop_missing()?.map_strings("term", months)?;
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
    let unmapped = shuffled.map_strings("term", |term| months(term).filter(|&term| term < 50.0)).unwrap_err();
    assert!(unmapped.to_string().starts_with("loans.csv, line 701, column \"term\""), "{unmapped}");
    let text = columns().fit(&shuffled.drop_missing().unwrap()).unwrap_err().to_string();
    assert!(text.starts_with("loans.csv, line 701, column \"term\": \" 60 months\" is not a number"), "{text}");
}

fn read(options: CsvOptions, text: &str) -> Result<Table, Error> {
    options.read_from(text.as_bytes(), "f.csv")
}

#[test]
fn a_row_is_encoded_alike_whatever_types_its_file_was_read_with() -> Result<(), Error> {
    let train = read(CsvOptions::new(), "chromosome,score,smoker\n1,0.5,True\n2,0.7,False\nX,0.1,True\n")?;
    let test = read(CsvOptions::new(), "chromosome,score,smoker\n1,0.5,1\n2,0.7,0\n")?;
    assert_eq!((train.column("chromosome")?.kind(), test.column("chromosome")?.kind()), ("strings", "numbers"));
    assert_eq!((train.column("smoker")?.kind(), test.column("smoker")?.kind()), ("booleans", "numbers"));
    let columns = ColumnTransformer::new()
        .add(OneHotEncoder::new().unknown(Unknown::Zeros), ["chromosome", "smoker"])
        .passthrough(["score"])
        .fit(&train)?;
    let (x_train, x_test) = (columns.transform::<f32>(&train)?, columns.transform::<f32>(&test)?);
    assert_eq!(columns.names()[3..5], ["smoker_false", "smoker_true"]);
    assert_eq!(x_test, x_train.rows(0, 2).clone_owned());
    for (record, row) in [
        (r#"{"chromosome": 1, "score": 0.5, "smoker": true}"#, 0),
        (r#"{"chromosome": "1", "score": 0.5, "smoker": "True"}"#, 0),
        (r#"{"chromosome": 2, "score": 0.7, "smoker": 0}"#, 1),
    ] {
        let record: Record = serde_json::from_str(record).unwrap();
        assert_eq!(columns.transform_record::<f32>(&record)?, x_train.row(row).clone_owned(), "{record:?}");
    }

    let train = read(CsvOptions::new(), "term\n36\n60\n")?;
    let test = read(CsvOptions::new(), "term\n36\n60\n36 months\n")?;
    let encoder = OneHotEncoder::new().unknown(Unknown::Zeros).fit(&train, ["term"])?;
    let expected = DMatrix::from_row_slice(3, 2, &[1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
    assert_eq!(encoder.transform::<f64>(&test)?, expected);
    Ok(())
}

#[test]
fn a_table_that_was_written_is_the_same_when_read() -> Result<(), Error> {
    let table = Table::new()
        .with_strings("zip", ["04109", "00501", "NA"])?
        .with_numbers("1990", [1.0, f64::NAN, 1e300])?
        .with_booleans("owner", [true, false, true])?
        .with_strings("home", ["RENT", "true", "5\" x, y"])?;
    let path = std::env::temp_dir().join(format!("perceptra-data-{}.csv", std::process::id()));
    table.write_csv(&path)?;
    let back = Table::read_csv(&path)?;
    std::fs::remove_file(&path).unwrap();
    assert_eq!(back.names(), table.names());
    for (name, kind) in [("zip", "strings"), ("1990", "numbers"), ("owner", "booleans"), ("home", "strings")] {
        assert_eq!((back.column(name)?.kind(), back.value_counts(name)?), (kind, table.value_counts(name)?), "{name}");
    }
    assert_eq!(back.strings("zip")?.get(2), Some("NA"));
    Ok(())
}

#[test]
fn an_empty_column_is_named_where_it_leaves_no_row() -> Result<(), Error> {
    let table = read(CsvOptions::new().delimiter(';').decimal(','), "CO(GT);T;;\n2,6;13,6;;\n2;13,3;;\n")?;
    let error = table.drop_missing().unwrap_err().to_string();
    assert!(error.contains("no row has a value in \"unnamed_2\", \"unnamed_3\""), "{error}");
    assert_eq!(table.drop_empty_columns().drop_missing()?.numbers("T")?, [13.6, 13.3]);
    Ok(())
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

/// Fits over blocks of this many rows: in one accumulator, and each in its own, merged in order.
fn over_blocks(transformer: &dyn Transformer, table: &Table, rows: usize) -> [Arc<dyn FittedTransformer>; 2] {
    let blocks: Vec<Table> = (0..table.nrows().div_ceil(rows))
        .map(|block| table.take(&(block * rows..((block + 1) * rows).min(table.nrows())).collect::<Vec<_>>()).unwrap())
        .collect();
    let taken = |blocks: &[Table]| {
        let mut accumulator = transformer.accumulator().unwrap();
        blocks.iter().for_each(|block| accumulator.update(FitInput::new(block)).unwrap());
        accumulator
    };
    let merged = blocks.iter().map(|block| taken(std::slice::from_ref(block))).reduce(|mut known, later| {
        known.merge(later).unwrap();
        known
    });
    [taken(&blocks).finish().unwrap(), merged.unwrap().finish().unwrap()]
}

#[test]
fn blocks_merged_in_order_are_the_whole_fit() {
    let complete = loans().drop_missing().unwrap();
    let owner = complete.numbers("amount").unwrap().iter().map(|amount| amount % 3.0 == 0.0);
    let complete = complete.with_booleans("owner", owner).unwrap();
    let whole = |transformer: &dyn Transformer, table: &Table| transformer.fit(FitInput::new(table)).unwrap();
    let exact: [(Box<dyn Transformer>, Vec<&str>); 6] = [
        (Box::new(MinMaxScaler::new().feature_range(-1.0, 2.0)), vec!["amount", "rate", "balance"]),
        (Box::new(OneHotEncoder::new()), vec!["home", "term", "status", "owner"]),
        (Box::new(OneHotEncoder::new().categories(["OWN"]).unknown(Unknown::Zeros)), vec!["home"]),
        (Box::new(StringLookup::new()), vec!["home", "term"]),
        (Box::new(StringLookup::new().max_tokens(3)), vec!["home"]),
        (Box::new(StringLookup::new().vocabulary(["OWN", "RENT"])), vec!["home"]),
    ];
    for (transformer, columns) in exact {
        let table = complete.select(columns).unwrap();
        let state = whole(&*transformer, &table).state().unwrap();
        for rows in [1, 64, 1000] {
            for fitted in over_blocks(&*transformer, &table, rows) {
                assert_eq!(fitted.state().unwrap(), state, "{transformer:?}");
            }
        }
    }
    let (scaler, table) = (StandardScaler::new(), complete.select(["amount", "rate", "balance"]).unwrap());
    let expected = whole(&scaler, &table).transform(&table).unwrap();
    for fitted in over_blocks(&scaler, &table, 7) {
        let found = fitted.transform(&table).unwrap();
        for name in table.names() {
            let (found, expected) = (found.numbers(name).unwrap(), expected.numbers(name).unwrap());
            approx::assert_relative_eq!(found, expected, epsilon = 1e-12, max_relative = 1e-12);
        }
    }
}

#[test]
fn blocks_that_do_not_go_together_are_refused() {
    let block = |name: &str| Table::new().with_numbers(name, [1.0, 2.0]).unwrap();
    let of = |transformer: &dyn Transformer| transformer.accumulator().unwrap();
    let mut accumulator = of(&StandardScaler::new());
    accumulator.update(FitInput::new(&block("a"))).unwrap();
    let error = accumulator.update(FitInput::new(&block("b"))).unwrap_err().to_string();
    assert!(error.contains("StandardScaler") && error.contains("a (numbers)"), "{error}");
    assert!(matches!(accumulator.merge(of(&MinMaxScaler::new())), Err(Error::Argument { .. })));
    let mut encoder = of(&OneHotEncoder::new());
    encoder.update(FitInput::new(&block("a"))).unwrap();
    let texts = Table::new().with_strings("a", ["x"]).unwrap();
    assert!(encoder.update(FitInput::new(&texts)).is_err(), "a column is of one type");
    assert!(matches!(of(&StringLookup::new()).finish(), Err(Error::Empty { .. })));
}

#[test]
fn a_chain_reads_strings_and_scales_them_both_ways() {
    let terms = Table::new().with_strings("term", ["36 months", "60 months"]).unwrap();
    let chain = TextToNumber::leading_number().then(MinMaxScaler::new()).then(StandardScaler::new());
    let (fitted, x) = ColumnTransformer::new().add(chain.clone(), ["term"]).fit_transform::<f64>(&terms).unwrap();
    assert_eq!(x.as_slice(), [-1.0, 1.0]);
    let stored = serde_json::to_string(&fitted).unwrap();
    let again: FittedColumnTransformer = serde_json::from_str(&stored).unwrap();
    assert_eq!(again, fitted);
    let record = again.transform_record::<f64>(&Record::new().with("term", "48 months")).unwrap();
    assert_eq!(record.as_slice(), [0.0]);
    let scalers = MinMaxScaler::new().then(StandardScaler::new());
    let numbers = Table::new().with_numbers("term", [36.0, 60.0, 48.0]).unwrap();
    let fitted = Transformer::fit(&scalers, FitInput::new(&numbers)).unwrap();
    let back = fitted.inverse_transform(&fitted.transform(&numbers).unwrap()).unwrap();
    approx::assert_relative_eq!(back.numbers("term").unwrap(), numbers.numbers("term").unwrap(), max_relative = 1e-14);
    let fitted = Transformer::fit(&chain, FitInput::new(&terms)).unwrap();
    assert!(matches!(fitted.inverse_transform(&numbers), Err(Error::Layer { .. })));
}
