//! How the values of a column are counted in two tables.

use crate::preprocessing::Column;
use std::collections::BTreeMap;

/// The counts of the bins in two columns of one kind, with the missing values last; none for columns of different kinds.
pub(super) fn counts(expected: &Column, actual: &Column, bins: usize) -> Option<Vec<[usize; 2]>> {
    let mut counts = match (expected, actual) {
        (Column::String(_), Column::String(_)) => categories([expected, actual]),
        (Column::String(_), _) | (_, Column::String(_)) => return None,
        _ => numbers([expected.as_numbers()?, actual.as_numbers()?], bins),
    };
    counts.push([expected.missing(), actual.missing()]);
    Some(counts)
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

/// Bins between quantiles of the first column's numbers; a bin has its upper edge and not its lower one.
fn numbers(columns: [&[f64]; 2], bins: usize) -> Vec<[usize; 2]> {
    let mut sorted: Vec<f64> = columns[0].iter().copied().filter(|number| !number.is_nan()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let mut edges: Vec<f64> = match sorted.len().checked_sub(1) {
        None => Vec::new(),
        Some(last) => (1..bins)
            .map(|edge| {
                let position = edge as f64 / bins as f64 * last as f64;
                let (below, above) = (sorted[position.floor() as usize], sorted[position.ceil() as usize]);
                let edge = below + (above - below) * position.fract();
                // Where the distance exceeds f64 any edge between the two does.
                if below == above || !edge.is_finite() { below } else { edge }
            })
            .collect(),
    };
    // Equal quantiles, as of a column of few values, are one edge.
    edges.dedup();
    let mut counts = vec![[0, 0]; edges.len() + 1];
    for (side, column) in columns.into_iter().enumerate() {
        for number in column.iter().filter(|number| !number.is_nan()) {
            counts[edges.partition_point(|edge| edge < number)][side] += 1;
        }
    }
    counts
}
