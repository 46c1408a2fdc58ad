//! The columns of the table of a fit.

use crate::preprocessing::Record;

/// Names of columns, in the order of their table; none if a file does not list them.
#[derive(Debug, Clone, Default)]
pub(super) struct KnownColumns {
    names: Vec<String>,
    /// The positions of the names in alphabetical order, which is the order of records.
    order: Vec<usize>,
}

impl KnownColumns {
    pub(super) fn new(names: Vec<String>) -> Self {
        let mut order: Vec<usize> = (0..names.len()).collect();
        order.sort_unstable_by_key(|&position| &names[position]);
        KnownColumns { names, order }
    }

    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// The first key of a record that is none of these; none if no name is known.
    pub(super) fn unknown_key<'a>(&self, record: &'a Record) -> Option<&'a str> {
        if self.names.is_empty() {
            return None;
        }
        let mut known = self.order.iter().map(|&position| self.names[position].as_str()).peekable();
        record.iter().map(|(name, _)| name).find(|name| {
            while known.next_if(|known| known < name).is_some() {}
            known.peek() != Some(name)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random_cases;

    #[test]
    fn the_first_unknown_key_is_the_one_that_a_search_finds() {
        random_cases::check(200, |random| {
            let mut word = || random_cases::string(random, "abé", 3);
            let names: Vec<String> = (0..4).map(|_| word()).collect();
            let record: Record = (0..3).map(|_| (word(), 1.0)).collect();
            let known = KnownColumns::new(names.clone());
            let searched = record.iter().map(|(name, _)| name).find(|name| !names.iter().any(|known| known == name));
            assert_eq!(known.unknown_key(&record), searched, "{names:?} {record:?}");
            assert_eq!(known.names(), names);
        });
        assert_eq!(KnownColumns::default().unknown_key(&Record::new().with("a", 1.0)), None);
    }
}
