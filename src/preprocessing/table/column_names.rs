//! The names of a table's columns, found by search or, in a wide table that is asked often, by their alphabetical order.

use std::ops::Deref;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Up to this many names are searched one by one, which is as fast.
const FEW: usize = 16;

/// After this many searches the order of the names has paid for itself.
const SEARCHES: u32 = 16;

/// Names in the order of the columns. A table of one row, which is asked for each column once or twice, sorts nothing.
#[derive(Debug, Default)]
pub(super) struct ColumnNames {
    names: Vec<String>,
    searches: AtomicU32,
    /// The positions of the names in alphabetical order, of equal names the first one first.
    order: OnceLock<Vec<u32>>,
}

impl ColumnNames {
    /// The first position of a name.
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
            // Some names are there twice.
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
