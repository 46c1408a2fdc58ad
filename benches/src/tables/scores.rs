use nalgebra::DMatrix;

/// The lower bound to which probabilities are clipped before the logarithm.
const TINY: f64 = 1e-7;

/// The mean of `−ln p` of the true classes. Rows are divided by their sums, probabilities limited to [10⁻⁷, 1], and rows divided
/// by their sums again.
pub(super) fn log_loss(classes: &[usize], p: &DMatrix<f64>) -> f64 {
    let row_loss = |(row, &class): (usize, &usize)| {
        let sum = p.row(row).sum();
        let limited = |p: f64| (p / sum).clamp(TINY, 1.0);
        -(limited(p[(row, class)]) / p.row(row).iter().map(|&p| limited(p)).sum::<f64>()).ln()
    };
    classes.iter().enumerate().map(row_loss).sum::<f64>() / classes.len() as f64
}

/// The fraction of the rows in which the true class has the largest probability; among ties the first class.
pub(super) fn accuracy(classes: &[usize], p: &DMatrix<f64>) -> f64 {
    let predicted = |row: usize| (1..p.ncols()).fold(0, |best, c| if p[(row, c)] > p[(row, best)] { c } else { best });
    let right = classes.iter().enumerate().filter(|(row, class)| predicted(*row) == **class).count();
    right as f64 / classes.len() as f64
}

/// The area under the ROC curve: the fraction of the pairs of a positive and a negative row in which the positive one has the
/// larger score; pairs of equal scores count half. NaN if all rows are of one class.
pub(super) fn auc(classes: &[usize], scores: &[f64]) -> f64 {
    let positives = classes.iter().filter(|&&class| class == 1).count() as f64;
    let negatives = classes.len() as f64 - positives;
    let ranks = ranks(scores);
    let sum: f64 = classes.iter().zip(&ranks).filter(|(class, _)| **class == 1).map(|(_, rank)| rank).sum();
    (sum - positives * (positives + 1.0) / 2.0) / (positives * negatives)
}

/// The rank of each value from 1, ascending; equal values have the mean of their ranks.
pub(super) fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_unstable_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    let mut begin = 0;
    for tied in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let rank = begin as f64 + (tied.len() as f64 + 1.0) / 2.0;
        tied.iter().for_each(|&index| ranks[index] = rank);
        begin += tied.len();
    }
    ranks
}

/// The root of the mean squared error.
pub(super) fn rmse(y: &[f64], predicted: &[f64]) -> f64 {
    (squared_errors(y, predicted) / y.len() as f64).sqrt()
}

/// One minus the squared errors divided by the squared deviations from the mean.
pub(super) fn r2(y: &[f64], predicted: &[f64]) -> f64 {
    let mean = y.iter().sum::<f64>() / y.len() as f64;
    1.0 - squared_errors(y, predicted) / y.iter().map(|y| (y - mean).powi(2)).sum::<f64>()
}

fn squared_errors(y: &[f64], predicted: &[f64]) -> f64 {
    y.iter().zip(predicted).map(|(y, p)| (y - p).powi(2)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLOSE: f64 = 1e-14;

    #[test]
    fn log_loss_divides_rows_by_their_sums_and_limits_probabilities() {
        // 1/4 of the second class, 1/2 of the first: (2 ln 2 + ln 2)/2.
        let p = DMatrix::from_row_slice(2, 2, &[1.5, 0.5, 1.0, 1.0]);
        assert!((log_loss(&[1, 0], &p) - 1.5 * 2f64.ln()).abs() < CLOSE);
        // A probability of 0 becomes 10⁻⁷/(1 + 10⁻⁷).
        let p = DMatrix::from_row_slice(1, 2, &[0.0, 1.0]);
        assert!((log_loss(&[0], &p) - (1e7f64 + 1.0).ln()).abs() < 1e-9);
    }

    #[test]
    fn the_first_of_equal_probabilities_is_the_predicted_class() {
        let p = DMatrix::from_row_slice(4, 3, &[0.4, 0.4, 0.2, 0.2, 0.4, 0.4, 0.1, 0.1, 0.8, 0.5, 0.3, 0.2]);
        assert_eq!(accuracy(&[0, 2, 2, 1], &p), 0.5);
    }

    #[test]
    fn auc_counts_pairs_and_equal_scores_as_half() {
        // Of the six pairs: 0.8 above all three, 0.4 above 0.1, equal to 0.4, below 0.5: 4.5.
        assert_eq!(auc(&[1, 0, 0, 1, 0], &[0.8, 0.1, 0.4, 0.4, 0.5]), 0.75);
        assert_eq!(auc(&[0, 1], &[0.3, 0.3]), 0.5);
        assert!(auc(&[1, 1], &[0.3, 0.4]).is_nan());
    }

    #[test]
    fn equal_values_have_the_mean_of_their_ranks() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 2.0, 3.0]), [4.0, 1.0, 4.0, 2.0, 4.0]);
        assert_eq!(ranks(&[0.0, -0.0]), [1.5, 1.5]);
        assert!(ranks(&[]).is_empty());
    }

    #[test]
    fn errors_of_numbers() {
        let (y, predicted) = ([1.0, 2.0, 6.0], [1.0, 4.0, 5.0]);
        // Squared errors 0 + 4 + 1, squared deviations from 3: 4 + 1 + 9.
        assert!((rmse(&y, &predicted) - (5f64 / 3.0).sqrt()).abs() < CLOSE);
        assert!((r2(&y, &predicted) - 9.0 / 14.0).abs() < CLOSE);
    }
}
