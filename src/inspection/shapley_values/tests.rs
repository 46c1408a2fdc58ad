use super::super::testing::{golden, linear, network, noise, table};
use super::*;
use crate::pipeline::{Pipeline, Target};
use crate::prelude::*;
use crate::{reference, set_num_threads};

#[test]
fn values_of_a_linear_model_are_its_closed_form() -> Result<()> {
    let (rows, weights) = (table(50), [2.0, -0.3, 0.7]);
    let fitted = linear(&rows, weights, 0.25);
    let values = [0.4, 7.0, -2.0];
    let record = Record::new().with("a", values[0]).with("b", values[1]).with("c", values[2]);
    for shapley in [ShapleyValues::new(&rows).exact(), ShapleyValues::new(&rows).sampled(3).seed(1)] {
        let explanation = shapley.explain(&fitted, &record)?;
        for ((name, weight), value) in ["a", "b", "c"].into_iter().zip(weights).zip(values) {
            let mean = rows.numbers(name)?.iter().sum::<f64>() / 50.0;
            assert!((explanation.value(name) - weight * (value - mean)).abs() < 1e-6);
        }
    }
    Ok(())
}

#[test]
fn exact_values_are_those_of_shap() -> Result<()> {
    let (rows, fitted) = golden();
    let case = reference::case("shapley_values");
    let (background, mut found) = (rows.head(case.indices("rows")[0]), Vec::new());
    for row in 40..44 {
        let explanation = ShapleyValues::new(&background).explain(&fitted, &rows.record(row)?)?;
        assert!((explanation.baseline() - case.numbers("baselines")[row - 40]).abs() < 1e-10);
        found.extend(explanation.values().iter().map(|column| column.value));
    }
    case.assert_close("values", found, 1e-10);
    Ok(())
}

#[test]
fn sampled_values_are_within_their_standard_errors() -> Result<()> {
    let rows = table(60);
    let fitted = network(&rows, &[1, 2]);
    let record = Record::new().with("a", 0.9).with("b", -8.0).with("c", 2.5).with("home", "RENT");
    let exact = ShapleyValues::new(&rows.head(20)).explain(&fitted, &record)?;
    let sampled = || ShapleyValues::new(&rows.head(20)).sampled(60).seed(3).explain(&fitted, &record);
    let all = sampled()?;
    set_num_threads(1);
    let one = sampled();
    set_num_threads(0);
    assert_eq!(all, one?);
    for (sampled, exact) in all.values().iter().zip(exact.values()) {
        let error = sampled.standard_error.expect("an error");
        assert!((sampled.value - exact.value).abs() < 4.0 * error + 1e-6, "{sampled:?} {exact:?}");
    }
    for explanation in [&all, &exact] {
        assert!((explanation.sum() - (explanation.prediction() - explanation.baseline())).abs() < 1e-6);
    }
    assert!(all.to_string().lines().all(|line| line.chars().count() <= 80));
    // A missing value, a coalition of which is a missing value among others, is data.
    let missing = Record::new().with("b", 1.0).with("home", "OWN");
    let explanation = ShapleyValues::new(&rows.head(9)).logits(true).explain(&fitted, &missing)?;
    assert!((explanation.sum() - (explanation.prediction() - explanation.baseline())).abs() < 1e-6);
    assert!(explanation.values()[0].raw.is_none());
    Ok(())
}

#[test]
fn misuse_is_an_error() -> Result<()> {
    let rows = table(30);
    let fitted = network(&rows, &[1]);
    let record = Record::new().with("a", 0.9).with("b", -8.0).with("c", 2.5).with("home", "RENT");
    let of = |shapley: ShapleyValues| shapley.explain(&fitted, &record);
    assert!(matches!(of(ShapleyValues::new(&rows.head(0))), Err(Error::Empty { .. })));
    assert!(matches!(of(ShapleyValues::new(&Table::new())), Err(Error::Empty { .. })));
    assert!(matches!(of(ShapleyValues::new(&rows.drop_columns(["a"])?)), Err(Error::UnknownColumn { .. })));
    assert!(of(ShapleyValues::new(&rows).sampled(usize::MAX)).is_err());
    assert!(of(ShapleyValues::new(&rows).sampled(1)).is_err() && of(ShapleyValues::new(&rows).output(3.0)).is_err());
    for record in [Record::new(), record.clone().with("x", 1.0), record.clone().with("b", f64::NAN)] {
        assert!(ShapleyValues::new(&rows).explain(&fitted, &record).is_err());
    }
    let names: Vec<String> = (0..13).map(|column| format!("x{column}")).collect();
    let wide = names.iter().enumerate().try_fold(rows.select(["y"])?, |table, (column, name)| {
        table.with_numbers(name, (0..30).map(|row| noise(row, column)))
    })?;
    let model = Sequential::new().add(Dense::new(1, Linear)).compile("adam", "mse", ());
    let columns = ColumnTransformer::new().passthrough(names);
    let options = Fit::new().epochs(1).verbose(0);
    let fitted =
        Pipeline::new(Target::regression("y")).columns(columns).model(model).options(options).seed(1).fit(&wide)?;
    let message =
        ShapleyValues::new(&wide).explain(&fitted, &wide.drop_columns(["y"])?.record(0)?).unwrap_err().to_string();
    assert!(message.contains("13 of the pipeline") && message.contains(".sampled(200)"), "{message}");
    assert!(ShapleyValues::new(&wide.head(3)).sampled(2).explain(&fitted, &wide.record(0)?).is_ok());
    Ok(())
}
