//! Folds of whole groups.

use super::classes::Classes;
use super::draw::Draw;
use super::fold::{Fold, enough};
use super::folds::Folds;
use super::folds_input::FoldsInput;
use super::k_fold::equal_folds;
use crate::error::Result;
use crate::items::{Spec, item};
use crate::sorting;

item! {
    /// Divides rows into k folds such that all rows of a group are in the same fold: no group is in both the training and the test rows.
    ///
    /// Without shuffling, the groups are assigned from the largest to the smallest, each to the fold with the fewest rows so far; of
    /// groups of equal size the one with the larger value comes first. A group with more than n/k rows makes its fold larger. With
    /// shuffling, groups are assigned at random, and the numbers of groups of two folds differ by at most one.
    ///
    /// ```
    /// use perceptra::model_selection::{Folds, FoldsInput, GroupKFold};
    /// use perceptra::preprocessing::Table;
    ///
    /// let table = Table::new().with_strings("customer_id", ["ann", "bob", "ann", "cat", "bob", "ann"])?;
    /// let folds = GroupKFold::new(2).groups("customer_id").folds(&FoldsInput::of(&table))?;
    /// assert_eq!(folds[0].test, [0, 2, 5]);
    /// assert_eq!(folds[1].test, [1, 3, 4]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.model_selection.GroupKFold*.
    pub struct GroupKFold: "GroupKFold" {
        /// The number of folds.
        n_splits: usize [at least 2] = 5,
        /// Whether groups are assigned at random.
        shuffle: bool = false,
        /// The seed for shuffling; defaults to that of the input.
        seed: Option<u64> = None,
        /// The column whose values are the groups; defaults to the groups of the input.
        groups: Option<String> = None,
    }
}

impl GroupKFold {
    /// Creates a division into this many folds, at least 2 and at most the number of groups.
    pub fn new(n_splits: usize) -> GroupKFold {
        GroupKFold { n_splits, ..GroupKFold }
    }
}

impl Folds for GroupKFold {
    fn folds(&self, input: &FoldsInput<'_>) -> Result<Vec<Fold>> {
        self.check()?;
        let groups = input.group_rows(self, self.groups.as_deref())?;
        enough(self, self.n_splits, groups.rows.len(), "group")?;
        let folds = if self.shuffle {
            equal_folds(groups.rows.len(), self.n_splits, Some(input.stream(self.seed, Draw::GroupFolds, 0)))
        } else {
            balanced(&groups.counts(), self.n_splits)
        };
        Ok(Fold::from_membership(&membership(&groups, &folds, input.rows()), self.n_splits))
    }
}

/// The fold of each group: the groups from the largest to the smallest, each in the fold with the fewest rows so far.
fn balanced(counts: &[usize], folds: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..counts.len()).collect();
    sorting::by_integer(&mut order, |&group| counts[group] as i64);
    let mut rows = vec![0; folds];
    let mut fold_of = vec![0; counts.len()];
    for group in order.into_iter().rev() {
        let lightest = (0..folds).min_by_key(|&fold| rows[fold]).unwrap_or(0);
        rows[lightest] += counts[group];
        fold_of[group] = lightest;
    }
    fold_of
}

/// The fold of each row, from that of its group.
pub(super) fn membership(groups: &Classes, folds: &[usize], count: usize) -> Vec<usize> {
    let mut membership = vec![0; count];
    for (rows, &fold) in groups.rows.iter().zip(folds) {
        rows.iter().for_each(|&row| membership[row] = fold);
    }
    membership
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::reference;

    fn split(folds: GroupKFold, groups: &[usize]) -> Result<Vec<Fold>> {
        folds.folds(&FoldsInput::new(groups.len()).with_groups(groups)?)
    }

    #[test]
    fn folds_are_those_of_the_reference() {
        for case in reference::case("group_k_fold").list("cases") {
            let n_splits = case.indices("n_splits")[0];
            let folds = split(GroupKFold::new(n_splits), &case.indices("groups")).unwrap();
            assert_eq!(folds, Fold::from_membership(&case.indices("fold"), n_splits));
        }
    }

    #[test]
    fn shuffled_folds_have_equally_many_whole_groups() {
        let groups: Vec<usize> = (0..60).map(|row| row * row % 17).collect();
        let distinct = |rows: &[usize]| {
            let mut found: Vec<usize> = rows.iter().map(|&row| groups[row]).collect();
            found.sort_unstable();
            found.dedup();
            found
        };
        let shuffled = |seed| split(GroupKFold::new(4).shuffle(true).seed(seed), &groups).unwrap();
        let (all, folds) = (distinct(&(0..60).collect::<Vec<_>>()), shuffled(1));
        let mut tested: Vec<usize> = Vec::new();
        for fold in &folds {
            let (train, test) = (distinct(&fold.train), distinct(&fold.test));
            assert!((all.len() / 4..=all.len().div_ceil(4)).contains(&test.len()));
            assert!(test.iter().all(|group| !train.contains(group)));
            tested.extend(&fold.test);
        }
        tested.sort_unstable();
        assert_eq!(tested, (0..60).collect::<Vec<_>>());
        assert_eq!(shuffled(1), folds);
        assert_ne!(shuffled(2), folds);
    }

    #[test]
    fn a_group_larger_than_a_fold_makes_its_fold_larger() {
        let folds = split(GroupKFold::new(3), &[0, 0, 0, 0, 0, 0, 1, 2]).unwrap();
        assert_eq!(folds[0].test, [0, 1, 2, 3, 4, 5]);
        assert_eq!((&*folds[1].test, &*folds[2].test), (&[7][..], &[6][..]));
    }

    #[test]
    fn more_folds_than_groups_are_refused() {
        let error = split(GroupKFold::new(3), &[0, 1, 0, 1]).unwrap_err();
        assert!(error.to_string().contains("no more than the 2 groups"), "{error}");
        assert!(matches!(split(GroupKFold::new(2), &[]), Err(Error::Empty { .. })));
        assert!(matches!(split(GroupKFold::new(2), &[5]), Err(Error::Argument { argument: "n_splits", .. })));
    }
}
