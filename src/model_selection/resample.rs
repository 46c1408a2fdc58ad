//! Balancing classes by dropping or repeating rows.

use crate::as_column::AsColumn;
use crate::error::Result;
use crate::memory;
use crate::random::{self, Random};

use super::classes::Classes;
use super::draw::{Draw, stream};

/// Draws as many rows of every class as the rarest one has, without repeating any.
///
/// ```
/// use perceptra::model_selection::down_sample;
///
/// let y = [0, 0, 0, 0, 1, 1];
/// let rows = down_sample(&y).seed(1).rows()?;
/// assert_eq!(rows.len(), 4);
/// assert_eq!(rows[2..], [4, 5]);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # References
///
/// imbalanced-learn, *imblearn.under_sampling.RandomUnderSampler*.
pub fn down_sample<V: AsColumn + ?Sized>(labels: &V) -> Resample<'_, V> {
    Resample { labels, up: false, seed: None }
}

/// Repeats rows, drawn with replacement, until every class has as many as the most frequent one.
///
/// The sample contains every row at least once. Resample training rows only: with copies of a row in both the training and
/// the test part, the test scores are worthless.
///
/// ```
/// use perceptra::model_selection::up_sample;
///
/// let rows = up_sample(&[0, 0, 0, 1]).seed(1).rows()?;
/// assert_eq!(rows, [0, 1, 2, 3, 3, 3]);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # References
///
/// imbalanced-learn, *imblearn.over_sampling.RandomOverSampler*.
pub fn up_sample<V: AsColumn + ?Sized>(labels: &V) -> Resample<'_, V> {
    Resample { labels, up: true, seed: None }
}

/// The options of [`down_sample`] and [`up_sample`]; [`rows`](Self::rows) draws the sample.
#[derive(Debug, Clone)]
#[must_use = "nothing is drawn before .rows()"]
pub struct Resample<'a, V: ?Sized> {
    labels: &'a V,
    up: bool,
    seed: Option<u64>,
}

impl<V: AsColumn + ?Sized> Resample<'_, V> {
    /// The seed of the random numbers. Defaults to a random one.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Draws the rows of the balanced sample, in ascending order.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`](crate::Error::Empty) without labels, [`Error::NotFinite`](crate::Error::NotFinite) for a
    /// NaN or infinite label, [`Error::Argument`](crate::Error::Argument) for a matrix with more than one column.
    pub fn rows(&self) -> Result<Vec<usize>> {
        let classes = Classes::from_labels(&self.labels.as_column()?)?;
        let counts = classes.counts().into_iter();
        let wanted = if self.up { counts.max() } else { counts.min() }.unwrap_or(0);
        let mut random = stream(self.seed, Draw::Sample, 0);
        let mut rows = memory::with_capacity(&[wanted, classes.rows.len()]).map_err(|lack| {
            let purpose = format!("{wanted} rows of each of {} classes", classes.rows.len());
            lack.error("up_sample", purpose, "balance classes, not numbers that all differ")
        })?;
        for class in &classes.rows {
            if self.up {
                rows.extend(class);
                rows.extend((class.len()..wanted).map(|_| any(class, &mut random)));
            } else {
                let mut drawn = class.clone();
                random::shuffle(&mut drawn, &mut random);
                rows.extend(&drawn[..wanted]);
            }
        }
        rows.sort_unstable();
        Ok(rows)
    }
}

fn any(rows: &[usize], random: &mut Random) -> usize {
    rows[random::below(rows.len() as u64, random) as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    const Y: [u8; 12] = [0, 1, 0, 0, 2, 0, 0, 1, 0, 2, 1, 0];

    fn counts(rows: &[usize]) -> [usize; 3] {
        [0, 1, 2].map(|class| rows.iter().filter(|&&row| Y[row] == class).count())
    }

    #[test]
    fn every_class_gets_the_rarest_ones_count() {
        let rows = down_sample(&Y).seed(4).rows().unwrap();
        assert_eq!(counts(&rows), [2, 2, 2]);
        assert!(rows.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(rows, down_sample(&Y).seed(4).rows().unwrap());
        assert!((0..20).any(|seed| down_sample(&Y).seed(seed).rows().unwrap() != rows));
    }

    #[test]
    fn every_class_gets_the_most_frequent_ones_count() {
        let rows = up_sample(&Y).seed(4).rows().unwrap();
        assert_eq!(counts(&rows), [7, 7, 7]);
        assert!((0..Y.len()).all(|row| rows.contains(&row)));
    }

    #[test]
    fn without_labels_there_is_nothing_to_balance() {
        assert!(down_sample(&[0_u8; 0]).rows().is_err());
    }
}
