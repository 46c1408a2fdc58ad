//! The weighted confusion counts of one class against all others.

/// The summed weights of the true positives, false positives and false negatives of one class.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ClassSums {
    pub(crate) tp: f64,
    pub(crate) fp: f64,
    pub(crate) fn_: f64,
}

impl ClassSums {
    /// Creates the sums from the weights of the true positives (`hits`), of the samples of the class, and of the samples predicted as the class.
    pub(crate) fn new(hits: f64, truth: f64, predicted: f64) -> ClassSums {
        // Rounding of fractional weights must not make a sum negative.
        ClassSums { tp: hits, fp: (predicted - hits).max(0.0), fn_: (truth - hits).max(0.0) }
    }

    /// `TP / (TP + FP)`; 0 if no sample is predicted as the class.
    pub(crate) fn precision(&self) -> f64 {
        ratio(self.tp, self.tp + self.fp)
    }

    /// `TP / (TP + FN)`; 0 if the class does not occur.
    pub(crate) fn recall(&self) -> f64 {
        ratio(self.tp, self.tp + self.fn_)
    }

    /// `(1 + β²)·TP / ((1 + β²)·TP + FP + β²·FN)`; 0 if the class neither occurs nor is predicted.
    pub(crate) fn f_beta(&self, beta: f64) -> f64 {
        // If β² overflows, precision has no weight.
        if (beta * beta).is_infinite() {
            return self.recall();
        }
        let hits = (1.0 + beta * beta) * self.tp;
        ratio(hits, hits + self.fp + beta * beta * self.fn_)
    }

    /// The weight of the samples that are of the class.
    pub(crate) fn support(&self) -> f64 {
        self.tp + self.fn_
    }

    /// Whether the class neither occurs nor is predicted.
    pub(crate) fn is_absent(&self) -> bool {
        self.tp + self.fp + self.fn_ == 0.0
    }
}

/// A ratio; 0 if the denominator is 0.
fn ratio(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 0.0 } else { part / whole }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f_beta_is_between_precision_and_recall() {
        let class = ClassSums::new(2.0, 4.0, 3.0);
        assert_eq!((class.precision(), class.recall()), (2.0 / 3.0, 0.5));
        assert_eq!((class.f_beta(0.0), class.f_beta(1.0)), (2.0 / 3.0, 4.0 / 7.0));
        assert_eq!((class.f_beta(1e200), class.support()), (0.5, 4.0));
        let nothing = ClassSums::new(0.0, 0.0, 0.0);
        assert!(nothing.is_absent() && nothing.precision() + nothing.recall() + nothing.f_beta(1.0) == 0.0);
    }
}
