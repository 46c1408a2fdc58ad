//! Measures how well one column predicts the target.

use super::cells::{MISSING, codes};
use super::outcome::Outcome;
use crate::metrics::roc_auc_score;
use crate::preprocessing::{Column, Table};
use crate::random::{Purpose, shuffle, stream};
use crate::statistics::Moments;
use crate::{Error, Result};

/// The largest number of bins of a column of numbers, integers or dates.
const BINS: usize = 50;

/// AUC or R², with its standard error.
#[derive(Debug, Clone, Copy)]
pub(super) struct Association {
    pub(super) value: f64,
    pub(super) error: f64,
}

impl Association {
    /// The AUC of a score for each row; an AUC below 0.5 is replaced by that of the opposite score.
    pub(super) fn of(outcome: &Outcome, scores: &[f64]) -> Result<Option<Self>> {
        match outcome {
            Outcome::Label { is, .. } => match roc_auc_score(is, scores) {
                Ok(auc) => Ok(Some(Self::of_auc(auc.max(1.0 - auc), is))),
                // One class only.
                Err(Error::Empty { .. }) => Ok(None),
                Err(other) => Err(other),
            },
            Outcome::Number { values, .. } => Ok(Some(Self::of_correlation(values, scores))),
        }
    }

    fn of_auc(auc: f64, is: &[bool]) -> Self {
        let positives = is.iter().filter(|is| **is).count() as f64;
        let negatives = is.len() as f64 - positives;
        let (q1, q2) = (auc / (2.0 - auc), 2.0 * auc * auc / (1.0 + auc));
        let squares = (positives - 1.0) * (q1 - auc * auc) + (negatives - 1.0) * (q2 - auc * auc);
        let variance = (auc * (1.0 - auc) + squares) / (positives * negatives);
        Association { value: auc, error: variance.max(0.0).sqrt() }
    }

    /// The square of Pearson's correlation, with its asymptotic standard error.
    fn of_correlation(values: &[f64], scores: &[f64]) -> Self {
        let [y, x] = [values, scores].map(Moments::of);
        let products: f64 = values.iter().zip(scores).map(|(&a, &b)| y.distance(a) * x.distance(b)).sum();
        let squares =
            |moments: &Moments, list: &[f64]| list.iter().map(|&value| moments.distance(value).powi(2)).sum::<f64>();
        let size = (squares(&y, values) * squares(&x, scores)).sqrt();
        let r2 = if size > 0.0 { (products / size).powi(2).min(1.0) } else { 0.0 };
        Association { value: r2, error: 2.0 * (1.0 - r2) * (r2 / values.len() as f64).sqrt() }
    }

    /// Whether it is this many standard errors better than chance. For an AUC these are the standard errors of the Mann–Whitney
    /// statistic, without correction for ties; for an R² of n rows the limit is the square of `z/√n`.
    pub(super) fn exceeds_chance(&self, outcome: &Outcome, errors: f64) -> bool {
        match outcome {
            Outcome::Label { is, .. } => {
                let positives = is.iter().filter(|is| **is).count() as f64;
                let negatives = is.len() as f64 - positives;
                let variance = (positives + negatives + 1.0) / (12.0 * positives * negatives);
                self.value - 0.5 >= errors * variance.sqrt()
            }
            Outcome::Number { values, .. } => self.value >= errors * errors / values.len() as f64,
        }
    }

    /// The association of the indicator of missing values. For a label the standard error is exact, that of two fractions.
    pub(super) fn of_missingness(outcome: &Outcome, missing: &[bool]) -> Result<Option<Self>> {
        let scores: Vec<f64> = missing.iter().map(|missing| f64::from(u8::from(*missing))).collect();
        let found = Self::of(outcome, &scores)?;
        Ok(match outcome {
            Outcome::Label { is, .. } => found.map(|found| {
                let variance = |label: bool| {
                    let count = is.iter().filter(|is| **is == label).count() as f64;
                    let missing =
                        is.iter().zip(missing).filter(|(is, missing)| **is == label && **missing).count() as f64;
                    let fraction = missing / count;
                    fraction * (1.0 - fraction) / count
                };
                Association { error: 0.5 * (variance(true) + variance(false)).sqrt(), ..found }
            }),
            Outcome::Number { .. } => found,
        })
    }
}

/// The bins of a column: its categories; the numbers, integers or dates themselves if there are few; otherwise quantile bins. Missing
/// values have a separate bin.
pub(super) fn bins(name: &str, table: &Table) -> Result<Vec<usize>> {
    let found = codes(name, &[table])?;
    let codes = found.tables.into_iter().next().unwrap_or_default();
    let place = |code: u32, others: usize| if code == MISSING { others } else { code as usize };
    let column = table.column(name)?;
    match Column::ordered_numbers([column, column]) {
        Some([values, _]) if found.count > BINS => {
            let mut sorted: Vec<f64> = values.iter().copied().filter(|x| !x.is_nan()).collect();
            sorted.sort_unstable_by(f64::total_cmp);
            let edges: Vec<f64> = (1..BINS).map(|bin| sorted[bin * sorted.len() / BINS]).collect();
            let bin = |x: &f64| if x.is_nan() { BINS } else { edges.partition_point(|edge| *edge <= *x) };
            Ok(values.iter().map(bin).collect())
        }
        _ => Ok(codes.into_iter().map(|code| place(code, found.count)).collect()),
    }
}

/// The mean of the outcome in the bin of each row, from the rows of the other half: no row contributes to its own prediction, so that a column
/// of distinct categories predicts nothing.
pub(super) fn cross_fitted(bins: &[usize], outcome: &[f64]) -> Vec<f64> {
    let mut rows: Vec<usize> = (0..bins.len()).collect();
    shuffle(&mut rows, &mut stream(0, Purpose::Split, 0));
    let count = bins.iter().max().map_or(0, |most| most + 1);
    let (first, second) = rows.split_at(rows.len() / 2);
    let mut predicted = vec![0.0; bins.len()];
    for (learned, others) in [(first, second), (second, first)] {
        let mean = learned.iter().map(|&row| outcome[row]).sum::<f64>() / learned.len().max(1) as f64;
        let (mut sums, mut counts) = (vec![0.0; count], vec![0.0; count]);
        for &row in learned {
            sums[bins[row]] += outcome[row];
            counts[bins[row]] += 1.0;
        }
        for &row in others {
            let bin = bins[row];
            // Shrunk to the mean, as if there were one more row.
            predicted[row] = (sums[bin] + mean) / (counts[bin] + 1.0);
        }
    }
    predicted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_and_dates_have_the_bins_of_numbers() -> Result<()> {
        let rows = || (0..400_i64).map(|row| row * 7 % 400);
        let numbers = bins("x", &Table::new().with_numbers("x", rows().map(|row| row as f64))?)?;
        assert_eq!(numbers.iter().max(), Some(&(BINS - 1)));
        assert_eq!(bins("x", &Table::new().with_integers("x", rows())?)?, numbers);
        assert_eq!(bins("x", &Table::new().with_integers("x", rows().map(|row| row + (1 << 60)))?)?, numbers);
        let dates: Vec<_> = rows().map(crate::preprocessing::DateTime::from_microseconds).collect();
        assert_eq!(bins("x", &Table::new().with_column("x", dates)?)?, numbers);
        Ok(())
    }
}
