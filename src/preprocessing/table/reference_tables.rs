//! Tables of the reference, for tests.

use serde_json::Value as Json;

use super::{BooleanColumn, Column, DateTimeColumn, IntegerColumn, StringColumn, Table};
use crate::reference;

/// A table that pandas wrote.
pub(super) fn frame(name: &str) -> Table {
    let case = reference::case(&format!("table_{name}"));
    let columns = case.json("columns").as_array().expect("columns").iter();
    columns.fold(Table::new(), |table, column| {
        let (name, kind) = (column[0].as_str().expect("a name"), column[1].as_str().expect("a kind"));
        let values = column[2].as_array().expect("values");
        let column: Column = match kind {
            "numbers" => values.iter().map(|value| value.as_f64().unwrap_or(f64::NAN)).collect::<Vec<_>>().into(),
            "integers" => values.iter().map(Json::as_i64).collect::<IntegerColumn>().into(),
            "booleans" => values.iter().map(Json::as_bool).collect::<BooleanColumn>().into(),
            "dates" => {
                let at = |value: &Json| value.as_str().map(|text| text.parse().expect("a date"));
                values.iter().map(at).collect::<DateTimeColumn>().into()
            }
            _ => values.iter().map(Json::as_str).collect::<StringColumn>().into(),
        };
        table.with_column(name, column).expect("the same rows")
    })
}

/// Compares names and values; where all are missing, or a mean has been rounded otherwise, the type or the last digits may differ.
pub(super) fn same(found: &Table, expected: &Table) {
    assert_eq!((found.names(), found.nrows()), (expected.names(), expected.nrows()));
    for (name, column) in found.iter() {
        let known = expected.column(name).unwrap();
        if known.missing() < known.len() {
            assert_eq!(column.kind(), known.kind(), "{name}");
        }
        for row in 0..found.nrows() {
            match (found.value(name, row), expected.value(name, row)) {
                (Some(super::Value::Number(a)), Some(super::Value::Number(b))) => {
                    assert!((a - b).abs() <= 1e-12 * b.abs().max(1.0), "{name}, {row}: {a}, expected {b}");
                }
                (a, b) => assert_eq!(a, b, "{name}, {row}"),
            }
        }
    }
}
