//! Repeated random splits of whole groups.

use super::draw::Draw;
use super::fold::Fold;
use super::folds::Folds;
use super::folds_input::FoldsInput;
use super::group_parts::of_whole_groups;
use crate::error::Result;
use crate::items::{Spec, item};

item! {
    /// Splits rows repeatedly and independently into a random training part and a random test part of whole groups.
    ///
    /// Of g groups, `⌈g · test_size⌉` are for the test and `⌊g · train_size⌋`, or all others, for training: the sizes are
    /// fractions of the groups, not of the rows. The draws of a split depend only on the seed and the number of the split.
    ///
    /// ```
    /// use perceptra::model_selection::{Folds, FoldsInput, GroupShuffleSplit};
    ///
    /// let groups = [0, 0, 0, 1, 1, 2, 3];
    /// for split in GroupShuffleSplit::new(3).test_size(0.5).folds(&FoldsInput::new(7).with_groups(&groups)?)? {
    ///     assert!(split.test.iter().all(|&test| split.train.iter().all(|&train| groups[train] != groups[test])));
    /// }
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.model_selection.GroupShuffleSplit*.
    pub struct GroupShuffleSplit: "GroupShuffleSplit" {
        /// The number of splits.
        n_splits: u32 [in 1..=65536] = 5,
        /// The fraction of the groups that are for the test.
        test_size: f64 [above 0 below 1] = 0.2,
        /// The fraction of the groups that are for training; defaults to all others.
        train_size: Option<f64> [above 0 below 1] = None,
        /// The seed; defaults to that of the input.
        seed: Option<u64> = None,
        /// The column whose values are the groups; defaults to the groups of the input.
        groups: Option<String> = None,
    }
}

impl GroupShuffleSplit {
    /// Creates this many splits, at least 1.
    pub fn new(n_splits: u32) -> GroupShuffleSplit {
        GroupShuffleSplit { n_splits, ..GroupShuffleSplit }
    }
}

/// Classes of the input are not used.
impl Folds for GroupShuffleSplit {
    fn folds(&self, input: &FoldsInput<'_>) -> Result<Vec<Fold>> {
        self.check()?;
        let groups = input.group_rows(self, self.groups.as_deref())?;
        let item = self.class_name();
        let split = |number| {
            let mut random = input.stream(self.seed, Draw::GroupShuffleSplit, number);
            of_whole_groups(&item, &groups, self.test_size, self.train_size, &mut random).map(Fold::from_parts)
        };
        (0..self.n_splits).map(split).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::reference;
    use std::collections::BTreeSet;

    #[test]
    fn numbers_of_groups_are_those_of_the_reference_and_the_groups_apart() {
        for case in reference::case("group_shuffle_split").list("cases") {
            let (groups, sizes) = (case.indices("groups"), case.numbers("sizes"));
            let folds = GroupShuffleSplit {
                test_size: sizes[0],
                train_size: sizes.get(1).copied(),
                ..GroupShuffleSplit::new(5)
            };
            let input = FoldsInput::new(groups.len()).with_groups(&groups).unwrap();
            let splits = folds.folds(&input).unwrap();
            for split in &splits {
                let of = |rows: &[usize]| rows.iter().map(|&row| groups[row]).collect::<BTreeSet<_>>();
                let (train, test) = (of(&split.train), of(&split.test));
                assert_eq!([train.len(), test.len()].to_vec(), case.indices("parts"));
                assert!(train.is_disjoint(&test));
                let whole = |part: &BTreeSet<usize>| groups.iter().filter(|group| part.contains(group)).count();
                assert_eq!((whole(&train), whole(&test)), (split.train.len(), split.test.len()));
            }
            assert!(splits.iter().any(|split| *split != splits[0]));
            assert_eq!(folds.folds(&input).unwrap(), splits);
        }
    }

    #[test]
    fn one_group_cannot_be_split() {
        let of =
            |groups: &[usize]| GroupShuffleSplit.folds(&FoldsInput::new(groups.len()).with_groups(groups).unwrap());
        let error = of(&[3, 3, 3]).unwrap_err();
        assert!(error.to_string().contains("some of the 1 group"), "{error}");
        assert!(matches!(of(&[]), Err(Error::Empty { .. })));
    }
}
