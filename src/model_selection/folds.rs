//! The division of rows into folds.

use super::fold::Fold;
use super::folds_input::FoldsInput;
use crate::error::counted;
use crate::error::{Error, Result};
use crate::items::{IntoItem, Spec};

/// A way to divide rows into folds: for each round, which rows to train on and which to test on.
///
/// User-defined items are used like built-in ones. All random numbers come from the seed of the item, if it has one, else from that
/// of the input, so that the same seed returns the same folds.
///
/// ```
/// use perceptra::model_selection::{Fold, Folds, FoldsInput, folds_of};
/// use perceptra::{Error, Result, items::Spec};
///
/// /// Tests on each branch of the bank, and trains on the others.
/// #[derive(Debug)]
/// struct LeaveOneBranchOut;
///
/// impl Spec for LeaveOneBranchOut {}
///
/// impl Folds for LeaveOneBranchOut {
///     fn folds(&self, input: &FoldsInput<'_>) -> Result<Vec<Fold>> {
///         let Some(branches) = input.groups() else {
///             let expected = "a branch for each row; pass them with FoldsInput::with_groups";
///             return Err(Error::argument("LeaveOneBranchOut", "groups", "missing", expected));
///         };
///         let mut distinct = branches.to_vec();
///         distinct.sort_unstable();
///         distinct.dedup();
///         let rows = |branch, inside| (0..input.rows()).filter(|&row| (branches[row] == branch) == inside).collect();
///         Ok(distinct.iter().map(|&branch| Fold { train: rows(branch, false), test: rows(branch, true) }).collect())
///     }
/// }
///
/// let folds = folds_of(LeaveOneBranchOut, &FoldsInput::new(4).with_groups(&[8, 3, 8, 5])?)?;
/// assert_eq!(folds.len(), 3);
/// assert_eq!((&*folds[2].train, &*folds[2].test), (&[1, 3][..], &[0, 2][..]));
/// # Ok::<(), perceptra::Error>(())
/// ```
pub trait Folds: Spec {
    /// Returns the folds of these rows.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for an argument that is out of its range or does not fit the rows, and if the input lacks data that
    /// the item needs, such as groups.
    fn folds(&self, input: &FoldsInput<'_>) -> Result<Vec<Fold>>;
}

/// Returns the folds of these rows and checks them; `folds` is an item, a name such as `"KFold"`, or a shared pointer to an item.
///
/// ```
/// use perceptra::model_selection::{FoldsInput, KFold, folds_of};
///
/// let input = FoldsInput::new(10).with_seed(7);
/// assert_eq!(folds_of("KFold", &input)?, KFold::new(5).split(10)?);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// The errors of [`Folds::folds`]; [`Error::Unknown`] for a name that does not exist; [`Error::Argument`] if a user-defined item
/// returns no folds, or a fold without training or test rows, with a duplicate row or with a row that does not exist.
pub fn folds_of<M>(folds: impl IntoItem<dyn Folds, M>, input: &FoldsInput<'_>) -> Result<Vec<Fold>> {
    let item = folds.into_item().checked()?;
    let folds = item.folds(input)?;
    let refused = |value: String, expected: &str| Err(Error::argument(item.class_name(), "folds", value, expected));
    if folds.is_empty() {
        return refused("an empty list".into(), "at least one fold");
    }
    // For each row the last fold that contained it.
    let mut seen = vec![0; input.rows()];
    for (number, fold) in (1..).zip(&folds) {
        if fold.train.is_empty() || fold.test.is_empty() {
            let (train, test) = (fold.train.len(), fold.test.len());
            let test = counted(test, "test row");
            let value = format!("{train} training and {test} in fold {} (counted from 0)", number - 1);
            return refused(value, "at least one row of both in every fold");
        }
        for &row in fold.train.iter().chain(&fold.test) {
            match seen.get_mut(row) {
                Some(last) if *last != number => *last = number,
                Some(_) => {
                    let value = format!("row {row} twice in fold {} (counted from 0)", number - 1);
                    return refused(value, "each row at most once in a fold, to train or to test on");
                }
                None => return refused(format!("row {row}"), &format!("rows below {}", input.rows())),
            }
        }
    }
    Ok(folds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::items::registry::Registry;
    use crate::model_selection::{KFold, all, get};
    use serde_json::{Value, json};

    /// Returns given folds.
    #[derive(Debug)]
    struct GivenFolds(Vec<Fold>);

    impl Spec for GivenFolds {}

    impl Folds for GivenFolds {
        fn folds(&self, _: &FoldsInput<'_>) -> Result<Vec<Fold>> {
            Ok(self.0.clone())
        }
    }

    #[test]
    fn user_defined_folds_are_checked() {
        let of = |folds: &[(&[usize], &[usize])]| {
            let fold = |(train, test): &(&[usize], &[usize])| Fold { train: train.to_vec(), test: test.to_vec() };
            folds_of(GivenFolds(folds.iter().map(fold).collect()), &FoldsInput::new(4))
        };
        assert_eq!(of(&[(&[0, 1], &[3]), (&[3], &[0, 1])]).unwrap().len(), 2);
        for (wrong, part) in [
            (&[][..], "an empty list"),
            (&[(&[0][..], &[][..])][..], "1 training and 0 test rows in fold 0"),
            (&[(&[0], &[1]), (&[0, 1], &[1])], "row 1 twice in fold 1"),
            (&[(&[0, 0], &[1])], "row 0 twice"),
            (&[(&[0], &[4])], "rows below 4"),
        ] {
            let error = of(wrong).unwrap_err().to_string();
            assert!(error.contains(part) && error.starts_with("GivenFolds: folds is"), "{error}");
        }
    }

    #[test]
    fn user_defined_folds_are_found_by_their_registered_name() {
        let fold = |train, test| Fold { train: vec![train], test: vec![test] };
        let registry =
            Registry::<f32>::new().folds("GivenFolds", move |_| Ok(GivenFolds(vec![fold(0, 1), fold(1, 0)])));
        let found = registry.in_scope(|| get("GivenFolds", Value::Null)).unwrap();
        assert_eq!(folds_of(found, &FoldsInput::new(2)).unwrap(), [fold(0, 1), fold(1, 0)]);
        assert!(get("GivenFolds", Value::Null).is_err());
    }

    #[test]
    fn a_name_and_an_item_give_the_same_folds() {
        let input = FoldsInput::new(10);
        let shuffled = get("KFold", json!({ "n_splits": 2, "shuffle": true, "seed": 3 })).unwrap();
        assert_eq!(folds_of(shuffled, &input).unwrap(), KFold::new(2).shuffle(true).seed(3).split(10).unwrap());
        let error = folds_of("KFolds", &input).unwrap_err().to_string();
        assert!(error.contains("did you mean \"KFold\"?"), "{error}");
        assert!(matches!(folds_of(KFold::new(1), &input), Err(Error::Argument { argument: "n_splits", .. })));
    }

    #[test]
    fn every_item_is_made_of_its_configuration_and_refuses_rows_that_are_too_few() {
        for entry in all() {
            let item = (entry.make)(Value::Null).unwrap();
            assert_eq!((item.class_name().as_str(), item.check().is_ok()), (entry.name, true));
            let config = item.config().unwrap();
            assert_eq!((entry.make)(config.clone()).unwrap().config().unwrap(), config);
            assert!((entry.make)(json!({ "folds": 3 })).is_err());
            for rows in [0, 1] {
                let (groups, classes) = (vec![0; rows], vec![0; rows]);
                let input = FoldsInput::new(rows).with_groups(&groups).unwrap().with_classes(&classes).unwrap();
                assert!(item.folds(&input).is_err(), "{} of {rows} rows", entry.name);
            }
        }
    }
}
