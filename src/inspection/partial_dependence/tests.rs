use super::super::testing::{golden, linear, network, table};
use super::*;
use crate::pipeline::{Pipeline, Target};
use crate::reference;

#[test]
fn dependence_is_that_of_the_reference() -> Result<()> {
    let (table, fitted) = golden();
    for name in ["all_values", "between_quantiles", "other_quantiles", "two_columns"] {
        let case = reference::case(&format!("partial_dependence_{name}"));
        let (columns, percentiles) = (case.indices("columns"), case.numbers("percentiles"));
        let dependence = PartialDependence::new(format!("x{}", columns[0])).resolution(case.indices("resolution")[0]);
        let dependence = dependence.percentiles(percentiles[0], percentiles[1]).individual(true);
        let dependence = columns[1..].iter().fold(dependence, |all, column| all.with_column(format!("x{column}")));
        let found = dependence.compute(&fitted, &table)?;
        let numbers = |values: &Vec<Value>| {
            values
                .iter()
                .map(|value| if let Value::Number(number) = value { *number } else { f64::NAN })
                .collect::<Vec<_>>()
        };
        case.assert_close("grid", numbers(&found.values()[0]), 1e-10);
        case.assert_close("second", found.values().get(1).map(numbers).unwrap_or_default(), 1e-10);
        case.assert_close("average", found.average(), 1e-10);
        case.assert_close("individual", reference::row_major(found.individual().expect("curves")), 1e-10);
    }
    let case = reference::case("partial_dependence_weighted");
    let weighted = table.with_numbers("weight", case.numbers("row_weights"))?;
    let found = PartialDependence::new("x0").resolution(5).weights("weight").compute(&fitted, &weighted)?;
    case.assert_close("average", found.average(), 1e-10);
    Ok(())
}

#[test]
fn centred_curves_of_a_linear_model_are_one() -> Result<()> {
    let rows = table(40);
    let fitted = linear(&rows, [2.0, 1.0, -1.0], 0.5);
    let centred = PartialDependence::new("a").resolution(4).individual(true).compute(&fitted, &rows)?.centred();
    let curves = centred.individual().expect("curves");
    for (curve, mean) in curves.column_iter().zip(centred.average()) {
        assert!(curve.iter().all(|value| (value - mean).abs() < 1e-12));
    }
    assert_eq!(centred.average()[0], 0.0);
    Ok(())
}

#[test]
fn categories_are_the_values_of_a_column_of_strings() -> Result<()> {
    let rows = table(40);
    let fitted = network(&rows, &[1]);
    let found = PartialDependence::new("home").with_column("b").resolution(3).compute(&fitted, &rows)?;
    assert_eq!(found.values()[0], ["MORTGAGE", "OWN", "RENT"].map(Value::from));
    assert_eq!((found.average().len(), found.output()), (9, "probability of late = true"));
    let text = found.to_string();
    assert!(text.lines().count() == 11 && text.lines().all(|line| line.chars().count() <= 80), "{text}");
    let negative = PartialDependence::new("home").output(false).compute(&fitted, &rows)?;
    let positive = PartialDependence::new("home").compute(&fitted, &rows)?;
    assert!(positive.average().iter().zip(negative.average()).all(|(p, q)| (p + q - 1.0).abs() < 1e-6));
    Ok(())
}

#[test]
fn dates_and_large_integers_have_values_of_the_rows() -> Result<()> {
    let days = (0..60).map(|row| format!("2024-{:02}-{:02}", 1 + row % 12, 1 + row % 28).parse());
    let days: Vec<crate::preprocessing::DateTime> = days.collect::<Result<_>>()?;
    let rows = Table::new()
        .with_date_times("day", days)?
        .with_integers("id", (0..60).map(|row| (1 << 60) + row % 12 - 6))?
        .with_booleans("late", (0..60).map(|row| row % 12 > 6))?;
    let options = crate::Fit::new().epochs(2).verbose(0);
    let fitted = Pipeline::<f32>::with_target(Target::binary("late")).members(1).options(options).seed(1).fit(&rows)?;
    for (column, first, last) in
        [("day", "2024-01-01", "2024-12-24"), ("id", "1152921504606846970", "1152921504606846981")]
    {
        let all = PartialDependence::new(column).percentiles(0.0, 1.0).resolution(7).individual(true);
        let found = all.compute(&fitted, &rows)?;
        let values = &found.values()[0];
        assert_eq!((values.first(), values.last()), (Some(&first.into()), Some(&last.into())), "{found}");
        assert!(
            (2..=7).contains(&values.len()) && values.is_sorted_by(|a, b| a.to_string() < b.to_string()),
            "{found}"
        );
        // The curve of a row passes through the row's prediction.
        let each = PartialDependence::new(column).individual(true).compute(&fitted, &rows)?;
        let own = rows.record(17)?.get(column).cloned();
        let point = each.values()[0].iter().position(|value| Some(value) == own.as_ref()).unwrap();
        let expected = fitted.predict_proba(&rows)?[(17, 1)];
        assert!((each.individual().unwrap()[(17, point)] - expected).abs() < 1e-6, "{column}");
    }
    let two = PartialDependence::new("day").with_column("id").resolution(3).compute(&fitted, &rows)?;
    assert!(two.average().len() <= 9 && two.to_string().lines().all(|line| line.chars().count() <= 80));
    Ok(())
}

#[cfg(feature = "plot")]
#[test]
fn there_is_a_picture_of_each_kind() -> Result<()> {
    let rows = table(120);
    let fitted = network(&rows, &[1]);
    let numbers = PartialDependence::new("a").resolution(8).individual(true).compute(&fitted, &rows)?;
    let svg = numbers.lines()?.to_svg()?;
    // Every third row, and the mean.
    assert_eq!(svg.matches("<polyline").count(), 41);
    let both = PartialDependence::new("a").with_column("home").resolution(4).compute(&fitted, &rows)?;
    assert!(both.heat_map().to_svg()?.contains("MORTGAGE") && both.lines().is_err());
    let categories = PartialDependence::new("home").compute(&fitted, &rows)?;
    assert!(categories.bars().to_svg()?.contains("MORTGAGE") && categories.lines().is_err());
    categories.heat_map().to_svg()?;
    Ok(())
}

#[test]
fn misuse_is_an_error() -> Result<()> {
    let rows = table(30);
    let fitted = network(&rows, &[1]);
    let of = |dependence: PartialDependence| dependence.compute(&fitted, &rows);
    let new = || PartialDependence::new("a");
    assert!(of(new().resolution(1)).is_err() && of(new().percentiles(0.5, 0.5)).is_err());
    assert!(of(new().percentiles(f64::NAN, 0.5)).is_err() && of(new().with_column("a")).is_err());
    assert!(of(new().with_column("b").with_column("c")).is_err() && of(new().output("maybe")).is_err());
    assert!(matches!(of(PartialDependence::new("x")), Err(Error::UnknownColumn { .. })));
    // The pipeline was fitted to a table with this column, but does not use it.
    let unused = PartialDependence::new("home").compute(&linear(&rows, [1.0; 3], 0.0), &rows).unwrap_err().to_string();
    assert!(unused.contains("home") && unused.contains("a, b, c"), "{unused}");
    assert!(matches!(new().compute(&fitted, &rows.head(0)), Err(Error::Empty { .. })));
    let missing = rows.with_numbers("a", vec![f64::NAN; 30])?;
    assert!(new().compute(&fitted, &missing).unwrap_err().to_string().contains("without a value"));
    let infinite = rows.with_numbers("a", (0..30).map(|row| if row == 3 { f64::INFINITY } else { 1.0 }))?;
    assert!(new().compute(&fitted, &infinite).is_err());
    let zero = rows.with_numbers("weight", vec![0.0; 30])?;
    assert!(new().weights("weight").compute(&fitted, &zero).is_err());
    let mostly = rows.with_numbers("a", (0..30).map(|row| if row == 3 { 5.0 } else { 1.0 }))?;
    assert!(
        new()
            .resolution(2)
            .percentiles(0.05, 0.5)
            .compute(&fitted, &mostly)
            .unwrap_err()
            .to_string()
            .contains("differs")
    );
    Ok(())
}
