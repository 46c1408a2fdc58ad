use super::super::testing::{network, one_layer, table};
use super::*;
use crate::pipeline::Target;
use crate::prelude::*;
use crate::statistics::Moments;

/// The probability of `late` by `σ(8·a + 0.8·b + 2·[home = RENT])`.
fn logistic(rows: &Table) -> FittedPipeline<f64> {
    let columns = ColumnTransformer::new().passthrough(["a", "b"]).add(OneHotEncoder::new(), ["home"]);
    let weights = (&[8.0, 0.8, 0.0, 0.0, 2.0][..], 0.0);
    one_layer(rows, &columns, &Target::binary("late"), ("sigmoid", "binary_crossentropy"), weights)
}

fn record() -> Record {
    Record::new().with("a", 0.5).with("b", 0.0).with("home", "OWN")
}

#[test]
fn the_smallest_change_of_a_linear_model_is_its_closed_form() -> Result<()> {
    let rows = table(200);
    let fitted = logistic(&rows);
    let spread = |name: &str| Moments::of(rows.numbers(name).unwrap()).deviation(0.0);
    let found = Counterfactual::new().columns(["a"]).find(&fitted, &record(), &rows)?.expect("an explanation");
    let Some(&Value::Number(a)) = found.record().get("a") else { panic!() };
    assert!(a.abs() < 1e-9 && (found.cost() - 0.5 / spread("a")).abs() < 1e-9, "{found}");
    assert!(matches!(found.before(), Prediction::Binary { decision: true, .. }));
    assert!(matches!(found.after(), Prediction::Binary { decision: false, .. }));
    // b alone reaches 4 at −5; all combinations cost about as much, since b has a tenth of the weight and ten times the spread.
    let both =
        Counterfactual::new().columns(["a", "b", "home"]).find(&fitted, &record(), &rows)?.expect("an explanation");
    let least = found.cost().min(5.0 / spread("b"));
    assert!(both.cost() > 0.999 * least && both.cost() < 1.05 * least, "{both} {} {least}", both.cost());
    assert!(both.changes().iter().all(|change| change.column != "home"));
    assert!(both.to_string().starts_with("true (0.98"), "{both}");
    Ok(())
}

#[test]
fn categories_whole_numbers_and_missing_values_change() -> Result<()> {
    let rows = table(200).with_numbers("b", (0..200).map(|row| f64::from(row % 21 - 10)))?;
    let fitted = logistic(&rows);
    let found = |record: Record, columns: &[&str]| {
        Counterfactual::new().columns(columns.iter().copied()).find(&fitted, &record, &rows)
    };
    let whole = found(record(), &["b"])?.expect("an explanation");
    assert_eq!(whole.record().get("b"), Some(&Value::Number(-5.0)));
    let rented = record().with("a", -0.2).with("home", "RENT");
    let category = found(rented.clone(), &["home"])?.expect("an explanation");
    assert_eq!((category.cost(), category.changes().len()), (1.0, 1));
    assert_eq!(category.changes()[0].from, Some("RENT".into()));
    // No home reverses it, and no home is none of the others.
    assert_eq!(found(record().with("a", 0.9), &["home"])?, None);
    assert!(Counterfactual::new().columns(["a"]).to(true).find(&fitted, &record(), &rows)?.is_none());
    let net = network(&rows, &[1]);
    let missing = Record::new().with("b", 3.0).with("home", "OWN");
    if let Some(found) = Counterfactual::new().columns(["a", "c"]).find(&net, &missing, &rows)? {
        assert!(found.changes().iter().all(|change| change.from.is_none()) && found.cost() >= 1.0);
    }
    Ok(())
}

#[test]
fn the_nearest_whole_number_is_found_from_a_number_between_two() -> Result<()> {
    let rows = table(200).with_numbers("b", (0..200).map(|row| f64::from(row % 5 * 4 - 8)))?;
    let fitted = logistic(&rows);
    // The decision changes at b = ∓2.8.
    for sign in [1.0, -1.0] {
        let record = record().with("a", -0.28 * sign).with("b", 2.5 * sign);
        let found = Counterfactual::new().columns(["b"]).find(&fitted, &record, &rows)?.expect("an explanation");
        assert_eq!(found.record().get("b"), Some(&Value::Number(3.0 * sign)));
    }
    Ok(())
}

#[test]
fn many_values_are_thinned_out() -> Result<()> {
    let rows = table(500);
    let fitted = logistic(&rows);
    let few = Counterfactual::new()
        .columns(["a", "b"])
        .max_combinations(50)
        .find(&fitted, &record(), &rows)?
        .expect("an explanation");
    let many = Counterfactual::new().columns(["a", "b"]).find(&fitted, &record(), &rows)?.expect("an explanation");
    // Along the boundary all changes cost about the same here, so either may be a little cheaper.
    assert!(many.cost() <= 1.1 * few.cost() && few.cost() < 2.0, "{} {}", many.cost(), few.cost());
    Ok(())
}

#[test]
fn misuse_is_an_error() -> Result<()> {
    let rows = table(30);
    let fitted = logistic(&rows);
    let of = |search: Counterfactual| search.find(&fitted, &record(), &rows);
    let new = Counterfactual::new;
    assert!(of(new()).is_err() && of(new().columns(["c"])).is_err() && of(new().columns(["x"])).is_err());
    assert!(of(new().columns(["a"]).max_combinations(usize::MAX)).is_err());
    assert!(of(new().columns(["a"]).max_combinations(1)).is_err() && of(new().columns(["a"]).to("x")).is_err());
    assert!(of(new().columns((0..17).map(|column| column.to_string()))).is_err());
    assert!(matches!(new().columns(["a"]).find(&fitted, &record(), &rows.head(0)), Err(Error::Empty { .. })));
    assert!(new().columns(["a"]).find(&fitted, &record(), &Table::new().with_numbers("b", [1.0])?).is_err());
    for record in [record().with("z", 1.0), record().with("a", f64::NAN), Record::new(), record().with("a", "x")] {
        assert!(new().columns(["a"]).find(&fitted, &record, &rows).is_err(), "{record:?}");
    }
    let boolean = record().with("a", true);
    assert!(new().columns(["a"]).find(&fitted, &boolean, &rows).is_err());
    let missing = rows.with_numbers("a", vec![f64::NAN; 30])?;
    assert_eq!(new().columns(["a"]).find(&fitted, &record(), &missing)?, None);
    Ok(())
}
