//! The names of a table's columns, with a linear search and, for frequent look-ups in a wide table, a sorted index.

use std::ops::Deref;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Up to this many names are always searched linearly, which is as fast as an index.
const FEW: usize = 16;

/// The number of linear searches after which the index is built: sorting the names costs about as much as these.
const SEARCHES: u32 = 16;

/// The names in the order of the columns. The index is built only after [`SEARCHES`] look-ups, so that a table of one row, whose
/// columns are looked up once or twice, does not pay for sorting.
#[derive(Debug, Default)]
pub(super) struct ColumnNames {
    names: Vec<String>,
    searches: AtomicU32,
    /// The index: the positions of the names in alphabetical order; equal names in the order of the columns.
    order: OnceLock<Vec<u32>>,
}

impl ColumnNames {
    /// Returns the first position of a name.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        let search = || self.names.iter().position(|known| known == name);
        if self.names.len() <= FEW {
            return search();
        }
        if self.order.get().is_none() && self.searches.fetch_add(1, Ordering::Relaxed) < SEARCHES {
            return search();
        }
        let order = self.order.get_or_init(|| {
            let mut order: Vec<u32> = (0..self.names.len() as u32).collect();
            order.sort_by_key(|&position| &self.names[position as usize]);
            order
        });
        let known = |position: u32| self.names[position as usize].as_str();
        let found = *order.get(order.partition_point(|&position| known(position) < name))?;
        (known(found) == name).then_some(found as usize)
    }

    /// Appends a name.
    pub(super) fn push(&mut self, name: String) {
        self.names.push(name);
        self.forget_order();
    }

    /// Replaces the name at a position.
    pub(super) fn rename(&mut self, position: usize, name: String) {
        self.names[position] = name;
        self.forget_order();
    }

    fn forget_order(&mut self) {
        self.order = OnceLock::new();
        *self.searches.get_mut() = 0;
    }
}

impl Clone for ColumnNames {
    fn clone(&self) -> Self {
        self.names.clone().into()
    }
}

impl From<Vec<String>> for ColumnNames {
    fn from(names: Vec<String>) -> Self {
        ColumnNames { names, ..ColumnNames::default() }
    }
}

impl Deref for ColumnNames {
    type Target = Vec<String>;

    fn deref(&self) -> &Vec<String> {
        &self.names
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random_cases;

    #[test]
    fn a_name_is_found_where_a_search_finds_it() {
        random_cases::check(100, |random| {
            let mut word = || random_cases::string(random, "abcé", 3);
            // Some names are duplicates.
            let mut names = ColumnNames::from((0..60).map(|_| word()).collect::<Vec<String>>());
            for step in 0..120 {
                let (asked, new) = (word(), word());
                assert_eq!(names.position(&asked), names.iter().position(|name| *name == asked), "{asked} {names:?}");
                match step {
                    50 => names.push(new),
                    90 => names.rename(7, new),
                    _ => {}
                }
            }
            assert_eq!(names.clone().position("x"), None);
        });
    }
}
