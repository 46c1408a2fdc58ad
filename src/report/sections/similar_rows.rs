//! Rows with similar predicted numbers.

use crate::report::outcomes::NumberOutcomes;
use crate::sorting;

/// The most groups.
const GROUPS: usize = 10;

/// Rows with similar predictions: ten groups of about equally many, fewer where predictions are equal.
pub(super) fn by_prediction(numbers: &NumberOutcomes) -> Vec<Vec<usize>> {
    let p = &numbers.predicted;
    let mut order: Vec<usize> = (0..p.len()).collect();
    sorting::by_number(&mut order, |&row| p[row]);
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut done = 0;
    for equal in order.chunk_by(|&a, &b| p[a] == p[b]) {
        let group = done * GROUPS / p.len().max(1);
        match groups.last_mut() {
            // Equal predictions stay together; a group begins where the place of its first row asks for one.
            Some(last) if (done - last.len()) * GROUPS / p.len().max(1) == group => last.extend(equal),
            _ => groups.push(equal.to_vec()),
        }
        done += equal.len();
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_equal_predictions_are_in_one_group() {
        let of = |predicted: Vec<f64>| {
            let numbers = NumberOutcomes { name: "y".into(), truth: predicted.clone(), predicted };
            by_prediction(&numbers).iter().map(Vec::len).collect::<Vec<_>>()
        };
        assert_eq!(of((0..100).map(f64::from).collect()), [10; 10]);
        assert_eq!(of(vec![1.0; 30]), [30]);
        assert_eq!(of((0..5).map(f64::from).collect()), [1; 5]);
        assert_eq!(of((0..100).map(|row| f64::from(row / 50)).collect()), [50, 50]);
    }
}
