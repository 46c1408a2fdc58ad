use super::super::{Hashing, MinMaxScaler, OneHotEncoder, Record, StandardScaler, StringLookup};
use super::*;
use crate::layers::OutputMode;

fn table() -> Table {
    let table = Table::new().with_numbers("rate", [1.0, 3.0]).unwrap().with_numbers("n", [7.0, 8.0]).unwrap();
    table.with_strings("home", ["RENT", "OWN"]).unwrap().with_numbers("balance", [0.0, 10.0]).unwrap()
}

fn transformer() -> ColumnTransformer {
    let transformer = ColumnTransformer::new().add(OneHotEncoder::new(), ["home"]);
    transformer.add(StandardScaler::new(), ["rate"]).add(MinMaxScaler::new(), ["balance"])
}

#[test]
fn columns_follow_the_order_of_the_transformers() {
    let (fitted, x) = transformer().remainder(Remainder::Passthrough).fit_transform::<f64>(&table()).unwrap();
    assert_eq!(fitted.names(), ["home_OWN", "home_RENT", "rate", "balance", "n"]);
    assert_eq!(x, DMatrix::from_row_slice(2, 5, &[0.0, 1.0, -1.0, 0.0, 7.0, 1.0, 0.0, 1.0, 1.0, 8.0]));
    let (fitted, x) = transformer().fit_transform::<f32>(&table()).unwrap();
    assert_eq!((x.ncols(), fitted.inputs()), (4, vec!["home", "rate", "balance"]));
}

#[test]
fn strings_are_looked_up_or_hashed_together_with_numbers() {
    let counted = StringLookup::new().output_mode(OutputMode::Count);
    let columns = ColumnTransformer::new()
        .add(StringLookup::new(), ["home"])
        .add(StandardScaler::new(), ["rate"])
        .add(counted, ["home"])
        .add(Hashing::new(3).output_mode(OutputMode::OneHot), ["home"]);
    let (fitted, x) = columns.fit_transform::<f64>(&table()).unwrap();
    let names = ["home", "rate", "home_[UNK]", "home_RENT", "home_OWN", "home_0", "home_1", "home_2"];
    assert_eq!(fitted.names(), names);
    assert_eq!(x.columns(0, 5), DMatrix::from_row_slice(2, 5, &[1.0, -1.0, 0.0, 1.0, 0.0, 2.0, 1.0, 0.0, 0.0, 1.0]));
    assert_eq!(x.columns(5, 3).column_sum().as_slice(), [1.0, 1.0]);
    assert_eq!(fitted.transform_record::<f64>(&table().record(1).unwrap()).unwrap(), x.row(1));
    let stored = serde_json::to_string(&fitted).unwrap();
    let again: FittedColumnTransformer = serde_json::from_str(&stored).unwrap();
    assert_eq!(again.transform::<f64>(&table()).unwrap(), x);
    let boat = fitted.transform_record::<f64>(&Record::new().with("home", "BOAT").with("rate", 1.0)).unwrap();
    assert_eq!((boat[0], boat[2]), (0.0, 1.0));
}

#[test]
fn a_record_gives_the_row_of_the_table() {
    let fitted = transformer().passthrough(["n"]).fit(&table()).unwrap();
    let x = fitted.transform::<f64>(&table()).unwrap();
    let record = table().record(1).unwrap();
    assert_eq!(fitted.transform_record::<f64>(&record).unwrap(), x.row(1));
    let error = fitted.transform_record::<f64>(&Record::new().with("home", "OWN")).unwrap_err().to_string();
    assert!(error.starts_with("the record, column \"rate\": the value is missing"), "{error}");
    let lenient = ColumnTransformer::new()
        .add(OneHotEncoder::new().unknown(crate::preprocessing::Unknown::Zeros), ["home"])
        .fit(&table())
        .unwrap();
    assert_eq!(lenient.transform_record::<f64>(&Record::new()).unwrap().as_slice(), [0.0, 0.0]);
    let unknown = fitted.transform_record::<f64>(&record.clone().with("home", "ANY"));
    assert!(matches!(unknown, Err(Error::UnknownCategory { .. })));
    assert!(matches!(fitted.transform_record::<f64>(&record.with("rate", "low")), Err(Error::NotANumber { .. })));
}

#[test]
fn finite_numbers_are_scaled_at_both_ends_of_the_range() {
    let table = Table::new().with_numbers("a", [-1e308, 0.0, 1e308]).unwrap();
    let table = table.with_numbers("b", [1e-17, 2e-17, 3e-17]).unwrap();
    let minimum = ColumnTransformer::new().add(MinMaxScaler::new(), ["a", "b"]);
    let x = minimum.fit_transform::<f64>(&table).unwrap().1;
    approx::assert_relative_eq!(x.as_slice(), &[0.0, 0.5, 1.0, 0.0, 0.5, 1.0][..], max_relative = 1e-15);
    let standard = ColumnTransformer::new().add(StandardScaler::new(), ["a", "b"]);
    let (fitted, x) = standard.fit_transform::<f64>(&table).unwrap();
    let third = 1.5f64.sqrt();
    approx::assert_relative_eq!(x.as_slice(), &[-third, 0.0, third, -third, 0.0, third][..], epsilon = 1e-15);
    let record = fitted.transform_record::<f64>(&table.record(2).unwrap()).unwrap();
    assert_eq!(record, x.row(2));
}

#[test]
fn a_column_that_yields_nothing_is_taken_or_named() {
    let single = table().with_strings("g", ["x", "x"]).unwrap();
    let first = || OneHotEncoder::new().drop_category(crate::preprocessing::DropCategory::First);
    let error = ColumnTransformer::new().add(first(), ["g"]).fit(&single).unwrap_err().to_string();
    assert!(error.starts_with("what the ColumnTransformer makes of \"g\" is empty"), "{error}");
    let none: [&str; 0] = [];
    let beside = ColumnTransformer::new().add(first(), ["g"]).add(StandardScaler::new(), none).passthrough(["n"]);
    assert_eq!(beside.fit(&single).unwrap().names(), ["n"]);
    let error = ColumnTransformer::new().passthrough(none).fit(&single).unwrap_err().to_string();
    assert!(error.starts_with("the ColumnTransformer is empty; name columns"), "{error}");
}

#[test]
fn numbers_booleans_and_strings_are_read_as_at_the_fit() {
    let train =
        Table::new().with_strings("g", ["1", "2", "A"]).unwrap().with_booleans("b", [true, false, true]).unwrap();
    let fitted = ColumnTransformer::new()
        .text_to_number(TextToNumber::pairs([("1", 10.0), ("2", 20.0), ("A", 30.0)]), ["g"])
        .passthrough(["g", "b"])
        .add(OneHotEncoder::new(), ["b"])
        .fit(&train)
        .unwrap();
    let numbers = Table::new().with_numbers("g", [2.0, 1.0]).unwrap().with_strings("b", ["true", "False"]).unwrap();
    assert!(fitted.transform::<f64>(&numbers).is_err(), "what is scaled is to be numbers");
    let numbers = Table::new().with_numbers("g", [2.0, 1.0]).unwrap().with_numbers("b", [1.0, 0.0]).unwrap();
    let x = fitted.transform::<f64>(&numbers).unwrap();
    assert_eq!(x, DMatrix::from_row_slice(2, 4, &[20.0, 1.0, 0.0, 1.0, 10.0, 0.0, 1.0, 0.0]));
    let record: Record = serde_json::from_str(r#"{"g": 2, "b": true}"#).unwrap();
    let row = fitted.transform_record::<f64>(&record).unwrap();
    assert_eq!(row, x.row(0));
}

#[test]
fn it_survives_serialization() {
    let fitted = transformer().fit(&table()).unwrap();
    let text = serde_json::to_string(&fitted).unwrap();
    let back: FittedColumnTransformer = serde_json::from_str(&text).unwrap();
    assert_eq!(back.transform::<f32>(&table()).unwrap(), fitted.transform::<f32>(&table()).unwrap());
    for (from, to) in [("\"scale\":", "\"scale\":-"), ("\"columns\":[\"rate\"]", "\"columns\":[]"), ("steps", "step")] {
        assert!(text.contains(from), "{text}");
        assert!(serde_json::from_str::<FittedColumnTransformer>(&text.replacen(from, to, 1)).is_err(), "{to}");
    }
}

#[test]
fn widths_that_a_text_makes_up_cost_nothing() {
    let hashing = ColumnTransformer::new().add(Hashing::new(7).output_mode(OutputMode::OneHot), ["home"]);
    let lookup = ColumnTransformer::new().add(StringLookup::new().num_oov_indices(7), ["home"]);
    for (columns, field) in [(hashing, "num_bins"), (lookup, "num_oov_indices")] {
        let text = serde_json::to_string(&columns.fit(&table()).unwrap()).unwrap();
        let read = |count: usize| {
            let huge = text.replace(&format!("\"{field}\":7"), &format!("\"{field}\":{count}"));
            assert_ne!(huge, text);
            serde_json::from_str::<FittedColumnTransformer>(&huge)
        };
        let width = read(1 << 24).unwrap().width();
        assert_eq!(width, if field == "num_bins" { 1 << 24 } else { 1 });
        let error = read(u32::MAX as usize).unwrap_err().to_string();
        assert!(error.contains(&format!("{field} is 4294967295; expected at most 16777216")), "{error}");
        assert!(read(usize::MAX).is_err());
    }
}

#[test]
fn columns_that_do_not_fit_are_refused() {
    let fit = |transformer: ColumnTransformer, table: &Table| transformer.fit(table).unwrap_err();
    assert!(matches!(fit(transformer().passthrough(["rate"]), &table()), Error::Argument { .. }));
    assert!(matches!(fit(transformer().passthrough(["x"]), &table()), Error::UnknownColumn { .. }));
    assert!(matches!(fit(transformer(), &table().head(0)), Error::Empty { .. }));
    assert!(matches!(fit(ColumnTransformer::new(), &table()), Error::Empty { .. }));
    let missing = table().with_numbers("rate", [1.0, f64::NAN]).unwrap();
    assert!(matches!(transformer().fit_transform::<f32>(&missing), Err(Error::MissingValue { .. })));
    assert!(matches!(transformer().fit(&missing).unwrap().transform::<f64>(&missing), Err(Error::MissingValue { .. })));
    let empty = table().with_numbers("rate", [f64::NAN; 2]).unwrap();
    let error = fit(transformer(), &empty).to_string();
    assert!(error.starts_with("column \"rate\" is empty") && error.contains("drop_empty_columns()"), "{error}");
    let infinite = table().with_numbers("rate", [1.0, f64::INFINITY]).unwrap();
    assert!(matches!(fit(transformer(), &infinite), Error::InfiniteValue { .. }));
    let text = ColumnTransformer::new().add(StandardScaler::new(), ["home"]);
    assert!(matches!(fit(text, &table()), Error::NotANumber { .. }));
}

#[test]
fn each_column_of_the_matrix_has_the_columns_that_it_is_made_of() -> Result<()> {
    use super::super::{
        ColumnArithmetic, FeatureSpace, Hashing, KBinsDiscretizer, OneHotEncoder, PiecewiseLinearEncoder,
        SimpleImputer, StandardScaler, TargetEncoder,
    };
    let gaps = |step: usize| (0..24).map(move |row| if row % step == 0 { f64::NAN } else { row as f64 });
    let table = Table::new()
        .with_numbers("a", gaps(5))?
        .with_numbers("b", gaps(7))?
        .with_numbers("c", (0..24).map(f64::from))?
        .with_strings("home", (0..24).map(|row| ["OWN", "RENT"][row % 2]))?
        .with_strings("term", (0..24).map(|row| ["36", "60", "72"][row % 3]))?;
    let target = Table::new().with_numbers("y", (0..24).map(|row| f64::from(row % 4)))?;
    let space = FeatureSpace::new().feature("home", "string_categorical").feature("term", "string_categorical");
    let columns = ColumnTransformer::new()
        .add(SimpleImputer::mean().indicator(true).then(StandardScaler::new()), ["a", "b"])
        .add(OneHotEncoder::new(), ["home", "term"])
        .add(ColumnArithmetic::ratio("c", "a").name("ratio").then(SimpleImputer::constant(0.0)), ["a", "c"])
        .add(ColumnArithmetic::product("c", "c").name("square").then(KBinsDiscretizer::new()), ["c"])
        .add(PiecewiseLinearEncoder::new().bins(2), ["c"])
        .add(TargetEncoder::new(), ["term", "home"]);
    let fitted = columns.fit_with(FitInput::new(&table).with_target(&target)?.with_seed(1))?;
    let (names, sources) = (fitted.names(), fitted.sources());
    assert_eq!((names.len(), sources.len()), (fitted.width(), fitted.width()));
    for (name, sources) in names.iter().zip(&sources) {
        let expected: &[&str] = match name.as_str() {
            "ratio" => &["c", "a"],
            _ if name.starts_with("square") || name.starts_with("c_") => &["c"],
            _ if name.starts_with("home") => &["home"],
            _ if name.starts_with("term") => &["term"],
            _ if name.starts_with('a') => &["a"],
            _ => &["b"],
        };
        let mut expected = expected.to_vec();
        let mut found = sources.clone();
        expected.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, expected, "{name}");
    }
    let spaced = space.cross(["home", "term"]).adapt(&table)?;
    let last = spaced.sources().pop();
    assert_eq!(last, Some(vec!["home", "term"]));
    assert_eq!(spaced.sources()[0], ["home"]);
    let hashed = ColumnTransformer::new().add(Hashing::new(4), ["home", "term"]).fit(&table)?;
    assert_eq!(hashed.sources().len(), hashed.width());
    Ok(())
}

#[test]
fn two_columns_of_one_name_are_refused_with_their_sources() {
    let table = Table::new().with_strings("d", ["year", "month"]).unwrap().with_numbers("d_year", [1.0, 2.0]).unwrap();
    let columns = ColumnTransformer::new().add(OneHotEncoder::new(), ["d"]).passthrough(["d_year"]);
    let error = columns.fit(&table).unwrap_err().to_string();
    for part in ["\"d_year\" after", "one made of \"d\" and one of \"d_year\"", "Table::rename", "exclude"] {
        assert!(error.contains(part), "{error}");
    }
    let twice = ColumnTransformer::new().passthrough(["d_year"]).passthrough(["d_year"]);
    let error = twice.fit(&table).unwrap_err().to_string();
    assert!(error.contains("both made of \"d_year\"") && !error.contains("rename"), "{error}");
    assert!(error.contains("Table::with_column"), "{error}");
    // The cures.
    let renamed = table.rename("d_year", "since").unwrap();
    let columns = ColumnTransformer::new().add(OneHotEncoder::new(), ["d"]).passthrough(["since"]);
    assert_eq!(columns.fit(&renamed).unwrap().names(), ["d_month", "d_year", "since"]);
    let copied = table.with_column("d_year_scaled", table.column("d_year").unwrap().clone()).unwrap();
    let both = ColumnTransformer::new().passthrough(["d_year"]).add(StandardScaler::new(), ["d_year_scaled"]);
    assert_eq!(both.fit(&copied).unwrap().names(), ["d_year", "d_year_scaled"]);
}

#[test]
fn blocks_of_rows_are_encoded_as_the_whole_table() {
    use super::super::{SelectedRows, SimpleImputer, TargetEncoder};
    let count = 20_000;
    let gaps = (0..count).map(|row| if row % 7 == 0 { f64::NAN } else { f64::from(row % 1000) });
    let table = Table::new().with_numbers("rate", gaps).unwrap();
    let table = table.with_strings("home", (0..count).map(|row| ["OWN", "RENT", "ANY"][row as usize % 3])).unwrap();
    let target = Table::new().with_numbers("y", (0..count).map(|row| f64::from(row % 2))).unwrap();
    let columns = ColumnTransformer::new()
        .add(SimpleImputer::median().indicator(true).then(StandardScaler::new()), ["rate"])
        .add(OneHotEncoder::new(), ["home"])
        .add(TargetEncoder::new(), ["home"]);
    let order: Vec<usize> = (0..count as usize).rev().collect();
    let (reversed, of_reversed) = (table.take(&order).unwrap(), target.take(&order).unwrap());
    let input = || FitInput::new(&reversed).with_target(&of_reversed).unwrap().with_seed(5);
    let (whole, x) = columns.fit_transform_with::<f32>(input()).unwrap();
    let rows = SelectedRows::of(&table, order.clone()).unwrap();
    let (fitted, made) = columns.fit_rows(&rows, input()).unwrap();
    assert_eq!(fitted, whole);
    let (mut blocks, mut next) = (0, 0);
    let mut compare = |first: usize, block: DMatrix<f32>| {
        assert_eq!((first, &block), (next, &x.rows(first, block.nrows()).into_owned()));
        (blocks, next) = (blocks + 1, first + block.nrows());
        Ok(())
    };
    fitted.each_block(&rows, &made, &mut compare).unwrap();
    assert_eq!((blocks, next), (3, count as usize));
    let strange = table.with_strings("home", (0..count).map(|row| if row == 15_000 { "BOAT" } else { "OWN" })).unwrap();
    let message = |rows: SelectedRows| {
        let error = whole.each_block::<f32>(&rows, &[], &mut |_, _| Ok(())).unwrap_err();
        error.to_string()
    };
    for rows in [SelectedRows::all(&strange), SelectedRows::of(&strange, order).unwrap()] {
        let error = message(rows);
        assert!(error.starts_with("row 15000 ") && error.contains("BOAT"), "{error}");
    }
}
