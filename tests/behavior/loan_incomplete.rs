//! The comparison in the loan example of ways to use rows with missing values.

#[path = "../../examples/loan_default/incomplete/compare.rs"]
mod compare;

use compare::{Comparison, Settings};
use perceptra::preprocessing::Table;

/// Every fifth row lacks its income; `label` is that of a row by its income, its number and whether it lacks the income.
fn loans(label: impl Fn(f64, usize, bool) -> bool) -> Table {
    let income = |row: usize| ((row * 37) % 101) as f64;
    let lacks = |row: usize| row % 5 == 2;
    let rows = 0..1200;
    Table::new()
        .with_numbers("income", rows.clone().map(|row| if lacks(row) { f64::NAN } else { income(row) }))
        .and_then(|table| table.with_strings("term", rows.clone().map(|row| ["36 months", "60 months"][row % 2])))
        .and_then(|table| table.with_strings("home", rows.clone().map(|row| ["RENT", "OWN", "NONE"][row % 3])))
        .and_then(|table| {
            table.with_numbers("status", rows.map(|row| f64::from(u8::from(label(income(row), row, lacks(row))))))
        })
        .unwrap()
}

fn compared(table: &Table) -> perceptra::Result<Comparison> {
    let settings = Settings {
        target: "status",
        excluded: Vec::new(),
        text_numbers: Some("term"),
        threshold: 0.55,
        epochs: 4,
        split_seed: 1,
        seed: 1,
    };
    compare::compare(table, &settings)
}

#[test]
fn a_gain_by_gaps_of_one_label_is_an_artefact() {
    let comparison = compared(&loans(|income, row, lacks| lacks || income + (row % 89) as f64 > 150.0)).unwrap();
    assert_eq!((comparison.incomplete.rows, comparison.incomplete.rate()), (240, 1.0));
    assert_eq!(comparison.complete.rows, 960);
    for ways in [&comparison.imbalanced, &comparison.balanced] {
        assert!(ways.drops.rows == ways.keeps_complete.rows && ways.drops.rows < ways.keeps_all.rows);
        assert_eq!(ways.keeps_all.rows, 360);
        assert!(ways.gain() > 0.0 && ways.artefact() > 0.5 * ways.gain());
        assert_eq!((ways.train_incomplete.rate(), ways.indicator.precision), (1.0, 1.0));
        assert!(ways.indicator.recall < 1.0 && ways.indicator.accuracy < 1.0 && ways.indicator.log_loss > 0.0);
        // Of one label are all incomplete rows, and some of the others.
        assert!(ways.indicator.roc_auc > 0.7, "{}", ways.indicator.roc_auc);
    }
    let ones = |ways: &compare::Ways| (2 * ways.train.ones, ways.train.rows);
    assert!(ones(&comparison.imbalanced).0 != ones(&comparison.imbalanced).1);
    assert_eq!(ones(&comparison.balanced).0, ones(&comparison.balanced).1);
}

#[test]
fn gaps_that_are_chance_have_no_score() {
    let comparison = compared(&loans(|income, row, _| income + (row % 89) as f64 > 95.0)).unwrap();
    let indicator = comparison.imbalanced.indicator.roc_auc;
    assert!((indicator - 0.5).abs() < 0.05, "{indicator}");
}

#[test]
fn without_incomplete_rows_there_is_nothing_to_keep() {
    let complete = loans(|income, _, _| income > 50.0).drop_missing().unwrap();
    let error = compared(&complete).map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("960 complete and 0 incomplete rows"), "{error}");
}
