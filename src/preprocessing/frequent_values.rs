//! The most frequent value of a column in bounded memory.

use super::category_counts::CategoryCounts;
use super::scaling::present_numbers;
use super::{Column, Table, Value};
use crate::Result;

/// The smallest number of values that are counted.
const COUNTED: usize = 65_536;

/// The frequencies of values.
///
/// Up to 131,072 distinct values the counts are exact. Where there are more, the 65,536 most frequent are kept, and the
/// count of the next one is subtracted from theirs; so a count is too small by at most 1/65,537 of the values, and a value that is more
/// frequent than this is among those that are kept, in whatever order the values come.
///
/// # References
///
/// J. Misra and D. Gries, *Finding repeated elements*, 1982. In blocks and merged: P. Agarwal et al., *Mergeable summaries*, PODS 2012.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct FrequentValues {
    counted: CategoryCounts,
}

impl FrequentValues {
    /// Of a column.
    pub(super) fn of(table: &Table, name: &str) -> Result<Self> {
        let counted = match table.column(name)? {
            // As an imputer fills them.
            Column::Integer(_) => {
                let numbers = Table::new().with_numbers(name, present_numbers(table, name)?)?;
                CategoryCounts::of(&numbers, name)?
            }
            _ => CategoryCounts::of(table, name)?,
        };
        Ok(FrequentValues { counted }.bounded(COUNTED))
    }

    /// Takes the counts of other rows.
    pub(super) fn merge(&mut self, later: FrequentValues) {
        self.counted.add(later.counted);
        *self = std::mem::take(self).bounded(COUNTED);
    }

    /// The smallest of the most frequent values.
    pub(super) fn most_frequent(&self) -> Option<Value> {
        let most = self.counted.counts.iter().max()?;
        let at = self.counted.counts.iter().position(|count| count == most)?;
        self.counted.values.get(at).cloned()
    }

    /// With no more than this many values, if they are more than twice as many.
    fn bounded(mut self, most: usize) -> Self {
        let CategoryCounts { values, counts, .. } = &self.counted;
        if values.len() <= 2 * most {
            return self;
        }
        let mut descending = counts.clone();
        descending.sort_unstable_by(|a, b| b.cmp(a));
        let next = descending[most];
        let kept = values.iter().zip(counts).filter(|(_, count)| **count > next);
        (self.counted.values, self.counted.counts) = kept.map(|(value, count)| (value.clone(), count - next)).unzip();
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(numbers: impl IntoIterator<Item = f64>) -> FrequentValues {
        FrequentValues::of(&Table::new().with_numbers("a", numbers).unwrap(), "a").unwrap()
    }

    #[test]
    fn the_smallest_of_the_most_frequent_is_found() {
        let mut counts = counted([3.0, f64::NAN, -0.0, 2.0, 0.0]);
        assert_eq!(counts.most_frequent(), Some(Value::Number(0.0)));
        counts.merge(counted([2.0, 3.0]));
        assert_eq!(counts.most_frequent(), Some(Value::Number(0.0)));
        counts.merge(counted([3.0, 2.0]));
        assert_eq!(counts.most_frequent(), Some(Value::Number(2.0)));
        assert_eq!(FrequentValues::default().most_frequent(), None);
    }

    #[test]
    fn counts_are_short_by_no_more_than_is_stated() {
        // Every number from 0 to 999 once, in the second half each third row a 7 and some a 5.
        let number = |row: u32| match row {
            1000.. if row.is_multiple_of(3) => 7.0,
            1000.. if row.is_multiple_of(7) => 5.0,
            _ => f64::from(row % 1000),
        };
        let (rows, most) = (4000, 10);
        let mut counts = FrequentValues::default();
        for block in (0..rows).collect::<Vec<u32>>().chunks(100) {
            counts.merge(counted(block.iter().map(|row| number(*row))));
            counts = counts.bounded(most);
            assert!(counts.counted.values.len() <= 2 * most);
        }
        let exact = (0..rows).filter(|row| number(*row) == 7.0).count();
        let at = counts.counted.values.iter().position(|value| *value == Value::Number(7.0)).unwrap();
        let found = counts.counted.counts[at];
        assert!(found <= exact && exact - found <= rows as usize / (most + 1), "{found} of {exact}");
        assert_eq!(counts.most_frequent(), Some(Value::Number(7.0)));
    }
}
