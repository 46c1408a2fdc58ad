//! The four counts of one class against all others.

/// The counts of one class against all others.
///
/// ```
/// use perceptra::metrics::confusion_matrix;
///
/// let counts = confusion_matrix(&[0, 1, 1, 1], &[1, 1, 1, 0])?.binary()?;
/// assert_eq!((counts.precision(), counts.recall()), (2.0 / 3.0, 2.0 / 3.0));
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClassCounts {
    /// True negatives.
    pub tn: u64,
    /// False positives.
    pub fp: u64,
    /// False negatives.
    pub fn_: u64,
    /// True positives.
    pub tp: u64,
}

impl ClassCounts {
    /// `TP / (TP + FP)`; 0 if no sample is predicted as the class.
    pub fn precision(&self) -> f64 {
        fraction(self.tp, self.tp + self.fp)
    }

    /// `TP / (TP + FN)`; 0 if the class does not occur.
    pub fn recall(&self) -> f64 {
        fraction(self.tp, self.tp + self.fn_)
    }

    /// The harmonic mean of precision and recall, `2·TP / (2·TP + FP + FN)`; 0 if the class neither occurs nor is predicted.
    pub fn f1(&self) -> f64 {
        fraction(2 * self.tp, 2 * self.tp + self.fp + self.fn_)
    }

    /// `(TP + TN) / n`.
    pub fn accuracy(&self) -> f64 {
        fraction(self.tp + self.tn, self.tp + self.tn + self.fp + self.fn_)
    }

    /// The samples that are of the class.
    pub fn support(&self) -> u64 {
        self.tp + self.fn_
    }
}

/// A ratio of counts; 0 if the denominator is 0.
pub(super) fn fraction(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_ratios_and_zero_of_nothing() {
        let counts = ClassCounts { tn: 5, fp: 1, fn_: 2, tp: 2 };
        assert_eq!((counts.precision(), counts.recall()), (2.0 / 3.0, 0.5));
        assert_eq!((counts.f1(), counts.accuracy(), counts.support()), (4.0 / 7.0, 0.7, 4));
        let nothing = ClassCounts { tn: 0, fp: 0, fn_: 0, tp: 0 };
        assert_eq!(nothing.precision() + nothing.recall() + nothing.f1() + nothing.accuracy(), 0.0);
    }
}
