use super::*;
use crate::preprocessing::{
    ColumnTransformer, OneHotEncoder, SimpleImputer, StandardScaler, TextToNumber, Transformer, Value,
};

fn rows() -> Table {
    Table::new()
        .with_numbers("income", (0..200).map(|row| f64::from(row % 50)))
        .and_then(|table| {
            table.with_numbers(
                "debt",
                (0..200).map(|row| if row % 9 == 0 { f64::NAN } else { f64::from(row % 50) + f64::from(row % 3) }),
            )
        })
        .and_then(|table| table.with_booleans("owner", (0..200).map(|_| true)))
        .and_then(|table| table.with_strings("home", (0..200).map(|row| if row % 3 == 0 { "OWN" } else { "RENT" })))
        .unwrap()
}

fn fitted() -> (FittedColumnTransformer, FittedDomain) {
    let columns = ColumnTransformer::new()
        .add(SimpleImputer::median().then(StandardScaler::new()), ["income", "debt"])
        .add(StandardScaler::new(), ["owner"])
        .add(OneHotEncoder::new().unknown(crate::preprocessing::Unknown::Zeros), ["home"]);
    let (columns, _) = columns.fit_transform::<f64>(&rows()).unwrap();
    let domain = TrainingDomain::new().fit::<f64>(&columns, &rows()).unwrap();
    (columns, domain)
}

fn record() -> Record {
    Record::new().with("income", 30.0).with("debt", 31.0).with("owner", true).with("home", "OWN")
}

#[test]
fn each_reason_is_flagged() {
    let (columns, domain) = fitted();
    let flags = |record: Record| domain.flags(&columns, &record).unwrap();
    let first = |record: Record| flags(record).into_iter().next().unwrap();
    assert_eq!(flags(record()), []);
    assert_eq!(
        first(record().with("income", -1.0)),
        DomainFlag::Below { column: "income".into(), value: -1.0, low: 0.0 }
    );
    assert_eq!(
        first(record().with("debt", 99.0)),
        DomainFlag::Above { column: "debt".into(), value: 99.0, high: 51.0 }
    );
    assert_eq!(
        first(record().with("home", "BOAT")),
        DomainFlag::Unknown { column: "home".into(), value: Value::from("BOAT") }
    );
    assert_eq!(
        first(record().with("owner", false)),
        DomainFlag::Unknown { column: "owner".into(), value: Value::from(false) }
    );
    assert_eq!(first(record().with("income", f64::NAN)), DomainFlag::Missing { column: "income".into() });
    // Values were missing in the training rows' debts.
    assert_eq!(flags(Record::new().with("income", 25.0).with("owner", 1.0).with("home", "RENT")), []);
    // Both numbers are common, their combination is not.
    let far = flags(record().with("income", 2.0).with("debt", 48.0));
    assert!(matches!(far[..], [DomainFlag::Distant { distance, limit }] if distance > limit), "{far:?}");
}

#[test]
fn few_training_rows_are_flagged() {
    let (columns, domain) = fitted();
    let flagged = (0..200).filter(|row| !domain.flags(&columns, &rows().record(*row).unwrap()).unwrap().is_empty());
    assert!(flagged.count() <= 1);
}

#[test]
fn free_text_is_not_checked() {
    let table = Table::new().with_strings("id", (0..1001).map(|row| row.to_string())).unwrap();
    let known = ColumnDomain::of("id", table.column("id").unwrap(), None);
    assert_eq!(known.flag(&Record::new().with("id", "another"), || None), None);
    assert_eq!(known.flag(&Record::new(), || None), Some(DomainFlag::Missing { column: "id".into() }));
}

#[test]
fn strings_that_are_numbers_have_a_range() {
    let rates = (0..2000).map(|row| format!("{}.{:02}%", 5 + row % 20, row % 97));
    let table = Table::new().with_strings("rate", rates).unwrap();
    let number = || TextToNumber::leading_number();
    for columns in [
        ColumnTransformer::new().add(number().then(StandardScaler::new()), ["rate"]),
        ColumnTransformer::new().text_to_number(number(), ["rate"]).add(StandardScaler::new(), ["rate"]),
        ColumnTransformer::new().add(number(), ["rate"]),
    ] {
        let (columns, _) = columns.fit_transform::<f64>(&table).unwrap();
        let domain = TrainingDomain::new().fit::<f64>(&columns, &table).unwrap();
        let flags = |rate: &str| domain.flags(&columns, &Record::new().with("rate", rate)).unwrap();
        assert_eq!(flags("7.655%"), []);
        assert!(matches!(flags("99%")[..], [DomainFlag::Above { value: 99.0, .. }, DomainFlag::Distant { .. }]));
    }
}

#[test]
fn a_domain_reads_back_and_changed_ones_are_refused() {
    let (columns, domain) = fitted();
    let text = serde_json::to_string(&domain).unwrap();
    let read: FittedDomain = serde_json::from_str(&text).unwrap();
    assert_eq!(read, domain);
    assert!(read.check(&columns).is_ok());
    for change in [
        FittedDomain { limit: -1.0, ..domain.clone() },
        FittedDomain { distance: EncodedDistance::fit(&DMatrix::zeros(3, 2)), ..domain.clone() },
        FittedDomain { columns: vec![ColumnDomain::of("other", &Column::Number(vec![1.0]), None)], ..domain.clone() },
    ] {
        assert!(change.check(&columns).is_err());
    }
}

#[test]
fn options_are_in_their_ranges() {
    let (columns, _) = fitted();
    for quantile in [0.0, 1.1, f64::NAN] {
        assert!(TrainingDomain::new().quantile(quantile).fit::<f64>(&columns, &rows()).is_err());
    }
    assert!(TrainingDomain::new().fit::<f64>(&columns, &rows().head(0)).is_err());
}

use crate::preprocessing::Column;
