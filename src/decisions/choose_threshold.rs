use super::threshold_choice::{ThresholdChoice, ThresholdInterval};
use super::threshold_for::{ThresholdFor, ThresholdRule};
use super::threshold_sweep::ThresholdSweep;
use crate::bootstrap::{BootstrapInterval, resampled};
use crate::scores::{BinaryRows, ScoreInput};
use crate::{Error, Result};

/// Chooses the decision threshold for two classes on rows that the model was not fitted to: held-out rows, or out-of-fold
/// predictions, for example from `cross_val_predict`.
///
/// A row with probability 0 is never positive, since a decision is positive if the probability is above a threshold of at least 0.
/// Sample weights are used. With `resamples` above 0 (at most 100,000), the choice has 95% bootstrap intervals of the threshold and
/// of its value; the same `seed` gives the same result, bit for bit.
///
/// ```
/// use perceptra::dmatrix;
/// use perceptra::decisions::{ThresholdFor, choose_threshold};
/// use perceptra::scores::{ScoreInput, Truth};
///
/// let p = dmatrix![0.1; 0.4; 0.35; 0.8];
/// let input = ScoreInput::new(Truth::Classes { labels: &[0, 0, 1, 1], n_classes: 2 }, &p);
/// let all = choose_threshold(ThresholdFor::recall(0.8), &input, 0, 0)?;
/// assert_eq!((all.threshold, all.recall), (0.35, 1.0));
/// let sure = choose_threshold(ThresholdFor::precision(0.9), &input, 0, 0)?;
/// assert_eq!((sure.threshold, sure.recall), (0.8, 0.5));
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// The errors of [`ScoreInput::check`]; [`Error::Argument`] for a rule that is out of its range, for a precision or recall that no
/// threshold reaches (the message states the largest one), and for other tasks; [`Error::Empty`] for a class without rows.
///
/// # References
///
/// scikit-learn, *sklearn.model_selection.TunedThresholdClassifierCV*, which averages the interpolated curves of the folds; here all
/// rows form one curve.
pub fn choose_threshold(
    rule: impl Into<ThresholdFor>,
    input: &ScoreInput<'_>,
    resamples: usize,
    seed: u64,
) -> Result<ThresholdChoice> {
    let rows = BinaryRows::new("choose_threshold", input, true)?;
    chosen(&rule.into(), &rows, resamples, seed)
}

/// Chooses the threshold on rows that have been checked.
fn chosen(rule: &ThresholdFor, rows: &BinaryRows, resamples: usize, seed: u64) -> Result<ThresholdChoice> {
    let count = rows.weights.len();
    rule.check(count)?;
    if resamples > 100_000 {
        return Err(Error::argument("choose_threshold", "resamples", resamples, "from 0 to 100,000"));
    }
    let sweep = ThresholdSweep::new(rows);
    let sums = sweep.sums(rule, &|_| 1.0);
    let most = sweep.decidable();
    let Some(groups) = sums.chosen(rule, most) else {
        let best = (0..=most).map(|groups| sums.value(rule, groups)).fold(0.0, f64::max);
        let expected = format!("at most {best}, the largest of any threshold for these rows");
        let (argument, wanted) = match rule.0 {
            ThresholdRule::Precision(wanted) => ("precision", wanted),
            ThresholdRule::Recall(wanted) => ("recall", wanted),
            _ => ("rule", f64::NAN),
        };
        return Err(Error::argument("ThresholdFor", argument, wanted, expected));
    };
    let (threshold, rates) = (sweep.threshold(groups), sums.rates(groups));
    let mut choice = ThresholdChoice {
        rule: rule.to_string(),
        threshold,
        value: sums.value(rule, groups),
        recall: rates.recall,
        precision: rates.precision,
        false_positive_rate: rates.false_positive_rate,
        positive_fraction: rates.positive_fraction,
        rows: count,
        interval: None,
    };
    if resamples > 0 {
        let found = resampled(count, resamples, seed, |drawn| {
            let sums = sweep.sums(rule, &|row| drawn[row]);
            let threshold = sums.chosen(rule, most).map_or(f64::NAN, |groups| sweep.threshold(groups));
            [threshold, sums.value(rule, groups)]
        });
        let of = |estimate, index: usize| {
            BootstrapInterval::from_resamples(estimate, &found.iter().map(|found| found[index]).collect::<Vec<_>>())
        };
        // For the interval, an infinite threshold is replaced by the largest probability, 1.
        let estimate = if threshold.is_finite() { threshold } else { 1.0 };
        choice.interval = Some(ThresholdInterval { threshold: of(estimate, 0), value: of(choice.value, 1) });
    }
    Ok(choice)
}

#[cfg(test)]
mod tests;
