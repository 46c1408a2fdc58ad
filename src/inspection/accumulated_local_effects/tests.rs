use super::super::testing::{golden, linear, network, table};
use super::*;
use crate::reference;

#[test]
fn effects_are_those_of_the_definition() -> Result<()> {
    let (table, fitted) = golden();
    for case in reference::case("accumulated_local_effects").list("cases") {
        let effects =
            AccumulatedLocalEffects::new(format!("x{}", case.indices("column")[0])).bins(case.indices("bins")[0]);
        let found = effects.compute(&fitted, &table)?;
        case.assert_close("edges", found.edges(), 1e-12);
        case.assert_close("effects", found.effects(), 1e-10);
        assert_eq!(found.counts(), case.indices("counts"));
    }
    Ok(())
}

#[test]
fn effects_of_a_linear_model_are_its_weight_along_the_column() -> Result<()> {
    let rows = table(90).with_numbers("b", (0..90).map(|row| if row % 9 == 0 { f64::NAN } else { f64::from(row) }))?;
    let fitted = linear(&table(90), [1.0, -0.5, 2.0], 0.0);
    let found = AccumulatedLocalEffects::new("b").bins(6).compute(&fitted, &rows)?;
    for (edges, effects) in found.edges().windows(2).zip(found.effects().windows(2)) {
        assert!((effects[1] - effects[0] + 0.5 * (edges[1] - edges[0])).abs() < 1e-10);
    }
    assert_eq!(found.counts().iter().sum::<usize>(), 80);
    assert!(found.to_string().lines().all(|line| line.chars().count() <= 80));
    #[cfg(feature = "plot")]
    assert!(found.picture().to_svg()?.contains("accumulated local effect"));
    Ok(())
}

#[test]
fn misuse_is_an_error() -> Result<()> {
    let rows = table(30);
    let fitted = network(&rows, &[1]);
    let new = AccumulatedLocalEffects::new;
    assert!(new("a").bins(0).compute(&fitted, &rows).is_err() && new("x").compute(&fitted, &rows).is_err());
    assert!(new("home").compute(&fitted, &rows).is_err() && new("a").output("maybe").compute(&fitted, &rows).is_err());
    assert!(matches!(new("a").compute(&fitted, &rows.head(0)), Err(Error::Empty { .. })));
    let unused = new("y").compute(&fitted, &rows).unwrap_err().to_string();
    assert!(unused.contains("inputs of the pipeline") && unused.contains("a, b, c, home"), "{unused}");
    let constant = rows.with_numbers("a", vec![2.0; 30])?;
    assert!(new("a").compute(&fitted, &constant).unwrap_err().to_string().contains("at least two values"));
    assert!(new("a").compute(&fitted, &rows.with_numbers("a", vec![f64::NAN; 30])?).is_err());
    assert_eq!(new("a").bins(usize::MAX).compute(&fitted, &rows)?.edges().len(), 30);
    Ok(())
}
