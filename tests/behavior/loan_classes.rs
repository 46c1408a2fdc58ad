//! How the loan example takes the classes of a file.

#[path = "../../examples/loan_default/load/classes.rs"]
mod classes;

use perceptra::preprocessing::{CsvOptions, Table};

fn status(values: &str) -> Table {
    CsvOptions::new().read_from(format!("status\n{values}").as_bytes(), "loans.csv").unwrap()
}

#[test]
fn a_status_is_zero_and_one() {
    for labels in ["0\n1\n", "1.0\n0.0\nNA\n", "False\nTrue\n"] {
        classes::check_status(&status(labels), "status").unwrap();
    }
    for (labels, what) in [
        ("Fully Paid\nCharged Off\n", "strings"),
        ("0\n2\n", "other numbers"),
        ("0\n1\n2\n", "other numbers"),
        ("0\n0\n", "other numbers or one class only"),
    ] {
        let error = classes::check_status(&status(labels), "status").unwrap_err().to_string();
        assert!(error.contains(what) && error.contains("add --target status"), "{error}");
    }
}

#[test]
fn the_advised_option_takes_any_two_values() {
    let (table, names) = classes::as_numbers(&status("Fully Paid\nCharged Off\nFully Paid\n"), "status").unwrap();
    assert_eq!(table.numbers("status").unwrap(), [0.0, 1.0, 0.0]);
    assert_eq!(names, ["Fully Paid", "Charged Off"]);
    let (table, _) = classes::as_numbers(&status("2\n0\n"), "status").unwrap();
    assert_eq!(table.numbers("status").unwrap(), [1.0, 0.0]);
}
