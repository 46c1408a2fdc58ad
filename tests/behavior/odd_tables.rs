//! Unusual tables, targets and options of pipelines: each is an error that names the cure, or has the documented result.

use perceptra::Result;
use perceptra::pipeline::CrossValidate;
use perceptra::prelude::*;
use perceptra::preprocessing::{BooleanColumn, Selector, StringColumn, Unknown, Value};

const ROWS: usize = 40;
const NAN: f64 = f64::NAN;

fn table() -> Table {
    let x = |row: usize, step: usize| (row * step % 31) as f64 / 31.0;
    let rows = 0..ROWS;
    Table::new()
        .with_numbers("income", rows.clone().map(|row| x(row, 7)))
        .and_then(|table| table.with_numbers("debt", rows.clone().map(|row| x(row, 13))))
        .and_then(|table| table.with_strings("home", rows.clone().map(|row| ["RENT", "OWN"][row % 2])))
        .and_then(|table| {
            table.with_strings("late", rows.clone().map(|row| if x(row, 7) > 0.5 { "yes" } else { "no" }))
        })
        .and_then(|table| table.with_numbers("price", rows.map(|row| 10.0 * x(row, 13))))
        .unwrap()
}

/// The table with other numbers.
fn with(name: &str, number: impl Fn(usize) -> f64) -> Table {
    table().with_numbers(name, (0..ROWS).map(number)).unwrap()
}

fn with_strings(name: &str, string: impl Fn(usize) -> &'static str) -> Table {
    table().with_strings(name, (0..ROWS).map(string)).unwrap()
}

/// The default, shortly trained.
fn by_default(target: Target) -> Pipeline {
    Pipeline::new(target).members(1).options(Fit::new().epochs(1).verbose(0)).seed(1)
}

/// Columns and model as a user gives them.
fn by_hand(target: Target) -> Pipeline {
    let (activation, loss) = match target.task().is_regression() {
        true => ("linear", "mse"),
        false => ("sigmoid", "binary_crossentropy"),
    };
    Pipeline::new(target)
        .columns(
            ColumnTransformer::new()
                .add(StandardScaler::new(), ["income", "debt"])
                .add(OneHotEncoder::new().unknown(Unknown::Zeros), ["home"]),
        )
        .model(Sequential::new().add(Dense::new(1, activation)).compile("adam", loss, ()))
        .options(Fit::new().epochs(1).verbose(0))
        .seed(1)
}

/// Runs a check with the default and with a pipeline of a user.
fn both(check: impl Fn(&dyn Fn(Target) -> Pipeline)) {
    check(&by_default);
    check(&by_hand);
}

fn late() -> Target {
    Target::binary("late")
}

fn price() -> Target {
    Target::regression("price")
}

#[track_caller]
fn refused<R: std::fmt::Debug>(result: Result<R>, parts: &[&str]) {
    let message = result.unwrap_err().to_string();
    assert!(parts.iter().all(|part| message.contains(part)), "{parts:?} are not all in: {message}");
    assert!(message.len() < 2000, "a message of {} bytes", message.len());
}

#[test]
fn tables_of_few_rows() {
    both(|pipeline| {
        refused(pipeline(late()).fit(&Table::new()), &["the table is empty", "fit needs at least one row"]);
        refused(pipeline(late()).fit(&table().head(0)), &["the table is empty", "fit needs at least one row"]);
        refused(
            pipeline(late()).validation_split(0.0).fit(&table().head(2)),
            &["\"no\" in every row", "at least two values"],
        );
        let folds = cross_validate(&pipeline(price()), &table().head(0), KFold::new(2), ["r2"]);
        refused(folds, &["the table is empty", "cross-validation needs at least one row"]);
        let folds = cross_validate(&pipeline(price()), &table().head(3), KFold::new(5), ["r2"]);
        refused(folds, &["n_splits is 5", "no more than the 3 rows"]);
        // A class with a single row cannot be in both parts of a validation.
        assert!(pipeline(late()).fit(&table().head(5)).is_ok());
    });
    refused(
        by_default(price()).fit(&table().head(1)),
        &["validation_split is 0.1", "some of the 1 row,", ".validation_split(0.0)"],
    );
    refused(by_default(price()).validation_split(0.0).fit(&table().head(1)), &["two distinct values"]);
    for rows in 1..4 {
        let fitted = by_hand(price()).fit(&table().head(rows)).unwrap();
        assert_eq!(fitted.predict(&table()).unwrap().len(), ROWS);
    }
}

#[test]
fn columns_without_values_and_with_unseen_ones() {
    let missing = with("income", |_| NAN);
    assert_eq!(by_default(late()).fit(&missing).unwrap().unused_columns(), ["income"], "it is constant");
    refused(by_hand(late()).fit(&missing), &["\"income\" is empty", "drop_empty_columns()"]);
    refused(
        by_hand(late()).fit(&with("debt", |row| if row == 7 { NAN } else { 1.0 })),
        &["row 7", "\"debt\"", "imputer"],
    );
    // In one fold no training row has a value.
    let of_half = with("income", |row| if row < ROWS / 2 { NAN } else { row as f64 });
    let folds = CrossValidate::new(KFold::new(2), ["log_loss"]).baselines(true).run(&by_default(late()), &of_half);
    assert!(folds.unwrap().values("log_loss").unwrap().iter().all(|loss| loss.is_finite()));
    both(|pipeline| {
        for home in [
            table().with_column("home", [None::<&str>; ROWS].into_iter().collect::<StringColumn>()),
            table().with_column("home", [None; ROWS].into_iter().collect::<BooleanColumn>()),
        ] {
            assert!(pipeline(late()).fit(&home.unwrap()).is_ok());
        }
        let fitted = pipeline(late()).fit(&table()).unwrap();
        let unseen = with_strings("home", |_| "CAVE");
        assert_eq!(fitted.predict(&unseen).unwrap()[3], fitted.predict_record(&unseen.record(3).unwrap()).unwrap());
        refused(fitted.predict(&table().drop_columns(["income"]).unwrap()), &["no column \"income\"", "debt, home"]);
        assert!(fitted.predict(&table().drop_columns(["late"]).unwrap()).is_ok(), "a prediction needs no target");
        refused(fitted.evaluate(&table().drop_columns(["late"]).unwrap()), &["no column \"late\""]);
    });
    let strict = by_hand(late()).columns(ColumnTransformer::new().add(OneHotEncoder::new(), ["home"]));
    let unseen =
        strict.fit(&table()).unwrap().predict(&with_strings("home", |row| if row == 9 { "CAVE" } else { "OWN" }));
    refused(unseen, &["row 9", "\"home\"", "\"CAVE\" is unknown", "Unknown::Zeros"]);
    refused(by_hand(late()).exclude(["incom"]).fit(&table()), &["no column \"incom\"; did you mean \"income\"?"]);
    let unknown = ColumnTransformer::new().add(StandardScaler::new(), ["incme"]);
    refused(by_hand(late()).columns(unknown).fit(&table()), &["no column \"incme\"; did you mean \"income\"?"]);
    refused(by_default(price()).exclude(["income", "debt", "home", "late"]).fit(&table()), &["at least one column"]);
}

#[test]
fn infinite_numbers_are_named_by_the_row_of_the_table_that_was_passed() {
    let income = |value: f64| with("income", move |row| if row == 7 { value } else { row as f64 });
    both(|pipeline| {
        for value in [f64::INFINITY, f64::NEG_INFINITY] {
            let named = ["row 7 ", "\"income\"", "inf", "expected a finite number"];
            refused(pipeline(late()).validation_split(0.2).fit(&income(value)), &named);
            refused(cross_validate(&pipeline(late()), &income(value), KFold::new(2), ["log_loss"]), &named);
            let fitted = pipeline(late()).fit(&table()).unwrap();
            refused(fitted.predict(&income(value)), &named);
            refused(fitted.evaluate(&income(value)), &named);
            refused(fitted.predict_record(&Record::new().with("income", value)), &["the record", "\"income\"", "inf"]);
            let target = with("price", |row| if row == 7 { value } else { row as f64 });
            refused(pipeline(price()).validation_split(0.2).fit(&target), &["row 7 ", "\"price\"", "inf"]);
        }
        assert!(pipeline(late()).fit(&with("income", |row| 1e300 * row as f64)).is_ok());
    });
    // A number that the type of the network cannot hold.
    let fitted = by_hand(late()).fit(&table()).unwrap();
    refused(fitted.predict(&income(1e300)), &["row 7 ", "\"income\"", "1e300", "use a pipeline of f64"]);
    let huge = fitted.predict_record(&table().record(0).unwrap().with("income", 1e300));
    refused(huge, &["the record", "\"income\""]);
}

#[test]
fn targets_that_cannot_be_learned() {
    both(|pipeline| {
        let fit = |target: Target, table: &Table| pipeline(target).fit(table);
        refused(fit(late(), &with_strings("late", |_| "no")), &["\"no\" in every row", "at least two values"]);
        let one_class =
            cross_validate(&pipeline(late()), &with_strings("late", |_| "no"), StratifiedKFold::new(2), ["brier"]);
        refused(one_class, &["\"no\" in every row"]);
        refused(fit(price(), &with("price", |_| NAN)), &["\"price\"", "the value is missing"]);
        refused(
            fit(price(), &with("price", |row| if row == 7 { NAN } else { 1.0 })),
            &["row 7 ", "\"price\"", "drop_missing_in([\"price\"])"],
        );
        let partly = (0..ROWS).map(|row| if row == 7 { None } else { Some(["a", "b"][row % 2]) });
        let partly = table().with_column("late", partly.collect::<StringColumn>()).unwrap();
        refused(fit(late(), &partly), &["row 7 ", "\"late\"", "the value is missing"]);
        refused(fit(Target::regression("late"), &table()), &["\"late\"", "is not a number"]);
        refused(fit(Target::binary("price"), &table()), &["one of 31 values", "Target::multiclass"]);
        refused(
            fit(late(), &with_strings("late", |row| ["a", "b", "c"][row % 3])),
            &["\"a\", \"b\", \"c\"", "Target::multiclass"],
        );
        refused(fit(Target::binary("lat"), &table()), &["no column \"lat\"; did you mean \"late\"?"]);
        refused(fit(late().positive(1), &table()), &["positive is 1", "\"no\" or \"yes\""]);
        refused(fit(Target::multilabel(["income"]), &table()), &["\"income\"", "booleans, or 0 and 1"]);
        refused(fit(price().log(true), &with("price", |row| row as f64 - 5.0)), &["log is true", ".log(false)"]);
        for target in [Target::multi_regression(["price", "price"]), Target::multi_regression(Vec::<String>::new())] {
            refused(fit(target.clone(), &table()), &["columns"]);
            refused(cross_validate(&pipeline(target), &table(), KFold::new(2), ["r2"]), &["columns"]);
        }
        assert!(fit(price(), &with("price", |_| 3.0)).is_ok(), "a constant number can be learned");
        assert!(fit(price(), &with("price", |row| if row == 7 { 1e300 } else { 1.0 })).is_ok());
        assert!(fit(price(), &table().with_booleans("price", [true; ROWS]).unwrap()).is_ok(), "booleans are 1 and 0");
    });
    let of_target = ColumnTransformer::new().add(OneHotEncoder::new(), ["late"]);
    refused(by_hand(late()).columns(of_target).fit(&table()), &["one with \"late\"", "neither the target"]);
    let twice = ColumnTransformer::new().add(StandardScaler::new(), ["income"]).add(MinMaxScaler::new(), ["income"]);
    refused(by_hand(late()).columns(twice).fit(&table()), &["two that are called \"income\"", "each column once"]);
}

#[test]
fn labels_of_any_type_come_back() {
    both(|pipeline| {
        let booleans = table().with_booleans("late", (0..ROWS).map(|row| row % 3 == 0)).unwrap();
        let numbers = with("late", |row| 1.0 + f64::from(u8::from(row % 3 == 0)));
        for (table, labels) in
            [(booleans, [Value::from(false), Value::from(true)]), (numbers, [Value::from(1.0), Value::from(2.0)])]
        {
            let fitted = pipeline(late()).fit(&table).unwrap();
            assert_eq!((fitted.target().labels(), fitted.target().positive_label()), (&labels[..], Some(&labels[1])));
            let predicted = fitted.predict_table(&table).unwrap();
            assert_eq!(predicted.column("late").unwrap().kind(), table.column("late").unwrap().kind());
            assert_eq!(predicted.ncols(), 3);
        }
    });
}

#[test]
fn options_out_of_their_ranges() {
    both(|pipeline| {
        let pipeline = || pipeline(price());
        refused(pipeline().members(0).fit(&table()), &["members is 0", "at least 1"]);
        refused(cross_validate(&pipeline().members(0), &table(), KFold::new(2), ["r2"]), &["members is 0"]);
        for fraction in [-0.1, 1.0, NAN] {
            refused(pipeline().validation_split(fraction).fit(&table()), &["validation_split is", "in [0, 1)"]);
        }
        refused(
            pipeline().validation_split(0.999).fit(&table()),
            &["validation_split is 0.999", "some of the 40 rows", ".validation_split(0.0)"],
        );
        assert!(pipeline().validation_split(0.0001).fit(&table()).is_ok(), "one row is for validation");
        refused(pipeline().threshold(NAN).fit(&table()), &["threshold is NaN"]);
        refused(pipeline().weights("incme").fit(&table()), &["no column \"incme\"; did you mean \"income\"?"]);
        refused(pipeline().weights("home").fit(&table()), &["\"home\"", "is not a number"]);
        let weighted = |weight: f64| with("weight", move |row| if row == 7 { weight } else { 1.0 });
        refused(pipeline().weights("weight").fit(&weighted(NAN)), &["row 7 ", "\"weight\"", "missing"]);
        for weight in [-1.0, f64::INFINITY, 1e300] {
            refused(
                pipeline().weights("weight").validation_split(0.2).fit(&weighted(weight)),
                &["weights is", "row 7 ", "at least 0"],
            );
        }
        refused(pipeline().weights("weight").fit(&with("weight", |_| 0.0)), &["weights is 0 in all", "above 0"]);
        assert!(pipeline().weights("weight").fit(&weighted(0.0)).is_ok());
        let validated = |table: &Table| pipeline().validation_split(0.0).fit_validated(&self::table(), table);
        refused(validated(&table().head(0)), &["validation x is empty"]);
        refused(validated(&table().drop_columns(["income"]).unwrap()), &["no column \"income\""]);
        refused(validated(&table().drop_columns(["price"]).unwrap()), &["no column \"price\""]);
    });
}

#[test]
fn folds_that_lack_classes_or_rows() {
    both(|pipeline| {
        let rare = with_strings("late", |row| if row < 2 { "yes" } else { "no" });
        let folds = cross_validate(&pipeline(late()), &rare, KFold::new(4), ["log_loss"]).unwrap();
        assert!(
            folds.values("log_loss").unwrap().iter().all(|loss| loss.is_finite()),
            "a class may be absent from a fold"
        );
        assert_eq!(cross_val_predict(&pipeline(late()), &rare, KFold::new(4)).unwrap().shape(), (ROWS, 1));
        let area = cross_validate(&pipeline(late()), &rare, KFold::new(4), ["roc_auc"]);
        refused(area, &["each needs a sample", "in fold"]);
        let stratified = cross_validate(&pipeline(late()), &rare, StratifiedKFold::new(4), ["roc_auc"]);
        refused(stratified, &["n_splits is 4", "the smallest class has rows, 2"]);
        let groups = |name: fn(usize) -> &'static str, column: &str| {
            let folds = GroupKFold::new(2).groups(column.to_string());
            cross_validate(&pipeline(price()), &with_strings("group", name), folds, ["mean_absolute_error"])
        };
        assert!(
            groups(|row| if row < 35 { "large" } else { "small" }, "group").is_ok(),
            "a group is larger than a fold"
        );
        refused(groups(|_| "one", "group"), &["n_splits is 2", "the 1 group"]);
        refused(groups(|_| "one", "goup"), &["no column \"goup\"; did you mean \"group\"?"]);
        refused(cross_validate(&pipeline(price()), &table(), KFold::new(1), ["r2"]), &["n_splits is 1", "at least 2"]);
        refused(cross_validate(&pipeline(price()), &table(), KFold::new(2), ["r3"]), &["\"r3\"; did you mean \"r2\"?"]);
        refused(
            cross_validate(&pipeline(price()), &table(), KFold::new(2), ["roc_auc"]),
            &["for regression there are"],
        );
    });
}

#[test]
fn records_with_values_of_other_types() {
    both(|pipeline| {
        let fitted = pipeline(late()).fit(&table()).unwrap();
        let record = |name: &str, value: Value| table().record(0).unwrap().with(name, value);
        let predicted = |name: &str, value: Value| fitted.predict_record(&record(name, value));
        refused(predicted("income", "much".into()), &["the record", "\"income\"", "\"much\" is not a number"]);
        refused(predicted("income", "5".into()), &["\"income\"", "without quotes"]);
        assert_eq!(predicted("income", true.into()).unwrap(), predicted("income", 1.0.into()).unwrap());
        assert!(predicted("home", "CAVE".into()).is_ok(), "a category that is unknown");
        refused(predicted("home", 5.0.into()), &["column \"home\" holds a number", "expected strings", "as \"OWN\""]);
        refused(predicted("home", true.into()), &["column \"home\" holds a boolean", "expected strings"]);
        refused(predicted("incone", 1.0.into()), &["no column \"incone\"; did you mean \"income\"?"]);
    });
    let fitted = by_hand(late()).fit(&table()).unwrap();
    refused(fitted.predict_record(&Record::new()), &["the record", "\"income\"", "the value is missing"]);
    let complete = by_default(late()).fit(&table()).unwrap();
    assert_eq!(
        complete.predict_record(&Record::new()).unwrap(),
        complete.predict_record(&Record::new().with("income", NAN)).unwrap()
    );
}

#[test]
fn long_strings_and_many_columns() {
    let long = table().with_strings("home", (0..ROWS).map(|row| "z".repeat(100_000 + row))).unwrap();
    both(|pipeline| assert_eq!(pipeline(late()).fit(&long).unwrap().predict(&long).unwrap().len(), ROWS));
    let strict = by_hand(late()).columns(ColumnTransformer::new().add(OneHotEncoder::new(), ["home"]));
    refused(strict.fit(&table()).unwrap().predict(&long), &["row 0", "is unknown to the encoder", "zzz…"]);
    refused(by_hand(Target::regression("home")).exclude(["late"]).fit(&long), &["zzz…", "is not a number"]);
    refused(
        by_default(late()).fit(&long.with_strings("late", vec!["z".repeat(5000); ROWS]).unwrap()),
        &["in every row"],
    );
    let wide = (0..1000).fold(table(), |table, column| {
        table.with_numbers(format!("c{column}"), (0..ROWS).map(|row| (row * column % 17) as f64)).unwrap()
    });
    let scaled = ColumnTransformer::new().add(StandardScaler::new(), Selector::numbers());
    let fitted = by_hand(late()).columns(scaled).fit(&wide).unwrap();
    assert_eq!(fitted.predict(&wide.head(2)).unwrap().len(), 2);
    refused(by_hand(late()).exclude(["c1000"]).fit(&wide), &["no column \"c1000\"; did you mean", "905 more"]);
}

#[test]
fn a_fitted_pipeline_predicts_as_before_after_calls_that_failed() {
    both(|pipeline| {
        let fitted = pipeline(late()).fit(&table()).unwrap();
        let before = fitted.predict(&table()).unwrap();
        for failing in [with("income", |_| f64::INFINITY), Table::new(), table().select(["late"]).unwrap()] {
            assert!(fitted.predict(&failing).is_err() && fitted.predict_proba(&failing).is_err());
            assert!(fitted.predict_table(&failing).is_err() && fitted.evaluate(&failing).is_err());
            assert!(pipeline(late()).fit(&failing).is_err());
        }
        assert!(fitted.save(file!().to_owned() + "/pipeline.safetensors").is_err());
        assert!(fitted.clone().with_threshold(NAN).is_err());
        assert_eq!(fitted.predict(&table()).unwrap(), before);
        let none = table().head(0);
        assert_eq!((fitted.predict(&none).unwrap().len(), fitted.predict_proba(&none).unwrap().shape()), (0, (0, 2)));
        assert_eq!(fitted.predict_table(&none).unwrap().names(), ["late", "late_no", "late_yes"]);
        refused(fitted.evaluate(&none), &["the table is empty", "evaluate needs at least one row"]);
        assert!(fitted.evaluate(&table().head(1)).unwrap().to_string().starts_with("binary classification, 1 row\n"));
    });
}

#[test]
fn errors_state_a_cure_that_exists() {
    let rows = table();
    let pipeline = by_hand(late());
    let fitted = pipeline.fit(&rows).unwrap();
    refused(AccumulatedLocalEffects::new("home").compute(&fitted, &rows), &["home", "PartialDependence"]);
    let unknown = AccumulatedLocalEffects::new("hom").compute(&fitted, &rows).unwrap_err().to_string();
    assert!(unknown.contains("the list of inputs of the pipeline has no column"), "{unknown}");
    let record = rows.record(0).unwrap();
    let none = Counterfactual::new().find(&fitted, &record, &rows);
    refused(none, &["columns", "a list of 0", "1 to 16 columns"]);
    let few = Counterfactual::new().columns(["home"]).max_combinations(1).find(&fitted, &record, &rows);
    refused(few, &["max_combinations is 1", "from 2, two values of each column"]);
    refused(fitted.clone().correct_prior(PriorCorrection::from_rates(0.5, 0.0)), &["rates is not a positive number"]);
    refused(
        fitted.clone().correct_prior(PriorCorrection::from_rates(0.5, 1e-300)),
        &["a ratio 2e-300 for class 1", "1e-100"],
    );
    let spelled = fitted.predict_record(&Record::new().with("income", "NaN")).unwrap_err().to_string();
    assert!(spelled.contains("null for a missing value") && !spelled.contains("CsvOptions"), "{spelled}");
    let prices = by_hand(price()).fit(&rows).unwrap();
    refused(prices.calibrate(PlattScaling, &rows), &["regression", "conformal"]);
    let twice = SearchSpace::new().integer("units", 1..=2).float("units", 0.0..=1.0).check().unwrap_err().to_string();
    assert!(twice.contains("\"units\" twice") && !twice.contains(".name("), "{twice}");
}
