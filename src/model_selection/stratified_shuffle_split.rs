//! Repeated random splits with the same fractions of every class.

use super::draw::Draw;
use super::fold::Fold;
use super::folds::Folds;
use super::folds_input::FoldsInput;
use super::parts::part_sizes;
use super::strata::stratified;
use crate::error::Result;
use crate::items::{Spec, item};

item! {
    /// Splits rows repeatedly into a random training part and a random test part with the same fractions of every class.
    ///
    /// The sizes are those of [`ShuffleSplit`](struct@super::ShuffleSplit). Every class gets its fraction of both parts, rounded
    /// down; the rows left over by rounding go to the classes with the largest remainders, in random order among equal ones. A class
    /// with a single row and a part with fewer rows than classes are errors; a class may still be absent from a small part.
    ///
    /// ```
    /// use perceptra::model_selection::{Folds, FoldsInput, StratifiedShuffleSplit};
    ///
    /// let classes = [0, 0, 0, 0, 0, 0, 1, 1];
    /// let splits = StratifiedShuffleSplit::new(3).test_size(0.5).folds(&FoldsInput::new(8).with_classes(&classes)?)?;
    /// assert!(splits.iter().all(|split| split.test.iter().map(|&row| classes[row]).sum::<usize>() == 1));
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.model_selection.StratifiedShuffleSplit*.
    pub struct StratifiedShuffleSplit: "StratifiedShuffleSplit" {
        /// The number of splits.
        n_splits: u32 [in 1..=65536] = 10,
        /// The fraction of the rows that are for the test.
        test_size: f64 [above 0 below 1] = 0.1,
        /// The fraction of the rows that are for training; defaults to all others.
        train_size: Option<f64> [above 0 below 1] = None,
        /// The seed; defaults to that of the input.
        seed: Option<u64> = None,
        /// The column of the classes; defaults to the classes of the input.
        stratify: Option<String> = None,
    }
}

impl StratifiedShuffleSplit {
    /// Creates this many splits, at least 1.
    pub fn new(n_splits: u32) -> StratifiedShuffleSplit {
        StratifiedShuffleSplit { n_splits, ..StratifiedShuffleSplit }
    }
}

/// Groups of the input are not used.
impl Folds for StratifiedShuffleSplit {
    fn folds(&self, input: &FoldsInput<'_>) -> Result<Vec<Fold>> {
        self.check()?;
        let classes = input.class_rows(self, self.stratify.as_deref())?;
        let item = self.class_name();
        let sizes = part_sizes(&item, (input.rows(), "row"), self.test_size, self.train_size)?;
        let split = |number| {
            let mut random = input.stream(self.seed, Draw::StratifiedShuffleSplit, number);
            stratified(&item, &classes, sizes, &mut random).map(Fold::from_parts)
        };
        (0..self.n_splits).map(split).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::reference;

    #[test]
    fn classes_get_the_fractions_of_the_reference() {
        for case in reference::case("stratified_shuffle_split").list("cases") {
            let (classes, sizes) = (case.indices("y"), case.numbers("sizes"));
            let folds = StratifiedShuffleSplit {
                test_size: sizes[0],
                train_size: sizes.get(1).copied(),
                ..StratifiedShuffleSplit::new(5)
            };
            let input = FoldsInput::new(classes.len()).with_classes(&classes).unwrap();
            let splits = folds.folds(&input).unwrap();
            for split in &splits {
                let counts = |rows: &[usize]| {
                    let mut counts = vec![0; 3];
                    rows.iter().for_each(|&row| counts[classes[row]] += 1);
                    counts
                };
                assert_eq!(counts(&split.train), case.indices("train"));
                assert_eq!(counts(&split.test), case.indices("test"));
                assert!(split.train.iter().all(|row| !split.test.contains(row)));
            }
            assert_ne!(splits[0], splits[1]);
            assert_eq!(folds.folds(&input).unwrap(), splits);
        }
    }

    #[test]
    fn a_class_of_one_row_and_parts_smaller_than_the_classes_are_refused() {
        let of = |classes: &[usize], size| {
            let folds = StratifiedShuffleSplit.test_size(size);
            folds.folds(&FoldsInput::new(classes.len()).with_classes(classes).unwrap())
        };
        assert!(matches!(of(&[0, 0, 1], 0.5), Err(Error::Argument { argument: "stratify", .. })));
        assert!(matches!(of(&[0, 0, 1, 1], 0.2), Err(Error::Argument { argument: "test_size", .. })));
    }
}
