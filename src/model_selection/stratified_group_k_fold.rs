//! Folds of whole groups with about the same fractions of every class.

use super::classes::Classes;
use super::draw::Draw;
use super::fold::{Fold, enough};
use super::folds::Folds;
use super::folds_input::FoldsInput;
use super::group_k_fold::membership;
use super::stratified_k_fold::enough_of_each;
use crate::error::{Error, Result};
use crate::items::{Spec, item};
use crate::random;
use crate::sorting;

item! {
    /// Divides rows into k folds of whole groups, with the same fraction of every class as near as the groups allow.
    ///
    /// Groups are assigned in descending order of the standard deviation of their class counts. Each group goes to the fold for which
    /// the fractions of every class then vary least between the folds; of equally good folds, to the one with the fewest rows. With
    /// shuffling, groups of equal deviation are in random order.
    ///
    /// A class with fewer rows than folds is an error, as in [`StratifiedKFold`](struct@super::StratifiedKFold). A class whose
    /// rows are in few groups may be absent from some folds, and a group with more than n/k rows makes its fold larger.
    /// It is an error if a fold remains empty.
    ///
    /// ```
    /// use perceptra::model_selection::{Folds, FoldsInput, StratifiedGroupKFold};
    ///
    /// let (groups, classes) = ([0, 0, 1, 1, 2, 2, 3, 3], [0, 1, 0, 0, 0, 1, 0, 0]);
    /// let input = FoldsInput::new(8).with_groups(&groups)?.with_classes(&classes)?;
    /// for fold in StratifiedGroupKFold::new(2).folds(&input)? {
    ///     assert_eq!(fold.test.iter().map(|&row| classes[row]).sum::<usize>(), 1);
    /// }
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.model_selection.StratifiedGroupKFold*.
    pub struct StratifiedGroupKFold: "StratifiedGroupKFold" {
        /// The number of folds.
        n_splits: usize [at least 2] = 5,
        /// Whether groups of equal deviation are in random order.
        shuffle: bool = false,
        /// The seed for shuffling; defaults to that of the input.
        seed: Option<u64> = None,
        /// The column whose values are the groups; defaults to the groups of the input.
        groups: Option<String> = None,
        /// The column of the classes; defaults to the classes of the input.
        stratify: Option<String> = None,
    }
}

impl StratifiedGroupKFold {
    /// Creates a division into this many folds, at least 2 and at most the number of groups and that of rows of the smallest class.
    pub fn new(n_splits: usize) -> StratifiedGroupKFold {
        StratifiedGroupKFold { n_splits, ..StratifiedGroupKFold }
    }
}

impl Folds for StratifiedGroupKFold {
    fn folds(&self, input: &FoldsInput<'_>) -> Result<Vec<Fold>> {
        self.check()?;
        let groups = input.group_rows(self, self.groups.as_deref())?;
        let classes = input.class_rows(self, self.stratify.as_deref())?;
        enough_of_each(self, self.n_splits, &classes)?;
        enough(self, self.n_splits, groups.rows.len(), "group")?;
        let counts = counts_of_groups(&groups, &classes, input.rows());
        let mut order: Vec<usize> = (0..counts.len()).collect();
        if self.shuffle {
            random::shuffle(&mut order, &mut input.stream(self.seed, Draw::StratifiedGroupFolds, 0));
        }
        // The sort is stable, so that groups of equal deviation stay in their order.
        let deviations: Vec<f64> = counts.iter().map(|counts| deviation(counts, pairwise)).collect();
        sorting::by_number(&mut order, |&group| -deviations[group]);
        let totals: Vec<f64> = classes.counts().into_iter().map(|count| count as f64).collect();
        let mut folds = vec![vec![0.0; totals.len()]; self.n_splits];
        let mut fold_of = vec![0; counts.len()];
        for group in order {
            let best = best_fold(&mut folds, &counts[group], &totals);
            add(&mut folds[best], &counts[group], 1.0);
            fold_of[group] = best;
        }
        if let Some(empty) = folds.iter().position(|counts| counts.iter().all(|&count| count == 0.0)) {
            let value = format!("{}, which leaves fold {empty} (counted from 0) without rows", self.n_splits);
            let expected = "fewer folds, or GroupKFold, which fills all of them";
            return Err(Error::argument(self.class_name(), "n_splits", value, expected));
        }
        Ok(Fold::from_membership(&membership(&groups, &fold_of, input.rows()), self.n_splits))
    }
}

/// The rows of each class in each group.
fn counts_of_groups(groups: &Classes, classes: &Classes, count: usize) -> Vec<Vec<f64>> {
    let class_of = membership(classes, &(0..classes.rows.len()).collect::<Vec<_>>(), count);
    let of_group = |rows: &Vec<usize>| {
        let mut counts = vec![0.0; classes.rows.len()];
        rows.iter().for_each(|&row| counts[class_of[row]] += 1.0);
        counts
    };
    groups.rows.iter().map(of_group).collect()
}

/// The fold to which the group is added so that the class fractions vary least between the folds.
fn best_fold(folds: &mut [Vec<f64>], group: &[f64], totals: &[f64]) -> usize {
    let (mut best, mut least, mut fewest) = (0, f64::INFINITY, f64::INFINITY);
    for fold in 0..folds.len() {
        add(&mut folds[fold], group, 1.0);
        let of_class = |(class, total): (usize, &f64)| {
            let fractions: Vec<f64> = folds.iter().map(|counts| counts[class] / total).collect();
            // NumPy sums a matrix of one column like a contiguous list.
            deviation(&fractions, if totals.len() == 1 { pairwise } else { in_order })
        };
        let deviations: Vec<f64> = totals.iter().enumerate().map(of_class).collect();
        add(&mut folds[fold], group, -1.0);
        let mean = pairwise(&deviations) / totals.len() as f64;
        let rows: f64 = folds[fold].iter().sum();
        let close = (mean - least).abs() <= 1e-8 + 1e-5 * least.abs();
        if mean < least || (close && rows < fewest) {
            (best, least, fewest) = (fold, mean, rows);
        }
    }
    best
}

fn add(counts: &mut [f64], group: &[f64], sign: f64) {
    counts.iter_mut().zip(group).for_each(|(count, of_group)| *count += sign * of_group);
}

/// The standard deviation, with denominator n.
///
/// Values and squares are added by `sum` in NumPy's order: the rounding decides between groups and folds that are equally good.
fn deviation(values: &[f64], sum: fn(&[f64]) -> f64) -> f64 {
    let count = values.len() as f64;
    let mean = sum(values) / count;
    let squares: Vec<f64> = values.iter().map(|value| (value - mean) * (value - mean)).collect();
    (sum(&squares) / count).sqrt()
}

/// The sum of numbers from first to last, which is how NumPy adds the rows of a matrix.
fn in_order(values: &[f64]) -> f64 {
    values.iter().sum()
}

/// The sum of a contiguous list as NumPy adds it: eight partial sums for up to 128 numbers, halves of longer lists.
fn pairwise(values: &[f64]) -> f64 {
    if values.len() < 8 {
        return in_order(values);
    }
    if values.len() > 128 {
        let half = values.len() / 2;
        let (left, right) = values.split_at(half - half % 8);
        return pairwise(left) + pairwise(right);
    }
    let (eights, rest) = values.as_chunks::<8>();
    let mut sums = [0.0; 8];
    eights.iter().for_each(|eight| sums.iter_mut().zip(eight).for_each(|(sum, value)| *sum += value));
    let [a, b, c, d, e, f, g, h] = sums;
    rest.iter().fold(((a + b) + (c + d)) + ((e + f) + (g + h)), |sum, value| sum + value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference;

    fn split(folds: StratifiedGroupKFold, groups: &[usize], classes: &[usize]) -> Result<Vec<Fold>> {
        folds.folds(&FoldsInput::new(groups.len()).with_groups(groups)?.with_classes(classes)?)
    }

    #[test]
    fn folds_are_those_of_the_reference() {
        for case in reference::case("stratified_group_k_fold").list("cases") {
            let n_splits = case.indices("n_splits")[0];
            let folds =
                split(StratifiedGroupKFold::new(n_splits), &case.indices("groups"), &case.indices("y")).unwrap();
            assert_eq!(folds, Fold::from_membership(&case.indices("fold"), n_splits));
        }
    }

    #[test]
    fn groups_stay_together_whatever_the_seed() {
        let groups: Vec<usize> = (0..80).map(|row| row * row % 23).collect();
        let classes: Vec<usize> = (0..80).map(|row| usize::from(row % 3 == 0)).collect();
        let shuffled = |seed| split(StratifiedGroupKFold::new(4).shuffle(true).seed(seed), &groups, &classes).unwrap();
        for seed in 0..5 {
            let folds = shuffled(seed);
            let mut fold_of = [None; 23];
            for (number, fold) in folds.iter().enumerate() {
                for &row in &fold.test {
                    assert_eq!(*fold_of[groups[row]].get_or_insert(number), number);
                }
                assert_eq!(fold.train.len() + fold.test.len(), 80);
            }
            assert_eq!(folds.iter().map(|fold| fold.test.len()).sum::<usize>(), 80);
            assert_eq!(shuffled(seed), folds);
        }
        assert_ne!(shuffled(0), shuffled(1));
    }

    #[test]
    fn a_class_may_be_absent_from_a_fold_but_not_smaller_than_the_number_of_folds() {
        let groups = [0, 0, 1, 1, 2, 2];
        let folds = split(StratifiedGroupKFold::new(2), &groups, &[1, 1, 0, 0, 0, 0]).unwrap();
        assert!(folds.iter().any(|fold| !fold.test.contains(&0) && !fold.test.contains(&1)));
        let error = split(StratifiedGroupKFold::new(2), &groups, &[1, 0, 0, 0, 0, 0]).unwrap_err();
        assert!(error.to_string().contains("no more than the smallest class has rows, 1"), "{error}");
        let error = split(StratifiedGroupKFold::new(2), &[7; 4], &[0, 0, 1, 1]).unwrap_err();
        assert!(error.to_string().contains("no more than the 1 group"), "{error}");
    }

    #[test]
    fn a_sum_is_added_as_numpy_adds_it() {
        let case = reference::case("pairwise_sum");
        for length in [5, 8, 21, 128, 300] {
            let found = pairwise(&case.numbers("values")[..length]);
            assert_eq!(found, case.numbers(&format!("sum_{length}"))[0]);
        }
    }
}
