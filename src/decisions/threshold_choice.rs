use crate::bootstrap::BootstrapInterval;
use crate::error::counted;
use crate::json_numbers::infinite;
use crate::significant::significant;
use crate::terminal_lines::wrapped;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A chosen threshold, with its metrics on the rows on which it was chosen; `Display` writes a few lines of at most 80 characters.
///
/// ```
/// use perceptra::decisions::{ThresholdFor, choose_threshold};
/// use perceptra::dmatrix;
/// use perceptra::scores::{ScoreInput, Truth};
///
/// let p = dmatrix![0.1; 0.4; 0.35; 0.8];
/// let input = ScoreInput::new(Truth::Classes { labels: &[0, 0, 1, 1], n_classes: 2 }, &p);
/// let choice = choose_threshold(ThresholdFor::capacity(2), &input, 0, 0)?;
/// assert_eq!((choice.threshold, choice.recall, choice.precision, choice.value), (0.4, 0.5, 0.5, 2.0));
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThresholdChoice {
    /// The rule, as text.
    pub rule: String,
    /// The lowest probability that is positive; infinity if no row is.
    #[serde(with = "infinite")]
    pub threshold: f64,
    /// The quantity that the rule limits or optimizes: recall, precision, false-positive rate, F-beta, the mean cost of a row, or the
    /// number of positives.
    pub value: f64,
    /// `TP/(TP + FN)`.
    pub recall: f64,
    /// `TP/(TP + FP)`; 0 if no row is positive.
    pub precision: f64,
    /// `FP/(FP + TN)`.
    pub false_positive_rate: f64,
    /// The weighted fraction of rows that are positive.
    pub positive_fraction: f64,
    /// The number of rows.
    pub rows: usize,
    /// The bootstrap intervals, if `resamples` was above 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<ThresholdInterval>,
}

/// The bootstrap intervals of a threshold and of its value.
///
/// ```
/// use perceptra::decisions::{ThresholdFor, choose_threshold};
/// use perceptra::dmatrix;
/// use perceptra::scores::{ScoreInput, Truth};
///
/// let p = dmatrix![0.1; 0.4; 0.35; 0.8];
/// let input = ScoreInput::new(Truth::Classes { labels: &[0, 0, 1, 1], n_classes: 2 }, &p);
/// let choice = choose_threshold(ThresholdFor::f_beta(1.0), &input, 100, 1)?;
/// let interval = choice.interval.expect("there are resamples");
/// assert!(interval.threshold.low <= choice.threshold && choice.threshold <= interval.threshold.high);
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThresholdInterval {
    /// The interval of the thresholds that the rule chooses in the resamples, except resamples where it chooses none or infinity.
    pub threshold: BootstrapInterval,
    /// The interval of the value at the chosen threshold over the resamples.
    pub value: BootstrapInterval,
}

impl ThresholdChoice {
    /// Checks that values that were read from a file are in their ranges.
    pub(crate) fn check(&self) -> Result<()> {
        let rates = [self.recall, self.precision, self.false_positive_rate, self.positive_fraction];
        let is_probability = |number: &f64| (0.0..=1.0).contains(number);
        let is_threshold = is_probability(&self.threshold) || self.threshold == f64::INFINITY;
        let intervals = self.interval.iter().all(|found| found.threshold.is_valid() && found.value.is_valid());
        match is_threshold && rates.iter().all(is_probability) && self.value.is_finite() && intervals {
            true => Ok(()),
            false => Err(Error::configuration("the choice of the threshold", "its numbers are out of their ranges")),
        }
    }
}

/// A threshold as text: an infinite one is above all probabilities.
fn threshold(value: f64) -> String {
    match value.is_finite() {
        true => format!("threshold {}", significant(value)),
        false => "no row is positive, a threshold above all probabilities,".into(),
    }
}

impl fmt::Display for ThresholdChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = format!(
            "{} for {}, by {}\n  recall {}, precision {}, false-positive rate {}\n  positive {} of the rows, value {}",
            threshold(self.threshold),
            self.rule,
            counted(self.rows, "row"),
            significant(self.recall),
            significant(self.precision),
            significant(self.false_positive_rate),
            significant(self.positive_fraction),
            significant(self.value)
        );
        if let Some(found) = &self.interval {
            text += &format!("\n  threshold {}, value {}", found.threshold, found.value);
        }
        f.write_str(&wrapped(&text, 2))
    }
}
