//! Folds with the same fractions of every class.

use crate::as_column::AsColumn;
use crate::error::{Error, Result};
use crate::random;

use super::classes::Classes;
use super::{Draw, Fold, stream};

/// Splits rows into k folds with the same fraction of every class, as near as whole rows allow.
///
/// Without shuffling the rows of a class go to the folds in order.
///
/// | option | default |
/// |---|---|
/// | folds | 5 |
/// | [`shuffle`](Self::shuffle) | `false` |
/// | [`seed`](Self::seed) | a fresh one |
///
/// ```
/// use perceptra::model_selection::StratifiedKFold;
///
/// let y = [0, 0, 0, 0, 1, 1];
/// for fold in StratifiedKFold::new(2).split(&y)? {
///     assert_eq!(fold.test.iter().map(|&row| y[row]).sum::<i32>(), 1);
/// }
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # References
///
/// scikit-learn, *sklearn.model_selection.StratifiedKFold*.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StratifiedKFold {
    folds: usize,
    shuffle: bool,
    seed: Option<u64>,
}

impl Default for StratifiedKFold {
    fn default() -> StratifiedKFold {
        StratifiedKFold::new(5)
    }
}

impl StratifiedKFold {
    /// This many folds, at least 2.
    pub fn new(folds: usize) -> StratifiedKFold {
        StratifiedKFold { folds, shuffle: false, seed: None }
    }

    /// Whether the rows of each class are assigned at random. Defaults to false.
    #[must_use]
    pub fn shuffle(mut self, shuffle: bool) -> StratifiedKFold {
        self.shuffle = shuffle;
        self
    }

    /// The seed for shuffling. Defaults to a fresh one.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> StratifiedKFold {
        self.seed = Some(seed);
        self
    }

    /// The folds of the rows that carry these labels.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for fewer than two folds or more folds than the smallest class has rows (scikit-learn
    /// only warns of the latter); [`Error::Empty`] and [`Error::NotFinite`] for labels that are none.
    pub fn split(&self, labels: &(impl AsColumn + ?Sized)) -> Result<Vec<Fold>> {
        let labels = labels.as_column()?;
        let classes = Classes::of(&labels)?;
        let smallest = classes.counts().into_iter().min().unwrap_or(0);
        if self.folds < 2 || self.folds > smallest {
            return Err(Error::argument(
                "StratifiedKFold",
                "folds",
                self.folds,
                format!("at least 2 and no more than the {smallest} rows of the smallest class"),
            ));
        }
        let mut random = stream(self.seed, Draw::StratifiedFolds);
        // Classes are numbered by their first row. Every k-th row of the rows sorted by class belongs to a fold:
        // that spreads what rounding leaves over evenly, also between folds.
        let mut order: Vec<&Vec<usize>> = classes.rows.iter().collect();
        order.sort_unstable_by_key(|rows| rows[0]);
        let mut membership = vec![0; labels.len()];
        let mut sorted = 0;
        for rows in order {
            let mut folds: Vec<usize> = (sorted..sorted + rows.len()).map(|at| at % self.folds).collect();
            sorted += rows.len();
            folds.sort_unstable();
            if self.shuffle {
                random::shuffle(&mut folds, &mut random);
            }
            for (&row, fold) in rows.iter().zip(folds) {
                membership[row] = fold;
            }
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
        let case = reference::case("stratified_k_fold");
        let folds = StratifiedKFold::new(4).split(&case.numbers("y")).unwrap();
        assert_eq!(folds, Fold::of(&case.indices("fold"), 4));
    }

    #[test]
    fn shuffled_folds_keep_the_shares() {
        let y: Vec<u8> = (0..100).map(|row| u8::from(row % 5 == 0)).collect();
        let split = |seed| StratifiedKFold::new(5).shuffle(true).seed(seed).split(&y).unwrap();
        for fold in split(1) {
            assert_eq!(fold.test.len(), 20);
            assert_eq!(fold.test.iter().filter(|&&row| y[row] == 1).count(), 4);
        }
        assert_eq!(split(1), split(1));
        assert_ne!(split(1), split(2));
    }

    #[test]
    fn impossible_numbers_of_folds_are_refused() {
        assert!(matches!(StratifiedKFold::new(1).split(&[0, 1]), Err(Error::Argument { .. })));
        assert!(matches!(StratifiedKFold::new(3).split(&[0, 0, 0, 1, 1]), Err(Error::Argument { .. })));
    }
}
