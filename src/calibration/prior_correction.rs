use super::each_row::each_row;
use crate::{Error, Result};
use nalgebra::DMatrix;
use serde::{Deserialize, Serialize};

/// Corrects probabilities for training rows whose classes did not have the frequencies of the population: the odds of each class are
/// multiplied by a constant.
///
/// `p′ₖ = pₖ·fₖ / Σⱼ pⱼ·fⱼ` with `fₖ = πₖ/π̃ₖ`, the rate of class k in the population divided by its rate among the training rows. It
/// belongs to down-sampling, over-sampling and class weights, after which a model predicts for the rates that it was trained with. The
/// order of the rows by probability stays the same for two classes.
///
/// ```
/// use perceptra::dmatrix;
/// use perceptra::calibration::PriorCorrection;
///
/// // Trained on as many defaults as repaid loans; among all loans 1 in 5 defaults.
/// let corrected = PriorCorrection::from_rates(0.5, 0.2).transform(&dmatrix![0.5; 0.8])?;
/// assert!((corrected[0] - 0.2).abs() < 1e-15 && (corrected[1] - 0.5).abs() < 1e-15);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # References
///
/// C. Elkan, *The foundations of cost-sensitive learning*, 2001, theorem 2; M. Saerens, P. Latinne and C. Decaestecker, *Adjusting the
/// outputs of a classifier to new a priori probabilities*, 2002, formula 2.4.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriorCorrection {
    factors: Vec<f64>,
}

impl PriorCorrection {
    /// Corrects two classes by the rate of the positive class among the training rows, and in the population; both in (0, 1).
    pub fn from_rates(sampled_rate: f64, true_rate: f64) -> Self {
        Self::from_class_rates(&[1.0 - sampled_rate, sampled_rate], &[1.0 - true_rate, true_rate])
    }

    /// Corrects any number of classes by their rates among the training rows, and in the population, each above 0. Only ratios matter, so
    /// counts of rows do as well.
    pub fn from_class_rates(sampled_rates: &[f64], true_rates: &[f64]) -> Self {
        let count = sampled_rates.len().max(true_rates.len());
        // Two rates that are not above 0 may have a ratio that is.
        let rate = |rates: &[f64], class: usize| *rates.get(class).filter(|rate| **rate > 0.0).unwrap_or(&f64::NAN);
        PriorCorrection {
            factors: (0..count).map(|class| rate(true_rates, class) / rate(sampled_rates, class)).collect(),
        }
    }

    /// Undoes class weights of the training, in the order of the classes, each above 0.
    pub fn from_class_weights(weights: &[f64]) -> Self {
        PriorCorrection { factors: weights.iter().map(|weight| 1.0 / weight).collect() }
    }

    /// The factors that multiply the odds of each class against the first.
    pub fn odds_factors(&self) -> Vec<f64> {
        self.factors.iter().map(|factor| factor / self.factors[0]).collect()
    }

    /// Corrected probabilities, of the same shape: of two classes one column, the probability of class 1, or two.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for rates that are not above 0, and for another number of classes.
    pub fn transform(&self, p: &DMatrix<f64>) -> Result<DMatrix<f64>> {
        self.check(if p.ncols() == 1 { 2 } else { p.ncols() })?;
        Ok(each_row(p, |row| self.apply(row)))
    }

    /// Corrects one row, which has one probability for two classes, otherwise one for each.
    pub(crate) fn apply(&self, row: &mut [f64]) {
        match (row, &self.factors[..]) {
            ([p], [negative, positive]) => *p = *p * positive / (*p * positive + (1.0 - *p) * negative),
            (row, factors) => {
                let sum: f64 = row.iter().zip(factors).map(|(p, factor)| p * factor).sum();
                if sum > 0.0 {
                    row.iter_mut().zip(factors).for_each(|(p, factor)| *p = *p * factor / sum);
                }
            }
        }
    }

    /// Whether it is for this many classes, with factors that are in their range.
    pub(crate) fn check(&self, classes: usize) -> Result<()> {
        let refuse = |value: String, expected: &str| Err(Error::argument("PriorCorrection", "rates", value, expected));
        if self.factors.len() != classes || classes < 2 {
            return refuse(
                format!("for {} classes", self.factors.len()),
                &format!("rates of {} classes", classes.max(2)),
            );
        }
        // Factors between these bounds neither overflow nor vanish.
        match self.factors.iter().position(|factor| !(1e-100..=1e100).contains(factor)) {
            Some(class) => {
                let value = match self.factors[class] {
                    factor if factor > 0.0 && factor.is_finite() => {
                        format!("of a ratio {factor:e} for class {class}")
                    }
                    _ => format!("not a positive number for class {class}"),
                };
                let expected = "a rate or weight above 0 for every class, in ratios of 1e-100 to 1e100; of two classes rates \
                                between 0 and 1";
                refuse(value, expected)
            }
            None => Ok(()),
        }
    }

    /// The factor of each class.
    #[cfg(feature = "onnx")]
    pub(crate) fn factors(&self) -> &[f64] {
        &self.factors
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dmatrix;

    #[test]
    fn it_is_bayes_rule_with_other_priors() {
        // Likelihoods of x: 0.3, 0.5, 0.2; posteriors under both priors.
        let posterior = |prior: [f64; 3]| {
            let joint = [0.3 * prior[0], 0.5 * prior[1], 0.2 * prior[2]];
            let sum: f64 = joint.iter().sum();
            DMatrix::from_row_slice(1, 3, &joint.map(|joint| joint / sum))
        };
        let (sampled, real) = ([0.4, 0.4, 0.2], [0.7, 0.1, 0.2]);
        let found = PriorCorrection::from_class_rates(&sampled, &real).transform(&posterior(sampled)).unwrap();
        approx::assert_relative_eq!(found, posterior(real), max_relative = 1e-14);
        // Rows of a class weigh three times as much as without weights.
        let weighted = posterior([0.7, 0.3, 0.2]);
        let found = PriorCorrection::from_class_weights(&[1.0, 3.0, 1.0]).transform(&weighted).unwrap();
        approx::assert_relative_eq!(found, posterior([0.7, 0.1, 0.2]), max_relative = 1e-14);
    }

    #[test]
    fn the_odds_of_two_classes_are_multiplied() {
        let correction = PriorCorrection::from_rates(0.5, 0.1);
        let p = dmatrix![0.0; 0.3; 1.0];
        let found = correction.transform(&p).unwrap();
        assert_eq!((found[0], found[2]), (0.0, 1.0));
        approx::assert_relative_eq!(found[1] / (1.0 - found[1]), 0.3 / 0.7 / 9.0, max_relative = 1e-14);
        approx::assert_relative_eq!(correction.odds_factors()[1], 1.0 / 9.0, max_relative = 1e-14);
        let pairs = correction.transform(&dmatrix![0.7, 0.3]).unwrap();
        approx::assert_relative_eq!(pairs[(0, 1)], found[1], max_relative = 1e-14);
    }

    #[test]
    fn rates_are_above_zero() {
        for (sampled, real) in [
            (2.0, 3.0),
            (-1.0, -0.5),
            (0.5, f64::NAN),
            (0.0, 0.5),
            (0.5, 0.0),
            (1.0, 0.5),
            (0.5, 1.0),
            (f64::NAN, 0.5),
            (-1.0, 0.5),
            (1e-300, 0.5),
        ] {
            assert!(PriorCorrection::from_rates(sampled, real).transform(&dmatrix![0.5]).is_err(), "{sampled} {real}");
        }
        assert!(
            PriorCorrection::from_class_rates(&[0.5, 0.5], &[0.1, 0.2, 0.7])
                .transform(&dmatrix![0.1, 0.2, 0.7])
                .is_err()
        );
        assert!(PriorCorrection::from_class_weights(&[]).transform(&dmatrix![0.5]).is_err());
        assert!(PriorCorrection::from_class_weights(&[1.0, 2.0]).transform(&dmatrix![0.1, 0.2, 0.7]).is_err());
    }
}
