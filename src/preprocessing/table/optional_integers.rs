//! Whole numbers of 64 bits, some of them possibly missing.

/// The storage of columns of integers and of dates.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct OptionalIntegers {
    /// 0 for a missing value.
    values: Vec<i64>,
    /// Which values are missing; empty if none is.
    missing: Vec<bool>,
}

impl OptionalIntegers {
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    pub(super) fn get(&self, row: usize) -> Option<i64> {
        self.values.get(row).copied().filter(|_| !self.is_missing(row))
    }

    /// So is a value beyond the last row.
    pub(super) fn is_missing(&self, row: usize) -> bool {
        row >= self.values.len() || self.missing.get(row).copied().unwrap_or(false)
    }

    pub(super) fn missing(&self) -> usize {
        self.missing.iter().filter(|missing| **missing).count()
    }

    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = Option<i64>> {
        self.values.iter().enumerate().map(|(row, &value)| (!self.is_missing(row)).then_some(value))
    }

    /// The rows of those positions; the caller has checked that they exist.
    pub(super) fn take(&self, rows: &[usize]) -> Self {
        let missing = match self.missing.is_empty() {
            true => Vec::new(),
            false => rows.iter().map(|&row| self.missing[row]).collect(),
        };
        OptionalIntegers { values: rows.iter().map(|&row| self.values[row]).collect(), missing }
    }

    /// The values without those that are missing.
    pub(super) fn present(&self) -> impl Iterator<Item = i64> {
        self.iter().flatten()
    }

    /// Keeps the first rows.
    #[cfg(feature = "csv")]
    pub(super) fn truncate(&mut self, rows: usize) {
        self.values.truncate(rows);
        self.missing.truncate(rows);
    }

    pub(super) fn push(&mut self, value: Option<i64>) {
        match value {
            None => {
                self.missing.resize(self.values.len(), false);
                self.missing.push(true);
            }
            Some(_) if !self.missing.is_empty() => self.missing.push(false),
            Some(_) => {}
        }
        self.values.push(value.unwrap_or_default());
    }
}

impl FromIterator<Option<i64>> for OptionalIntegers {
    fn from_iter<I: IntoIterator<Item = Option<i64>>>(values: I) -> Self {
        let mut integers = OptionalIntegers::default();
        values.into_iter().for_each(|value| integers.push(value));
        integers
    }
}

impl From<Vec<i64>> for OptionalIntegers {
    fn from(values: Vec<i64>) -> Self {
        OptionalIntegers { values, missing: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_values_are_apart_from_every_integer() {
        let values = [Some(i64::MIN), None, Some(0), Some(i64::MAX), None];
        let integers: OptionalIntegers = values.into_iter().collect();
        assert!(integers.iter().eq(values));
        assert_eq!((integers.missing(), integers.len(), integers.get(5)), (2, 5, None));
        assert!(integers.take(&[4, 3, 3]).iter().eq([None, Some(i64::MAX), Some(i64::MAX)]));
        assert!(OptionalIntegers::from(vec![1, 2]).take(&[1]).iter().eq([Some(2)]));
        assert!(integers.is_missing(1) && integers.is_missing(9) && !integers.is_missing(2));
    }
}
