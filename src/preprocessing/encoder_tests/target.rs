//! Encodings by the target and by frequency.

use super::super::{
    ColumnTransformer, FitInput, FittedTransformer, FrequencyEncoder, OneHotEncoder, OrdinalEncoder, Smooth,
    StringColumn, Table, TargetEncoder, TargetType, Transformer, WeightOfEvidence,
};
use super::{assert_rows_alone, assert_same, fitted, hostile, rows};
use crate::{Error, Result, reference};
use serde_json::{Value, json};
use std::sync::Arc;

/// Two columns of training rows, others, and a target.
fn target_tables(target: &str) -> (Table, Table, Table) {
    let case = reference::case("target_columns");
    let table = |city, floor| {
        let strings: StringColumn = case.optional_strings(city).into_iter().collect();
        let table = Table::new().with_column("city", strings).unwrap();
        table.with_numbers("floor", case.numbers(floor)).unwrap()
    };
    let target = match target {
        "price" | "flag" => Table::new().with_numbers(target, case.numbers(target)).unwrap(),
        strings => {
            let strings: StringColumn = case.optional_strings(strings).into_iter().collect();
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
    refused(&target, Some(&Table::new().with_numbers("price", numbers).unwrap()), "the value is inf");
    refused(
        &target.clone().cv(62),
        Some(&price),
        "cv is 62; expected at least 2 and no more than there are training rows, 61",
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
    let table = Table::new().with_strings("c", ["x"; 10])?.with_strings("d", (0..10).map(|row| row.to_string()))?;
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
    let table = Table::new().with_strings("c", (0..count).map(|row| format!("category {row}")))?;
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
            ("/columns/0/values/0", json!([0.5])),
            ("/columns/0/values", json!([])),
            ("/columns/0/outputs", json!(["a", "b"])),
            ("/columns/0/values/0/0", Value::Null),
            ("/columns/0/categories", json!(["a", "a", "b", "c", "d", "e"])),
            ("/columns/1/name", "city".into()),
        ] {
            hostile(encoder, &state, pointer, value);
        }
    }
    hostile(&target, &state(&target), "/target_mean", json!([]));
    hostile(&weight, &state(&weight), "/information_values", json!([0.5]));
}
