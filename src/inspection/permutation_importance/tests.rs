use super::super::testing::{linear, one_layer, table};
use super::*;
use crate::pipeline::Target;
use crate::prelude::*;
use crate::{reference, set_num_threads};

#[test]
fn importances_of_given_orders_are_those_of_the_reference() -> Result<()> {
    let case = reference::case("permutation_importance");
    let x = case.matrix("x");
    let named =
        |table: Table, column: usize| table.with_numbers(format!("x{column}"), x.column(column).iter().copied());
    let table = (0..3).try_fold(Table::new(), named)?.with_numbers("y", case.numbers("y"))?;
    let columns = ColumnTransformer::new().passthrough(["x0", "x1", "x2"]);
    let target = Target::regression("y").standardize(false);
    let weights = (&case.numbers("weights")[..], case.numbers("bias")[0]);
    let fitted = one_layer(&table, &columns, &target, ("linear", "mse"), weights);
    let truth = TrueValues::of(fitted.target(), &table)?;
    let row_weights = case.numbers("row_weights");
    let r2 = |table: &Table| {
        let prediction = fitted.table_values(table)?;
        score_of(R2, &ScoreInput::new(truth.truth(), &prediction).with_weights(&row_weights))
    };
    let orders = case.matrix("orders");
    let mut found = Vec::new();
    for column in ["x0", "x1", "x2"].map(String::from) {
        for order in orders.row_iter() {
            let order: Vec<usize> = order.iter().map(|&row| row as usize).collect();
            found.push(r2(&table)? - r2(&reordered(&table, std::slice::from_ref(&column), &order)?)?);
        }
    }
    case.assert_close("importances", &found, 1e-10);
    let means: Vec<f64> = found
        .chunks(4)
        .map(|values| ColumnImportance::new("".into(), vec![], values.to_vec(), None, 0.95).mean)
        .collect();
    case.assert_close("means", means, 1e-10);
    Ok(())
}

#[test]
fn the_mean_of_a_linear_model_is_its_closed_form() -> Result<()> {
    // Permuting column j raises the mean squared error by 2·w_j²·var(x_j)·n/(n − 1)·(n − 1)/n, in the mean over all
    // permutations, where the model predicts without error.
    let rows = table(300);
    let weights = [2.0, -0.1, 0.3];
    let fitted = linear(&rows, weights, 1.0);
    let exact = fitted.predict_table(&rows)?.numbers("y")?.to_vec();
    let rows = rows.with_numbers("y", exact)?;
    let found = PermutationImportance::new("root_mean_squared_error").repeats(3).seed(2).compute(&fitted, &rows)?;
    assert_eq!((found.score(), found.baseline().abs() < 1e-12), ("root_mean_squared_error", true));
    for (name, weight) in ["a", "b", "c"].into_iter().zip(weights) {
        let variance = crate::statistics::Moments::of(rows.numbers(name)?).variance();
        let column = found.get(name).expect("a column");
        let squares: Vec<f64> = column.values.iter().map(|root| root * root).collect();
        let square = ColumnImportance::new("".into(), vec![], squares, None, 0.95);
        let expected = 2.0 * weight * weight * variance;
        assert!(
            (square.mean - expected).abs() < 4.0 * square.standard_error.max(0.03 * expected),
            "{name}: {square:?} {expected}"
        );
        assert!(column.interval.0 < column.mean && column.mean < column.interval.1);
    }
    let means: Vec<f64> = found.columns().iter().map(|column| column.mean).collect();
    assert!(means.is_sorted_by(|a, b| a >= b));
    Ok(())
}

#[test]
fn the_bits_are_the_same_for_any_number_of_threads() -> Result<()> {
    let rows = table(80);
    let fitted = linear(&rows, [1.0, 2.0, 3.0], 0.0);
    let run = || {
        let importance = PermutationImportance::new(R2).repeats(6).seed(9).group("pair", ["a", "c"]).weights("weight");
        importance.compute(&fitted, &rows.with_numbers("weight", (0..80).map(|row| f64::from(row % 4)))?)
    };
    let all = run()?;
    set_num_threads(1);
    let one = run();
    set_num_threads(0);
    assert_eq!(all, one?);
    assert_eq!(all.get("pair").map(|pair| pair.columns.len()), Some(2));
    assert!(all.get("a").is_none() && all.columns().len() == 2);
    let text = all.to_string();
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    Ok(())
}

#[test]
fn misuse_is_an_error() -> Result<()> {
    let rows = table(30);
    let fitted = linear(&rows, [1.0, 2.0, 3.0], 0.0);
    let of = |importance: PermutationImportance| importance.compute(&fitted, &rows);
    let new = || PermutationImportance::new(R2);
    assert!(
        of(new().repeats(0)).is_err()
            && of(new().repeats(usize::MAX)).is_err()
            && of(new().level(1.0)).is_err()
            && of(new().level(f64::NAN)).is_err()
    );
    assert!(of(new().group("x", ["home"])).is_err() && of(new().weights("home")).is_err());
    assert!(of(PermutationImportance::new("roc_auc")).is_err() && of(PermutationImportance::new("roc")).is_err());
    assert!(matches!(new().compute(&fitted, &rows.head(0)), Err(Error::Empty { .. })));
    assert!(matches!(new().compute(&fitted, &rows.drop_columns(["a"])?), Err(Error::UnknownColumn { .. })));
    assert!(matches!(new().compute(&fitted, &rows.drop_columns(["y"])?), Err(Error::UnknownColumn { .. })));
    let once = of(new().repeats(1).seed(1))?;
    assert!(once.columns()[0].interval.0.is_nan());
    Ok(())
}

#[cfg(feature = "plot")]
#[test]
fn the_picture_has_a_bar_for_each_column() -> Result<()> {
    let rows = table(30);
    let fitted = linear(&rows, [1.0, 2.0, 3.0], 0.0);
    for repeats in [1, 3] {
        let found = PermutationImportance::new(R2).repeats(repeats).seed(1).compute(&fitted, &rows)?;
        let svg = found.picture(2).to_svg()?;
        let is_shown = |column: &ColumnImportance| svg.contains(&format!(">{}<", column.name));
        assert!(found.columns()[..2].iter().all(is_shown) && !is_shown(&found.columns()[2]));
        assert!(!svg.contains("NaN"));
    }
    Ok(())
}
