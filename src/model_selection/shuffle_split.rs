//! Repeated random splits.

use super::draw::Draw;
use super::fold::Fold;
use super::folds::Folds;
use super::folds_input::FoldsInput;
use super::parts::part_sizes;
use crate::error::Result;
use crate::items::{Spec, item};
use crate::random;

item! {
    /// Splits rows repeatedly and independently into a random training part and a random test part.
    ///
    /// Of n rows, `⌈n · test_size⌉` are for the test and `⌊n · train_size⌋`, or all others, for training. A row may be in the test part
    /// of several splits, or of none. The draws of a split depend only on the seed and the number of the split.
    ///
    /// ```
    /// use perceptra::model_selection::{Folds, FoldsInput, ShuffleSplit};
    ///
    /// let splits = ShuffleSplit::new(3).test_size(0.25).folds(&FoldsInput::new(10))?;
    /// assert_eq!(splits.len(), 3);
    /// assert!(splits.iter().all(|split| (split.train.len(), split.test.len()) == (7, 3)));
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.model_selection.ShuffleSplit*.
    pub struct ShuffleSplit: "ShuffleSplit" {
        /// The number of splits.
        n_splits: u32 [in 1..=65536] = 10,
        /// The fraction of the rows that are for the test.
        test_size: f64 [above 0 below 1] = 0.1,
        /// The fraction of the rows that are for training; defaults to all others.
        train_size: Option<f64> [above 0 below 1] = None,
        /// The seed; defaults to that of the input.
        seed: Option<u64> = None,
    }
}

impl ShuffleSplit {
    /// Creates this many splits, at least 1.
    pub fn new(n_splits: u32) -> ShuffleSplit {
        ShuffleSplit { n_splits, ..ShuffleSplit }
    }
}

/// Groups and classes of the input are not used.
impl Folds for ShuffleSplit {
    fn folds(&self, input: &FoldsInput<'_>) -> Result<Vec<Fold>> {
        self.check()?;
        let of = (input.rows(), "row");
        let (train, test) = part_sizes(&self.class_name(), of, self.test_size, self.train_size)?;
        let split = |number| {
            let mut order: Vec<usize> = (0..input.rows()).collect();
            random::shuffle(&mut order, &mut input.stream(self.seed, Draw::ShuffleSplit, number));
            Fold::from_parts((order[..train].to_vec(), order[order.len() - test..].to_vec()))
        };
        Ok((0..self.n_splits).map(split).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::reference;

    #[test]
    fn sizes_are_those_of_the_reference_and_the_parts_disjoint() {
        for case in reference::case("shuffle_split").list("cases") {
            let (rows, sizes) = (case.indices("rows")[0], case.numbers("sizes"));
            let folds = ShuffleSplit { test_size: sizes[0], train_size: sizes.get(1).copied(), ..ShuffleSplit::new(4) };
            let splits = folds.folds(&FoldsInput::new(rows)).unwrap();
            assert_eq!(splits.len(), 4);
            for split in splits {
                assert_eq!([split.train.len(), split.test.len()].to_vec(), case.indices("parts"));
                let mut all = [split.train.clone(), split.test.clone()].concat();
                assert!(split.train.is_sorted() && split.test.is_sorted() && all.iter().all(|&row| row < rows));
                all.sort_unstable();
                all.dedup();
                assert_eq!(all.len(), split.train.len() + split.test.len());
            }
        }
    }

    #[test]
    fn a_split_depends_on_the_seed_and_its_number() {
        let of = |splits: u32, seed| ShuffleSplit::new(splits).folds(&FoldsInput::new(50).with_seed(seed)).unwrap();
        assert_eq!(of(3, 1), of(5, 1)[..3]);
        assert_ne!(of(3, 1), of(3, 2));
        assert_ne!(of(3, 1)[0], of(3, 1)[1]);
    }

    #[test]
    fn sizes_that_leave_a_part_empty_are_refused() {
        let of = |folds: ShuffleSplit, rows| folds.folds(&FoldsInput::new(rows));
        assert!(matches!(of(ShuffleSplit, 1), Err(Error::Argument { argument: "test_size", .. })));
        assert!(matches!(of(ShuffleSplit.test_size(1.0), 9), Err(Error::Argument { argument: "test_size", .. })));
        assert!(matches!(of(ShuffleSplit.train_size(0.95), 20), Err(Error::Argument { argument: "train_size", .. })));
        assert!(matches!(of(ShuffleSplit::new(0), 9), Err(Error::Argument { argument: "n_splits", .. })));
    }
}
