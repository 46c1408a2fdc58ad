//! Bins the values of a column in two tables and counts them.

use crate::preprocessing::Column;
use std::collections::BTreeMap;

/// The counts of the bins in two columns of one type, with the missing values last; `None` for columns of different types. A column
/// of missing values only matches any type.
pub(super) fn counts(expected: &Column, actual: &Column, bins: usize) -> Option<Vec<[usize; 2]>> {
    let is_present = |column: &Column| column.missing() < column.len();
    let mut counts = match (expected, actual) {
        _ if !is_present(expected) || !is_present(actual) => {
            let of_each = [expected, actual].map(|column| of_kind([column, column], bins));
            let [expected, actual] = of_each.map(Option::unwrap_or_default);
            let expected = expected.into_iter().map(|[count, _]| [count, 0]);
            expected.chain(actual.into_iter().map(|[_, count]| [0, count])).collect()
        }
        _ => of_kind([expected, actual], bins)?,
    };
    // A bin that is empty in both columns is dropped.
    counts.retain(|[expected, actual]| expected + actual > 0);
    counts.push([expected.missing(), actual.missing()]);
    Some(counts)
}

fn of_kind(columns: [&Column; 2], bins: usize) -> Option<Vec<[usize; 2]>> {
    match columns {
        [Column::String(_), Column::String(_)] => Some(categories(columns)),
        _ => Column::ordered_numbers(columns).map(|[expected, actual]| numbers([&expected, &actual], bins)),
    }
}

fn categories(columns: [&Column; 2]) -> Vec<[usize; 2]> {
    let mut counts = BTreeMap::new();
    for (side, column) in columns.into_iter().enumerate() {
        if let Column::String(strings) = column {
            for (text, count) in strings.counts() {
                counts.entry(text).or_insert([0, 0])[side] = count;
            }
        }
    }
    counts.into_values().collect()
}

/// Bins between quantiles of the first column's numbers; a bin includes its upper edge and excludes its lower one. A value in at least
/// `1/bins` of the rows has a separate bin, and so has each value if there are at most `bins`.
fn numbers(columns: [&[f64]; 2], bins: usize) -> Vec<[usize; 2]> {
    let mut sorted: Vec<f64> = columns[0].iter().copied().filter(|number| !number.is_nan()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let values = || sorted.chunk_by(|a, b| a == b);
    let is_few = values().take(bins + 1).count() <= bins;
    let is_alone = |rows: &&[f64]| is_few || rows.len() * bins >= sorted.len();
    let mut edges: Vec<f64> = values().filter(is_alone).flat_map(|rows| [rows[0].next_down(), rows[0]]).collect();
    if let Some(last) = sorted.len().checked_sub(1).filter(|_| !is_few) {
        edges.extend((1..bins).map(|edge| {
            let position = edge as f64 / bins as f64 * last as f64;
            let (below, above) = (sorted[position.floor() as usize], sorted[position.ceil() as usize]);
            let edge = below + (above - below) * position.fract();
            // If the distance overflows, any edge between the two values will do.
            if below == above || !edge.is_finite() { below } else { edge }
        }));
    }
    edges.sort_unstable_by(f64::total_cmp);
    edges.dedup();
    let mut counts = vec![[0, 0]; edges.len() + 1];
    for (side, column) in columns.into_iter().enumerate() {
        for number in column.iter().filter(|number| !number.is_nan()) {
            counts[edges.partition_point(|edge| edge < number)][side] += 1;
        }
    }
    counts
}
