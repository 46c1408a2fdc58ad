//! Checks that types, missing values and values of files equal those read by pandas and Polars; see `golden/make.py`.

mod golden;

use golden::{compare, golden};
use perceptra_parquet::{read_parquet, write_parquet};
use serde_json::Value;

#[test]
fn columns_are_what_pandas_and_polars_say() {
    let expected: Value = serde_json::from_slice(&std::fs::read(golden("expected.json")).unwrap()).unwrap();
    let mut columns = 0;
    for (file, readers) in expected.as_object().unwrap() {
        let table = read_parquet(golden(file)).unwrap();
        for reader in ["pandas", "polars"] {
            columns += compare(&table, &readers[reader]);
        }
        // And after the table was written.
        let path = std::env::temp_dir().join(format!("perceptra-parquet-reference-{}-{file}", std::process::id()));
        write_parquet(&table, &path).unwrap();
        columns += compare(&read_parquet(&path).unwrap(), &readers["polars"]);
        std::fs::remove_file(path).unwrap();
    }
    assert_eq!(columns, 3 * (17 + 16));
}

#[test]
fn codecs_and_versions_of_pages_are_read() {
    for name in ["codec_none", "codec_snappy", "codec_gzip", "codec_lz4", "codec_zstd", "pages_2"] {
        let table = read_parquet(golden(&format!("{name}.parquet"))).unwrap();
        assert!(table.integers("row").unwrap().iter().eq((0..10).map(Some)), "{name}");
        assert_eq!(table.strings("name").unwrap().get(7), Some("name 1"), "{name}");
    }
    let at = read_parquet(golden("int96.parquet")).unwrap();
    assert!(at.date_times("at").unwrap().iter().map(|at| at.map(|at| at.microseconds())).eq([
        Some(0),
        None,
        Some(86_400_000_000)
    ]));
}

#[test]
fn a_file_without_rows_has_its_columns() {
    let table = read_parquet(golden("no_rows.parquet")).unwrap();
    assert_eq!((table.names(), table.nrows()), (&["row".to_string(), "name".to_string()][..], 0));
    assert_eq!(table.column("name").unwrap().kind(), "strings");
}
