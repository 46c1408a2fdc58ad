//! Fits over blocks of rows learn what the fit to the whole table learns.

use super::super::*;
use super::comparisons::{close_states, sizes_differ};
use super::{FittedSample, every_fit, items, tables};
use crate::random_cases;
use std::sync::Arc;

/// How far states may differ where sums are added in another order.
const ROUNDING: f64 = 1e-12;

/// Transformers that add up numbers, so that the last digits depend on the order; all others learn the same bits.
const SUMS: [&str; 3] = ["StandardScaler", "SimpleImputer", "TargetEncoder"];

/// Transformers of several others, which are fitted over blocks as those are.
const OF_SEVERAL: [&str; 2] = ["Chain", "FeatureSpace"];

fn is_of_several(transformer: &dyn Transformer) -> bool {
    OF_SEVERAL.contains(&transformer.class_name().as_str())
}

fn rows_of(sample: &tables::Sample, rows: std::ops::Range<usize>) -> (Table, Table, Vec<u64>) {
    let numbers: Vec<usize> = rows.clone().collect();
    let keys = rows.map(|row| row as u64).collect();
    (sample.table.take(&numbers).unwrap(), sample.target.take(&numbers).unwrap(), keys)
}

/// Fits to these rows in blocks of a size.
fn in_blocks(
    transformer: &Arc<dyn Transformer>,
    sample: &tables::Sample,
    rows: std::ops::Range<usize>,
    size: usize,
) -> Box<dyn Accumulator> {
    let mut accumulator = transformer.accumulator().unwrap();
    for start in rows.clone().step_by(size.max(1)) {
        let (table, target, keys) = rows_of(sample, start..(start + size.max(1)).min(rows.end));
        let input = FitInput::new(&table).with_target(&target).unwrap().with_row_keys(&keys).unwrap();
        accumulator.update(input).unwrap_or_else(|error| panic!("{error}: {transformer:?} of {}", sample.kind));
    }
    accumulator
}

#[test]
fn every_transformer_fits_over_blocks() {
    for transformer in items::items() {
        assert!(transformer.accumulator().is_some(), "{transformer:?} has no accumulator");
    }
}

#[test]
fn blocks_of_rows_are_learned_like_the_whole_table() {
    every_fit(|fit| {
        let FittedSample { transformer, fitted, sample } = fit;
        if is_of_several(&***transformer) {
            return;
        }
        let is_sum = SUMS.contains(&transformer.class_name().as_str());
        if is_sum && sizes_differ(&sample.table) {
            return;
        }
        let whole = fitted.state().unwrap();
        let same = |accumulator: Box<dyn Accumulator>| {
            let blocks = accumulator.finish().unwrap_or_else(|error| panic!("{error}: {}", fit.named()));
            let blocks = blocks.state().unwrap();
            let is_same = if is_sum { close_states(&whole, &blocks, ROUNDING) } else { whole == blocks };
            assert!(is_same, "{whole}\n{blocks}\n{}", fit.named());
        };
        let rows = sample.table.nrows();
        for size in [1, 7, rows] {
            same(in_blocks(transformer, sample, 0..rows, size));
        }
        for cut in [0, 1, rows / 2, rows] {
            let mut merged = in_blocks(transformer, sample, 0..cut, 2);
            merged.merge(in_blocks(transformer, sample, cut..rows, 3)).unwrap();
            same(merged);
        }
    });
}

#[test]
fn transformers_of_several_are_learned_pass_by_pass() {
    every_fit(|fit| {
        let FittedSample { transformer, fitted, sample } = fit;
        if !is_of_several(&***transformer) || sizes_differ(&sample.table) {
            return;
        }
        let (whole, rows) = (fitted.state().unwrap(), sample.table.nrows());
        for size in [1, 7, rows] {
            let mut accumulator = in_blocks(transformer, sample, 0..rows, size);
            while accumulator.next_pass().unwrap_or_else(|error| panic!("{error}: {}", fit.named())) {
                for start in (0..rows).step_by(size.max(1)) {
                    let (table, target, keys) = rows_of(sample, start..(start + size).min(rows));
                    let input = FitInput::new(&table).with_target(&target).unwrap().with_row_keys(&keys).unwrap();
                    accumulator.update(input).unwrap();
                }
            }
            let blocks = accumulator.finish().unwrap().state().unwrap();
            assert!(close_states(&whole, &blocks, ROUNDING), "{whole}\n{blocks}\n{}", fit.named());
        }
    });
}

#[test]
fn accumulators_of_other_transformers_and_columns_are_refused() {
    let items: Vec<_> = items::items().into_iter().filter(|item| !is_of_several(&**item)).collect();
    let accumulators = || items.iter().filter_map(|item| item.accumulator().map(|one| (item.class_name(), one)));
    for (name, mut one) in accumulators() {
        for (other_name, other) in accumulators().filter(|(other, _)| *other != name) {
            let message = one.merge(other).unwrap_err().to_string();
            assert!(
                message.contains(&name) && message.contains("one of the same transformer"),
                "{other_name}: {message}"
            );
        }
        let message = one.finish().err().map(|error| error.to_string()).unwrap_or_default();
        assert!(message.contains(&name) && message.contains("at least one row"), "{name}: {message}");
    }
    random_cases::check(2, |random| {
        for sample in tables::samples(random, 5) {
            let input = |table| {
                FitInput::new(table).with_target(&sample.target).unwrap().with_row_keys(&[0, 1, 2, 3, 4]).unwrap()
            };
            let other = sample.table.rename("b", "c").unwrap();
            for (name, mut one) in accumulators() {
                if one.update(input(&sample.table)).is_ok() {
                    let message = one.update(input(&other)).err().map(|error| error.to_string()).unwrap_or_default();
                    assert!(message.contains(&name) || message.contains("\"b\""), "{name}: {message}");
                }
            }
        }
    });
}

#[test]
fn the_page_of_tables_states_how_each_transformer_fits_over_blocks() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/tables.md")).unwrap();
    let table = page.split("## Tables larger than memory").nth(1).unwrap();
    let lines: Vec<&str> = table.lines().filter(|line| line.starts_with('|')).collect();
    for entry in all().iter().filter(|entry| !OF_SEVERAL.contains(&entry.name)) {
        assert!(
            lines.iter().any(|line| line.contains(&format!("`{}`", entry.name))),
            "{} is not in the table",
            entry.name
        );
    }
}
