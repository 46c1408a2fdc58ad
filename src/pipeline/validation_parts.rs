//! Rotating validation parts: each member of an ensemble is validated on a different part of the rows.

use crate::random::{Purpose, shuffle, stream};
use crate::sorting;
use std::collections::BTreeMap;

/// A row order in which every contiguous slice is stratified by class, cut into validation parts of `size` rows.
///
/// Part `i` follows part `i - 1`; the order wraps around after the last row.
#[derive(Debug)]
pub(super) struct ValidationParts {
    order: Vec<usize>,
    size: usize,
}

impl ValidationParts {
    /// Creates parts of `size` rows (`size < table.nrows()`), stratified by `class_column` if given.
    pub(super) fn new(rows: usize, classes: Option<&[f64]>, size: usize, seed: u64) -> Self {
        let mut order: Vec<usize> = (0..rows).collect();
        shuffle(&mut order, &mut stream(seed, Purpose::ValidationParts, 0));
        if let Some(classes) = classes {
            order = stratified(order, classes);
        }
        ValidationParts { order, size }
    }

    /// Returns the training rows and the validation rows of a member, each ascending.
    pub(super) fn split(&self, member: usize) -> (Vec<usize>, Vec<usize>) {
        let rows = self.order.len();
        // Reduced first so that the product cannot overflow.
        let start = (member % rows) * self.size % rows;
        let mut is_validation = vec![false; rows];
        self.order.iter().cycle().skip(start).take(self.size).for_each(|&row| is_validation[row] = true);
        (0..rows).partition(|&row| !is_validation[row])
    }

    /// Returns the number of training rows of a member.
    pub(super) fn training_rows(&self) -> usize {
        self.order.len() - self.size
    }
}

/// Reorders rows so that each class is spread evenly.
fn stratified(order: Vec<usize>, classes: &[f64]) -> Vec<usize> {
    let mut rows_by_class: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for row in order {
        rows_by_class.entry(classes[row].to_bits()).or_default().push(row);
    }
    let mut keyed: Vec<(f64, usize)> = Vec::with_capacity(classes.len());
    for rows in rows_by_class.into_values() {
        let count = rows.len() as f64;
        keyed.extend(rows.into_iter().enumerate().map(|(at, row)| ((at as f64 + 0.5) / count, row)));
    }
    // The sort is stable, so ties between classes are broken in class order.
    sorting::by_number(&mut keyed, |row| row.0);
    keyed.into_iter().map(|(_, row)| row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classes(rows: usize) -> Vec<f64> {
        (0..rows).map(|row| if row % 4 == 0 { 1.0 } else { 0.0 }).collect()
    }

    #[test]
    fn five_parts_of_a_fifth_hold_every_row_once() {
        let parts = ValidationParts::new(100, Some(&classes(100)), 20, 3);
        let mut held: Vec<usize> = (0..5).flat_map(|member| parts.split(member).1).collect();
        held.sort_unstable();
        assert_eq!(held, (0..100).collect::<Vec<_>>());
        assert_eq!(parts.split(5), parts.split(0));
        assert_eq!(parts.training_rows(), 80);
    }

    #[test]
    fn a_part_has_the_fractions_of_the_classes() {
        let parts = ValidationParts::new(203, Some(&classes(203)), 61, 1);
        for member in 0..7 {
            let (train, validation) = parts.split(member);
            assert_eq!((train.len(), validation.len()), (142, 61));
            let ones = validation.iter().filter(|&&row| row % 4 == 0).count();
            assert!((14..=17).contains(&ones), "{ones}");
        }
    }

    #[test]
    fn parts_follow_from_the_seed() {
        let of = |seed| ValidationParts::new(60, None, 12, seed).split(1);
        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
    }
}
