//! Encoders held to golden values, and what all of them have in common.

use super::{
    Column, DropCategory, FitInput, FittedTransformer, OneHotEncoder, Table, TextColumn, Transformer, Unknown,
};
use crate::reference::{self, Case};
use crate::{Error, Result};
use serde_json::Value;
use std::sync::Arc;

fn of_strings(strings: &[Option<&str>]) -> Table {
    Table::new().with_column("c", strings.iter().copied().collect::<TextColumn>()).unwrap()
}

fn of_numbers(numbers: Vec<f64>) -> Table {
    Table::new().with_numbers("c", numbers).unwrap()
}

/// Training rows and others: strings and numbers, some missing, some unknown.
fn tables() -> [(Table, Table); 2] {
    let case = reference::case("category_columns");
    let strings = |field| of_strings(&case.optional_strings(field));
    let numbers = |field| of_numbers(case.numbers(field));
    [(strings("train"), strings("other")), (numbers("numbers"), numbers("other_numbers"))]
}

/// The numbers of a table row by row.
fn rows(table: &Table) -> Vec<f64> {
    let columns: Vec<&[f64]> = table.names().iter().map(|name| table.numbers(name).unwrap()).collect();
    (0..table.nrows()).flat_map(|row| columns.iter().map(move |column| column[row])).collect()
}

/// Both are missing or close.
fn assert_same(found: &[f64], expected: &[f64], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (index, (a, b)) in found.iter().zip(expected).enumerate() {
        let same = a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-10 * b.abs().max(1.0);
        assert!(same, "{what}, {index}: {a}, expected {b}");
    }
}

/// Holds a column that came back against the fields of a case.
fn assert_back(case: &Case, found: &Column, what: &str) {
    match found {
        Column::Text(strings) => {
            assert_eq!(strings.iter().collect::<Vec<_>>(), case.optional_strings("back"), "{what}")
        }
        other => assert_same(other.as_numbers().unwrap(), &case.numbers("back_numbers"), what),
    }
}

/// Fitted, and what came of writing and reading its state.
fn fitted(transformer: &dyn Transformer, input: FitInput<'_>) -> [Arc<dyn FittedTransformer>; 2] {
    let fitted = transformer.fit(input).unwrap();
    let text = fitted.state().unwrap().to_string();
    let again = transformer.restore(serde_json::from_str(&text).unwrap()).unwrap();
    [fitted, again]
}

/// A row alone gives what it gives among others.
fn assert_rows_alone(fitted: &dyn FittedTransformer, table: &Table) {
    let whole = rows(&fitted.transform(table).unwrap());
    let alone = (0..table.nrows()).flat_map(|row| rows(&fitted.transform(&table.take(&[row]).unwrap()).unwrap()));
    assert_eq!(whole.iter().map(|x| x.to_bits()).collect::<Vec<_>>(), alone.map(f64::to_bits).collect::<Vec<_>>());
}

/// The options of the golden cases, in their order.
fn one_hot_encoders() -> Vec<OneHotEncoder> {
    let zeros = || OneHotEncoder::new().unknown(Unknown::Zeros);
    let grouped = || OneHotEncoder::new().unknown(Unknown::Infrequent);
    vec![
        zeros(),
        zeros().drop_category(DropCategory::First),
        zeros().min_frequency(2),
        grouped().min_frequency(2),
        grouped().min_frequency(0.15),
        grouped().min_frequency(3).drop_category(DropCategory::First),
        grouped().max_categories(3),
        grouped().max_categories(4).min_frequency(2),
        grouped().max_categories(1),
        grouped().max_categories(2).drop_category(DropCategory::IfBinary),
        grouped().max_categories(50),
        zeros().max_categories(5),
    ]
}

#[test]
fn one_hot_columns_are_those_of_the_reference() {
    for (name, (train, other)) in ["one_hot_strings", "one_hot_numbers"].into_iter().zip(tables()) {
        let cases = reference::case(name).list("cases");
        let encoders = one_hot_encoders();
        assert_eq!(encoders.len(), cases.len());
        for (encoder, case) in encoders.iter().zip(cases) {
            let what = format!("{name} {encoder:?}");
            for fitted in fitted(encoder, FitInput::new(&train)) {
                let names: Vec<Option<String>> = fitted.outputs().into_iter().map(Some).collect();
                let names: Vec<Option<&str>> = names.iter().map(|name| name.as_deref()).collect();
                assert_eq!(names, case.optional_strings("names"), "{what}");
                assert_eq!(fitted.width(), names.len());
                let encoded = fitted.transform(&train).unwrap();
                assert_same(&rows(&encoded), &case.numbers("train"), &what);
                assert_same(&rows(&fitted.transform(&other).unwrap()), &case.numbers("other"), &what);
                let back = fitted.inverse_transform(&encoded).unwrap();
                assert_back(&case, back.column("c").unwrap(), &what);
                assert_rows_alone(&*fitted, &other);
            }
        }
    }
}

#[test]
fn a_missing_value_is_a_category_where_one_was_missing_at_the_fit() {
    let some = of_strings(&[Some("b"), None, Some("a")]);
    let complete = of_strings(&[Some("b"), Some("a")]);
    let strict = OneHotEncoder::new().fit(&some, ["c"]).unwrap();
    assert_eq!(
        (strict.names(), strict.has_missing("c")),
        (["c_a", "c_b", "c_missing"].map(String::from).into(), Some(true))
    );
    let x = strict.transform::<f64>(&some).unwrap();
    assert_eq!(x.column(2).as_slice(), [0.0, 1.0, 0.0]);
    let of_complete = OneHotEncoder::new().fit(&complete, ["c"]).unwrap();
    assert!(matches!(of_complete.transform::<f64>(&some), Err(Error::MissingValue { .. })));
    let all = of_strings(&[None, None]);
    let encoder = OneHotEncoder::new().fit(&all, ["c"]).unwrap();
    assert_eq!(
        (encoder.names(), encoder.transform::<f64>(&all).unwrap().as_slice()),
        (vec!["c_missing".into()], &[1.0, 1.0][..])
    );
    let owner =
        Table::new().with_column("c", [Some(true), None].into_iter().collect::<super::BooleanColumn>()).unwrap();
    let encoder = OneHotEncoder::new().fit(&owner, ["c"]).unwrap();
    assert_eq!(encoder.names(), ["c_true", "c_missing"]);
    let given = OneHotEncoder::new().categories(["a", "b", "z"]).fit(&some, ["c"]).unwrap();
    assert_eq!(given.names(), ["c_a", "c_b", "c_z", "c_missing"]);
    let back = given.inverse_transform(&FittedTransformer::transform(&given, &some).unwrap()).unwrap();
    assert_eq!(back.text("c").unwrap().iter().collect::<Vec<_>>(), some.text("c").unwrap().iter().collect::<Vec<_>>());
}

#[test]
fn a_row_of_zeros_has_no_inverse_where_an_unknown_category_is_an_error() {
    let zeros = Table::new().with_numbers("c_a", [1.0, 0.0]).unwrap().with_numbers("c_b", [0.0, 0.0]).unwrap();
    let train = of_strings(&[Some("a"), Some("b")]);
    let error = OneHotEncoder::new().fit(&train, ["c"]).unwrap().inverse_transform(&zeros).unwrap_err().to_string();
    assert!(error.contains("row 1") && error.contains("all 0"), "{error}");
    let lenient = OneHotEncoder::new().unknown(Unknown::Zeros).fit(&train, ["c"]).unwrap();
    let back = lenient.inverse_transform(&zeros).unwrap();
    assert_eq!(back.text("c").unwrap().iter().collect::<Vec<_>>(), [Some("a"), None]);
}

#[test]
fn arguments_of_encoders_are_in_their_ranges() {
    let train = of_strings(&[Some("a"), Some("b")]);
    let message = |encoder: OneHotEncoder| encoder.fit(&train, ["c"]).unwrap_err().to_string();
    assert!(
        message(OneHotEncoder::new().min_frequency(0)).contains("min_frequency is 0; expected a count of at least 1")
    );
    assert!(
        message(OneHotEncoder::new().min_frequency(1.0))
            .contains("min_frequency is 1.0; expected a fraction in (0, 1)")
    );
    assert!(message(OneHotEncoder::new().min_frequency(f64::NAN)).contains("min_frequency is NaN"));
    assert!(message(OneHotEncoder::new().max_categories(0)).contains("max_categories is 0"));
    assert!(message(OneHotEncoder::new().categories([f64::NAN])).contains("no finite number"));
    let infinite = of_numbers(vec![1.0, f64::INFINITY]);
    assert!(matches!(OneHotEncoder::new().fit(&infinite, ["c"]), Err(Error::NotFinite { row: 1, .. })));
    let lenient = OneHotEncoder::new().unknown(Unknown::Zeros).fit(&of_numbers(vec![1.0]), ["c"]).unwrap();
    assert!(matches!(lenient.transform::<f64>(&infinite), Err(Error::NotFinite { row: 1, .. })));
    for config in [serde_json::json!({ "min_frequency": 2 }), serde_json::json!({ "min_frequency": 0.25 })] {
        let encoder = super::get("OneHotEncoder", config.clone()).unwrap();
        assert_eq!(encoder.config().unwrap()["min_frequency"], config["min_frequency"]);
    }
}

#[test]
fn blocks_count_infrequent_and_missing_categories() -> Result<()> {
    let (train, _) = tables()[0].clone();
    for encoder in one_hot_encoders() {
        let mut accumulator = encoder.accumulator().unwrap();
        for row in 0..train.nrows() {
            accumulator.update(FitInput::new(&train.take(&[row])?))?;
        }
        let whole = Transformer::fit(&encoder, FitInput::new(&train))?;
        assert_eq!(accumulator.finish()?.state()?, whole.state()?, "{encoder:?}");
    }
    Ok(())
}

/// What a field of the state of the fitted becomes, at a path in JSON.
fn hostile(transformer: &dyn Transformer, state: &Value, pointer: &str, value: Value) {
    let mut changed = state.clone();
    *changed.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer} in {state}")) = value;
    let restored = transformer.restore(changed.clone());
    assert!(matches!(restored, Err(Error::Configuration { .. })), "{changed}: {restored:?}");
}

#[test]
fn states_that_no_fit_wrote_are_refused() {
    let (train, _) = tables()[0].clone();
    let encoder = OneHotEncoder::new().min_frequency(2);
    let state = Transformer::fit(&encoder, FitInput::new(&train)).unwrap().state().unwrap();
    let column = "/encoder/columns/0";
    for (field, value) in [
        ("infrequent", serde_json::json!([3, 3])),
        ("infrequent", serde_json::json!([7])),
        ("categories", serde_json::json!(["a", "a", "b", "c", "d", "e", "f"])),
        ("categories", serde_json::json!([])),
        ("name", Value::Null),
    ] {
        hostile(&encoder, &state, &format!("{column}/{field}"), value);
    }
}
