//! Functions for the tests of several scalers.

use super::transformer::Features;
use super::{FitInput, Table, Transformer};
use crate::reference::Case;
use crate::{Error, Result};

/// The column that a transformer makes of these rows, which it is fitted to as well.
pub(super) fn made(transformer: &dyn Transformer, values: &[f64]) -> Result<Vec<f64>> {
    let table = Table::new().with_numbers("a", values.iter().copied())?;
    Ok(transformer.fit(FitInput::new(&table))?.transform(&table)?.numbers("a")?.to_vec())
}

/// Compares with the fields `x`, `new`, `transformed`, `transformed_new` and `inverse` of a case, row by row; checks that a row
/// alone gives the same bits, that missing values stay, and that a matrix refuses them.
pub(super) fn assert_reference(transformer: &dyn Transformer, case: &Case, tolerance: f64) {
    let columns = |field: &str| {
        let x = case.matrix(field);
        let named = x.column_iter().enumerate().map(|(index, column)| (index, column.iter().copied().collect()));
        named.fold(Table::new(), |table, (index, values): (usize, Vec<f64>)| {
            table.with_numbers(index.to_string(), values).unwrap()
        })
    };
    let rows = |table: &Table| -> Vec<f64> {
        let columns: Vec<&[f64]> = table.names().iter().map(|name| table.numbers(name).unwrap()).collect();
        (0..table.nrows()).flat_map(|row| columns.iter().map(move |column| column[row])).collect()
    };
    let assert_close = |field: &str, found: Vec<f64>| {
        let expected = case.numbers(field);
        assert_eq!(found.len(), expected.len());
        for (index, (a, b)) in found.iter().zip(&expected).enumerate() {
            let close = a.is_nan() && b.is_nan() || (a - b).abs() <= tolerance * b.abs().max(1.0);
            assert!(close, "{field}[{index}]: {a}, expected {b}");
        }
    };
    let (x, new) = (columns("x"), columns("new"));
    let fitted = transformer.fit(FitInput::new(&x)).unwrap();
    let scaled = fitted.transform(&x).unwrap();
    assert_close("transformed", rows(&scaled));
    assert_close("inverse", rows(&fitted.inverse_transform(&scaled).unwrap()));
    let scaled = fitted.transform(&new).unwrap();
    assert_close("transformed_new", rows(&scaled));
    let bits = |values: Vec<f64>| values.into_iter().map(f64::to_bits).collect::<Vec<_>>();
    for row in 0..new.nrows() {
        let one = rows(&fitted.transform(&new.take(&[row]).unwrap()).unwrap());
        assert_eq!(bits(one), bits(rows(&scaled.take(&[row]).unwrap())));
    }
    let mut data: Vec<f64> = Vec::new();
    let written = fitted.write(&x, &mut Features::of(&mut data, x.nrows()).unwrap());
    match x.incomplete_rows() {
        0 => assert_eq!(data.len(), x.nrows() * x.ncols()),
        _ => assert!(matches!(written, Err(Error::MissingValue { .. }))),
    }
}

/// Fits to a table, restores the state, compares, and checks that each change of the state's text is refused.
pub(super) fn assert_restored(transformer: &dyn Transformer, table: &Table, hostile: &[(&str, &str)]) {
    let fitted = transformer.fit(FitInput::new(table)).unwrap();
    let state = fitted.state().unwrap();
    let restored = transformer.restore(state.clone()).unwrap();
    let of = |table: Table| format!("{:?}", table.iter().collect::<Vec<_>>());
    assert_eq!(of(restored.transform(table).unwrap()), of(fitted.transform(table).unwrap()));
    assert_eq!(restored.state().unwrap(), state);
    let text = state.to_string();
    for (from, to) in hostile {
        assert!(text.contains(from), "{from} in {text}");
        let changed = serde_json::from_str(&text.replacen(from, to, 1)).unwrap();
        assert!(matches!(transformer.restore(changed), Err(Error::Configuration { .. })), "{to}");
    }
}
