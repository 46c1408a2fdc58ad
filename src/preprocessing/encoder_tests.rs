//! Encoders held to golden values, and what all of them have in common.

use super::{
    Column, ColumnTransformer, DropCategory, FitInput, FittedTransformer, FrequencyEncoder, MissingCode, OneHotEncoder,
    OrdinalEncoder, Smooth, Table, TargetEncoder, TargetType, TextColumn, Transformer, Unknown, UnknownCode,
    WeightOfEvidence,
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
fn a_missing_value_has_an_ordinal_code_behind_the_others() {
    let (train, _) = tables()[0].clone();
    let fitted = OrdinalEncoder::new().max_categories(3).fit(FitInput::new(&train)).unwrap();
    let table = of_strings(&[Some("a"), Some("b"), Some("f"), None]);
    let codes = FittedTransformer::transform(&fitted, &table).unwrap();
    // The last of the ties "a" and "c" with "b" is frequent.
    assert_eq!(codes.numbers("c").unwrap(), [0.0, 1.0, 2.0, 3.0]);
    let back = fitted.inverse_transform(&codes).unwrap();
    assert_eq!(back.text("c").unwrap().iter().collect::<Vec<_>>(), [Some("a"), Some("b"), Some("infrequent"), None]);
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

/// Two columns of training rows, others, and a target.
fn target_tables(target: &str) -> (Table, Table, Table) {
    let case = reference::case("target_columns");
    let table = |city, floor| {
        let strings: TextColumn = case.optional_strings(city).into_iter().collect();
        let table = Table::new().with_column("city", strings).unwrap();
        table.with_numbers("floor", case.numbers(floor)).unwrap()
    };
    let target = match target {
        "price" | "flag" => Table::new().with_numbers(target, case.numbers(target)).unwrap(),
        strings => {
            let strings: TextColumn = case.optional_strings(strings).into_iter().collect();
            Table::new().with_column(target, strings).unwrap()
        }
    };
    (table("city", "floor"), table("other_city", "other_floor"), target)
}

#[test]
fn target_encodings_are_those_of_the_reference() {
    for (target, name) in [("price", "price"), ("status", "status"), ("flag", "status"), ("grade", "grade")] {
        let (train, other, y) = target_tables(target);
        let smooths = [Smooth::Auto, Smooth::Value(0.0), Smooth::Value(1.0), Smooth::Value(20.0)];
        for (smooth, case) in smooths.into_iter().zip(reference::case(&format!("target_{name}")).list("cases")) {
            let what = format!("{target} {smooth:?}");
            let encoder = TargetEncoder::new().smooth(smooth).shuffle(false);
            let input = || FitInput::new(&train).with_target(&y).unwrap();
            for fitted in fitted(&encoder, input()) {
                let names = case.optional_strings("names").into_iter().flatten().map(String::from).collect::<Vec<_>>();
                assert_eq!((fitted.outputs(), fitted.width()), (names.clone(), names.len()), "{what}");
                assert_same(&rows(&fitted.transform(&other).unwrap()), &case.numbers("other"), &what);
                assert_rows_alone(&*fitted, &other);
            }
            let (_, crossed) = encoder.fit_transform(input()).unwrap();
            assert_same(&rows(&crossed.unwrap()), &case.numbers("crossed"), &what);
            assert_same(encoder.fit(input()).unwrap().target_mean(), &case.numbers("mean"), &what);
        }
    }
}

#[test]
fn weights_of_evidence_are_those_of_the_formula() {
    for target in ["status", "flag"] {
        let (train, other, y) = target_tables(target);
        for (smoothing, case) in [0.5, 2.0].into_iter().zip(reference::case("weight_of_evidence").list("cases")) {
            let encoder = WeightOfEvidence::new().smoothing(smoothing).shuffle(false);
            let input = || FitInput::new(&train).with_target(&y).unwrap();
            for fitted in fitted(&encoder, input()) {
                assert_same(&rows(&fitted.transform(&train).unwrap()), &case.numbers("train"), target);
                assert_same(&rows(&fitted.transform(&other).unwrap()), &case.numbers("other"), target);
                assert_rows_alone(&*fitted, &other);
            }
            let (_, crossed) = encoder.fit_transform(input()).unwrap();
            assert_same(&rows(&crossed.unwrap()), &case.numbers("crossed"), target);
            let fitted = encoder.fit(input()).unwrap();
            let (names, values): (Vec<&str>, Vec<f64>) = fitted.information_values().into_iter().unzip();
            assert_eq!(names, ["city", "floor"]);
            assert_same(&values, &case.numbers("information_values"), target);
        }
    }
}

#[test]
fn frequencies_are_counts_or_fractions_of_the_training_rows() -> Result<()> {
    let (train, other, _) = target_tables("price");
    for (normalize, field) in [(true, "fractions"), (false, "counts")] {
        let encoder = FrequencyEncoder::new().normalize(normalize);
        for fitted in fitted(&encoder, FitInput::new(&train)) {
            assert_same(&rows(&fitted.transform(&other)?), &reference::case("frequencies").numbers(field), field);
            assert_rows_alone(&*fitted, &other);
            assert!(matches!(fitted.inverse_transform(&other), Err(Error::Layer { .. })));
        }
        let mut blocks = encoder.accumulator().unwrap();
        for row in 0..train.nrows() {
            blocks.update(FitInput::new(&train.take(&[row])?))?;
        }
        assert_eq!(blocks.finish()?.state()?, Transformer::fit(&encoder, FitInput::new(&train))?.state()?);
    }
    Ok(())
}

#[test]
fn an_encoding_of_a_training_row_does_not_depend_on_its_own_target() -> Result<()> {
    let rows = 40;
    let train = Table::new().with_numbers("id", (0..rows).map(f64::from))?;
    let y = |flipped: bool| {
        Table::new()
            .with_numbers("y", (0..rows).map(|row| f64::from(u8::from((row % 3 == 0) != (flipped && row == 7)))))
    };
    for encoder in [
        Arc::new(TargetEncoder::new().target_type(TargetType::Continuous)) as Arc<dyn Transformer>,
        Arc::new(WeightOfEvidence::new().shuffle(false)),
    ] {
        let made = |flipped| {
            let y = y(flipped)?;
            let columns = ColumnTransformer::new().add(Arc::clone(&encoder), ["id"]);
            let input = FitInput::new(&train).with_target(&y)?.with_seed(3);
            Ok::<_, Error>(columns.fit_transform_with::<f64>(input)?.1[7])
        };
        assert_eq!(made(false)?, made(true)?, "{encoder:?}");
    }
    let of_seed = |seed| {
        let y = y(false)?;
        let train = Table::new().with_numbers("c", (0..rows).map(|row| f64::from(row % 2)))?;
        let input = FitInput::new(&train).with_target(&y)?.with_seed(seed);
        let made = TargetEncoder::new().fit_transform(input)?.1.unwrap_or_default();
        Ok::<_, Error>(made.numbers("c")?.to_vec())
    };
    assert_eq!(of_seed(1)?, of_seed(1)?);
    assert_ne!(of_seed(1)?, of_seed(2)?);
    Ok(())
}

#[test]
fn targets_that_do_not_fit_are_refused() {
    let (train, _, price) = target_tables("price");
    let (.., grade) = target_tables("grade");
    let refused = |encoder: &dyn Transformer, target: Option<&Table>, part: &str| {
        let mut input = FitInput::new(&train);
        if let Some(target) = target {
            input = input.with_target(target).unwrap();
        }
        let message = encoder.fit_transform(input).unwrap_err().to_string();
        assert!(message.contains(part), "\"{part}\" is not in: {message}");
    };
    let (target, weight) = (TargetEncoder::new(), WeightOfEvidence::new());
    refused(&target, None, "the target of TargetEncoder is empty; pass one with FitInput::with_target");
    refused(&weight, None, "the target of WeightOfEvidence is empty");
    refused(&weight, Some(&grade), "target is a column of 4 classes, \"grade\"; expected two classes");
    refused(&target.clone().target_type(TargetType::Binary), Some(&grade), "expected two classes");
    refused(&target.clone().target_type(TargetType::Continuous), Some(&grade), "is not a number");
    let both = price.with_column("grade", grade.column("grade").unwrap().clone()).unwrap();
    refused(&target, Some(&both), "target is 2 columns: price, grade; expected one column");
    let mut numbers = price.numbers("price").unwrap().to_vec();
    numbers[4] = f64::NAN;
    refused(&target, Some(&Table::new().with_numbers("price", numbers.clone()).unwrap()), "the value is missing");
    numbers[4] = f64::INFINITY;
    refused(&target, Some(&Table::new().with_numbers("price", numbers).unwrap()), "the target");
    refused(
        &target.clone().cv(62),
        Some(&price),
        "cv is 62; expected at least 2 and no more than the 61 training rows",
    );
    refused(&target.clone().cv(1), Some(&price), "cv is 1");
    refused(&target.smooth(-1.0), Some(&price), "smooth is -1");
    refused(&weight.smoothing(0.0), Some(&price), "smoothing is 0");
    let one = (train.head(1), price.head(1));
    let input = || FitInput::new(&one.0).with_target(&one.1).unwrap();
    assert!(TargetEncoder::new().fit(input()).is_ok());
    assert!(matches!(TargetEncoder::new().fit_transform(input()), Err(Error::Argument { argument: "cv", .. })));
}

#[test]
fn constant_columns_and_targets_have_the_mean() -> Result<()> {
    let table = Table::new().with_text("c", ["x"; 10])?.with_text("d", (0..10).map(|row| row.to_string()))?;
    let y = Table::new().with_numbers("y", [2.5; 10])?;
    let (fitted, crossed) = TargetEncoder::new().fit_transform(FitInput::new(&table).with_target(&y)?)?;
    assert_eq!(rows(&fitted.transform(&table)?), [2.5; 20]);
    assert_eq!(rows(&crossed.unwrap_or_default()), [2.5; 20]);
    let ones = Table::new().with_booleans("y", [true; 10])?;
    let input = || FitInput::new(&table).with_target(&ones);
    assert_eq!(rows(&TargetEncoder::new().fit(input()?)?.transform(&table)?), [1.0; 20], "a single class that is true");
    let weights = WeightOfEvidence::new().fit(input()?)?;
    assert!(rows(&weights.transform(&table)?).iter().all(|weight| weight.is_finite()));
    for size in [1e-300, 1e300] {
        let y = Table::new().with_numbers("y", (0..10).map(|row| f64::from(row / 2) * size * 0.5))?;
        let fitted = TargetEncoder::new().fit(FitInput::new(&table).with_target(&y)?)?;
        approx::assert_relative_eq!(fitted.target_mean()[0], size, max_relative = 1e-14);
        let encoded = fitted.transform(&table)?;
        approx::assert_relative_eq!(encoded.numbers("d")?[9], 2.0 * size, max_relative = 1e-14);
    }
    Ok(())
}

#[test]
fn a_hundred_thousand_categories_are_encoded() -> Result<()> {
    let count = 100_000;
    let table = Table::new().with_text("c", (0..count).map(|row| format!("category {row}")))?;
    let y = Table::new().with_numbers("y", (0..count).map(|row| f64::from(row % 7) + 0.5))?;
    for encoder in [
        Arc::new(FrequencyEncoder::new()) as Arc<dyn Transformer>,
        Arc::new(OrdinalEncoder::new()),
        Arc::new(TargetEncoder::new()),
        Arc::new(OneHotEncoder::new().max_categories(10)),
    ] {
        let (fitted, _) = encoder.fit_transform(FitInput::new(&table).with_target(&y)?)?;
        assert_eq!(fitted.transform(&table)?.nrows(), count as usize);
    }
    Ok(())
}

#[test]
fn states_of_mapped_columns_that_no_fit_wrote_are_refused() {
    let (train, _, flag) = target_tables("flag");
    let state = |encoder: &dyn Transformer| {
        let input = FitInput::new(&train).with_target(&flag).unwrap();
        encoder.fit(input).unwrap().state().unwrap()
    };
    let (frequency, target, weight) = (FrequencyEncoder::new(), TargetEncoder::new(), WeightOfEvidence::new());
    for encoder in [&frequency as &dyn Transformer, &target, &weight] {
        let state = state(encoder);
        for (pointer, value) in [
            ("/columns/0/values/0", serde_json::json!([0.5])),
            ("/columns/0/values", serde_json::json!([])),
            ("/columns/0/outputs", serde_json::json!(["a", "b"])),
            ("/columns/0/values/0/0", Value::Null),
            ("/columns/0/categories", serde_json::json!(["a", "a", "b", "c", "d", "e"])),
            ("/columns/1/name", "city".into()),
        ] {
            hostile(encoder, &state, pointer, value);
        }
    }
    hostile(&target, &state(&target), "/target_mean", serde_json::json!([]));
    hostile(&weight, &state(&weight), "/information_values", serde_json::json!([0.5]));
    let ordinal = OrdinalEncoder::new();
    let state = state(&ordinal);
    hostile(&ordinal, &state, "/columns/0/infrequent", serde_json::json!([6]));
    hostile(&ordinal, &state, "/columns/0/infrequent", serde_json::json!([2, 1]));
    hostile(&ordinal, &state, "/unknown", serde_json::json!({ "Value": 1.0 }));
    hostile(&ordinal, &state, "/columns/1/categories", serde_json::json!([1.0, 1.0]));
}
