//! One-hot columns.

use super::super::{
    BooleanColumn, ColumnTransformer, DropCategory, FitInput, FittedTransformer, OneHotEncoder, Table, Transformer,
    Unknown,
};
use super::{assert_back, assert_rows_alone, assert_same, fitted, hostile, of_numbers, of_strings, rows, tables};
use crate::{Error, Result, reference};
use serde_json::{Value, json};

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
    let owner = Table::new().with_column("c", [Some(true), None].into_iter().collect::<BooleanColumn>()).unwrap();
    let encoder = OneHotEncoder::new().fit(&owner, ["c"]).unwrap();
    assert_eq!(encoder.names(), ["c_true", "c_missing"]);
    let given = OneHotEncoder::new().categories(["a", "b", "z"]).fit(&some, ["c"]).unwrap();
    assert_eq!(given.names(), ["c_a", "c_b", "c_z", "c_missing"]);
    let back = given.inverse_transform(&FittedTransformer::transform(&given, &some).unwrap()).unwrap();
    assert_eq!(
        back.strings("c").unwrap().iter().collect::<Vec<_>>(),
        some.strings("c").unwrap().iter().collect::<Vec<_>>()
    );
}

#[test]
fn a_category_that_is_called_missing_or_infrequent_has_its_name() {
    let train =
        of_strings(&[Some("missing"), None, Some("infrequent"), Some("infrequent"), Some("missing"), None, Some("a")]);
    let encoder = OneHotEncoder::new().min_frequency(2);
    let columns = ColumnTransformer::new().add(encoder, ["c"]).fit(&train).unwrap();
    assert_eq!(columns.names(), ["c_infrequent", "c_missing", "c_missing_", "c_infrequent_"]);
}

#[test]
fn a_row_of_zeros_has_no_inverse_where_an_unknown_category_is_an_error() {
    let zeros = Table::new().with_numbers("c_a", [1.0, 0.0]).unwrap().with_numbers("c_b", [0.0, 0.0]).unwrap();
    let train = of_strings(&[Some("a"), Some("b")]);
    let error = OneHotEncoder::new().fit(&train, ["c"]).unwrap().inverse_transform(&zeros).unwrap_err().to_string();
    assert!(error.contains("row 1") && error.contains("all 0"), "{error}");
    let lenient = OneHotEncoder::new().unknown(Unknown::Zeros).fit(&train, ["c"]).unwrap();
    let back = lenient.inverse_transform(&zeros).unwrap();
    assert_eq!(back.strings("c").unwrap().iter().collect::<Vec<_>>(), [Some("a"), None]);
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
    assert!(message(OneHotEncoder::new().categories([f64::NAN])).contains("not a finite number"));
    let infinite = of_numbers(vec![1.0, f64::INFINITY]);
    assert!(matches!(OneHotEncoder::new().fit(&infinite, ["c"]), Err(Error::InfiniteValue { .. })));
    let lenient = OneHotEncoder::new().unknown(Unknown::Zeros).fit(&of_numbers(vec![1.0]), ["c"]).unwrap();
    assert!(matches!(lenient.transform::<f64>(&infinite), Err(Error::InfiniteValue { .. })));
    for config in [json!({ "min_frequency": 2 }), json!({ "min_frequency": 0.25 })] {
        let encoder = super::super::get("OneHotEncoder", config.clone()).unwrap();
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

#[test]
fn states_that_no_fit_wrote_are_refused() {
    let (train, _) = tables()[0].clone();
    let encoder = OneHotEncoder::new().min_frequency(2);
    let state = Transformer::fit(&encoder, FitInput::new(&train)).unwrap().state().unwrap();
    let column = "/encoder/columns/0";
    for (field, value) in [
        ("infrequent", json!([3, 3])),
        ("infrequent", json!([7])),
        ("categories", json!(["a", "a", "b", "c", "d", "e", "f"])),
        ("categories", json!([])),
        ("name", Value::Null),
    ] {
        hostile(&encoder, &state, &format!("{column}/{field}"), value);
    }
}
