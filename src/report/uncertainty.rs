//! Standard errors and intervals of fractions, means and the area under the ROC curve of the test rows.

use crate::sorting;
use crate::statistics::Moments;

/// The quantile of the normal distribution for 95% intervals.
const Z: f64 = 1.959_963_984_540_054;

/// An estimate with its standard error and 95% interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Uncertain {
    pub(super) value: f64,
    pub(super) error: f64,
    pub(super) low: f64,
    pub(super) high: f64,
}

impl Uncertain {
    /// The interval by the normal approximation, limited to `[least, most]`.
    pub(super) fn normal(value: f64, error: f64, least: f64, most: f64) -> Self {
        let (low, high) = ((value - Z * error).max(least), (value + Z * error).min(most));
        Uncertain { value, error, low, high }
    }
}

/// A fraction `hits / rows`: the binomial standard error, and Wilson's interval.
///
/// # References
///
/// E. Wilson, *Probable inference, the law of succession, and statistical inference*, 1927.
pub(super) fn proportion(hits: f64, rows: f64) -> Uncertain {
    if rows <= 0.0 {
        return Uncertain { value: f64::NAN, error: f64::NAN, low: f64::NAN, high: f64::NAN };
    }
    let p = hits / rows;
    let denominator = 1.0 + Z * Z / rows;
    let center = (p + Z * Z / (2.0 * rows)) / denominator;
    let half = Z / denominator * (p * (1.0 - p) / rows + Z * Z / (4.0 * rows * rows)).max(0.0).sqrt();
    let error = (p * (1.0 - p) / rows).max(0.0).sqrt();
    Uncertain { value: p, error, low: (center - half).max(0.0), high: (center + half).min(1.0) }
}

/// The mean of values, with its standard error; NaN for the error of fewer than two.
pub(super) fn mean(values: impl Iterator<Item = f64>) -> Uncertain {
    mean_of(&values.collect::<Vec<f64>>())
}

fn mean_of(values: &[f64]) -> Uncertain {
    let count = values.len() as f64;
    let moments = Moments::of(values);
    let error = if count > 1.0 { moments.deviation(1.0) / count.sqrt() } else { f64::NAN };
    Uncertain::normal(moments.mean(), error, f64::NEG_INFINITY, f64::INFINITY)
}

/// The area under the ROC curve with DeLong's standard error; `None` if a class is missing.
///
/// # References
///
/// E. DeLong, D. DeLong and D. Clarke-Pearson, *Comparing the areas under two or more correlated receiver operating characteristic
/// curves*, 1988.
pub(super) fn roc_auc(truth: &[bool], score: &[f64]) -> Option<Uncertain> {
    let of = |class: bool| -> Vec<usize> { (0..truth.len()).filter(|&row| truth[row] == class).collect() };
    let (positive, negative) = (of(true), of(false));
    if positive.is_empty() || negative.is_empty() {
        return None;
    }
    let all = midranks(score);
    let within = |rows: &[usize]| midranks(&rows.iter().map(|&row| score[row]).collect::<Vec<f64>>());
    let (m, n) = (positive.len() as f64, negative.len() as f64);
    let above = within(&positive);
    let above: Vec<f64> = positive.iter().zip(&above).map(|(&row, own)| (all[row] - own) / n).collect();
    let below = within(&negative);
    let below: Vec<f64> = negative.iter().zip(&below).map(|(&row, own)| 1.0 - (all[row] - own) / m).collect();
    let variance =
        |moments: Moments, count: f64| if count > 1.0 { moments.deviation(1.0).powi(2) / count } else { 0.0 };
    let (above, below) = (Moments::of(&above), Moments::of(&below));
    let auc = above.mean();
    Some(Uncertain::normal(auc, (variance(above, m) + variance(below, n)).sqrt(), 0.0, 1.0))
}

/// The ranks from 1, equal values sharing the mean of theirs.
fn midranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    sorting::by_number(&mut order, |&row| values[row]);
    let mut ranks = vec![0.0; values.len()];
    for group in order.chunk_by(|&a, &b| values[a] == values[b]).scan(0, |start, group| {
        let at = *start;
        *start += group.len();
        Some((at, group))
    }) {
        let (start, rows) = group;
        let rank = start as f64 + (rows.len() as f64 + 1.0) / 2.0;
        rows.iter().for_each(|&row| ranks[row] = rank);
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::roc_auc_score;

    #[test]
    fn wilsons_interval_is_the_known_one() {
        // Wilson's interval of 10 of 100 is [0.0552, 0.1744].
        let p = proportion(10.0, 100.0);
        assert!((p.low - 0.05523).abs() < 1e-4 && (p.high - 0.17437).abs() < 1e-4, "{p:?}");
        assert!((p.error - 0.03).abs() < 1e-12);
        assert!(proportion(0.0, 0.0).value.is_nan());
        assert_eq!(proportion(0.0, 5.0).low, 0.0);
    }

    #[test]
    fn the_area_is_that_of_the_curve_and_its_error_that_of_delong() {
        let truth: Vec<bool> = (0..200).map(|row| row % 3 == 0).collect();
        let score: Vec<f64> =
            (0..200).map(|row| f64::from(row * 37 % 50) + if row % 3 == 0 { 8.0 } else { 0.0 }).collect();
        let numbers: Vec<f64> = truth.iter().map(|t| f64::from(u8::from(*t))).collect();
        let auc = roc_auc(&truth, &score).expect("two classes");
        assert!((auc.value - roc_auc_score(&numbers, &score).expect("an area")).abs() < 1e-12);
        // Hanley and McNeil's approximation is close to it.
        let (a, m, n) = (auc.value, 67.0, 133.0);
        let (q1, q2) = (a / (2.0 - a), 2.0 * a * a / (1.0 + a));
        let hanley = ((a * (1.0 - a) + (m - 1.0) * (q1 - a * a) + (n - 1.0) * (q2 - a * a)) / (m * n)).sqrt();
        assert!((auc.error / hanley - 1.0).abs() < 0.1, "{} {hanley}", auc.error);
        assert!(roc_auc(&[true, true], &[0.1, 0.2]).is_none());
    }

    #[test]
    fn a_mean_has_the_error_of_its_deviation() {
        let m = mean([1.0, 2.0, 3.0, 4.0].into_iter());
        assert!((m.value - 2.5).abs() < 1e-12 && (m.error - (5.0f64 / 3.0).sqrt() / 2.0).abs() < 1e-12);
        assert!(mean([1.0].into_iter()).error.is_nan());
    }
}
