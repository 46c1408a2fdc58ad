//! Two models compared on the same folds.

use super::student_t::two_sided;
use crate::error::{Error, Result};
use crate::significant::significant;
use crate::statistics::Moments;
use std::fmt;

/// The difference between two models on the same folds, as returned by [`compare`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairedComparison {
    /// The mean of the differences `aᵢ − bᵢ`.
    pub difference: f64,
    /// The standard error of the difference, corrected for the overlap of the training rows of folds.
    pub standard_error: f64,
    /// The t statistic: the difference divided by its standard error.
    pub t: f64,
    /// The number of folds less 1.
    pub degrees_of_freedom: usize,
    /// The two-sided p-value: the probability of a `t` at least this far from 0 if the models do not differ.
    pub p_value: f64,
}

/// Compares the scores of two models on the same folds by the corrected resampled t-test.
///
/// With the differences `dᵢ = aᵢ − bᵢ` of k folds and their variance s² (denominator k − 1),
/// `se² = (1/k + n_test/n_train)·s²`, `t = mean(d)/se`, and t has Student's distribution of k − 1 degrees of freedom. The
/// scores of folds are not independent, since their training rows overlap; the uncorrected `s²/k` is too small and reports
/// differences where there are none. The folds may come from several repetitions; `n_train` and `n_test` are the numbers of rows
/// of one fold.
///
/// If all differences are equal, the standard error is 0. Then t is infinite and the p-value 0, unless the differences are 0, in
/// which case t is 0 and the p-value 1.
///
/// ```
/// use perceptra::model_selection::compare;
///
/// let (a, b) = ([0.81, 0.79, 0.84, 0.80, 0.82], [0.80, 0.77, 0.80, 0.79, 0.80]);
/// let comparison = compare(&a, &b, 800, 200)?;
/// assert!((comparison.difference - 0.02).abs() < 1e-12);
/// assert!((comparison.standard_error - 0.00822).abs() < 1e-5);
/// assert!((comparison.p_value - 0.0716).abs() < 1e-4);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Rows`] for different numbers of scores, [`Error::Argument`] for fewer than two folds and for folds without training or test
/// rows, [`Error::NotFinite`] for a score or a difference that is NaN or infinite.
///
/// # References
///
/// C. Nadeau and Y. Bengio, *Inference for the generalization error*, Machine Learning 52 (2003).
pub fn compare(a: &[f64], b: &[f64], n_train: usize, n_test: usize) -> Result<PairedComparison> {
    let folds = a.len();
    if folds != b.len() {
        return Err(Error::Rows { left: "the scores a", left_rows: folds, right: "the scores b", right_rows: b.len() });
    }
    if folds < 2 {
        return Err(Error::argument("compare", "a", format!("{folds} scores"), "those of at least 2 folds"));
    }
    for (argument, rows) in [("n_train", n_train), ("n_test", n_test)] {
        if rows == 0 {
            return Err(Error::argument("compare", argument, rows, "the number of rows of a fold, at least 1"));
        }
    }
    for (what, scores) in [("the scores a", a), ("the scores b", b)] {
        finite(what, scores)?;
    }
    let differences: Vec<f64> = a.iter().zip(b).map(|(a, b)| a - b).collect();
    finite("the differences a − b", &differences)?;
    let moments = Moments::of(&differences);
    let difference = moments.mean();
    let correction = 1.0 / folds as f64 + n_test as f64 / n_train as f64;
    let standard_error = if moments.is_constant() { 0.0 } else { moments.deviation(1.0) * correction.sqrt() };
    let t = if difference == 0.0 { 0.0 } else { difference / standard_error };
    let degrees_of_freedom = folds - 1;
    let p_value = two_sided(t, degrees_of_freedom);
    Ok(PairedComparison { difference, standard_error, t, degrees_of_freedom, p_value })
}

/// Writes one line, as `difference 0.0123 ± 0.0045, t(4) = 2.7333, p = 0.0522`, with the degrees of freedom in parentheses.
impl fmt::Display for PairedComparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [difference, error, t, p] = [self.difference, self.standard_error, self.t, self.p_value].map(significant);
        let freedom = self.degrees_of_freedom;
        write!(f, "difference {difference} ± {error}, t({freedom}) = {t}, p = {p}")
    }
}

fn finite(what: &'static str, values: &[f64]) -> Result<()> {
    match values.iter().position(|value| !value.is_finite()) {
        Some(row) => Err(Error::NotFinite { what, row, column: 0, value: values[row] }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference;

    #[test]
    fn comparisons_are_those_of_the_reference() {
        for case in reference::case("paired_comparison").list("cases") {
            let [n_train, n_test] = case.indices("rows")[..] else { panic!("two numbers") };
            let found = compare(&case.numbers("a"), &case.numbers("b"), n_train, n_test).unwrap();
            let numbers = [found.difference, found.standard_error, found.t, found.p_value];
            for (found, expected) in numbers.iter().zip(case.numbers("expected")) {
                assert!((found - expected).abs() <= 1e-10 * expected.abs(), "{found}, expected {expected}");
            }
            assert_eq!(found.degrees_of_freedom, case.numbers("a").len() - 1);
        }
    }

    #[test]
    fn the_exchange_of_the_models_changes_the_sign_alone() {
        let (a, b) = ([0.5, 0.7, 0.4], [0.6, 0.5, 0.1]);
        let (one, other) = (compare(&a, &b, 20, 10).unwrap(), compare(&b, &a, 20, 10).unwrap());
        assert_eq!((one.difference, one.t), (-other.difference, -other.t));
        assert_eq!((one.standard_error, one.p_value), (other.standard_error, other.p_value));
    }

    #[test]
    fn it_is_one_line_of_at_most_80_columns() {
        let found = compare(&[0.5, 0.7, 0.4], &[0.6, 0.5, 0.1], 20, 10).unwrap();
        let text = found.to_string();
        assert!(
            text.starts_with("difference 0.1333 ± ") && text.contains(", t(2) = ") && text.contains(", p = 0."),
            "{text}"
        );
        let far = PairedComparison {
            difference: -1e-300,
            standard_error: 1e300,
            t: -1e-300,
            degrees_of_freedom: 99,
            ..found
        };
        let text = PairedComparison { p_value: 1e-300, ..far }.to_string();
        assert!(text.chars().count() <= 80, "{text}");
    }

    #[test]
    fn equal_differences_have_no_standard_error() {
        let same = compare(&[0.1, 0.7, 0.3], &[0.1, 0.7, 0.3], 20, 10).unwrap();
        assert_eq!((same.difference, same.standard_error, same.t, same.p_value), (0.0, 0.0, 0.0, 1.0));
        let above = compare(&[1.0, 1.5, 2.0], &[0.5, 1.0, 1.5], 20, 10).unwrap();
        assert_eq!((above.standard_error, above.t, above.p_value), (0.0, f64::INFINITY, 0.0));
    }

    #[test]
    fn scores_that_cannot_be_compared_are_refused() {
        assert!(matches!(compare(&[1.0], &[1.0, 2.0], 2, 1), Err(Error::Rows { .. })));
        for scores in [&[][..], &[1.0]] {
            assert!(matches!(compare(scores, scores, 2, 1), Err(Error::Argument { argument: "a", .. })));
        }
        let (a, b) = ([1.0, 2.0], [2.0, 2.0]);
        assert!(matches!(compare(&a, &b, 0, 1), Err(Error::Argument { argument: "n_train", .. })));
        assert!(matches!(compare(&a, &b, 2, 0), Err(Error::Argument { argument: "n_test", .. })));
        assert!(matches!(compare(&a, &[0.0, f64::NAN], 2, 1), Err(Error::NotFinite { row: 1, .. })));
        assert!(matches!(compare(&[0.0, 1e308], &[0.0, -1e308], 2, 1), Err(Error::NotFinite { row: 1, .. })));
    }
}
