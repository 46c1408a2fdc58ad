//! Rows of files that are left out.

use crate::error::{Error, Place};

/// How many of the rows that are left out are kept as errors.
const KEPT_ERRORS: usize = 100;

/// The number of rows that are left out, and why the first of them are.
#[derive(Debug, Default)]
pub(crate) struct BadRows {
    pub(crate) count: usize,
    pub(crate) errors: Vec<Error>,
}

impl BadRows {
    pub(crate) fn push(&mut self, error: Error) {
        self.count += 1;
        if self.errors.len() < KEPT_ERRORS {
            self.errors.push(error);
        }
    }

    /// Adds those that another reader of the same files found; the order is that of the files and their lines.
    pub(crate) fn merge(&mut self, other: BadRows, files: &[String]) {
        self.count += other.count;
        self.errors.extend(other.errors);
        self.errors.sort_by_key(|error| match error.place() {
            Some(Place::Line { file, line }) => (files.iter().position(|known| known == file), *line),
            _ => (None, 0),
        });
        self.errors.truncate(KEPT_ERRORS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rows_of_both_are_kept_in_their_order() {
        let files = ["b.csv".to_string(), "a.csv".to_string()];
        let bad = |file: usize, lines: std::ops::Range<u64>| {
            let mut bad = BadRows::default();
            for line in lines.step_by(2) {
                let place = Place::Line { file: files[file].clone(), line };
                bad.push(Error::NotUtf8 { place, column: "x".into() });
            }
            bad
        };
        let mut all = bad(0, 2..302);
        assert_eq!((all.count, all.errors.len()), (150, 100));
        all.merge(bad(0, 3..13), &files);
        all.merge(bad(1, 2..12), &files);
        assert_eq!((all.count, all.errors.len()), (160, 100));
        let lines = |error: &Error| match error.place() {
            Some(Place::Line { file, line }) => (file.clone(), *line),
            other => panic!("{other:?}"),
        };
        assert_eq!(all.errors[..4].iter().map(|error| lines(error).1).collect::<Vec<_>>(), [2, 3, 4, 5]);
        assert!(all.errors.iter().all(|error| lines(error).0 == "b.csv"), "those of the second file come later");
    }
}
