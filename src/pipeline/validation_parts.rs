//! A validation part for each member of an ensemble, so that every row trains most of the members.

use crate::Result;
use crate::preprocessing::Table;
use crate::random::{Purpose, shuffle, stream};
use std::collections::BTreeMap;

/// The rows in an order of which any section has the fractions of the classes, and the length of a validation part.
///
/// Part `i` is the section behind part `i - 1`; behind the last row comes the first one again.
#[derive(Debug)]
pub(super) struct ValidationParts {
    order: Vec<usize>,
    size: usize,
}

impl ValidationParts {
    /// Parts of this many rows of a table, fewer than it has, stratified by the column of the classes.
    pub(super) fn new(table: &Table, classes: Option<&str>, size: usize, seed: u64) -> Result<Self> {
        let mut order: Vec<usize> = (0..table.nrows()).collect();
        shuffle(&mut order, &mut stream(seed, Purpose::ValidationParts, 0));
        if let Some(column) = classes {
            order = stratified(order, &table.classes(column)?);
        }
        Ok(ValidationParts { order, size })
    }

    /// The rows that train every member, and those that validate it, each in ascending order.
    pub(super) fn of(&self, member: usize) -> (Vec<usize>, Vec<usize>) {
        let rows = self.order.len();
        let start = (member % rows) * self.size % rows;
        let mut validates = vec![false; rows];
        self.order.iter().cycle().skip(start).take(self.size).for_each(|&row| validates[row] = true);
        (0..rows).partition(|&row| !validates[row])
    }

    /// How many rows train a member.
    pub(super) fn training_rows(&self) -> usize {
        self.order.len() - self.size
    }
}

/// Rows in an order in which those of each class are spread evenly.
fn stratified(order: Vec<usize>, classes: &[f64]) -> Vec<usize> {
    let mut of_class: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for row in order {
        of_class.entry(classes[row].to_bits()).or_default().push(row);
    }
    let mut placed: Vec<(f64, usize)> = Vec::with_capacity(classes.len());
    for rows in of_class.into_values() {
        let count = rows.len() as f64;
        placed.extend(rows.into_iter().enumerate().map(|(at, row)| ((at as f64 + 0.5) / count, row)));
    }
    // Stable: of classes with equal counts the order stays the one of the classes.
    placed.sort_by(|a, b| a.0.total_cmp(&b.0));
    placed.into_iter().map(|(_, row)| row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: usize) -> Table {
        Table::new().with_numbers("y", (0..rows).map(|row| if row % 4 == 0 { 1.0 } else { 0.0 })).unwrap()
    }

    #[test]
    fn five_parts_of_a_fifth_hold_every_row_once() {
        let parts = ValidationParts::new(&table(100), Some("y"), 20, 3).unwrap();
        let mut held: Vec<usize> = (0..5).flat_map(|member| parts.of(member).1).collect();
        held.sort_unstable();
        assert_eq!(held, (0..100).collect::<Vec<_>>());
        assert_eq!(parts.of(5), parts.of(0));
        assert_eq!(parts.training_rows(), 80);
    }

    #[test]
    fn a_part_has_the_fractions_of_the_classes() {
        let parts = ValidationParts::new(&table(203), Some("y"), 61, 1).unwrap();
        for member in 0..7 {
            let (train, validation) = parts.of(member);
            assert_eq!((train.len(), validation.len()), (142, 61));
            let ones = validation.iter().filter(|&&row| row % 4 == 0).count();
            assert!((14..=17).contains(&ones), "{ones}");
        }
    }

    #[test]
    fn parts_follow_from_the_seed() {
        let of = |seed| ValidationParts::new(&table(60), None, 12, seed).unwrap().of(1);
        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
    }
}
