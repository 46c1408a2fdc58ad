//! Small random tables, each of one kind of columns.

use super::super::{BooleanColumn, StringColumn, Table};
use crate::Random;
use crate::random_cases::one_of;
use rand::RngExt;

/// A table with the columns `a` and `b`, and what is special about it.
pub(super) struct Sample {
    pub(super) kind: &'static str,
    pub(super) table: Table,
    /// One row for each of the table's: a binary target in the column `y`.
    pub(super) target: Table,
}

/// A function that adds a column with random values.
type Fill = fn(&mut Random, usize, Table, &str) -> Table;

const KINDS: &[(&str, Fill)] = &[
    ("numbers", |random, rows, table, name| numbers(table, name, rows, || random.random_range(-50.0..50.0))),
    ("positive numbers", |random, rows, table, name| numbers(table, name, rows, || random.random_range(0.1..9.0))),
    ("numbers with missing ones", |random, rows, table, name| {
        numbers(table, name, rows, || {
            if random.random_range(0..3) == 0 { f64::NAN } else { random.random_range(0.0..9.0) }
        })
    }),
    ("heavy ties", |random, rows, table, name| {
        numbers(table, name, rows, || *one_of(random, &[0.0, 0.0, 0.0, 1.0, 7.5]))
    }),
    ("whole numbers", |random, rows, table, name| numbers(table, name, rows, || f64::from(random.random_range(-3..4)))),
    ("zeros and ones", |random, rows, table, name| numbers(table, name, rows, || *one_of(random, &[0.0, 1.0]))),
    ("numbers of any size", |random, rows, table, name| {
        numbers(table, name, rows, || *one_of(random, &[1e300, -1e300, 1e-300, -0.0, 3.5, 1e16]))
    }),
    ("a constant", |_, rows, table, name| numbers(table, name, rows, || 0.1)),
    ("no number", |_, rows, table, name| numbers(table, name, rows, || f64::NAN)),
    ("strings", |random, rows, table, name| {
        strings(table, name, rows, || Some(*one_of(random, &["x", "y", "", "ü _z"])))
    }),
    ("strings with missing ones", |random, rows, table, name| {
        strings(table, name, rows, || *one_of(random, &[None, Some("x"), Some("y"), Some("nan")]))
    }),
    ("strings that spell numbers", |random, rows, table, name| {
        strings(table, name, rows, || *one_of(random, &[Some("36 months"), Some("60 months"), Some("-1.5"), None]))
    }),
    ("strings of dates", |random, rows, table, name| {
        strings(table, name, rows, || {
            *one_of(random, &[Some("2024-02-29"), Some("1969-12-31T23:30"), Some("2024-03-01")])
        })
    }),
    ("no string", |_, rows, table, name| strings(table, name, rows, || None)),
    ("booleans", |random, rows, table, name| booleans(table, name, rows, || Some(random.random()))),
    ("booleans with missing ones", |random, rows, table, name| {
        booleans(table, name, rows, || *one_of(random, &[None, Some(true), Some(false)]))
    }),
];

fn numbers(table: Table, name: &str, rows: usize, mut one: impl FnMut() -> f64) -> Table {
    table.with_numbers(name, (0..rows).map(|_| one())).unwrap()
}

fn strings(table: Table, name: &str, rows: usize, mut one: impl FnMut() -> Option<&'static str>) -> Table {
    table.with_column(name, (0..rows).map(|_| one()).collect::<StringColumn>()).unwrap()
}

fn booleans(table: Table, name: &str, rows: usize, mut one: impl FnMut() -> Option<bool>) -> Table {
    table.with_column(name, (0..rows).map(|_| one()).collect::<BooleanColumn>()).unwrap()
}

/// A table of each kind with this many rows, and one whose second column is of another kind than its first.
pub(super) fn samples(random: &mut Random, rows: usize) -> Vec<Sample> {
    let target = |random: &mut Random| numbers(Table::new(), "y", rows, || *one_of(random, &[0.0, 1.0]));
    let mut samples: Vec<Sample> = KINDS
        .iter()
        .map(|(kind, fill)| {
            let first = fill(random, rows, Table::new(), "a");
            let table = fill(random, rows, first, "b");
            Sample { kind, table, target: target(random) }
        })
        .collect();
    let (first, second) = (one_of(random, KINDS).1, one_of(random, KINDS).1);
    let table = first(random, rows, Table::new(), "a");
    let table = second(random, rows, table, "b");
    samples.push(Sample { kind: "two kinds", table, target: target(random) });
    samples
}
