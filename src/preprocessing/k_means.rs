//! Lloyd's algorithm on numbers of one dimension, from given centres.

use crate::sorting;
use crate::statistics::Moments;

/// Iterations at most.
const ITERATIONS: usize = 300;
/// The sum of squared distances by which centres may still move, as a fraction of the variance.
const TOLERANCE: f64 = 1e-4;

/// The centres, in ascending order, of weighted values; at least one weight is positive.
///
/// Like scikit-learn's `KMeans`: a centre that loses all of its values takes the value that is farthest from its own centre; a
/// centre that can have none is put on the one with the largest weight.
///
/// # References
///
/// scikit-learn, *sklearn.cluster.KMeans*; Lloyd, *Least squares quantization in PCM*, 1982.
pub(super) fn k_means(values: &[f64], weights: &[f64], centres: Vec<f64>) -> Vec<f64> {
    let moments = Moments::of(values);
    let mean = moments.mean();
    // Of the mean as well as of squares that they do not exceed f64; a power of two changes no digit.
    let largest = values.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));
    let unit = match (1e-100..1e100).contains(&largest) || largest == 0.0 {
        true => 1.0,
        false => 2f64.powi(largest.log2().floor().clamp(-1000.0, 1000.0) as i32),
    };
    let values: Vec<f64> = values.iter().map(|value| value / unit - mean / unit).collect();
    let mut centres: Vec<f64> = centres.iter().map(|centre| centre / unit - mean / unit).collect();
    let tolerance = TOLERANCE * Moments::of(&values).variance();
    let mut labels = vec![usize::MAX; values.len()];
    for _ in 0..ITERATIONS {
        let previous = labels.clone();
        for (label, value) in labels.iter_mut().zip(&values) {
            *label = nearest(&centres, *value);
        }
        let moved = means(&values, weights, &labels, &centres);
        let distance: f64 = moved.iter().zip(&centres).map(|(new, old)| (new - old) * (new - old)).sum();
        centres = moved;
        if labels == previous || distance <= tolerance {
            break;
        }
    }
    let mut centres: Vec<f64> = centres.iter().map(|centre| (centre + mean / unit) * unit).collect();
    centres.sort_unstable_by(f64::total_cmp);
    centres
}

/// The centre with the least distance, the first of equally near ones.
fn nearest(centres: &[f64], value: f64) -> usize {
    let mut found = (0, f64::INFINITY);
    for (index, centre) in centres.iter().enumerate() {
        // The squared distance without the square of the value, which all have in common.
        let distance = centre * centre - 2.0 * value * centre;
        if distance < found.1 {
            found = (index, distance);
        }
    }
    found.0
}

/// The weighted means of the values of each centre.
fn means(values: &[f64], weights: &[f64], labels: &[usize], centres: &[f64]) -> Vec<f64> {
    let (mut sums, mut totals) = (vec![0.0; centres.len()], vec![0.0; centres.len()]);
    for ((value, weight), label) in values.iter().zip(weights).zip(labels) {
        sums[*label] += value * weight;
        totals[*label] += weight;
    }
    let empty: Vec<usize> = (0..centres.len()).filter(|&centre| totals[centre] == 0.0).collect();
    if !empty.is_empty() {
        let distance = |row: &usize| {
            let distance = values[*row] - centres[labels[*row]];
            distance * distance
        };
        // The last of equally distant ones first.
        let mut rows: Vec<usize> = (0..values.len()).rev().collect();
        sorting::by_number(&mut rows, |row| -distance(row));
        if rows.first().is_some_and(|row| distance(row) > 0.0) {
            for (centre, row) in empty.into_iter().zip(rows) {
                let weight = weights[row];
                sums[labels[row]] -= values[row] * weight;
                totals[labels[row]] -= weight;
                sums[centre] = values[row] * weight;
                totals[centre] = weight;
            }
        }
    }
    let heaviest =
        (0..totals.len()).fold(0, |found, centre| if totals[centre] > totals[found] { centre } else { found });
    let mean = |centre: usize| sums[centre] * (1.0 / totals[centre]);
    (0..totals.len()).map(|centre| mean(if totals[centre] > 0.0 { centre } else { heaviest })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn centres_are_the_means_of_their_values() {
        let values = [1.0, 2.0, 10.0, 12.0, 30.0];
        assert_eq!(k_means(&values, &[1.0; 5], vec![5.0, 15.0, 25.0]), [1.5, 11.0, 30.0]);
        assert_eq!(k_means(&values, &[3.0, 1.0, 1.0, 1.0, 1.0], vec![5.0, 15.0, 25.0]), [1.25, 11.0, 30.0]);
        let huge = values.map(|value| value * 1e300);
        let found = k_means(&huge, &[1.0; 5], vec![5e300, 15e300, 25e300]);
        approx::assert_relative_eq!(found.as_slice(), [1.5e300, 11e300, 30e300].as_slice(), max_relative = 1e-14);
    }

    #[test]
    fn more_centres_than_values_end_on_values() {
        let found = k_means(&[0.0, 0.0, 0.0, 8.0], &[1.0; 4], vec![1.0, 3.0, 5.0, 7.0]);
        assert!(found.iter().all(|centre| [0.0, 8.0].contains(centre)), "{found:?}");
    }
}
