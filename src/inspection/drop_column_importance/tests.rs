use super::super::testing::{noise, table};
use super::*;
use crate::model_selection::compare;
use crate::pipeline::Target;
use crate::prelude::*;

fn pipeline(columns: ColumnTransformer) -> Pipeline {
    let model = Sequential::new().add(Dense::new(1, Linear)).compile(Adam.learning_rate(0.05), "mse", ());
    Pipeline::new(Target::regression("y"))
        .columns(columns)
        .model(model)
        .options(Fit::new().epochs(15).verbose(0))
        .seed(4)
}

fn rows() -> Table {
    let rows = table(90);
    rows.with_numbers("y", (0..90).map(|row| 3.0 * noise(row, 1) + noise(row, 3))).unwrap()
}

#[test]
fn importances_are_the_differences_of_cross_validations() -> Result<()> {
    let columns = || {
        ColumnTransformer::new()
            .add(StandardScaler::new(), ["a", "b", "c"])
            .add(ColumnArithmetic::product("a", "b"), Selector::matching("[none]").or(["a", "b"]))
            .add(OneHotEncoder::new(), Selector::strings())
    };
    let (rows, score) = (rows(), "root_mean_squared_error");
    let found = DropColumnImportance::new(score)
        .folds(KFold::new(3))
        .group("rest", ["b", "home"])
        .compute(&pipeline(columns()), &rows)?;
    assert_eq!(found.columns().iter().map(|column| column.name.as_str()).collect::<Vec<_>>()[0], "a");
    let without = |columns: ColumnTransformer, excluded: &[&str]| {
        let pipeline = pipeline(columns).exclude(excluded.iter().copied());
        cross_validate(&pipeline, &rows, KFold::new(3), scores![score])
    };
    let all = cross_validate(&pipeline(columns()), &rows, KFold::new(3), scores![score])?;
    let left = ColumnTransformer::new().add(StandardScaler::new(), ["a", "c"]);
    let rest = without(left, &["b", "home"])?;
    let (with, without) = (all.values(score).expect("values"), rest.values(score).expect("values"));
    let column = found.get("rest").expect("the group");
    let differences: Vec<f64> = with.iter().zip(&without).map(|(with, without)| without - with).collect();
    assert_eq!(column.values, differences);
    let compared = compare(&with, &without, 60, 30)?;
    assert!((column.standard_error - compared.standard_error).abs() < 1e-15);
    assert_eq!(found.baseline(), all.mean(score).expect("a mean"));
    Ok(())
}

#[test]
fn a_monotone_column_is_dropped_with_its_direction() -> Result<()> {
    let columns = ColumnTransformer::new().add(StandardScaler::new(), ["a", "c"]);
    let pipeline = pipeline(columns).monotone("a", crate::pipeline::Monotonicity::Increasing);
    let found = DropColumnImportance::new("r2").folds(KFold::new(2)).compute(&pipeline, &rows())?;
    assert_eq!(found.columns()[0].name, "a");
    Ok(())
}

#[test]
fn misuse_is_an_error() -> Result<()> {
    let rows = rows();
    let scaled = || pipeline(ColumnTransformer::new().add(StandardScaler::new(), ["a"]));
    let of = |importance: DropColumnImportance| importance.compute(&scaled(), &rows);
    // Without its only column there is nothing to fit.
    let message = of(DropColumnImportance::new(R2).folds(KFold::new(2))).unwrap_err().to_string();
    assert!(message.contains("without a"), "{message}");
    assert!(of(DropColumnImportance::new(R2).level(0.0)).is_err());
    assert!(of(DropColumnImportance::new(R2).group("x", ["b"])).is_err());
    assert!(matches!(DropColumnImportance::new(R2).compute(&scaled(), &rows.head(0)), Err(Error::Empty { .. })));
    Ok(())
}
