//! Ordinal codes.

use super::super::{
    ColumnTransformer, FitInput, FittedTransformer, MissingCode, OrdinalEncoder, Transformer, UnknownCode,
};
use super::{assert_back, assert_rows_alone, assert_same, fitted, hostile, of_numbers, of_strings, rows, tables};
use crate::{Error, reference};
use serde_json::json;

fn ordinal_encoders() -> Vec<OrdinalEncoder> {
    let lenient = || OrdinalEncoder::new().unknown(UnknownCode::Value(-1.0)).missing(MissingCode::Missing);
    vec![
        lenient(),
        lenient().unknown(UnknownCode::Missing).missing(MissingCode::Value(-2.0)),
        lenient().min_frequency(2),
        lenient().min_frequency(0.15).missing(MissingCode::Value(-2.0)),
        lenient().max_categories(3),
        lenient().max_categories(1),
        lenient().max_categories(4).min_frequency(2),
    ]
}

#[test]
fn ordinal_codes_are_those_of_the_reference() {
    let some = tables();
    let complete = tables().map(|(train, other)| (train.drop_missing().unwrap(), other.drop_missing().unwrap()));
    let names = ["ordinal_strings", "ordinal_numbers", "ordinal_complete_strings", "ordinal_complete_numbers"];
    for (name, (train, other)) in names.into_iter().zip(some.into_iter().chain(complete)) {
        let cases = reference::case(name).list("cases");
        let encoders = ordinal_encoders();
        assert_eq!(encoders.len(), cases.len());
        for (encoder, case) in encoders.iter().zip(cases) {
            let what = format!("{name} {encoder:?}");
            for fitted in fitted(encoder, FitInput::new(&train)) {
                assert_eq!(fitted.outputs(), ["c"]);
                let codes = fitted.transform(&train).unwrap();
                assert_same(&rows(&codes), &case.numbers("train"), &what);
                assert_same(&rows(&fitted.transform(&other).unwrap()), &case.numbers("other"), &what);
                if name.contains("complete") {
                    assert_back(&case, fitted.inverse_transform(&codes).unwrap().column("c").unwrap(), &what);
                }
                assert_rows_alone(&*fitted, &other);
            }
        }
    }
    let table = of_strings(&["high", "low", "low", "medium"].map(Some));
    let given = OrdinalEncoder::new().categories([["low", "medium", "high"]]).fit(FitInput::new(&table)).unwrap();
    let codes = reference::case("ordinal_given").numbers("codes");
    assert_eq!(rows(&FittedTransformer::transform(&given, &table).unwrap()), codes);
}

#[test]
fn a_missing_value_has_the_last_ordinal_code() {
    let (train, _) = tables()[0].clone();
    let fitted = OrdinalEncoder::new().max_categories(3).fit(FitInput::new(&train)).unwrap();
    let table = of_strings(&[Some("a"), Some("b"), Some("f"), None]);
    let codes = FittedTransformer::transform(&fitted, &table).unwrap();
    // The last of the ties "a" and "c" with "b" is frequent.
    assert_eq!(codes.numbers("c").unwrap(), [0.0, 1.0, 2.0, 3.0]);
    let back = fitted.inverse_transform(&codes).unwrap();
    assert_eq!(back.strings("c").unwrap().iter().collect::<Vec<_>>(), [Some("a"), Some("b"), Some("infrequent"), None]);
    let complete = of_strings(&[Some("a")]);
    let strict = OrdinalEncoder::new().missing(MissingCode::Missing).fit(FitInput::new(&complete)).unwrap();
    assert!(matches!(strict.transform(&table), Err(Error::UnknownCategory { .. })));
    assert!(matches!(strict.transform(&of_strings(&[None])), Err(Error::MissingValue { .. })));
    let columns = ColumnTransformer::new().add(OrdinalEncoder::new().missing(MissingCode::Missing), ["c"]);
    let columns = columns.fit(&train).unwrap();
    assert!(matches!(columns.transform::<f32>(&train), Err(Error::MissingValue { .. })));
}

#[test]
fn ordinal_codes_that_are_ambiguous_are_refused() {
    let train = of_strings(&[Some("a"), Some("b"), None]);
    let message = |encoder: OrdinalEncoder| encoder.fit(FitInput::new(&train)).unwrap_err().to_string();
    let new = OrdinalEncoder::new;
    assert!(
        message(new().unknown(UnknownCode::Value(1.0)))
            .contains("unknown is 1; expected a number that is the code of no")
    );
    assert!(message(new().unknown(UnknownCode::Value(2.0))).contains("unknown is 2"), "that of a missing value");
    assert!(message(new().missing(MissingCode::Value(0.0))).contains("missing is 0"));
    assert!(message(new().missing(MissingCode::Value(f64::NAN))).contains("MissingCode::Missing"));
    assert!(message(new().unknown(UnknownCode::Value(f64::INFINITY))).contains("UnknownCode::Missing"));
    assert!(
        message(new().categories([["a"], ["b"]]))
            .contains("categories is 2 lists; expected one list for each of the 1")
    );
    assert!(message(new().categories([["a"]])).contains("category \"b\" is unknown"));
    assert!(message(new().categories([["a", "b", "a"]])).contains("\"a\" twice"));
    let fitted = new().fit(FitInput::new(&train)).unwrap();
    let error = fitted.inverse_transform(&of_numbers(vec![0.0, 0.5])).unwrap_err().to_string();
    assert!(error.contains("row 1") && error.contains("0.5 is the code of no category"), "{error}");
}

#[test]
fn ordinal_states_that_no_fit_wrote_are_refused() {
    let (train, _) = tables()[0].clone();
    let ordinal = OrdinalEncoder::new();
    let state = Transformer::fit(&ordinal, FitInput::new(&train)).unwrap().state().unwrap();
    hostile(&ordinal, &state, "/columns/0/infrequent", json!([6]));
    hostile(&ordinal, &state, "/columns/0/infrequent", json!([2, 1]));
    hostile(&ordinal, &state, "/unknown", json!({ "Value": 1.0 }));
    hostile(&ordinal, &state, "/columns/0/categories", json!(["a", "a"]));
}
