use super::super::Target;
use super::*;
use crate::Error;
use crate::Result;
use crate::preprocessing::{Table, Value};
use nalgebra::DMatrix;

fn table() -> Table {
    Table::new()
        .with_strings("status", ["paid", "default", "paid", "default"])
        .and_then(|table| table.with_numbers("grade", [3.0, 1.0, 2.0, 1.0]))
        .and_then(|table| table.with_numbers("price", [0.0, 10.0, 100.0, 1000.0]))
        .and_then(|table| table.with_booleans("late", [true, false, true, true]))
        .unwrap()
}

fn fitted(target: Target) -> Result<FittedTarget> {
    target.fit(&table(), None)
}

#[test]
fn labels_of_integers_keep_their_digits_and_their_order() {
    let long = 1 << 53;
    let integers = |values: [i64; 3]| Table::new().with_integers("y", values).unwrap();
    let found = Target::multiclass("y").fit(&integers([10, 9, -1]), None).unwrap();
    assert_eq!(found.labels(), [(-1.0).into(), 9.0.into(), 10.0.into()]);
    let ids = integers([long + 1, 9, 1]);
    let found = Target::multiclass("y").fit(&ids, None).unwrap();
    assert_eq!(found.labels(), ["1".into(), "9".into(), Value::from("9007199254740993")]);
    assert_eq!(found.classes(&ids).unwrap(), [2, 1, 0]);
    let dates = ["2024-03-01", "2024-02-29"].map(|text| text.parse().unwrap());
    let dates = Table::new().with_date_times("y", dates).unwrap();
    assert_eq!(Target::binary("y").fit(&dates, None).unwrap().classes(&dates).unwrap(), [1, 0]);
    let regression = Target::regression("y").fit(&dates, None).unwrap_err().to_string();
    assert!(regression.contains("DateParts or Elapsed"), "{regression}");
    assert!(Target::regression("y").fit(&integers([1, 2, 3]), None).is_ok());
}

#[test]
fn the_positive_label_is_found_or_given() {
    let found = fitted(Target::binary("status")).unwrap();
    assert_eq!(found.positive_label(), Some(&Value::from("paid")));
    let given = fitted(Target::binary("status").positive("default")).unwrap();
    assert_eq!(given.positive_label(), Some(&Value::from("default")));
    assert_eq!(given.classes(&table()).unwrap(), [0, 1, 0, 1]);
    assert_eq!(fitted(Target::binary("late")).unwrap().classes(&table()).unwrap(), [1, 0, 1, 1]);
    let message = fitted(Target::binary("status").positive("late")).unwrap_err().to_string();
    assert!(message.contains("\"default\" or \"paid\""), "{message}");
}

#[test]
fn classes_are_encoded_for_either_form_of_a_loss() {
    let target = fitted(Target::multiclass("grade")).unwrap();
    assert_eq!(target.outputs(), 3);
    assert_eq!(target.encode::<f64>(&table(), ClassForm::Index).unwrap().as_slice(), [2.0, 0.0, 1.0, 0.0]);
    let one_hot = target.encode::<f32>(&table(), ClassForm::OneHot).unwrap();
    assert_eq!(one_hot.row(0).iter().copied().collect::<Vec<_>>(), [0.0, 0.0, 1.0]);
    let message = fitted(Target::binary("grade")).unwrap_err().to_string();
    assert!(message.contains("Target::multiclass"), "{message}");
    let other = Table::new().with_numbers("grade", [9.0]).unwrap();
    assert!(target.classes(&other).unwrap_err().to_string().contains("1, 2, 3"));
}

#[test]
fn numbers_come_back_in_their_units() {
    for target in [
        Target::regression("price"),
        Target::regression("price").log(true),
        Target::regression("price").standardize(false),
        Target::multi_regression(["price", "grade"]).clamp(true),
    ] {
        let target = fitted(target).unwrap();
        let learned = target.encode::<f64>(&table(), ClassForm::OneHot).unwrap();
        let expected = target.values(&table()).unwrap();
        approx::assert_relative_eq!(target.decode(learned), expected, epsilon = 1e-9, max_relative = 1e-12);
    }
    let clamped = fitted(Target::regression("price").clamp(true)).unwrap();
    assert_eq!(clamped.decode(DMatrix::from_element(1, 1, 1e9))[0], 1000.0);
}

#[test]
fn unfit_columns_are_refused() {
    let message = |target| fitted(target).unwrap_err().to_string();
    assert!(message(Target::multilabel(["late", "grade"])).contains("0 and 1"));
    assert!(message(Target::regression("status")).contains("status"));
    let missing = Table::new().with_numbers("y", [1.0, f64::NAN]).unwrap();
    for target in [Target::binary("y"), Target::multiclass("y"), Target::regression("y"), Target::multilabel(["y"])] {
        let error = target.fit(&missing, None).unwrap_err();
        assert!(matches!(error, Error::MissingValue { .. }));
        assert!(error.to_string().contains("drop_missing_in([\"y\"])"), "{error}");
    }
    let negative = Table::new().with_numbers("y", [1.0, -2.0]).unwrap();
    assert!(Target::regression("y").log(true).fit(&negative, None).unwrap_err().to_string().contains("at least 0"));
    let constant = Table::new().with_strings("y", ["a", "a"]).unwrap();
    assert!(Target::binary("y").fit(&constant, None).unwrap_err().to_string().contains("\"a\" in every row"));
}

#[test]
fn a_target_reads_back() {
    for target in [Target::binary("late"), Target::multiclass("status"), Target::regression("price").log(true)] {
        let target = fitted(target).unwrap();
        let config = serde_json::to_value(&target).unwrap();
        assert_eq!(FittedTarget::from_config(config).unwrap(), target);
    }
}
