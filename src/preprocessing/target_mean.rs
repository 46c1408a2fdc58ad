//! Means of the target by category, drawn towards the mean of all.

use super::target_statistics::TargetSummary;
use crate::items::argument::plain;
use serde::{Deserialize, Serialize};

/// The weight of the mean of all rows in a [`TargetEncoder`](struct@super::TargetEncoder).
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub enum Smooth {
    /// Determined by the variance of the target in each category: an empirical Bayes estimate.
    #[default]
    Auto,
    /// The equivalent of this many additional rows with the mean of all.
    Value(f64),
}

plain!(Smooth);

impl From<f64> for Smooth {
    fn from(value: f64) -> Self {
        Smooth::Value(value)
    }
}

/// The encoding of each of `count` categories, followed by the mean of all, by these rows; a row's category is at its place.
pub(super) fn smoothed(
    places: &[usize],
    rows: &[usize],
    count: usize,
    smooth: Smooth,
    y: &dyn Fn(usize) -> f64,
) -> Vec<f64> {
    let unit = unit(rows, y);
    let y = |row| y(row) / unit;
    let all = rows.iter().map(|&row| y(row)).sum::<f64>() / rows.len() as f64;
    let (mut sums, mut counts) = (vec![0.0; count], vec![0.0; count]);
    for &row in rows {
        sums[places[row]] += y(row);
        counts[places[row]] += 1.0;
    }
    let mut encodings: Vec<f64> = match smooth {
        Smooth::Value(weight) => {
            let encoding = |(sum, count): (&f64, &f64)| (sum + weight * all) / (count + weight);
            sums.iter().zip(&counts).map(encoding).collect()
        }
        Smooth::Auto => {
            let means: Vec<f64> = sums.iter().zip(&counts).map(|(sum, count)| sum / count).collect();
            let (mut squares, mut variance) = (vec![0.0; count], 0.0);
            for &row in rows {
                squares[places[row]] += (y(row) - means[places[row]]).powi(2);
                variance += (y(row) - all).powi(2);
            }
            variance /= rows.len() as f64;
            let encoding = |place: usize| {
                let (mean, count, squares) = (means[place], counts[place], squares[place]);
                let lambda = variance * count / (variance * count + squares / count);
                lambda * mean + (1.0 - lambda) * all
            };
            (0..count).map(encoding).collect()
        }
    };
    // A category without rows, or a target that is constant, has nothing but the mean of all.
    encodings.iter_mut().filter(|encoding| encoding.is_nan()).for_each(|encoding| *encoding = all);
    encodings.push(all);
    encodings.into_iter().map(|encoding| encoding * unit).collect()
}

/// Returns the smoothed mean of each category, from summaries of its rows and of all rows.
pub(super) fn smoothed_summaries(categories: &[TargetSummary], all: TargetSummary, smooth: Smooth) -> Vec<f64> {
    let encoding = |category: &TargetSummary| {
        let TargetSummary { count, sum, mean, deviation } = *category;
        let encoding = match smooth {
            Smooth::Value(weight) => match (sum + weight * all.mean) / (count + weight) {
                finite if finite.is_finite() => finite,
                // Beyond the range of numbers, or of no row.
                _ => mean * (count / (count + weight)) + all.mean * (weight / (count + weight)),
            },
            Smooth::Auto => {
                let ratio = deviation / all.deviation;
                let lambda = count / (count + ratio * ratio);
                lambda * mean + (1.0 - lambda) * all.mean
            }
        };
        // A category without rows, or a target that is constant, has nothing but the mean of all.
        if encoding.is_nan() { all.mean } else { encoding }
    };
    categories.iter().map(encoding).chain([all.mean]).collect()
}

/// The mean of the target in these rows.
pub(super) fn mean(rows: &[usize], y: &dyn Fn(usize) -> f64) -> f64 {
    let unit = unit(rows, y);
    rows.iter().map(|&row| y(row) / unit).sum::<f64>() / rows.len() as f64 * unit
}

/// 1, or the largest value where squares or sums would leave the range of `f64`.
fn unit(rows: &[usize], y: &dyn Fn(usize) -> f64) -> f64 {
    let largest = rows.iter().map(|&row| y(row).abs()).fold(0.0, f64::max);
    if largest > 1e140 || (largest > 0.0 && largest < 1e-140) { largest } else { 1.0 }
}
