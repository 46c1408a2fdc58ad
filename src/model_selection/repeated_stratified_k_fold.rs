//! Repeated shuffled folds with the same fractions of every class.

use super::draw::Draw;
use super::fold::Fold;
use super::folds::Folds;
use super::folds_input::FoldsInput;
use super::stratified_k_fold::{enough_of_each, stratified_folds};
use crate::error::Result;
use crate::items::{Spec, item};
use crate::lists::joined;

item! {
    /// The folds of a shuffled [`StratifiedKFold`](struct@super::StratifiedKFold), shuffled again in each repetition:
    /// `n_splits · n_repeats` folds.
    ///
    /// Each row is tested once in every repetition. The first repetition is the `StratifiedKFold` of the same seed; the draws of a
    /// repetition depend only on the seed and the number of the repetition. A class with fewer rows than folds is an error.
    ///
    /// ```
    /// use perceptra::model_selection::{Folds, FoldsInput, RepeatedStratifiedKFold};
    ///
    /// let classes = [0, 0, 0, 0, 1, 1];
    /// let folds = RepeatedStratifiedKFold::new(2, 3).folds(&FoldsInput::new(6).with_classes(&classes)?)?;
    /// assert_eq!(folds.len(), 6);
    /// assert!(folds.iter().all(|fold| fold.test.iter().map(|&row| classes[row]).sum::<usize>() == 1));
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.model_selection.RepeatedStratifiedKFold*.
    pub struct RepeatedStratifiedKFold: "RepeatedStratifiedKFold" {
        /// The number of folds of a repetition.
        n_splits: usize [at least 2] = 5,
        /// The number of repetitions.
        n_repeats: u32 [in 1..=65536] = 10,
        /// The seed; defaults to that of the input.
        seed: Option<u64> = None,
        /// The column of the classes; defaults to the classes of the input.
        stratify: Option<String> = None,
    }
}

impl RepeatedStratifiedKFold {
    /// Creates a division into this many folds, at least 2 and at most the number of rows of the smallest class, in each of this many
    /// repetitions, at least 1.
    pub fn new(n_splits: usize, n_repeats: u32) -> RepeatedStratifiedKFold {
        RepeatedStratifiedKFold { n_splits, n_repeats, ..RepeatedStratifiedKFold }
    }
}

/// Groups of the input are not used.
impl Folds for RepeatedStratifiedKFold {
    fn folds(&self, input: &FoldsInput<'_>) -> Result<Vec<Fold>> {
        self.check()?;
        let classes = input.class_rows(self, self.stratify.as_deref())?;
        enough_of_each(self, self.n_splits, &classes)?;
        let repetition = |number| {
            let random = input.stream(self.seed, Draw::StratifiedFolds, number);
            Fold::from_membership(&stratified_folds(&classes, self.n_splits, Some(random)), self.n_splits)
        };
        Ok(joined(0..self.n_repeats, repetition))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::model_selection::StratifiedKFold;

    #[test]
    fn every_repetition_keeps_the_fractions() {
        let classes: Vec<usize> = (0..23).map(|row| row % 5 / 2).collect();
        let input = FoldsInput::new(23).with_classes(&classes).unwrap().with_seed(3);
        let folds = RepeatedStratifiedKFold::new(4, 3).folds(&input).unwrap();
        for repetition in folds.chunks(4) {
            for class in 0..3 {
                let of_class = |fold: &Fold| fold.test.iter().filter(|&&row| classes[row] == class).count();
                let counts: Vec<usize> = repetition.iter().map(of_class).collect();
                assert!(counts.iter().max().unwrap() - counts.iter().min().unwrap() <= 1, "{counts:?}");
            }
            let mut tested: Vec<usize> = repetition.iter().flat_map(|fold| fold.test.clone()).collect();
            tested.sort_unstable();
            assert_eq!(tested, (0..23).collect::<Vec<_>>());
        }
        assert_eq!(folds[..4], Folds::folds(&StratifiedKFold::new(4).shuffle(true), &input).unwrap());
        assert_ne!(folds[4..8], folds[8..]);
    }

    #[test]
    fn impossible_numbers_are_refused() {
        let input = FoldsInput::new(4).with_classes(&[0, 0, 0, 1]).unwrap();
        let of = |n_splits, n_repeats| RepeatedStratifiedKFold::new(n_splits, n_repeats).folds(&input);
        assert!(matches!(of(2, 2), Err(Error::Argument { argument: "n_splits", .. })));
        assert!(matches!(of(1, 0), Err(Error::Argument { argument: "n_splits" | "n_repeats", .. })));
    }
}
