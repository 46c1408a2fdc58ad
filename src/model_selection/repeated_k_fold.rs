//! Repeated shuffled folds.

use super::draw::Draw;
use super::fold::{Fold, enough};
use super::folds::Folds;
use super::folds_input::FoldsInput;
use super::k_fold::equal_folds;
use crate::error::Result;
use crate::items::{Spec, item};
use crate::lists::joined;

item! {
    /// The folds of a shuffled [`KFold`](struct@super::KFold), shuffled again in each repetition: `n_splits · n_repeats` folds.
    ///
    /// Each row is tested once in every repetition. The first repetition is the `KFold` of the same seed; the draws of a repetition
    /// depend only on the seed and the number of the repetition, so that further repetitions leave the earlier ones unchanged.
    ///
    /// ```
    /// use perceptra::model_selection::{Folds, FoldsInput, KFold, RepeatedKFold};
    ///
    /// let folds = RepeatedKFold::new(5, 3).seed(1).folds(&FoldsInput::new(20))?;
    /// assert_eq!(folds.len(), 15);
    /// assert_eq!(folds[..5], KFold::new(5).shuffle(true).seed(1).split(20)?);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.model_selection.RepeatedKFold*.
    pub struct RepeatedKFold: "RepeatedKFold" {
        /// The number of folds of a repetition.
        n_splits: usize [at least 2] = 5,
        /// The number of repetitions.
        n_repeats: u32 [in 1..=65536] = 10,
        /// The seed; defaults to that of the input.
        seed: Option<u64> = None,
    }
}

impl RepeatedKFold {
    /// Creates a division into this many folds, at least 2, in each of this many repetitions, at least 1.
    pub fn new(n_splits: usize, n_repeats: u32) -> RepeatedKFold {
        RepeatedKFold { n_splits, n_repeats, ..RepeatedKFold }
    }
}

/// Groups and classes of the input are not used.
impl Folds for RepeatedKFold {
    fn folds(&self, input: &FoldsInput<'_>) -> Result<Vec<Fold>> {
        self.check()?;
        enough(self, self.n_splits, input.rows(), "row")?;
        let repetition = |number| {
            let random = input.stream(self.seed, Draw::Folds, number);
            Fold::from_membership(&equal_folds(input.rows(), self.n_splits, Some(random)), self.n_splits)
        };
        Ok(joined(0..self.n_repeats, repetition))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    #[test]
    fn every_repetition_tests_every_row_once() {
        let of = |folds: RepeatedKFold| folds.folds(&FoldsInput::new(11)).unwrap();
        let folds = of(RepeatedKFold::new(4, 3).seed(7));
        for repetition in folds.chunks(4) {
            assert_eq!(repetition.iter().map(|fold| fold.test.len()).collect::<Vec<_>>(), [3, 3, 3, 2]);
            let mut tested: Vec<usize> = repetition.iter().flat_map(|fold| fold.test.clone()).collect();
            tested.sort_unstable();
            assert_eq!(tested, (0..11).collect::<Vec<_>>());
            assert!(repetition.iter().all(|fold| fold.train.iter().all(|row| !fold.test.contains(row))));
        }
        assert_ne!(folds[..4], folds[4..8]);
        assert_eq!(of(RepeatedKFold::new(4, 5).seed(7))[..12], folds);
    }

    #[test]
    fn impossible_numbers_are_refused() {
        let of = |n_splits, n_repeats| RepeatedKFold::new(n_splits, n_repeats).folds(&FoldsInput::new(4));
        assert!(matches!(of(5, 2), Err(Error::Argument { argument: "n_splits", .. })));
        assert!(matches!(of(1, 2), Err(Error::Argument { argument: "n_splits", .. })));
        assert!(matches!(of(2, 0), Err(Error::Argument { argument: "n_repeats", .. })));
    }
}
