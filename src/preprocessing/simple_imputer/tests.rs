use super::super::{ColumnTransformer, FittedColumnTransformer, OneHotEncoder, Record, StandardScaler, StringColumn};
use super::*;
use crate::reference;
use serde_json::json;

fn table_of(columns: &[reference::Case]) -> Table {
    let columns = columns.iter().enumerate();
    columns.fold(Table::new(), |table, (index, column)| table.with_numbers(format!("x{index}"), column.all()).unwrap())
}

fn of_strategy(name: &str) -> SimpleImputer {
    match name {
        "mean" => SimpleImputer::mean(),
        "median" => SimpleImputer::median(),
        "most_frequent" => SimpleImputer::most_frequent(),
        _ => SimpleImputer::constant(-7.25),
    }
}

#[test]
fn numbers_are_filled_as_by_the_reference() -> Result<()> {
    for case in reference::case("simple_imputer").list("cases") {
        let (train, other) = (table_of(&case.list("train")), table_of(&case.list("other")));
        let imputer =
            of_strategy(case.text("strategy")).indicator(true).keep_empty_features(case.text("keep") == "True");
        let fitted = imputer.fit(&train, train.names())?;
        let made = fitted.transform(&other)?;
        let values: Vec<f64> = made.names().iter().flat_map(|name| made.numbers(name).unwrap().to_vec()).collect();
        case.assert_close("transformed", values, 1e-10);
        let indicators: Vec<String> = fitted.indicators();
        assert_eq!(indicators, ["x0_missing", "x2_missing", "x3_missing", "x5_missing"]);
        assert_eq!(fitted.dropped().is_empty(), case.text("keep") == "True");
    }
    Ok(())
}

#[test]
fn strings_are_filled_as_by_the_reference() -> Result<()> {
    for case in reference::case("simple_imputer_of_strings").list("cases") {
        let imputer = match case.text("strategy") {
            "constant" => SimpleImputer::constant("none"),
            _ => SimpleImputer::most_frequent(),
        };
        for (column, expected) in case.list("columns").iter().zip(case.list("transformed")) {
            let strings = column.strings();
            let strings: StringColumn = strings.iter().map(|text| (!text.is_empty()).then_some(text)).collect();
            let table = Table::new().with_column("c", strings)?;
            let made = imputer.fit(&table, ["c"])?.transform(&table)?;
            let found: Vec<&str> = made.strings("c")?.iter().flatten().collect();
            assert_eq!(found, expected.strings());
        }
    }
    Ok(())
}

#[test]
fn booleans_stay_booleans() -> Result<()> {
    let owner: BooleanColumn = [Some(true), None, Some(false)].into_iter().collect();
    let table = Table::new().with_column("owner", owner)?;
    let filled = |imputer: &SimpleImputer| {
        let fitted = imputer.fit(&table, ["owner"])?;
        assert_eq!(fitted.output_kinds(), [ColumnKind::Booleans]);
        fitted.transform(&table)?.booleans("owner").map(|values| values.get(1))
    };
    assert_eq!(filled(&SimpleImputer::most_frequent())?, Some(false), "the smallest of two that are equally frequent");
    assert_eq!(filled(&SimpleImputer::constant(true))?, Some(true));
    let mean = SimpleImputer::mean().fit(&table, ["owner"])?;
    assert_eq!(mean.transform(&table)?.numbers("owner")?, [1.0, 0.5, 0.0]);
    // The type of a column may differ from file to file.
    let fitted = SimpleImputer::most_frequent().fit(&table, ["owner"])?;
    let numbers = Table::new().with_numbers("owner", [1.0, f64::NAN])?;
    assert_eq!(fitted.transform(&numbers)?.booleans("owner")?.iter().collect::<Vec<_>>(), [Some(true), Some(false)]);
    let error = fitted.transform(&Table::new().with_numbers("owner", [2.0])?).unwrap_err();
    assert!(matches!(error, Error::ColumnType { found: "numbers", .. }), "{error}");
    Ok(())
}

#[test]
fn a_record_gives_the_row_of_the_table() -> Result<()> {
    let homes: StringColumn = [Some("OWN"), None, Some("RENT"), Some("OWN")].into_iter().collect();
    let table = Table::new().with_numbers("rate", [1.0, 2.0, f64::NAN, 6.0])?.with_column("home", homes)?;
    let columns = ColumnTransformer::new()
        .add(SimpleImputer::mean().indicator(true).then(StandardScaler::new()), ["rate"])
        .add(SimpleImputer::most_frequent().then(OneHotEncoder::new()), ["home"]);
    let (fitted, x) = columns.fit_transform::<f64>(&table)?;
    assert_eq!(fitted.names(), ["rate", "rate_missing", "home_OWN", "home_RENT"]);
    assert_eq!(x.row(1).iter().skip(1).copied().collect::<Vec<_>>(), [0.0, 1.0, 0.0]);
    let text = serde_json::to_string(&fitted).expect("JSON");
    let again: FittedColumnTransformer = serde_json::from_str(&text).expect("the same");
    assert_eq!(again, fitted);
    for row in 0..4 {
        assert_eq!(again.transform_record::<f64>(&table.record(row)?)?, x.row(row));
    }
    assert_eq!(again.transform_record::<f64>(&Record::new())?.as_slice(), [0.0, 1.0, 1.0, 0.0]);
    Ok(())
}

#[test]
fn numbers_in_a_column_of_strings_are_spelled() -> Result<()> {
    let grades: StringColumn = [Some("1"), None, Some("A"), Some("1")].into_iter().collect();
    let fitted = SimpleImputer::most_frequent().fit(&Table::new().with_column("grade", grades)?, ["grade"])?;
    let made = fitted.transform(&Table::new().with_numbers("grade", [2.0, f64::NAN, 2.5])?)?;
    assert_eq!(made.strings("grade")?.iter().flatten().collect::<Vec<_>>(), ["2", "1", "2.5"]);
    Ok(())
}

#[test]
fn columns_without_values_are_left_out_or_filled() -> Result<()> {
    let nothing: StringColumn = [None::<&str>; 2].into_iter().collect();
    let table =
        Table::new().with_numbers("a", [1.0, 3.0])?.with_numbers("n", [f64::NAN; 2])?.with_column("t", nothing)?;
    let fit = |imputer: SimpleImputer| imputer.fit(&table.select(["n", "t"])?, ["n", "t"]);
    assert_eq!(fit(SimpleImputer::median())?.dropped(), ["n", "t"]);
    assert_eq!(fit(SimpleImputer::constant("x"))?.dropped(), ["n", "t"]);
    let kept = fit(SimpleImputer::most_frequent().keep_empty_features(true))?;
    assert_eq!((kept.fill_value("n"), kept.fill_value("t")), (Some(&0.0.into()), Some(&"missing_value".into())));
    let means = SimpleImputer::mean().fit(&table, table.names())?;
    assert_eq!((means.inputs(), means.transform(&table.select(["a"])?)?.names()), (vec!["a"], &["a".to_owned()][..]));
    let indicated = SimpleImputer::mean().indicator(true).fit(&table, ["n"])?;
    assert_eq!((indicated.outputs(), indicated.inputs()), (vec!["n_missing".to_owned()], vec!["n"]));
    assert!(matches!(SimpleImputer::mean().fit(&table.head(0), ["a"]), Err(Error::Empty { .. })));
    Ok(())
}

#[test]
fn a_fit_over_blocks_equals_a_fit_on_all_rows() -> Result<()> {
    let table = Table::new().with_numbers("a", [1.0, f64::NAN, 3.0, 8.0])?.with_numbers("b", [f64::NAN; 4])?;
    let imputer = SimpleImputer::mean().indicator(true);
    let mut blocks = imputer.accumulator().expect("means fit over blocks");
    for rows in [[0, 1], [2, 3]] {
        blocks.update(FitInput::new(&table.take(&rows)?))?;
    }
    assert_eq!(blocks.finish()?.state()?, imputer.fit(&table, ["a", "b"])?.state()?);
    Ok(())
}

#[test]
fn both_ends_of_the_range_are_averaged() -> Result<()> {
    let table = Table::new().with_numbers("a", [1.5e308, f64::NAN, 1.7e308])?;
    for imputer in [SimpleImputer::mean(), SimpleImputer::median()] {
        let Some(Value::Number(fill)) = imputer.fit(&table, ["a"])?.fill_value("a").cloned() else {
            panic!("a number")
        };
        approx::assert_relative_eq!(fill, 1.6e308, max_relative = 1e-15);
    }
    Ok(())
}

#[test]
fn unfit_columns_and_arguments_are_refused() -> Result<()> {
    let table = Table::new().with_numbers("a", [1.0, f64::NAN])?.with_strings("t", ["x", "y"])?;
    let error = |imputer: SimpleImputer, column: &str| imputer.fit(&table, [column]).unwrap_err();
    assert!(matches!(error(SimpleImputer::mean(), "t"), Error::NotANumber { .. }));
    assert!(matches!(error(SimpleImputer::mean(), "x"), Error::UnknownColumn { .. }));
    let other_type = error(SimpleImputer::constant("none"), "a").to_string();
    assert!(other_type.contains("column \"a\" holds numbers") && other_type.contains("with a number"), "{other_type}");
    assert!(matches!(error(SimpleImputer::constant(1.0), "t"), Error::ColumnType { found: "strings", .. }));
    let message = |imputer: SimpleImputer| error(imputer, "a").to_string();
    assert!(message(SimpleImputer::new().strategy(ImputeStrategy::Constant)).contains("SimpleImputer::constant(0.0)"));
    assert!(message(SimpleImputer::constant(f64::NAN)).contains("a finite number"));
    assert!(message(SimpleImputer::mean().fill_value(1.0)).contains("the strategy is not Constant"));
    let infinite = table.with_numbers("a", [f64::INFINITY, 1.0])?;
    for imputer in
        [SimpleImputer::mean(), SimpleImputer::median(), SimpleImputer::most_frequent(), SimpleImputer::constant(1.0)]
    {
        assert!(matches!(imputer.fit(&infinite, ["a"]), Err(Error::InfiniteValue { .. })));
        assert!(matches!(imputer.fit(&table, ["a"])?.transform(&infinite), Err(Error::InfiniteValue { .. })));
    }
    let taken = table.with_numbers("a_missing", [1.0, 2.0])?;
    let error = SimpleImputer::mean().indicator(true).fit(&taken, ["a", "a_missing"]).unwrap_err().to_string();
    assert!(error.contains("two columns are called \"a_missing\""), "{error}");
    let strings = ColumnTransformer::new().add(SimpleImputer::most_frequent(), ["t"]).fit(&table).unwrap_err();
    assert!(matches!(strings, Error::ColumnType { .. }), "{strings}");
    Ok(())
}

#[test]
fn a_hostile_state_is_refused() {
    let restore = |state| SimpleImputer::mean().restore(state).map(|fitted| fitted.outputs());
    let column = |name: &str, fill: serde_json::Value| json!({ "name": name, "fill": fill, "indicator": true });
    assert_eq!(restore(json!({ "columns": [column("a", json!(1.5))] })).unwrap(), ["a", "a_missing"]);
    for columns in [
        json!([column("a", json!(1)), column("a", json!(2))]),
        json!([column("a", json!(1)), column("a_missing", json!(2))]),
        json!([column("a", json!([1]))]),
        json!([{ "name": "a" }]),
        json!("a"),
    ] {
        assert!(matches!(restore(json!({ "columns": columns })), Err(Error::Configuration { .. })), "{columns}");
    }
}
