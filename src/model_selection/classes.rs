//! Labels grouped into classes.

use crate::error::{Error, Result};

/// The rows of each class. `labels` are the distinct labels in ascending order, and `rows[k]` lists the rows with `labels[k]`, ascending.
pub(super) struct Classes {
    pub(super) labels: Vec<f64>,
    pub(super) rows: Vec<Vec<usize>>,
}

impl Classes {
    pub(super) fn from_labels(labels: &[f64]) -> Result<Classes> {
        if labels.is_empty() {
            return Err(Error::Empty { what: "the labels".into(), advice: "pass at least one row".into() });
        }
        if let Some(row) = labels.iter().position(|label| !label.is_finite()) {
            return Err(Error::NotFinite { what: "the labels", row, column: 0, value: labels[row] });
        }
        // Adding zero turns -0 into 0.
        let mut distinct: Vec<f64> = labels.iter().map(|label| label + 0.0).collect();
        distinct.sort_unstable_by(f64::total_cmp);
        distinct.dedup();
        let mut rows = vec![Vec::new(); distinct.len()];
        for (row, label) in labels.iter().enumerate() {
            rows[distinct.partition_point(|known| known < label)].push(row);
        }
        Ok(Classes { labels: distinct, rows })
    }

    /// The number of rows of each class.
    pub(super) fn counts(&self) -> Vec<usize> {
        self.rows.iter().map(Vec::len).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_grouped_by_label() {
        let classes = Classes::from_labels(&[2.0, 0.0, -0.0, 2.0, -1.0]).unwrap();
        assert_eq!(classes.labels, [-1.0, 0.0, 2.0]);
        assert_eq!(classes.rows, [vec![4], vec![1, 2], vec![0, 3]]);
        assert_eq!(classes.counts(), [1, 2, 2]);
    }

    #[test]
    fn labels_are_there_and_finite() {
        assert!(matches!(Classes::from_labels(&[]), Err(Error::Empty { .. })));
        assert!(matches!(Classes::from_labels(&[0.0, f64::NAN]), Err(Error::NotFinite { row: 1, .. })));
    }
}
