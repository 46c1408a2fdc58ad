//! Folds that are given by a number for each row.

use super::fold::Fold;
use super::folds::Folds;
use super::folds_input::FoldsInput;
use crate::error::{Error, Result};
use crate::items::{Spec, item};

item! {
    /// Tests each row in the fold with the number that is given for it; rows with the number −1 are training rows in every fold.
    ///
    /// Folds are in the order of their numbers, which need not be consecutive. The numbers are a list or a column of the table.
    ///
    /// ```
    /// use perceptra::model_selection::{Folds, FoldsInput, PredefinedSplit};
    ///
    /// let folds = PredefinedSplit::new([0, 1, -1, 1]).folds(&FoldsInput::new(4))?;
    /// assert_eq!((&*folds[0].train, &*folds[0].test), (&[1, 2, 3][..], &[0][..]));
    /// assert_eq!((&*folds[1].train, &*folds[1].test), (&[0, 2][..], &[1, 3][..]));
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.model_selection.PredefinedSplit*.
    pub struct PredefinedSplit: "PredefinedSplit" {
        /// The number of the fold in which each row is tested.
        test_fold: Option<Vec<i64>> [at least -1] = None,
        /// The column with these numbers, in place of the list.
        column: Option<String> = None,
    }
}

impl PredefinedSplit {
    /// Creates the folds from the number of the fold in which each row is tested, or −1.
    pub fn new(test_fold: impl Into<Vec<i64>>) -> PredefinedSplit {
        PredefinedSplit.test_fold(test_fold)
    }

    fn numbers(&self, input: &FoldsInput<'_>) -> Result<Vec<i64>> {
        match (&self.test_fold, &self.column) {
            (Some(given), None) if given.len() == input.rows() => Ok(given.clone()),
            (Some(given), None) => {
                let (left, right) = ("the data", "test_fold of PredefinedSplit");
                Err(Error::Rows { left, left_rows: input.rows(), right, right_rows: given.len() })
            }
            (None, Some(column)) => {
                let numbers = input.table_for(self, "column", column)?.complete_numbers(column)?;
                let whole = |(row, &number): (usize, &f64)| {
                    if number >= -1.0 && number.fract() == 0.0 && number < 2f64.powi(53) {
                        return Ok(number as i64);
                    }
                    let value = format!("\"{column}\" with {number} at row {row} (counted from 0)");
                    Err(Error::argument(self.class_name(), "column", value, "whole numbers from -1 on"))
                };
                numbers.iter().enumerate().map(whole).collect()
            }
            (given, _) => {
                let value = if given.is_none() { "missing" } else { "given, and a column as well" };
                let expected = "the number of the fold of each row: either PredefinedSplit::new(numbers) or \
                                PredefinedSplit.column(\"…\")";
                Err(Error::argument(self.class_name(), "test_fold", value, expected))
            }
        }
    }
}

/// Groups and classes of the input are not used.
impl Folds for PredefinedSplit {
    fn folds(&self, input: &FoldsInput<'_>) -> Result<Vec<Fold>> {
        self.check()?;
        let numbers = self.numbers(input)?;
        let mut distinct: Vec<i64> = numbers.iter().copied().filter(|&number| number != -1).collect();
        distinct.sort_unstable();
        distinct.dedup();
        // Rows with the number −1 are in no fold.
        let fold_of = |number| distinct.binary_search(number).unwrap_or(distinct.len());
        let folds = Fold::from_membership(&numbers.iter().map(fold_of).collect::<Vec<_>>(), distinct.len());
        if folds.is_empty() || folds[0].train.is_empty() {
            let value = if folds.is_empty() { "-1 for every row" } else { "the same fold for every row" };
            let expected = "rows of at least two numbers, so that there are rows to test on and others to train on";
            return Err(Error::argument(self.class_name(), "test_fold", value, expected));
        }
        Ok(folds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preprocessing::Table;
    use crate::reference;

    #[test]
    fn folds_are_those_of_the_reference() {
        let case = reference::case("predefined_split");
        let numbers = case.numbers("test_fold");
        let expected: Vec<Fold> = case
            .list("folds")
            .iter()
            .map(|fold| Fold { train: fold.indices("train"), test: fold.indices("test") })
            .collect();
        let list: Vec<i64> = numbers.iter().map(|&number| number as i64).collect();
        assert_eq!(PredefinedSplit::new(list).folds(&FoldsInput::new(numbers.len())).unwrap(), expected);
        let table = Table::new().with_numbers("fold", numbers).unwrap();
        assert_eq!(PredefinedSplit.column("fold").folds(&FoldsInput::of(&table)).unwrap(), expected);
    }

    #[test]
    fn numbers_that_make_no_folds_are_refused() {
        let of = |numbers: &[i64], rows| PredefinedSplit::new(numbers).folds(&FoldsInput::new(rows));
        assert!(matches!(of(&[0, 1], 3), Err(Error::Rows { .. })));
        assert!(matches!(of(&[0, -2], 2), Err(Error::Argument { argument: "test_fold", .. })));
        for numbers in [&[][..], &[-1, -1], &[4, 4]] {
            assert!(of(numbers, numbers.len()).unwrap_err().to_string().contains("at least two numbers"));
        }
        let error = PredefinedSplit.folds(&FoldsInput::new(2)).unwrap_err().to_string();
        assert!(error.contains("test_fold is missing"), "{error}");
        assert!(PredefinedSplit::new([0, 1]).column("fold").folds(&FoldsInput::new(2)).is_err());
    }

    #[test]
    fn a_column_has_whole_numbers() {
        let of = |numbers: [f64; 3]| {
            let table = Table::new().with_numbers("fold", numbers).unwrap();
            PredefinedSplit.column("fold").folds(&FoldsInput::of(&table))
        };
        for wrong in [0.5, -2.0, f64::INFINITY, 1e300] {
            let error = of([0.0, 1.0, wrong]).unwrap_err().to_string();
            assert!(error.contains("at row 2"), "{error}");
        }
        assert!(matches!(of([0.0, f64::NAN, 1.0]), Err(Error::MissingValue { .. })));
    }
}
