//! Checks that types, missing values and values of frames equal those read by pandas and Polars; see `../parquet/tests/golden/make.py`.

#[path = "../../parquet/tests/golden/mod.rs"]
mod golden;

use golden::{compare, golden};
use perceptra::preprocessing::Table;
use perceptra_polars::{from_polars, to_polars};
use polars_core::df;
use polars_core::prelude::{
    Column as Series, DataFrame, DataType, Int64Chunked, IntoColumn, NamedFrom, Series as OneSeries, TimeUnit,
};
use polars_io::SerReader;
use polars_io::parquet::read::ParquetReader;
use serde_json::Value;
use std::fs::File;

#[test]
fn columns_are_what_pandas_and_polars_say() {
    let expected: Value = serde_json::from_slice(&std::fs::read(golden("expected.json")).unwrap()).unwrap();
    let mut columns = 0;
    for (file, readers) in expected.as_object().unwrap() {
        let frame = ParquetReader::new(File::open(golden(file)).unwrap()).finish().unwrap();
        let table = from_polars(&frame).unwrap();
        for reader in ["pandas", "polars"] {
            columns += compare(&table, &readers[reader]);
        }
        columns += compare(&from_polars(&to_polars(&table).unwrap()).unwrap(), &readers["polars"]);
    }
    assert_eq!(columns, 3 * (17 + 16));
}

#[test]
fn a_table_has_the_types_of_polars() {
    let expected: Value = serde_json::from_slice(&std::fs::read(golden("expected.json")).unwrap()).unwrap();
    let frame = ParquetReader::new(File::open(golden("polars.parquet")).unwrap()).finish().unwrap();
    let back = to_polars(&from_polars(&frame).unwrap()).unwrap();
    let kinds: Vec<String> = back.columns().iter().map(|column| column.dtype().to_string()).collect();
    let expected_kinds = expected["polars.parquet"]["polars"].as_array().unwrap().iter().map(|column| {
        match (column["kind"].as_str().unwrap(), column["name"].as_str().unwrap()) {
            ("number", _) => "f64",
            ("integer", _) => "i64",
            ("boolean", _) => "bool",
            ("date", "date") => "date",
            ("date", _) => "datetime[μs]",
            _ => "str",
        }
    });
    assert_eq!(kinds, expected_kinds.collect::<Vec<_>>());
    assert_eq!(back.height(), 4);
    assert_eq!(to_polars(&Table::new()).unwrap().shape(), (0, 0));
}

fn message(column: Series) -> String {
    from_polars(&DataFrame::new(column.len(), vec![column]).unwrap()).unwrap_err().to_string()
}

#[test]
fn what_a_table_does_not_have_is_refused_by_column() {
    let times = OneSeries::new("at".into(), [1_i64, 2]).cast(&DataType::Time).unwrap();
    assert!(message(times.into_column()).contains("column \"at\" of time; expected numbers, integers"));
    let large = OneSeries::new("id".into(), [1_u64, u64::MAX]);
    assert!(message(large.into_column()).contains("column \"id\" of u64; expected integers from −2⁶³ to 2⁶³ − 1"));
    let late: Int64Chunked = [Some(i64::MAX), None].into_iter().collect();
    let late = late.into_datetime(TimeUnit::Milliseconds, None).into_column();
    assert!(message(late).contains("expected times that microseconds since 1970 reach"));
}

#[test]
fn chunks_are_rows_in_their_order() {
    let mut frame = df!("a" => [1.0, 2.0], "b" => ["x", "y"]).unwrap();
    frame.vstack_mut(&df!("a" => [3.0], "b" => ["x"]).unwrap()).unwrap();
    let table = from_polars(&frame).unwrap();
    assert_eq!(table.numbers("a").unwrap(), [1.0, 2.0, 3.0]);
    assert!(table.strings("b").unwrap().iter().eq([Some("x"), Some("y"), Some("x")]));
}
