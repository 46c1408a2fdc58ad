//! Tests of every fitted transformer on tables.

use super::super::{ColumnKind, Table, Transformer};
use super::comparisons::{bits, close_columns, same, sizes_differ};
use super::{FittedSample, every_fit};
use std::collections::HashSet;

/// Transformers whose inverse returns another value of the same bin, range or set of categories.
const LOSSY: &[&str] = &["Clip", "KBinsDiscretizer", "OneHotEncoder", "OrdinalEncoder", "PiecewiseLinearEncoder"];

#[test]
fn columns_have_the_names_and_kinds_that_were_stated() {
    every_fit(|fit| {
        let FittedSample { fitted, sample, .. } = fit;
        let Ok(made) = fitted.transform(&sample.table) else { return };
        let names = fitted.outputs();
        assert_eq!(made.names(), names, "{}", fit.named());
        assert_eq!((made.nrows(), fitted.width()), (sample.table.nrows(), names.len()), "{}", fit.named());
        let distinct: HashSet<&String> = names.iter().collect();
        assert_eq!(distinct.len(), names.len(), "{}", fit.named());
        let kinds: Vec<_> = made.iter().map(|(_, column)| ColumnKind::of(column)).collect();
        assert_eq!(kinds, fitted.output_kinds(), "{}", fit.named());
        assert!(fitted.inputs().iter().all(|name| sample.table.names().iter().any(|known| known == name)));
        assert!(fitted.indicators().iter().all(|name| names.contains(name)), "{}", fit.named());
    });
}

#[test]
fn a_single_row_is_transformed_like_in_the_table() {
    every_fit(|fit| {
        let FittedSample { fitted, sample, .. } = fit;
        let rows = 0..sample.table.nrows();
        let alone: Vec<_> = rows.map(|row| fitted.transform(&sample.table.take(&[row]).unwrap())).collect();
        match fitted.transform(&sample.table) {
            Ok(made) => {
                for (row, alone) in alone.iter().enumerate() {
                    let alone = alone.as_ref().unwrap_or_else(|error| panic!("{error}: {}", fit.named()));
                    assert_eq!(bits(alone), bits(&made.take(&[row]).unwrap()), "row {row} of {}", fit.named());
                }
            }
            Err(_) => assert!(alone.iter().any(Result::is_err), "{}", fit.named()),
        }
    });
}

#[test]
fn a_second_transformation_and_a_saved_state_give_the_same_bits() {
    every_fit(|fit| {
        let FittedSample { transformer, fitted, sample } = fit;
        let made = fitted.transform(&sample.table);
        assert!(same(&made, &fitted.transform(&sample.table)), "{}", fit.named());
        let text = fitted.state().unwrap().to_string();
        let restored = transformer.restore(serde_json::from_str(&text).unwrap());
        let restored = restored.unwrap_or_else(|error| panic!("{error}: {}", fit.named()));
        assert_eq!(restored.inputs(), fitted.inputs(), "{}", fit.named());
        assert_eq!(restored.outputs(), fitted.outputs(), "{}", fit.named());
        assert_eq!(restored.output_kinds(), fitted.output_kinds(), "{}", fit.named());
        assert_eq!(restored.indicators(), fitted.indicators(), "{}", fit.named());
        assert_eq!(restored.state().unwrap().to_string(), text, "{}", fit.named());
        assert!(same(&made, &restored.transform(&sample.table)), "{}", fit.named());
    });
}

#[test]
fn a_table_without_rows_becomes_one_with_the_same_names() {
    every_fit(|fit| {
        let none = fit.fitted.transform(&fit.sample.table.head(0));
        let none = none.unwrap_or_else(|error| panic!("{error}: {}", fit.named()));
        assert_eq!((none.nrows(), none.names()), (0, &fit.fitted.outputs()[..]), "{}", fit.named());
    });
}

/// Whether several categories may share a code, of which none could come back.
fn has_rare_categories(transformer: &dyn Transformer) -> bool {
    let config = transformer.config().unwrap();
    ["min_frequency", "max_categories"].iter().any(|name| !config[*name].is_null())
}

#[test]
fn the_inverse_transformation_leads_back() {
    every_fit(|fit| {
        let FittedSample { transformer, fitted, sample } = fit;
        let Ok(made) = fitted.transform(&sample.table) else { return };
        let Ok(back) = fitted.inverse_transform(&made) else { return };
        let (name, tolerance) = (transformer.class_name(), 1e-6);
        if sizes_differ(&sample.table) || has_rare_categories(&***transformer) {
            return;
        }
        if !LOSSY.contains(&&*name) {
            for (name, column) in back.iter() {
                let from = sample.table.column(name).unwrap();
                assert!(close_columns(column, from, tolerance), "{name}: {column:?} of {}", fit.named());
            }
        }
        // What came back becomes the same again.
        let again = back
            .names()
            .iter()
            .try_fold(sample.table.clone(), |table, name| table.with_column(name, back.column(name)?.clone()));
        let again = again.and_then(|table: Table| fitted.transform(&table));
        let again = again.unwrap_or_else(|error| panic!("{error}: {}", fit.named()));
        for (name, column) in made.iter() {
            let found = again.column(name).unwrap();
            assert!(close_columns(column, found, tolerance), "{name}: {column:?}, {found:?} of {}", fit.named());
        }
    });
}
