use super::super::{ColumnTransformer, FittedColumnTransformer};
use super::*;
use crate::reference;

fn numbers(x: impl IntoIterator<Item = f64>) -> Table {
    Table::new().with_numbers("x", x).unwrap()
}

#[test]
fn bins_are_those_of_the_reference() -> Result<()> {
    for case in reference::case("k_bins").list("cases") {
        let (train, weights) = (numbers(case.numbers("x")), case.numbers("weights"));
        for fit in case.list("fits") {
            let strategy = match fit.text("strategy") {
                "uniform" => BinStrategy::Uniform,
                "quantile" => BinStrategy::Quantile,
                _ => BinStrategy::KMeans,
            };
            let bins = KBinsDiscretizer::new().n_bins(fit.indices("n_bins")[0]).strategy(strategy);
            let bins = bins.encode(BinEncoding::Ordinal);
            let weights = (fit.text("weighted") == "true").then_some(weights.as_slice());
            let fitted = bins.fitted(&train, ["x"], weights)?;
            fit.assert_close("edges", fitted.bin_edges("x").unwrap_or_default(), 1e-10);
            let found = fitted.transform(&numbers(fit.numbers("other")))?;
            // Numbers at an edge may be on either side of one that differs in its last digit.
            let edges = fit.numbers("edges");
            let rows = fit.numbers("other").into_iter().zip(found.numbers("x")?).zip(fit.numbers("bins"));
            let clear = rows.filter(|((x, _), _)| !(strategy != BinStrategy::Quantile && edges.contains(x)));
            clear.for_each(|((x, found), expected)| assert_eq!(*found, expected, "{x} in {edges:?}"));
            let back = fitted.inverse_transform(&numbers(fit.numbers("bins")))?;
            fit.assert_close("centres", back.numbers("x")?, 1e-10);
        }
    }
    Ok(())
}

#[test]
fn each_bin_has_a_column_or_a_number() -> Result<()> {
    let table = numbers([0.0, 1.0, 2.0, 9.0]);
    let bins = KBinsDiscretizer::new().n_bins(3).strategy(BinStrategy::Uniform);
    let (fitted, x) = ColumnTransformer::new().add(bins.clone(), ["x"]).fit_transform::<f64>(&table)?;
    assert_eq!(
        (fitted.names(), x.row_sum().as_slice()),
        (vec!["x_0".into(), "x_1".into(), "x_2".into()], &[3.0, 0.0, 1.0][..])
    );
    let text = serde_json::to_string(&fitted).expect("JSON");
    assert_eq!(serde_json::from_str::<FittedColumnTransformer>(&text).expect("the same"), fitted);
    let one_hot = bins.fit(&table, ["x"])?;
    let back = one_hot.inverse_transform(&one_hot.transform(&table)?)?;
    assert_eq!(back.numbers("x")?, [1.5, 1.5, 1.5, 7.5]);
    let none = Table::new().with_numbers("x_0", [0.0])?.with_numbers("x_1", [0.0])?.with_numbers("x_2", [0.0])?;
    assert!(matches!(one_hot.inverse_transform(&none), Err(Error::NotANumber { .. })));
    let ordinal = bins.encode(BinEncoding::Ordinal).fit(&table, ["x"])?;
    assert_eq!(ordinal.transform(&table)?.numbers("x")?, [0.0, 0.0, 0.0, 2.0]);
    for bin in [-1.0, 3.0, 1e300] {
        assert!(matches!(ordinal.inverse_transform(&numbers([bin])), Err(Error::NotANumber { .. })), "{bin}");
    }
    Ok(())
}

#[test]
fn a_missing_number_stays_missing_in_a_table() -> Result<()> {
    let gaps = numbers([1.0, f64::NAN, 3.0, 7.0]);
    for encode in [BinEncoding::OneHot, BinEncoding::Ordinal] {
        let bins = KBinsDiscretizer::new().n_bins(2).encode(encode);
        let fitted = bins.fit(&gaps, ["x"])?;
        assert_eq!(fitted, bins.fit(&gaps.drop_missing()?, ["x"])?);
        let made = fitted.transform(&gaps)?;
        assert!(made.iter().all(|(_, column)| column.is_missing(1) && column.missing() == 1));
        assert_eq!(fitted.inverse_transform(&made)?.column("x")?.missing(), 1);
        let matrix = ColumnTransformer::new().add(bins, ["x"]).fit_transform::<f64>(&gaps);
        assert!(matches!(matrix, Err(Error::MissingValue { .. })));
    }
    Ok(())
}

#[test]
fn a_constant_column_has_one_bin() -> Result<()> {
    for strategy in [BinStrategy::Uniform, BinStrategy::Quantile, BinStrategy::KMeans] {
        for x in [vec![4.0], vec![4.0; 9]] {
            let fitted = KBinsDiscretizer::new().strategy(strategy).fit(&numbers(x), ["x"])?;
            assert_eq!((fitted.bin_edges("x"), fitted.outputs()), (Some(&[4.0, 4.0][..]), vec!["x_0".to_owned()]));
            let made = fitted.transform(&numbers([-1.0, 9.0]))?;
            assert_eq!(made.numbers("x_0")?, [1.0, 1.0]);
            assert_eq!(fitted.inverse_transform(&made)?.numbers("x")?, [4.0, 4.0]);
        }
    }
    // All bins are narrower than 1e-8.
    let fitted = KBinsDiscretizer::new().fit(&numbers([0.0, 1e-9, 2e-9]), ["x"])?;
    assert_eq!(fitted.bin_edges("x"), Some(&[0.0, 2e-9][..]));
    Ok(())
}

#[test]
fn unfit_columns_and_arguments_are_refused() -> Result<()> {
    let error = |bins: KBinsDiscretizer, table: &Table| bins.fit(table, table.names()).unwrap_err();
    let message = |bins: KBinsDiscretizer| error(bins, &numbers([1.0, 2.0, 3.0])).to_string();
    assert!(message(KBinsDiscretizer::new().n_bins(1)).contains("n_bins is 1"));
    assert!(message(KBinsDiscretizer::new().strategy(BinStrategy::KMeans)).contains("at most 3, the number of values"));
    assert!(matches!(error(KBinsDiscretizer::new(), &numbers([f64::NAN])), Error::Empty { .. }));
    assert!(matches!(error(KBinsDiscretizer::new(), &numbers([1.0, f64::INFINITY])), Error::InfiniteValue { .. }));
    let taken = numbers([1.0, 2.0]).with_numbers("x_0", [1.0, 2.0])?.with_numbers("x_0_0", [1.0, 2.0])?;
    let bins = KBinsDiscretizer::new().n_bins(2);
    assert_eq!(bins.fit(&taken, ["x", "x_0_0"])?.outputs().len(), 4);
    let table = numbers([1.0, 2.0]);
    let weightless = FitInput::new(&table).with_weights(&[0.0, 0.0])?;
    assert!(matches!(Transformer::fit(&bins, weightless), Err(Error::Argument { argument: "weights", .. })));
    let fitted = bins.fit(&table, ["x"])?;
    assert!(matches!(fitted.transform(&numbers([f64::NEG_INFINITY])), Err(Error::InfiniteValue { .. })));
    Ok(())
}

#[test]
fn a_hostile_state_is_refused() -> Result<()> {
    let bins = KBinsDiscretizer::new().n_bins(2);
    let state = bins.fit(&numbers([1.0, 2.0, 4.0]), ["x"])?.state()?.to_string();
    assert!(state.contains("[1.0,2.0,4.0]"), "{state}");
    for edges in ["[]", "[1]", "[2,1]", "[1,1,1]", "[1,null]", "[1,2,2]", "\"x\""] {
        let hostile = serde_json::from_str(&state.replace("[1.0,2.0,4.0]", edges)).expect("JSON");
        assert!(matches!(bins.restore(hostile), Err(Error::Configuration { .. })), "{edges}");
    }
    let hostile = serde_json::from_str(&state.replace("onehot", "twohot")).expect("JSON");
    assert!(matches!(bins.restore(hostile), Err(Error::Configuration { .. })));
    Ok(())
}
