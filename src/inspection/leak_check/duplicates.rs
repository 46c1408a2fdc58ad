//! Rows that occur in both parts.

use super::cells::codes;
use crate::Result;
use crate::preprocessing::Table;
use std::collections::{HashMap, HashSet};

/// The rows of two tables as numbers; rows that are equal in all columns have equal numbers.
fn row_numbers(names: &[&str], train: &Table, test: &Table) -> Result<[Vec<u32>; 2]> {
    let mut rows = [vec![0_u32; train.nrows()], vec![0; test.nrows()]];
    for name in names {
        let codes = codes(name, &[train, test])?;
        let mut pairs: HashMap<(u32, u32), u32> = HashMap::new();
        for (rows, codes) in rows.iter_mut().zip(&codes.tables) {
            for (row, code) in rows.iter_mut().zip(codes) {
                let next = pairs.len() as u32;
                *row = *pairs.entry((*row, *code)).or_insert(next);
            }
        }
    }
    Ok(rows)
}

/// The numbers of rows that occur more than once.
pub(super) struct Duplicates {
    /// The number of test rows that equal a training row.
    pub(super) across: usize,
    /// The number of training rows that equal an earlier training row.
    pub(super) within: usize,
}

/// Counts rows that are equal in these columns.
pub(super) fn duplicates(names: &[&str], train: &Table, test: &Table) -> Result<Duplicates> {
    let [of_train, of_test] = row_numbers(names, train, test)?;
    let known: HashSet<u32> = of_train.iter().copied().collect();
    let across = of_test.iter().filter(|row| known.contains(row)).count();
    Ok(Duplicates { across, within: of_train.len() - known.len() })
}
