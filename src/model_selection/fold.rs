//! The rows of one round of cross-validation.

use crate::error::counted;
use crate::error::{Error, Result};
use crate::items::Spec;

/// One round of cross-validation: the rows that the model is trained on, and those it is tested on.
///
/// The folds of a [`Folds`](super::Folds) item test each row once, unless its documentation states otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fold {
    /// The rows to train on, in ascending order.
    pub train: Vec<usize>,
    /// The rows to test on, in ascending order.
    pub test: Vec<usize>,
}

impl Fold {
    /// Builds the folds from the number of the fold in which each row is tested.
    pub(super) fn from_membership(membership: &[usize], folds: usize) -> Vec<Fold> {
        // A row that is never tested is in a fold beyond the last one.
        let mut sizes = vec![0; folds + 1];
        membership.iter().for_each(|&fold| sizes[fold.min(folds)] += 1);
        let rows = |fold, inside: bool| {
            let size = if inside { sizes[fold] } else { membership.len() - sizes[fold] };
            let mut rows = Vec::with_capacity(size);
            rows.extend((0..membership.len()).filter(|&row| (membership[row] == fold) == inside));
            rows
        };
        (0..folds).map(|fold| Fold { train: rows(fold, false), test: rows(fold, true) }).collect()
    }

    /// Builds a fold of these rows and sorts them.
    pub(super) fn from_parts((mut train, mut test): (Vec<usize>, Vec<usize>)) -> Fold {
        train.sort_unstable();
        test.sort_unstable();
        Fold { train, test }
    }
}

/// Returns an error for more folds than rows or groups.
pub(super) fn enough(item: &dyn Spec, n_splits: usize, count: usize, of: &str) -> Result<()> {
    if (2..=count).contains(&n_splits) {
        return Ok(());
    }
    let expected = format!("at least 2 and no more than the {}", counted(count, of));
    Err(Error::argument(item.class_name(), "n_splits", n_splits, expected))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_rows_take_no_more_memory_than_their_rows() {
        let membership: Vec<usize> = (0..23).map(|row| row % 6).collect();
        for Fold { train, test } in Fold::from_membership(&membership, 5) {
            assert_eq!((train.capacity(), test.capacity()), (train.len(), test.len()));
        }
    }
}
