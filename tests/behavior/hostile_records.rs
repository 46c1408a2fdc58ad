//! Records with any value in a column of any type, and numbers that become infinite on their way to the network.

use perceptra::calibration::{PlattScaling, TemperatureScaling};
use perceptra::decisions::{CostMatrix, ThresholdFor};
use perceptra::pipeline::HeldOut;
use perceptra::prelude::*;
use perceptra::preprocessing::{DateParts, Integers, Log1p, Value};
use perceptra::{Error, Result, Scalar};

fn table() -> Table {
    let rows = || 0..60_u32;
    Table::new()
        .with_numbers("rate", rows().map(|row| f64::from(row % 13)))
        .and_then(|table| table.with_integers("term", rows().map(|row| i64::from(row % 5))))
        .and_then(|table| table.with_booleans("owner", rows().map(|row| row % 3 == 0)))
        .and_then(|table| table.with_strings("grade", rows().map(|row| ["A", "B", "C"][row as usize % 3])))
        .and_then(|table| {
            let dates = rows().map(|row| format!("20{:02}-0{}-15", 10 + row % 9, 1 + row % 9).parse().unwrap());
            table.with_date_times("issued", dates)
        })
        .and_then(|table| table.with_booleans("default", rows().map(|row| row % 13 > 6)))
        .unwrap()
}

/// A pipeline that takes a column of each type, with everything that is learned after the fit.
fn decided<T: Scalar>() -> Result<FittedPipeline<T>> {
    let columns = ColumnTransformer::new()
        .add(StandardScaler::new(), ["rate"])
        .add(Integers, ["term"])
        .passthrough(["owner"])
        .add(OneHotEncoder::new(), ["grade"])
        .add(DateParts::new().then(StandardScaler::new()), ["issued"]);
    let model = Sequential::<T>::default().add(Dense::new(4, Relu)).add(Dense::new(1, Sigmoid));
    let pipeline = Pipeline::<T>::with_target(Target::binary("default"))
        .columns(columns)
        .model(model.compile("adam", "bce", ()))
        .options(Fit::new().epochs(2).verbose(0))
        .seed(1);
    pipeline.fit(&table())?.conformal(0.1, &table())?.domain(&table())
}

/// Values that a program may receive.
fn values() -> Vec<Value> {
    let numbers = [0.0, -0.0, 1.5, -1.0, 1e300, f64::MAX, f64::MIN, 5e-324, f64::INFINITY, f64::NEG_INFINITY, f64::NAN];
    let numbers = numbers.into_iter().chain([9.007_199_254_740_993e15, 1.8e19, 1e-300]).map(Value::from);
    let strings = [
        "",
        " ",
        "A",
        "a",
        "1",
        "1e999",
        "NaN",
        "true",
        "2015-02-30",
        "2015-06-15",
        "99999999-01-01",
        "-1-1-1",
        "9223372036854775808",
        "\0",
        "\u{feff}A",
        "👩‍🚒",
        "2015-06-15T25:61",
    ];
    let long = "z".repeat(100_000);
    let strings = strings.into_iter().chain([long.as_str()]).map(Value::from).collect::<Vec<_>>();
    numbers.chain(strings).chain([Value::from(true), Value::from(false)]).collect()
}

/// Records are predicted and assessed, or refused by an error that names the column; both agree on which.
fn answers_or_names_the_column<T: Scalar>() -> Result<()> {
    let fitted = decided::<T>()?;
    let record = || Record::new().with("rate", 5.0).with("term", 3.0).with("owner", true).with("grade", "B");
    let record = || record().with("issued", "2014-03-15");
    fitted.assess_record(&record())?;
    let (mut answered, mut refused) = (0, 0);
    for column in ["rate", "term", "owner", "grade", "issued"] {
        for value in values() {
            let record = record().with(column, value.clone());
            match (fitted.predict_record(&record), fitted.assess_record(&record)) {
                (Ok(prediction), Ok(assessment)) => {
                    let p = prediction.probability().unwrap();
                    assert!((0.0..=1.0).contains(&p), "{column}: {value:?} is predicted as {p}");
                    assert_eq!(assessment.prediction, prediction, "{column}: {value:?}");
                    answered += 1;
                }
                (Err(error), Err(of_assessment)) => {
                    let message = error.to_string();
                    assert!(message.contains(&format!("\"{column}")), "{column}: {value:?}: {message}");
                    assert!(message.len() < 1000, "{column}: {message:?}");
                    assert_eq!(message, of_assessment.to_string());
                    refused += 1;
                }
                (prediction, assessment) => panic!("{column}: {value:?}: {prediction:?}, but {assessment:?}"),
            }
        }
        let without: Record =
            record().iter().filter(|(name, _)| *name != column).map(|(n, v)| (n, v.clone())).collect();
        if let Err(error) = fitted.assess_record(&without) {
            assert!(error.to_string().contains(&format!("\"{column}")), "{column}: {error}");
        }
    }
    assert!(answered > 20 && refused > 40, "{answered} answered, {refused} refused");
    Ok(())
}

#[test]
fn any_value_in_a_column_of_any_type_is_answered_or_refused_by_name() -> Result<()> {
    answers_or_names_the_column::<f32>()?;
    answers_or_names_the_column::<f64>()
}

/// The pipeline of one column of numbers, fitted to numbers around 1e-3.
fn narrow<T: Scalar>(transformer: ColumnTransformer) -> Result<FittedPipeline<T>> {
    let table = Table::new()
        .with_numbers("x", (0..20).map(|row| f64::from(row) * 1e-3))?
        .with_numbers("y", (0..20).map(f64::from))?;
    Pipeline::<T>::with_target(Target::regression("y"))
        .columns(transformer)
        .model(Sequential::<T>::default().add(Dense::new(1, Linear)).compile("adam", "mse", ()))
        .options(Fit::new().epochs(1).verbose(0))
        .seed(1)
        .fit(&table)
}

#[test]
fn each_cause_of_an_infinite_number_has_its_message() -> Result<()> {
    let scaled = || ColumnTransformer::new().add(StandardScaler::new(), ["x"]);
    let plain = || ColumnTransformer::new().passthrough(["x"]);
    let of = |x: f64| Table::new().with_numbers("x", [0.0, x]);
    let message = |error: Error| {
        assert!(matches!(error, Error::Overflow { value, .. } if value.is_finite()), "{error:?}");
        error.to_string()
    };

    // A finite number that an f32 does not hold, as it is in the table.
    let error = message(narrow::<f32>(plain())?.predict(&of(1e39)?).unwrap_err());
    let expected = "row 1 (counted from 0), column \"x\": the value is 1e39, which transformed is beyond the numbers of f32: correct it, \
                    drop such rows, bound the column with Clip in front of its transformers, or use a pipeline of f64";
    assert_eq!(error, expected);
    // One that is beyond them only once it is scaled.
    let error = message(narrow::<f32>(scaled())?.predict(&of(1e37)?).unwrap_err());
    assert!(error.contains("the value is 1e37, which transformed is beyond the numbers of f32"), "{error}");
    // One that a transformer makes infinite in 64 bits, where no other type helps.
    let error = message(narrow::<f64>(scaled())?.predict(&of(1e307)?).unwrap_err());
    assert!(error.contains("the value is 1e307") && error.ends_with("in front of its transformers"), "{error}");
    assert!(!error.contains("pipeline of f64"), "{error}");
    // The same in a chain, of a negative number.
    let chain = ColumnTransformer::new().add(MinMaxScaler::new().then(StandardScaler::new()), ["x"]);
    let error = message(narrow::<f64>(chain)?.predict(&of(-1e307)?).unwrap_err());
    assert!(error.contains("the value is -1e307"), "{error}");
    // A single record cannot be dropped.
    let record = Record::new().with("x", 1e39);
    let error = message(narrow::<f32>(plain())?.predict_record(&record).unwrap_err());
    assert!(error.starts_with("the record, column \"x\": the value is 1e39"), "{error}");
    assert!(error.contains("leave it out if it is missing") && !error.contains("drop such rows"), "{error}");
    // A line of a file.
    let csv = perceptra::preprocessing::CsvOptions::new().read_from("x\n1\n1e39\n".as_bytes(), "new.csv")?;
    let error = message(narrow::<f32>(plain())?.predict(&csv).unwrap_err());
    assert!(error.starts_with("new.csv, line 3, column \"x\""), "{error}");
    // A number that a transformer brings back is no overflow, and an infinite one is named as such.
    let logarithm = ColumnTransformer::new().add(Log1p::new(), ["x"]);
    assert!(narrow::<f32>(logarithm)?.predict(&of(1e300)?).is_ok());
    let infinite = narrow::<f32>(plain())?.predict(&of(f64::INFINITY)?).unwrap_err();
    assert!(matches!(infinite, Error::InfiniteValue { .. }), "{infinite}");
    Ok(())
}

#[test]
fn held_out_rows_without_a_class_are_refused_with_its_label() -> Result<()> {
    let fit = |target: Target, outputs: usize, last: &str, loss: &str| {
        let columns = ColumnTransformer::new().add(StandardScaler::new(), ["rate"]);
        let model = Sequential::new().add(Dense::new(outputs, last)).compile("adam", loss, ());
        let pipeline = Pipeline::<f32>::with_target(target).columns(columns).model(model).seed(1);
        pipeline.options(Fit::new().epochs(1).verbose(0)).fit(&table())
    };
    let only = |wanted: bool| table().filter(|row| Ok(row.boolean("default")? == Some(wanted)));
    let binary = fit(Target::binary("default"), 1, "sigmoid", "bce")?;
    for (rows, missing) in [(only(true)?, "false"), (only(false)?, "true")] {
        let calls = [
            binary.clone().calibrate(PlattScaling, &rows).map(drop),
            binary.clone().choose_threshold(ThresholdFor::recall(0.5), &rows).map(drop),
            binary.cost_curve(&rows, CostMatrix::new(1.0, 5.0)).map(drop),
        ];
        for (call, name) in calls.into_iter().zip(["calibrate", "choose_threshold", "cost_curve"]) {
            let error = call.unwrap_err().to_string();
            let expected = format!("{name}: class {missing} of the column \"default\" is empty; pass held-out rows");
            assert!(error.starts_with(&expected), "{error}");
        }
    }
    // A class counts only with a weight.
    let weighted = table().with_numbers("w", (0..60).map(|row| f64::from(u8::from(row % 13 > 6))))?;
    let error = binary.calibrate(PlattScaling, HeldOut::from(&weighted).weights("w")).unwrap_err().to_string();
    assert!(error.contains("class false of the column \"default\""), "{error}");
    let several = fit(Target::multiclass("grade"), 3, "softmax", "categorical_crossentropy")?;
    let rows = table().filter(|row| Ok(row.string("grade")? != Some("B")))?;
    for method in [PlattScaling, TemperatureScaling] {
        let error = several.clone().calibrate(method, &rows).unwrap_err().to_string();
        assert!(error.contains("class \"B\" of the column \"grade\" is empty"), "{error}");
    }
    let labels = fit(Target::multilabel(["owner", "default"]), 2, "sigmoid", "bce")?;
    let error = labels.clone().calibrate(PlattScaling, &only(false)?).unwrap_err().to_string();
    assert!(error.contains("the rows with the label \"default\""), "{error}");
    let error = labels.calibrate(PlattScaling, &only(true)?).unwrap_err().to_string();
    assert!(error.contains("the rows without the label \"default\""), "{error}");
    Ok(())
}
