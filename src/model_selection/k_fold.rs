//! Folds for cross-validation.

use crate::error::{Error, Result};
use crate::random;

use super::{Draw, Rows, stream};

/// The rows of one fold: it is tested on once and trained on in all other rounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fold {
    /// The rows to train on, in ascending order.
    pub train: Vec<usize>,
    /// The rows to test on, in ascending order.
    pub test: Vec<usize>,
}

impl Fold {
    /// The folds of rows that each know the number of theirs.
    pub(super) fn of(membership: &[usize], folds: usize) -> Vec<Fold> {
        let rows = |fold, inside: bool| {
            (0..membership.len()).filter(move |&row| (membership[row] == fold) == inside).collect()
        };
        (0..folds).map(|fold| Fold { train: rows(fold, false), test: rows(fold, true) }).collect()
    }
}

/// Splits rows into k folds of equal size, each of which is the test part once.
///
/// The first n mod k folds have one row more than the others. Without shuffling they are consecutive rows.
///
/// | option | default |
/// |---|---|
/// | folds | 5 |
/// | [`shuffle`](Self::shuffle) | `false` |
/// | [`seed`](Self::seed) | a fresh one |
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KFold {
    folds: usize,
    shuffle: bool,
    seed: Option<u64>,
}

impl Default for KFold {
    fn default() -> KFold {
        KFold::new(5)
    }
}

impl KFold {
    /// This many folds, at least 2.
    pub fn new(folds: usize) -> KFold {
        KFold { folds, shuffle: false, seed: None }
    }

    /// Whether rows are assigned at random. Defaults to false.
    #[must_use]
    pub fn shuffle(mut self, shuffle: bool) -> KFold {
        self.shuffle = shuffle;
        self
    }

    /// The seed for shuffling. Defaults to a fresh one.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> KFold {
        self.seed = Some(seed);
        self
    }

    /// The folds of the data's rows.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for fewer than two folds or more folds than rows.
    pub fn split(&self, data: impl Rows) -> Result<Vec<Fold>> {
        let count = data.row_count()?;
        if self.folds < 2 || self.folds > count {
            return Err(Error::argument(
                "KFold",
                "folds",
                self.folds,
                format!("at least 2 and no more than the {count} rows"),
            ));
        }
        let mut order: Vec<usize> = (0..count).collect();
        if self.shuffle {
            random::shuffle(&mut order, &mut stream(self.seed, Draw::Folds));
        }
        let (size, larger) = (count / self.folds, count % self.folds);
        let sizes = (0..self.folds).map(|fold| size + usize::from(fold < larger));
        let numbers = sizes.enumerate().flat_map(|(fold, size)| std::iter::repeat_n(fold, size));
        let mut membership = vec![0; count];
        for (row, fold) in order.into_iter().zip(numbers) {
            membership[row] = fold;
        }
        Ok(Fold::of(&membership, self.folds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference;

    #[test]
    fn folds_are_those_of_the_reference() {
        let expected = reference::case("k_fold").indices("fold");
        assert_eq!(KFold::new(5).split(23).unwrap(), Fold::of(&expected, 5));
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
    fn impossible_numbers_of_folds_are_refused() {
        assert!(matches!(KFold::new(1).split(10), Err(Error::Argument { .. })));
        assert!(matches!(KFold::new(11).split(10), Err(Error::Argument { .. })));
    }
}
