//! Categories that are too rare to be encoded separately.

use super::category_counts::CategoryCounts;
use crate::Result;
use crate::items::argument::plain;
use crate::items::{Spec, invalid};
use crate::sorting;
use serde::{Deserialize, Serialize};

/// The frequency in the training rows below which a category is infrequent.
///
/// ```
/// use perceptra::preprocessing::MinFrequency;
///
/// assert_eq!(MinFrequency::from(5), MinFrequency::Count(5));
/// assert_eq!(MinFrequency::from(0.01), MinFrequency::Fraction(0.01));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a count of rows or a fraction of them")]
pub enum MinFrequency {
    /// A number of rows, at least 1.
    Count(usize),
    /// A fraction of the rows, in (0, 1).
    Fraction(f64),
}

plain!(MinFrequency);

impl From<usize> for MinFrequency {
    fn from(count: usize) -> Self {
        MinFrequency::Count(count)
    }
}

/// A negative count is 0, which an encoder refuses.
impl From<i32> for MinFrequency {
    fn from(count: i32) -> Self {
        MinFrequency::Count(usize::try_from(count).unwrap_or(0))
    }
}

impl From<f64> for MinFrequency {
    fn from(fraction: f64) -> Self {
        MinFrequency::Fraction(fraction)
    }
}

impl MinFrequency {
    /// Returns an error for a count or fraction of `item` that is out of its range.
    pub(super) fn check(frequency: Option<MinFrequency>, item: &dyn Spec) -> Result<()> {
        match frequency {
            Some(MinFrequency::Count(0)) => Err(invalid(item, "min_frequency", 0, "a count of at least 1")),
            Some(MinFrequency::Fraction(fraction)) if !(fraction > 0.0 && fraction < 1.0) => {
                let expected = "a fraction in (0, 1), or a count as a whole number";
                Err(invalid(item, "min_frequency", format!("{fraction:?}"), expected))
            }
            _ => Ok(()),
        }
    }

    fn is_above(self, count: usize, rows: usize) -> bool {
        match self {
            MinFrequency::Count(least) => count < least,
            MinFrequency::Fraction(fraction) => (count as f64) < rows as f64 * fraction,
        }
    }
}

/// The rules by which a category is infrequent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rarity {
    pub(super) min_frequency: Option<MinFrequency>,
    pub(super) max_categories: Option<usize>,
}

impl Rarity {
    /// The places of the infrequent categories in ascending order; the missing value is the last category if `with_missing`.
    ///
    /// Of equally frequent ones the first are infrequent, as in scikit-learn.
    pub(super) fn infrequent(self, counted: &CategoryCounts, with_missing: bool) -> Vec<usize> {
        let mut counts = counted.counts.clone();
        counts.extend((with_missing && counted.missing > 0).then_some(counted.missing));
        let rows = counted.rows();
        let rare = |count: usize| self.min_frequency.is_some_and(|least| least.is_above(count, rows));
        let mut infrequent: Vec<bool> = counts.iter().map(|&count| rare(count)).collect();
        let frequent = infrequent.iter().filter(|rare| !**rare).count();
        // The category of the infrequent ones counts.
        if let Some(most) = self.max_categories.filter(|most| *most < frequent + 1) {
            let mut order: Vec<usize> = (0..counts.len()).collect();
            sorting::by_integer(&mut order, |&place| counts[place] as i64);
            let kept = most.saturating_sub(1).min(order.len());
            order[..order.len() - kept].iter().for_each(|&place| infrequent[place] = true);
        }
        (0..counts.len()).filter(|&place| infrequent[place]).collect()
    }
}
