//! Encoders on integers and dates.

use super::super::{
    ColumnTransformer, DateTime, DateTimeColumn, FrequencyEncoder, Hashing, IntegerColumn, IntegerLookup,
    OneHotEncoder, OrdinalEncoder, Passthrough, Record, SimpleImputer, StandardScaler, StringLookup, TargetEncoder,
};
use super::*;
use crate::items::IntoItem;

/// Identifiers of which an `f64` holds only some, short integers and dates.
fn table() -> Table {
    let long = 1 << 53;
    let date = |day: i64| DateTime::from_microseconds(day * 43_200_000_000);
    Table::new()
        .with_integers("id", [long + 1, 7, long + 3, 7, long + 1, 8])
        .and_then(|table| table.with_integers("count", [3, 1, 2, 1, 1, 5]))
        .and_then(|table| table.with_date_times("at", [4, 5, 4, 7, 5, 4].map(date)))
        .unwrap()
}

/// A row as a service receives it.
fn from_json(table: &Table, row: usize) -> Record {
    serde_json::from_str(&serde_json::to_string(&table.record(row).unwrap()).unwrap()).unwrap()
}

#[test]
fn categories_of_integers_and_dates_are_those_of_records() {
    let y = Table::new().with_numbers("y", [0.0, 1.0, 1.0, 0.0, 1.0, 0.0]).unwrap();
    for encoder in [
        OneHotEncoder::new().into_item(),
        OrdinalEncoder::new().into_item(),
        FrequencyEncoder::new().into_item(),
        TargetEncoder::new().into_item(),
        Hashing::new(1 << 20).into_item(),
    ] {
        let columns = ColumnTransformer::new().add(encoder, ["id", "count", "at"]);
        let whole = table();
        let input = FitInput::new(&whole).with_target(&y).unwrap();
        let fitted = columns.fit_with(input).unwrap();
        let x = fitted.transform::<f64>(&table()).unwrap();
        let again =
            serde_json::from_str::<super::super::FittedColumnTransformer>(&serde_json::to_string(&fitted).unwrap())
                .unwrap();
        for row in 0..6 {
            assert_eq!(
                again.transform_record::<f64>(&from_json(&table(), row)).unwrap(),
                x.row(row),
                "{:?}",
                fitted.names()
            );
        }
        assert!(x.row(0) != x.row(2), "identifiers stay apart: {:?}", fitted.names());
        assert_eq!(x[(0, 0)], x[(4, 0)]);
    }
}

#[test]
fn integers_come_back_from_their_categories() {
    let table = table();
    let fitted = OneHotEncoder::new().fit(&table, ["id", "count", "at"]).unwrap();
    let encoded = FittedTransformer::transform(&fitted, &table).unwrap();
    let back = fitted.inverse_transform(&encoded).unwrap();
    assert!(back.integers("id").unwrap().iter().eq(table.integers("id").unwrap().iter()));
    assert_eq!(back.numbers("count").unwrap(), table.numbers("count").unwrap());
    assert_eq!(back.strings("at").unwrap().get(1), Some("1970-01-03T12:00:00"));
}

#[test]
fn integers_are_numbers_to_scalers_and_imputers() {
    let counts: IntegerColumn = [Some(3), None, Some(1)].into_iter().collect();
    let dates: DateTimeColumn =
        [Some("2024-02-29".parse().unwrap()), None, Some("2024-02-29".parse().unwrap())].into_iter().collect();
    let gaps = Table::new().with_column("c", counts).unwrap().with_column("at", dates).unwrap();
    let median = SimpleImputer::median().fit(&gaps, ["c"]).unwrap();
    assert_eq!(FittedTransformer::transform(&median, &gaps).unwrap().numbers("c").unwrap(), [3.0, 2.0, 1.0]);
    let frequent = SimpleImputer::most_frequent().fit(&gaps, ["c", "at"]).unwrap();
    assert_eq!(frequent.fill_value("at"), Some(&"2024-02-29".into()));
    assert_eq!(
        FittedTransformer::transform(&frequent, &gaps).unwrap().strings("at").unwrap().get(1),
        Some("2024-02-29")
    );
    let error = SimpleImputer::constant(1.0).fit(&gaps, ["at"]).unwrap_err().to_string();
    assert!(error.starts_with("column \"at\" holds dates"), "{error}");
    let x = ColumnTransformer::new().add(StandardScaler::new(), ["count"]).fit_transform::<f64>(&table()).unwrap().1;
    assert!(x.sum().abs() < 1e-12);
    let passed =
        |column: &str| ColumnTransformer::new().add(Passthrough, [column]).fit(&table()).unwrap_err().to_string();
    assert!(passed("id").contains("not 9007199254740993 (row 0 (counted from 0)); encode identifiers as categories"));
    assert!(passed("at").contains("DateParts or Elapsed make numbers of dates"));
    let error = ColumnTransformer::new().add(SimpleImputer::most_frequent(), ["at"]).fit(&table()).unwrap_err();
    assert!(matches!(error, Error::ColumnType { found: "strings", .. }), "{error}");
}

#[test]
fn a_vocabulary_of_strings_has_integers_by_their_digits() {
    let lookup = StringLookup::new().vocabulary(["7", "9007199254740993"]);
    let x = lookup.transform::<f64>(&table(), ["id"]).unwrap();
    assert_eq!(x.as_slice(), [2.0, 1.0, 0.0, 1.0, 2.0, 0.0]);
}

#[test]
fn a_vocabulary_of_integers_has_all_their_digits() {
    let columns = ColumnTransformer::new().add(IntegerLookup::new(), ["id", "count"]);
    let (fitted, x) = columns.fit_transform::<f64>(&table()).unwrap();
    let of_row = |row: usize| x[(row, 0)];
    assert!(of_row(0) != of_row(2) && of_row(0) == of_row(4) && of_row(1) == of_row(3));
    for row in 0..6 {
        assert_eq!(fitted.transform_record::<f64>(&from_json(&table(), row)).unwrap(), x.row(row));
    }
}
