//! Tests of the fit of every transformer, and of the numbers that it refuses.

use super::super::{Column, FitInput, Table};
use super::comparisons::{close_states, same, sizes_differ};
use super::{FittedSample, every_fit};
use std::sync::Arc;

/// How far states may differ where sums are added in another order.
const ROUNDING: f64 = 1e-12;

#[test]
fn the_order_of_the_rows_does_not_count() {
    every_fit(|fit| {
        let FittedSample { transformer, fitted, sample } = fit;
        if sizes_differ(&sample.table) {
            return;
        }
        let rows = sample.table.nrows();
        let order: Vec<usize> = (0..rows).map(|row| (row * 5 + 3) % rows).collect();
        let order = if rows % 5 == 0 { (0..rows).rev().collect() } else { order };
        let (table, target) = (sample.table.take(&order).unwrap(), sample.target.take(&order).unwrap());
        let again = transformer.fit(FitInput::new(&table).with_target(&target).unwrap()).unwrap();
        let (one, other) = (fitted.state().unwrap(), again.state().unwrap());
        assert!(close_states(&one, &other, ROUNDING), "{one}\n{other}\n{}", fit.named());
    });
}

/// The table with another number in a row of a column of numbers.
fn with_number(table: &Table, name: &str, row: usize, value: f64) -> Option<Table> {
    let Ok(Column::Number(numbers)) = table.column(name) else { return None };
    let changed = numbers.iter().enumerate().map(|(at, x)| if at == row { value } else { *x });
    Some(table.with_numbers(name, changed).unwrap())
}

#[test]
fn an_infinite_number_is_refused_with_its_row_and_column() {
    every_fit(|fit| {
        let FittedSample { transformer, fitted, sample } = fit;
        let row = sample.table.nrows() - 1;
        for value in [f64::INFINITY, f64::NEG_INFINITY] {
            for name in fitted.inputs() {
                let Some(table) = with_number(&sample.table, name, row, value) else { continue };
                let input = FitInput::new(&table).with_target(&sample.target).unwrap();
                let fitted_again = transformer.fit(input).map(|fitted| fitted.transform(&table));
                for result in [fitted_again.unwrap_or_else(Err), fitted.transform(&table)] {
                    let message = match result {
                        Err(error) => error.to_string(),
                        Ok(made) => panic!("{name} with {value} became {made:?} by {}", fit.named()),
                    };
                    let names_it = message.contains("inf")
                        && message.contains(&format!("\"{name}\""))
                        && message.contains(&sample.table.place(row).to_string());
                    assert!(names_it, "{message}\n{}", fit.named());
                }
            }
        }
    });
}

#[test]
fn a_fit_with_the_same_rows_is_the_same() {
    every_fit(|fit| {
        let FittedSample { transformer, fitted, sample } = fit;
        let input = || FitInput::new(&sample.table).with_target(&sample.target).unwrap();
        let again = transformer.fit(input()).unwrap();
        assert_eq!(again.state().unwrap(), fitted.state().unwrap(), "{}", fit.named());
        let Ok((of_both, made)) = transformer.fit_transform(input()) else { return };
        assert_eq!(of_both.state().unwrap(), fitted.state().unwrap(), "{}", fit.named());
        let repeated = Arc::clone(transformer).fit_transform(input()).unwrap().1;
        if let (Some(one), Some(other)) = (made, repeated) {
            assert_eq!(one.names(), fitted.outputs(), "{}", fit.named());
            assert!(same(&Ok(one), &Ok(other)), "{}", fit.named());
        }
    });
}
