//! Pipelines, from a raw table to a decision, as a user's program goes through them.

use perceptra::pipeline::CrossValidate;
use perceptra::prelude::*;
use perceptra::preprocessing::{Column, Unknown};
use perceptra::{Error, Result};

/// Loans with a default rate of a third, by a noisy rule on three columns; some incomes are missing.
fn loans(rows: usize) -> Table {
    let noise = |row: usize, step: usize| (row * step % 101) as f64 / 101.0;
    let income: Vec<f64> =
        (0..rows).map(|row| if row % 9 == 4 { f64::NAN } else { 20.0 + 80.0 * noise(row, 37) }).collect();
    let defaults: Vec<bool> = (0..rows)
        .map(|row| noise(row, 37) + 0.3 * f64::from(u8::from(row % 3 == 0)) + 0.25 * noise(row, 53) < 0.5)
        .collect();
    Table::new()
        .with_numbers("annual_inc", income)
        .and_then(|table| table.with_numbers("tot_cur_bal", (0..rows).map(|row| 1e4 * noise(row, 17))))
        .and_then(|table| {
            table.with_strings("term", (0..rows).map(|row| if row % 2 == 0 { "36 months" } else { "60 months" }))
        })
        .and_then(|table| {
            table.with_strings("home_ownership", (0..rows).map(|row| ["RENT", "OWN", "MORTGAGE"][row % 3]))
        })
        .and_then(|table| table.with_numbers("constant", vec![7.0; rows]))
        .and_then(|table| {
            table
                .with_strings("loan_status", defaults.iter().map(|bad| if *bad { "Charged Off" } else { "Fully Paid" }))
        })
        .unwrap()
}

fn ann() -> Model {
    Sequential::new().add(Dense::new(12, Relu)).add(Dense::new(12, Relu)).add(Dense::new(1, Sigmoid)).compile(
        Adam.learning_rate(0.01),
        BinaryCrossentropy::default(),
        metrics![Accuracy, Recall, Precision],
    )
}

fn pipeline() -> Pipeline {
    Pipeline::new(Target::binary("loan_status").positive("Charged Off"))
        .columns(
            ColumnTransformer::new()
                .add(SimpleImputer::median().indicator(true).then(RobustScaler::new()), ["annual_inc", "tot_cur_bal"])
                .add(TextToNumber::leading_number().then(StandardScaler::new()), ["term"])
                .add(OneHotEncoder::new(), ["home_ownership"]),
        )
        .model(ann())
        .options(Fit::new().epochs(10).verbose(0))
        .seed(1)
}

#[test]
fn a_raw_table_becomes_a_decision_in_one_file() -> Result<()> {
    let (train, test) = train_test_split(&loans(600)).test_size(0.3).stratify("loan_status").seed(1).split()?;
    let pipeline = pipeline();
    let scores = cross_validate(&pipeline, &train, StratifiedKFold::new(5), scores![RocAuc, LogLoss, Brier])?;
    assert!(scores.mean("roc_auc") > Some(0.9), "{scores}");
    let fitted = pipeline.fit(&train)?;
    assert_eq!(
        fitted.columns().names(),
        [
            "annual_inc",
            "tot_cur_bal",
            "annual_inc_missing",
            "term",
            "home_ownership_MORTGAGE",
            "home_ownership_OWN",
            "home_ownership_RENT"
        ]
    );
    let evaluation = fitted.evaluate(&test)?;
    assert!(evaluation.get("roc_auc") > Some(0.9), "{evaluation}");
    assert_eq!(fitted.unused_columns(), ["constant"]);

    let path = std::env::temp_dir().join(format!("perceptra-pipelines-{}.safetensors", std::process::id()));
    fitted.save(&path)?;
    let loaded = FittedPipeline::load(&path)?;
    std::fs::remove_file(&path).unwrap();
    for row in 0..test.nrows() {
        let record = test.record(row)?;
        assert_eq!(loaded.predict_record(&record)?, fitted.predict(&test)?[row]);
        if row > 20 {
            break;
        }
    }
    Ok(())
}

#[test]
fn a_target_is_sufficient() -> Result<()> {
    let (train, test) = train_test_split(&loans(500)).stratify("loan_status").seed(2).split()?;
    let fitted = Pipeline::new(Target::binary("loan_status")).seed(3).fit(&train)?;
    assert_eq!((fitted.members().len(), fitted.unused_columns()), (5, vec!["constant"]));
    assert_eq!(fitted.target().positive_label().map(ToString::to_string), Some("\"Fully Paid\"".into()));
    assert!(fitted.evaluate(&test)?.get("roc_auc") > Some(0.93));
    for member in fitted.members() {
        let scaling = member.weights("scaling")?.swap_remove(0);
        let kernel = member.weights("dense")?.swap_remove(0);
        assert_eq!(scaling.len(), kernel.nrows(), "one factor for each feature");
        assert!(scaling.iter().any(|delta| delta.abs() > 0.01), "training moves the factors: {scaling}");
    }
    let numbers = Pipeline::new(Target::regression("tot_cur_bal")).members(1).seed(3).fit(&train)?;
    assert!(numbers.evaluate(&test)?.get("r2").is_some());
    let homes = Pipeline::new(Target::multiclass("home_ownership")).members(2).seed(3).fit(&train)?;
    let predicted = homes.predict_table(&test)?;
    assert!(predicted.strings("home_ownership")?.iter().all(|home| home.is_some()));
    assert_eq!(predicted.names()[1..], ["home_ownership_MORTGAGE", "home_ownership_OWN", "home_ownership_RENT"]);
    Ok(())
}

#[test]
fn results_depend_on_the_seed_and_on_nothing_else() -> Result<()> {
    let table = loans(200);
    let members = |count: usize| pipeline().members(count).validation_split(0.2).fit(&table);
    let (three, two) = (members(3)?, members(2)?);
    for (one, other) in three.members().iter().zip(two.members()) {
        assert_eq!(one.weights("dense")?, other.weights("dense")?, "the first members of more are those of fewer");
    }
    assert_ne!(three.members()[0].weights("dense")?, three.members()[1].weights("dense")?);
    let scores = |threads: usize| {
        perceptra::set_num_threads(threads);
        cross_validate(&pipeline(), &table, StratifiedKFold::new(4), scores!["roc_auc"])
            .map(|scores| scores.values("roc_auc"))
    };
    let (one, several) = (scores(1)?, scores(4)?);
    perceptra::set_num_threads(0);
    assert_eq!(one, several);
    let drawn = Pipeline::new(Target::binary("loan_status"))
        .model(ann())
        .options(Fit::new().verbose(0))
        .columns(ColumnTransformer::new().add(StandardScaler::new(), ["tot_cur_bal"]));
    let first = drawn.fit(&table)?;
    assert_eq!(drawn.seed(first.seed()).fit(&table)?.predict_proba(&table)?, first.predict_proba(&table)?);
    Ok(())
}

#[test]
fn transformers_are_fitted_on_training_rows_only() -> Result<()> {
    // A category that occurs in one fold only is unknown to the fits without this fold.
    let rare = (0..60).map(|row| if row < 12 { "rare" } else { "usual" });
    let table = Table::new()
        .with_strings("kind", rare)?
        .with_numbers("x", (0..60).map(|row| f64::from(row % 10)))?
        .with_numbers("y", (0..60).map(|row| f64::from(row % 10)))?;
    let of = |encoder: OneHotEncoder| {
        Pipeline::new(Target::regression("y"))
            .columns(ColumnTransformer::new().add(encoder, ["kind"]).add(StandardScaler::new(), ["x"]))
            .model(Sequential::new().add(Dense::new(1, Linear)).compile("adam", "mse", ()))
            .options(Fit::new().verbose(0))
            .seed(1)
    };
    let error =
        cross_validate(&of(OneHotEncoder::new()), &table, KFold::new(5), scores!["r2"]).unwrap_err().to_string();
    assert!(error.contains("\"rare\"") && error.starts_with("in fold 0 (counted from 0): row "), "{error}");
    assert!(
        cross_validate(&of(OneHotEncoder::new().unknown(Unknown::Zeros)), &table, KFold::new(5), scores!["r2"]).is_ok()
    );
    let predicted = cross_val_predict(&of(OneHotEncoder::new().unknown(Unknown::Zeros)), &table, KFold::new(5))?;
    assert_eq!(predicted.shape(), (60, 1));
    let error = cross_val_predict(&of(OneHotEncoder::new()), &table, ShuffleSplit::new(2)).unwrap_err().to_string();
    assert!(error.contains("test each row once"), "{error}");
    Ok(())
}

#[test]
fn a_pipeline_is_measured_against_baselines_on_the_same_folds() -> Result<()> {
    let table = loans(300);
    let scores = CrossValidate::new(StratifiedKFold::new(3), scores![RocAuc, LogLoss])
        .baselines(true)
        .run(&pipeline(), &table)?;
    assert!(scores.baseline("dummy", "roc_auc").unwrap().iter().all(|auc| *auc == 0.5));
    assert!(scores.baseline("linear", "roc_auc").unwrap().iter().all(|auc| *auc > 0.85), "{scores}");
    let text = scores.to_string();
    assert!(text.lines().all(|line| line.chars().count() <= 80) && text.contains("linear"), "{text}");
    let other = cross_validate(&pipeline().members(3), &table, StratifiedKFold::new(3), scores![RocAuc, LogLoss])?;
    let comparison = other.compare(&scores, "roc_auc")?;
    assert!(comparison.p_value > 0.0 && comparison.difference.abs() < 0.2);
    assert!(scores.compare(&other, "r2").unwrap_err().to_string().contains("roc_auc, log_loss"));
    Ok(())
}

#[test]
fn weights_of_classes_are_weights_of_their_rows() -> Result<()> {
    let table = loans(120);
    let is_bad: Vec<bool> = table.strings("loan_status")?.iter().map(|label| label == Some("Charged Off")).collect();
    let bad = is_bad.iter().filter(|bad| **bad).count() as f64;
    let weighted = |good: f64, of_bad: f64| {
        let table = table.with_numbers("weight", is_bad.iter().map(|bad| if *bad { of_bad } else { good }))?;
        pipeline().weights("weight").fit(&table)?.predict_proba(&table)
    };
    let with = |class_weight: ClassWeight| pipeline().class_weight(class_weight).fit(&table)?.predict_proba(&table);
    assert_eq!(with(ClassWeight::Balanced)?, weighted(120.0 / (2.0 * (120.0 - bad)), 120.0 / (2.0 * bad))?);
    assert_eq!(with([("Charged Off", 5.0)].into())?, weighted(1.0, 5.0)?);
    assert_eq!(with([("Charged Off", 1.0)].into())?, pipeline().fit(&table)?.predict_proba(&table)?);
    Ok(())
}

#[test]
fn balanced_probabilities_are_those_of_equal_classes() -> Result<()> {
    // The column is independent of the target; a sixth of the rows is late.
    let table = Table::new()
        .with_numbers("x", (0..180).map(|row| f64::from(row / 6 % 5)))?
        .with_strings("late", (0..180).map(|row| if row % 6 == 0 { "yes" } else { "no" }))?;
    let linear = || {
        Pipeline::new(Target::binary("late"))
            .columns(ColumnTransformer::new().add(StandardScaler::new(), ["x"]))
            .model(Sequential::new().add(Dense::new(1, Sigmoid)).compile(
                Adam.learning_rate(0.05),
                BinaryCrossentropy,
                (),
            ))
            .options(Fit::new().epochs(150).verbose(0))
            .seed(1)
    };
    let mean = |pipeline: Pipeline| Ok::<_, Error>(pipeline.fit(&table)?.predict_proba(&table)?.column(1).mean());
    let (plain, balanced) = (mean(linear())?, mean(linear().class_weight(ClassWeight::Balanced))?);
    assert!((plain - 1.0 / 6.0).abs() < 0.02 && (balanced - 0.5).abs() < 0.02, "{plain}, {balanced}");
    // The correction that the documentation states.
    let ratio = 5.0;
    assert!((balanced / (balanced + (1.0 - balanced) * ratio) - plain).abs() < 0.02);
    let by_default = |pipeline: Pipeline| mean(pipeline.members(1).seed(1));
    assert!(by_default(Pipeline::new(Target::binary("late")).class_weight([("yes", 5.0)]))? > 0.4);
    let regression = Pipeline::new(Target::regression("x")).class_weight(ClassWeight::Balanced);
    assert!(message(regression.fit(&table)).contains("Target::multiclass; for others use .weights(…)"));
    let scores = cross_validate(&linear().class_weight(ClassWeight::Balanced), &table, KFold::new(3), ["brier"])?;
    assert!(scores.mean("brier") > Some(0.2), "scores are those of the data: {scores}");
    Ok(())
}

fn message<R: std::fmt::Debug>(result: Result<R>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn odd_input_is_an_error_with_the_cure() {
    let table = loans(60);
    let fits = |pipeline: Pipeline, table: &Table| pipeline.fit(table);
    assert!(message(fits(pipeline(), &table.head(0))).contains("at least one row"));
    assert!(message(fits(pipeline(), &table.head(1))).contains("at least two values"));
    assert!(message(fits(pipeline(), &table.drop_columns(["loan_status"]).unwrap())).contains("loan_status"));
    let missing = table.with_numbers("annual_inc", [f64::NAN; 60]).unwrap();
    assert!(fits(pipeline(), &missing).is_ok(), "an imputer leaves out a column without any value");
    let infinite = table.with_numbers("annual_inc", [f64::INFINITY; 60]).unwrap();
    assert!(message(fits(pipeline(), &infinite)).contains("inf"));
    assert!(message(fits(pipeline().exclude(["anual_inc"]), &table)).contains("\"annual_inc\""));
    let of_target = ColumnTransformer::new().add(OneHotEncoder::new(), ["loan_status"]);
    assert!(message(fits(pipeline().columns(of_target), &table)).contains("neither the target"));
    for (refused, part) in [
        (pipeline().members(0), "members"),
        (pipeline().validation_split(1.0), "validation_split"),
        (pipeline().threshold(f64::NAN), "threshold"),
        (pipeline().weights("home_ownership"), "home_ownership"),
        (pipeline().warm_start(true), ""),
    ] {
        let result = fits(refused, &table);
        assert!(part.is_empty() || message(result).contains(part));
    }
    let regression = Target::regression("tot_cur_bal");
    let error = message(Pipeline::new(regression).model(ann()).fit(&table));
    assert!(error.contains("Dense::new(1, Linear) with MeanSquaredError"), "{error}");
    let classes = Target::multiclass("home_ownership");
    let error = message(Pipeline::new(classes).model(ann()).fit(&table));
    assert!(error.contains("Dense::new(3, Softmax)"), "{error}");
    let groups =
        message(cross_validate(&pipeline(), &table, GroupKFold::new(3).groups("customer"), scores!["roc_auc"]));
    assert!(groups.contains("customer"), "{groups}");
    let error = message(cross_validate(&pipeline(), &table, StratifiedKFold::new(3), scores!["r2"]));
    assert!(error.contains("for binary classification there are"), "{error}");
}

#[test]
fn a_trained_model_and_borrowed_options_are_refused() -> Result<()> {
    let table = loans(80);
    let trained = pipeline().fit(&table)?.members()[0].clone();
    let error = message(pipeline().model(trained.clone()).fit(&table));
    assert!(error.contains("warm_start"), "{error}");
    let further = pipeline().model(trained).warm_start(true).options(Fit::new().epochs(1).verbose(0)).fit(&table)?;
    assert!(further.evaluate(&table)?.get("roc_auc").is_some());
    let weights = vec![1.0_f32; 80];
    let error = message(pipeline().options(Fit::new().sample_weight(&weights)).fit(&table));
    assert!(error.contains("weights a column"), "{error}");
    Ok(())
}

#[test]
fn records_may_lack_keys_and_hold_unused_ones() -> Result<()> {
    let fitted = pipeline().fit(&loans(90))?;
    let record = |fields: &[(&str, &str)]| {
        fields.iter().fold(Record::new().with("term", "36 months"), |record, (key, value)| record.with(*key, *value))
    };
    assert!(fitted.predict_record(&record(&[("home_ownership", "OWN"), ("constant", "x")])).is_ok());
    let error = message(fitted.predict_record(&record(&[("home_ownership", "OWN"), ("anual_inc", "5")])));
    assert!(error.contains("\"annual_inc\""), "{error}");
    let error = message(fitted.predict_record(&record(&[("home_ownership", "CAVE")])));
    assert!(error.contains("CAVE"), "{error}");
    Ok(())
}

#[test]
fn weights_of_rows_come_from_a_column() -> Result<()> {
    let table = loans(200).with_numbers("weight", (0..200).map(|row| f64::from(u8::from(row % 2 == 0))))?;
    let weighted = Pipeline::new(Target::binary("loan_status")).weights("weight").members(1).seed(1);
    assert!(!weighted.fit(&table)?.columns().inputs().contains(&"weight"));
    let Column::Number(weights) = table.column("weight")? else { unreachable!() };
    assert_eq!(weights[1], 0.0);
    let negative = table.with_numbers("weight", [-1.0; 200])?;
    assert!(message(weighted.fit(&negative)).contains("at least 0"));
    Ok(())
}

#[test]
fn errors_of_a_fold_name_it_and_the_row_of_the_whole_table() -> Result<()> {
    let with = |row: usize, value: f64| {
        Table::new()
            .with_numbers("x", (0..60).map(|at| if at == row { value } else { f64::from(at as u32) }))?
            .with_numbers("y", (0..60).map(|at| f64::from(at % 10)))
    };
    let pipeline = Pipeline::new(Target::regression("y"))
        .columns(ColumnTransformer::new().passthrough(["x"]))
        .model(Sequential::new().add(Dense::new(1, Linear)).compile("adam", "mse", ()))
        .options(Fit::new().verbose(0))
        .seed(1);
    // In turn among the rows for training, for validation, and for the test of the first fold.
    for (pipeline, row) in [(pipeline.clone(), 33), (pipeline.clone().validation_split(0.4), 33), (pipeline.clone(), 7)]
    {
        for value in [f64::INFINITY, f64::NAN] {
            let table = with(row, value)?;
            let error = cross_validate(&pipeline, &table, KFold::new(5), scores!["r2"]).unwrap_err();
            assert!(error.to_string().starts_with("in fold 0 (counted from 0): "), "{error}");
            assert!(error.to_string().contains(&format!("row {row}")), "{error}");
            let Error::Fold { fold: 0, source } = error else { panic!("{error}") };
            match *source {
                Error::InfiniteValue { place, .. } | Error::MissingValue { place, .. } => {
                    assert_eq!(place.to_string(), format!("row {row} (counted from 0)"))
                }
                other => panic!("{other}"),
            }
        }
    }
    for seed in 0..5 {
        // Among the rows for training or for validation, as the seed divides them.
        let error = pipeline.clone().validation_split(0.4).seed(seed).fit(&with(33, f64::INFINITY)?).unwrap_err();
        assert!(error.to_string().starts_with("row 33 (counted from 0)"), "{error}");
    }
    Ok(())
}
