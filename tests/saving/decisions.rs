//! Calibration, prior, threshold, regions and domain in files.

use super::folder::Folder;
use super::hostile::with_config;
use perceptra::calibration::{IsotonicCalibration, PlattScaling, PriorCorrection, TemperatureScaling};
use perceptra::decisions::ThresholdFor;
use perceptra::prelude::*;
use perceptra::{Error, Result};
use serde_json::{Value, json};

fn table() -> Result<Table> {
    let rows = 0..60_u32;
    Table::new()
        .with_numbers("income", rows.clone().map(|row| 20.0 + f64::from(row * 7 % 60)))?
        .with_strings("home", rows.clone().map(|row| ["OWN", "RENT", "MORTGAGE"][row as usize % 3]))?
        .with_strings("status", rows.clone().map(|row| if row * 7 % 60 + row % 11 < 35 { "late" } else { "paid" }))?
        .with_strings("grade", rows.clone().map(|row| ["A", "B", "C", "D"][row as usize * 7 % 60 / 15]))?
        .with_booleans("owner", rows.clone().map(|row| row % 3 == 0))?
        .with_booleans("old", rows.clone().map(|row| row % 4 < 2))?
        .with_numbers("price", rows.map(|row| f64::from(row * 11 % 60).powi(2)))
}

/// A pipeline of each task, with all decisions that the task supports.
fn all() -> Result<Vec<FittedPipeline>> {
    let rows = table()?;
    let of = |target: Target, layer: Dense, loss: &str| {
        let columns =
            ColumnTransformer::new().add(StandardScaler::new(), ["income"]).add(OneHotEncoder::new(), ["home"]);
        let model = Sequential::new().add(Dense::new(4, Relu)).add(layer).compile(Adam, loss, ());
        let pipeline = Pipeline::new(target).columns(columns).model(model).members(2).seed(5);
        pipeline.options(Fit::new().epochs(3).verbose(0)).fit(&rows)
    };
    let binary = of(Target::binary("status"), Dense::new(1, Sigmoid), "binary_crossentropy")?;
    let grades = of(Target::multiclass("grade"), Dense::new(4, Softmax), "categorical_crossentropy")?;
    let pair = of(Target::multiclass("status"), Dense::new(2, Softmax), "categorical_crossentropy")?;
    let labels = of(Target::multilabel(["owner", "old"]), Dense::new(2, Sigmoid), "binary_crossentropy")?;
    let price = of(Target::regression("price"), Dense::new(1, Linear), "mse")?;
    let mut made = vec![price.conformal(0.2, &rows)?.domain(&rows)?];
    for method in [PlattScaling, IsotonicCalibration, TemperatureScaling] {
        let rates = PriorCorrection::from_class_rates(&[1.0, 2.0, 3.0, 4.0], &[4.0, 3.0, 2.0, 1.0]);
        made.push(
            binary
                .clone()
                .calibrate(method, &rows)?
                .correct_prior(PriorCorrection::from_rates(0.5, 0.2))?
                .choose_threshold(ThresholdFor::recall(0.7), &rows)?
                .conformal(0.1, &rows)?
                .domain(&rows)?,
        );
        made.push(grades.clone().calibrate(method, &rows)?.correct_prior(rates)?.conformal(0.1, &rows)?);
        let rates = PriorCorrection::from_rates(0.5, 0.2);
        made.push(pair.clone().calibrate(method, &rows)?.correct_prior(rates)?.conformal(0.1, &rows)?);
        made.push(labels.clone().calibrate(method, &rows)?.domain(&rows)?);
    }
    // No row is positive, so the threshold in the file is infinite.
    made.push(binary.choose_threshold(ThresholdFor::capacity(0), &rows)?);
    Ok(made)
}

#[test]
fn decisions_are_loaded_with_the_same_bits() -> Result<()> {
    let (folder, rows) = (Folder::new("decisions"), table()?);
    for pipeline in all()? {
        pipeline.save(folder.file("file"))?;
        let loaded = FittedPipeline::load(folder.file("file"))?;
        for row in 0..rows.nrows() {
            let record = rows.record(row)?;
            let (before, after) = (pipeline.assess_record(&record)?, loaded.assess_record(&record)?);
            assert_eq!(format!("{before:?}"), format!("{after:?}"));
        }
        assert_eq!(loaded.threshold_choice(), pipeline.threshold_choice());
        assert_eq!(loaded.calibrator(), pipeline.calibrator());
        assert_eq!(loaded.fitted_domain(), pipeline.fitted_domain());
        // The second file is the first.
        loaded.save(folder.file("again"))?;
        assert!(std::fs::read(folder.file("file")).unwrap() == std::fs::read(folder.file("again")).unwrap());
    }
    Ok(())
}

#[test]
fn probabilities_of_two_classes_sum_to_one() -> Result<()> {
    let rows = table()?;
    for pipeline in all()?.into_iter().filter(|pipeline| pipeline.target().task().has_classes()) {
        let p = pipeline.predict_proba(&rows)?;
        assert!(p.row_iter().all(|row| (row.sum() - 1.0).abs() < 1e-12 && row.iter().all(|p| (0.0..=1.0).contains(p))));
    }
    Ok(())
}

#[test]
fn changed_decisions_are_refused() -> Result<()> {
    let folder = Folder::new("changed-decisions");
    all()?[1].save(folder.file("whole"))?;
    let bytes = std::fs::read(folder.file("whole")).unwrap();
    let changes: &[fn(&mut Value)] = &[
        |d| *d = Value::Null,
        |d| *d = json!([]),
        |d| d["other"] = json!(1),
        |d| d["calibrator"] = json!({}),
        |d| d["calibrator"]["form"] = json!({ "classes": 4 }),
        |d| d["calibrator"]["form"] = json!({ "labels": 1_000_000_000_000_u64 }),
        |d| d["calibrator"]["maps"] = json!([]),
        |d| d["calibrator"]["maps"][0] = json!({ "temperature": { "inverse": 0.0 } }),
        |d| d["calibrator"]["maps"][0] = json!({ "sigmoid": { "slope": null, "intercept": 0.0 } }),
        |d| d["calibrator"]["maps"][0] = json!({ "isotonic": { "places": [0.2, 0.1], "values": [0.0, 1.0] } }),
        |d| d["calibrator"]["maps"][0] = json!({ "isotonic": { "places": [0.1, 0.2], "values": [0.0, 2.0] } }),
        |d| d["prior"]["factors"] = json!([1.0]),
        |d| d["prior"]["factors"] = json!([1.0, 0.0]),
        |d| d["prior"]["factors"] = json!([1.0, 1e300]),
        |d| d["choice"]["threshold"] = json!(1.5),
        |d| d["choice"]["threshold"] = Value::Null,
        |d| d["choice"]["threshold"] = json!("-inf"),
        |d| d["choice"]["recall"] = json!(-0.1),
        |d| d["choice"]["interval"]["value"]["low"] = json!(1e9),
        |d| d["conformal"]["alpha"] = json!(0.0),
        |d| d["conformal"]["rows"] = json!(3),
        |d| d["conformal"]["form"] = json!({ "intervals": { "quantiles": [1.0] } }),
        |d| d["conformal"]["form"]["sets"]["classes"] = json!(3),
        |d| d["conformal"]["form"]["sets"]["quantile"] = json!(-1.0),
        |d| d["domain"]["limit"] = json!(-1.0),
        |d| d["domain"]["distance"]["mean"] = json!([]),
        |d| d["domain"]["distance"]["whitening"] = json!([1.0, 2.0]),
        |d| d["domain"]["columns"][0]["name"] = json!("elsewhere"),
        |d| d["domain"]["columns"][0]["values"]["numbers"]["low"] = json!(1e9),
        |d| d["domain"]["columns"][1]["values"]["strings"] = json!(["b", "a"]),
    ];
    for (number, change) in changes.iter().enumerate() {
        let changed = with_config(&bytes, |config| change(&mut config["pipeline"]["decisions"]));
        std::fs::write(folder.file("file.safetensors"), changed).unwrap();
        match FittedPipeline::load(folder.file("file.safetensors")) {
            // Without decisions it is a pipeline that has none.
            Ok(loaded) => assert!(number == 0 && loaded.calibrator().is_none(), "change {number}"),
            Err(error) => assert!(matches!(error, Error::ModelFile { .. }) && number > 0, "change {number}: {error}"),
        }
    }
    Ok(())
}
