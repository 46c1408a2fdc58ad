//! Folds with the same fractions of every class.

use super::classes::Classes;
use super::draw::{Draw, stream};
use super::fold::Fold;
use super::folds::Folds;
use super::folds_input::FoldsInput;
use crate::as_column::AsColumn;
use crate::error::{Error, Result};
use crate::items::{Spec, item};
use crate::random::{self, Random};
use crate::sorting;

item! {
    /// Divides rows into k folds with the same fraction of every class, as closely as whole rows allow.
    ///
    /// Without shuffling, each fold takes consecutive rows of a class. A class with fewer rows than folds is an error, since some
    /// folds would lack it (scikit-learn only warns).
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
    pub struct StratifiedKFold: "StratifiedKFold" {
        /// The number of folds.
        n_splits: usize [at least 2] = 5,
        /// Whether rows are assigned at random.
        shuffle: bool = false,
        /// The seed for shuffling; defaults to that of the input; in [`split`](Self::split), to a random one.
        seed: Option<u64> = None,
        /// The column of the classes; defaults to the classes of the input.
        stratify: Option<String> = None,
    }
}

impl StratifiedKFold {
    /// Creates a division into this many folds, at least 2.
    pub fn new(n_splits: usize) -> StratifiedKFold {
        StratifiedKFold { n_splits, ..StratifiedKFold }
    }

    /// Returns the folds of the rows with these labels.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for fewer than two folds or more folds than the smallest class has rows (scikit-learn
    /// only warns of the latter); [`Error::Empty`] without labels, [`Error::NotFinite`] for a NaN or infinite one.
    pub fn split(&self, labels: &(impl AsColumn + ?Sized)) -> Result<Vec<Fold>> {
        let classes = Classes::from_labels(&labels.as_column()?)?;
        self.folds_of_classes(&classes, self.shuffle.then(|| stream(self.seed, Draw::StratifiedFolds, 0)))
    }

    fn folds_of_classes(&self, classes: &Classes, random: Option<Random>) -> Result<Vec<Fold>> {
        self.check()?;
        enough_of_each(self, self.n_splits, classes)?;
        Ok(Fold::from_membership(&stratified_folds(classes, self.n_splits, random), self.n_splits))
    }
}

/// Groups of the input are not used.
impl Folds for StratifiedKFold {
    fn folds(&self, input: &FoldsInput<'_>) -> Result<Vec<Fold>> {
        let classes = input.class_rows(self, self.stratify.as_deref())?;
        self.folds_of_classes(&classes, self.shuffle.then(|| input.stream(self.seed, Draw::StratifiedFolds, 0)))
    }
}

/// Returns an error for more folds than the smallest class has rows.
pub(super) fn enough_of_each(item: &dyn Spec, n_splits: usize, classes: &Classes) -> Result<()> {
    let smallest = classes.counts().into_iter().min().unwrap_or(0);
    if (2..=smallest).contains(&n_splits) {
        return Ok(());
    }
    let expected = format!("at least 2 and no more than the smallest class has rows, {smallest}");
    Err(Error::argument(item.class_name(), "n_splits", n_splits, expected))
}

/// The fold of each row.
///
/// Classes are numbered by their first row. Of the rows sorted by class, every k-th one belongs to the same fold, which spreads the
/// rows left over by rounding evenly over the folds.
pub(super) fn stratified_folds(classes: &Classes, count: usize, mut random: Option<Random>) -> Vec<usize> {
    let mut order: Vec<&Vec<usize>> = classes.rows.iter().collect();
    sorting::by_integer(&mut order, |rows| rows[0] as i64);
    let mut membership = vec![0; order.iter().map(|rows| rows.len()).sum()];
    let mut sorted = 0;
    for rows in order {
        let mut folds: Vec<usize> = (sorted..sorted + rows.len()).map(|at| at % count).collect();
        sorted += rows.len();
        folds.sort_unstable();
        if let Some(random) = &mut random {
            random::shuffle(&mut folds, random);
        }
        for (&row, fold) in rows.iter().zip(folds) {
            membership[row] = fold;
        }
    }
    membership
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preprocessing::Table;
    use crate::reference;

    #[test]
    fn folds_are_those_of_the_reference() {
        let case = reference::case("stratified_k_fold");
        let folds = StratifiedKFold::new(4).split(&case.numbers("y")).unwrap();
        assert_eq!(folds, Fold::from_membership(&case.indices("fold"), 4));
    }

    #[test]
    fn shuffled_folds_keep_the_fractions() {
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
    fn labels_classes_and_a_column_give_the_same_folds() {
        let classes = [4, 4, 2, 4, 2, 4, 2, 4];
        let strings = classes.map(|class| if class == 4 { "paid" } else { "default" });
        let table = Table::new().with_strings("loan_status", strings).unwrap();
        let folds = StratifiedKFold::new(3).shuffle(true).seed(5);
        let expected = folds.split(&classes.map(|class| class as f64)).unwrap();
        assert_eq!(folds.folds(&FoldsInput::new(8).with_classes(&classes).unwrap()).unwrap(), expected);
        assert_eq!(folds.stratify("loan_status").folds(&FoldsInput::of(&table)).unwrap(), expected);
    }

    #[test]
    fn impossible_numbers_of_folds_are_refused() {
        assert!(matches!(StratifiedKFold::new(1).split(&[0, 1]), Err(Error::Argument { .. })));
        assert!(matches!(StratifiedKFold::new(3).split(&[0, 0, 0, 1, 1]), Err(Error::Argument { .. })));
    }
}
