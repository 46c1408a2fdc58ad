//! Folds of equal size.

use super::draw::Draw;
use super::fold::{Fold, enough};
use super::folds::Folds;
use super::folds_input::FoldsInput;
use super::rows::Rows;
use crate::error::Result;
use crate::items::{Spec, item};
use crate::random::{self, Random};

item! {
    /// Divides rows into k folds of equal size, each of which is the test part once.
    ///
    /// The first n mod k folds have one row more than the others. Without shuffling, each fold consists of consecutive rows.
    ///
    /// ```
    /// use nalgebra::DMatrix;
    /// use perceptra::model_selection::{KFold, Rows};
    ///
    /// let x = DMatrix::from_fn(7, 2, |row, _| row as f32);
    /// let folds = KFold::new(3).shuffle(true).seed(1).split(&x)?;
    /// for fold in &folds {
    ///     let x_train = (&x).take_rows(&fold.train)?;
    ///     assert_eq!(x_train.nrows() + fold.test.len(), 7);
    /// }
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.model_selection.KFold*.
    pub struct KFold: "KFold" {
        /// The number of folds.
        n_splits: usize [at least 2] = 5,
        /// Whether the rows are shuffled before they are divided.
        shuffle: bool = false,
        /// The seed for shuffling. Defaults to the seed of the [`FoldsInput`]; in [`split`](Self::split), to a random one.
        seed: Option<u64> = None,
    }
}

impl KFold {
    /// Creates a division into this many folds, at least 2.
    pub fn new(n_splits: usize) -> KFold {
        KFold { n_splits, ..KFold }
    }

    /// Returns the folds of the data's rows.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) for fewer than two folds or more folds than rows.
    pub fn split(&self, data: impl Rows) -> Result<Vec<Fold>> {
        self.folds(&FoldsInput::new(data.row_count()?))
    }
}

/// Groups and classes of the input are not used.
impl Folds for KFold {
    fn folds(&self, input: &FoldsInput<'_>) -> Result<Vec<Fold>> {
        self.check()?;
        enough(self, self.n_splits, input.rows(), "row")?;
        let random = self.shuffle.then(|| input.stream(self.seed, Draw::Folds, 0));
        Ok(Fold::from_membership(&equal_folds(input.rows(), self.n_splits, random), self.n_splits))
    }
}

/// Returns the fold index of each of `count` rows or groups; consecutive ones are in the same fold unless `random` shuffles them.
pub(super) fn equal_folds(count: usize, folds: usize, random: Option<Random>) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    if let Some(mut random) = random {
        random::shuffle(&mut order, &mut random);
    }
    let (size, larger) = (count / folds, count % folds);
    let sizes = (0..folds).map(|fold| size + usize::from(fold < larger));
    let numbers = sizes.enumerate().flat_map(|(fold, size)| std::iter::repeat_n(fold, size));
    let mut membership = vec![0; count];
    for (row, fold) in order.into_iter().zip(numbers) {
        membership[row] = fold;
    }
    membership
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::reference;

    #[test]
    fn folds_are_those_of_the_reference() {
        let expected = reference::case("k_fold").indices("fold");
        assert_eq!(KFold::new(5).split(23).unwrap(), Fold::from_membership(&expected, 5));
    }

    #[test]
    fn every_row_is_tested_once() {
        let folds = KFold::new(4).shuffle(true).seed(9).split(10).unwrap();
        assert_eq!(folds.iter().map(|fold| fold.test.len()).collect::<Vec<_>>(), [3, 3, 2, 2]);
        let mut tested: Vec<usize> = folds.iter().flat_map(|fold| fold.test.clone()).collect();
        assert_ne!(tested, (0..10).collect::<Vec<_>>());
        tested.sort_unstable();
        assert_eq!(tested, (0..10).collect::<Vec<_>>());
        assert!(folds.iter().all(|fold| fold.train.iter().all(|row| !fold.test.contains(row))));
        assert_eq!(folds, KFold::new(4).shuffle(true).seed(9).split(10).unwrap());
    }

    #[test]
    fn the_seed_of_the_item_precedes_that_of_the_input() {
        let of = |folds: KFold, seed| folds.shuffle(true).folds(&FoldsInput::new(20).with_seed(seed)).unwrap();
        assert_eq!(of(KFold::new(4), 9), of(KFold::new(4).seed(9), 1));
        assert_ne!(of(KFold::new(4), 9), of(KFold::new(4), 1));
    }

    #[test]
    fn impossible_numbers_of_folds_are_refused() {
        assert!(matches!(KFold::new(1).split(10), Err(Error::Argument { .. })));
        assert!(matches!(KFold::new(11).split(10), Err(Error::Argument { .. })));
        assert!(matches!(KFold::new(2).split(0), Err(Error::Argument { .. })));
    }
}
