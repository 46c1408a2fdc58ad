use super::super::{Column, DateTime, StringColumn};
use super::*;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Home {
    #[serde(rename = "RENT")]
    Rent,
    Own,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Amount(f32);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Extra {
    note: Option<String>,
    letter: char,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Loan {
    id: i64,
    #[serde(rename = "int_rate")]
    rate: Option<f64>,
    amount: Amount,
    term: Option<u8>,
    home: Option<Home>,
    owner: bool,
    issued: Option<DateTime>,
    #[serde(flatten)]
    extra: Extra,
}

fn loans() -> Vec<Loan> {
    let first = Loan {
        id: i64::MAX,
        rate: None,
        amount: Amount(1.5),
        term: None,
        home: None,
        owner: true,
        issued: None,
        extra: Extra { note: None, letter: 'ä' },
    };
    let second = Loan {
        id: -1,
        rate: Some(7.5),
        amount: Amount(2.0),
        term: Some(36),
        home: Some(Home::Rent),
        owner: false,
        issued: Some("2024-02-29T18:30".parse().unwrap()),
        extra: Extra { note: Some("2024-02-29".into()), letter: 'b' },
    };
    vec![first, second.clone(), Loan { home: Some(Home::Own), ..second }]
}

#[test]
fn rows_become_a_table_and_rows_again() {
    let table = Table::from_rows(&loans()).unwrap();
    let kinds: Vec<(&str, &str)> = table.iter().map(|(name, column)| (name, column.kind())).collect();
    let expected = [
        ("id", "integers"),
        ("int_rate", "numbers"),
        ("amount", "numbers"),
        ("term", "integers"),
        ("home", "strings"),
        ("owner", "booleans"),
        ("issued", "dates"),
        ("note", "strings"),
        ("letter", "strings"),
    ];
    assert_eq!(kinds, expected);
    assert!(table.strings("home").unwrap().iter().eq([None, Some("RENT"), Some("Own")]));
    assert_eq!(table.to_rows::<Loan>().unwrap(), loans());
    let record = Record::from_row(&loans()[1]).unwrap();
    assert_eq!(record, table.record(1).unwrap());
    assert_eq!(record.get("issued"), Some(&"2024-02-29T18:30:00".into()));
    assert_eq!(Record::from_row(&record).unwrap(), record);
}

#[test]
fn the_type_of_a_column_is_that_of_its_field() {
    #[derive(Serialize)]
    struct Sparse<'a> {
        a: Option<&'a str>,
        b: Option<()>,
        #[serde(skip_serializing_if = "Option::is_none")]
        c: Option<bool>,
    }
    let rows = [Sparse { a: None, b: None, c: None }, Sparse { a: Some("1"), b: None, c: Some(true) }];
    let table = Table::from_rows(&rows).unwrap();
    let kinds: Vec<&str> = table.iter().map(|(_, column)| column.kind()).collect();
    assert_eq!(kinds, ["strings", "numbers", "booleans"]);
    assert_eq!(table.column("c").unwrap().missing(), 1);
    let maps = [BTreeMap::from([("x", 1.0)]), BTreeMap::from([("y", 2.0), ("x", f64::NAN)])];
    let table = Table::from_rows(&maps).unwrap();
    assert_eq!((table.names().join(" "), table.column("x").unwrap().missing()), ("x y".into(), 1));
    assert_eq!(Table::from_rows::<Sparse<'_>>([]).unwrap().nrows(), 0);
    // JSON has numbers of both kinds.
    let json: Vec<serde_json::Value> =
        serde_json::from_str(r#"[{"n": 1}, {"n": null}, {"n": 0.5}, {"n": 2}]"#).unwrap();
    assert_eq!(Table::from_rows(&json).unwrap().drop_missing().unwrap().numbers("n").unwrap(), [1.0, 0.5, 2.0]);
}

#[test]
fn invalid_rows_and_values_are_named() {
    #[derive(Serialize)]
    struct With<T> {
        plain: f64,
        part: T,
    }
    fn message<T: Serialize>(part: T) -> String {
        Table::from_rows(&[With { plain: 1.0, part }]).unwrap_err().to_string()
    }
    #[derive(Serialize)]
    enum Carrier {
        Number(f64),
    }
    for (message, what) in [
        (message(With { plain: 1.0, part: 1.0 }), "a struct"),
        (message(vec![1.0]), "a list"),
        (message((1.0, 2.0)), "a tuple"),
        (message(BTreeMap::from([("a", 1)])), "a map"),
        (message(Carrier::Number(1.0)), "an enum with data"),
        (message(u64::MAX), "18446744073709551615 is beyond the range of i64"),
    ] {
        let expected = format!("rows is row 0, field \"part\": {what}");
        assert!(message.contains(&expected), "{message}: {expected}");
    }
    let no_row = |result: Result<Table>| result.unwrap_err().to_string();
    assert!(no_row(Table::from_rows(&[1.0])).contains("row 0, a number is not a row"));
    assert!(no_row(Table::from_rows(&[(1.0, 2.0)])).contains("a tuple is not a row"));
    assert!(no_row(Table::from_rows(&[BTreeMap::from([(1, 2.0)])])).contains("is not a string"));
    let mixed: Vec<serde_json::Value> = serde_json::from_str(r#"[{"n": "x"}, {"n": true}]"#).unwrap();
    assert!(
        no_row(Table::from_rows(&mixed)).contains("row 1, field \"n\": a boolean, where the rows before have strings")
    );
    let long: Vec<serde_json::Value> = serde_json::from_str(r#"[{"n": 9007199254740993}, {"n": 0.5}]"#).unwrap();
    assert!(no_row(Table::from_rows(&long)).contains("an f64 cannot hold one"));
}

#[test]
fn values_are_read_as_their_fields_are() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Read {
        whole: u16,
        wide: f64,
        gap: f64,
        at: String,
    }
    let table = Table::new()
        .with_numbers("whole", [36.0])
        .and_then(|table| table.with_integers("wide", [7]))
        .and_then(|table| table.with_numbers("gap", [f64::NAN]))
        .and_then(|table| table.with_date_times("at", ["2024-02-29".parse().unwrap()]))
        .unwrap();
    let rows = table.to_rows::<Read>().unwrap();
    assert_eq!((rows[0].whole, rows[0].wide, &*rows[0].at, rows[0].gap.is_nan()), (36, 7.0, "2024-02-29", true));
    let message = |column: Column, name: &str| {
        table.with_column(name, column).unwrap().to_rows::<Read>().unwrap_err().to_string()
    };
    assert!(
        message(vec![0.5].into(), "whole").contains("row 0 (counted from 0), field \"whole\": 0.5 is not an integer")
    );
    assert!(message(vec![-1.0].into(), "whole").contains("field \"whole\": invalid value: integer `-1`"));
    assert!(message(vec![f64::NAN].into(), "whole").contains("field \"whole\": invalid type"));
    let missing: StringColumn = [None::<&str>].into_iter().collect();
    assert!(message(missing.into(), "at").contains("a field with missing values is an Option"));
    let lacking = table.drop_columns(["at"]).unwrap().to_rows::<Read>().unwrap_err().to_string();
    assert!(lacking.contains("missing field `at`"), "{lacking}");
}
