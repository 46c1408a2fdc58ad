//! The monotone function of least squares.

use crate::sorting;

/// Ends of the linear pieces of the non-decreasing function of least squares: places, strictly ascending, and values.
///
/// Equal places count as one with the weighted mean of their values, rows of weight 0 do not count, and of a flat piece the two ends
/// are kept. Pool adjacent violators, in O(n log n).
///
/// # References
///
/// scikit-learn, *sklearn.isotonic.IsotonicRegression*.
pub(super) fn isotonic_regression(x: &[f64], y: &[bool], weights: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let mut rows: Vec<(f64, f64, f64)> = x
        .iter()
        .zip(y)
        .zip(weights)
        .filter(|(_, weight)| **weight > 0.0)
        .map(|((x, y), weight)| (x + 0.0, f64::from(u8::from(*y)), *weight))
        .collect();
    sorting::by_number(&mut rows, |row| row.0);
    let points: Vec<(f64, f64, f64)> = rows
        .chunk_by(|a, b| a.0 == b.0)
        .map(|tied| {
            let (sum, weight) = tied.iter().fold((0.0, 0.0), |(sum, weight), (_, y, w)| (sum + y * w, weight + w));
            (tied[0].0, sum / weight, weight)
        })
        .collect();
    // Blocks of a value, a weight and a number of points.
    let mut blocks: Vec<(f64, f64, usize)> = Vec::new();
    for &(_, value, weight) in &points {
        let mut block = (value, weight, 1);
        while let Some(&(before, weight, count)) = blocks.last()
            && before >= block.0
        {
            blocks.pop();
            let sum = weight + block.1;
            block = ((before * weight + block.0 * block.1) / sum, sum, count + block.2);
        }
        blocks.push(block);
    }
    let (mut places, mut values) = (Vec::new(), Vec::new());
    let mut at = 0;
    for (value, _, count) in blocks {
        places.push(points[at].0);
        values.push(value);
        if count > 1 {
            places.push(points[at + count - 1].0);
            values.push(value);
        }
        at += count;
    }
    (places, values)
}

/// The piecewise linear function at a place, constant beyond the ends.
pub(super) fn interpolate(places: &[f64], values: &[f64], x: f64) -> f64 {
    let above = places.partition_point(|place| *place <= x);
    match (above.checked_sub(1), values.get(above)) {
        (None, _) => values.first().copied().unwrap_or(f64::NAN),
        (Some(below), None) => values[below],
        (Some(below), Some(next)) => {
            let part = (x - places[below]) / (places[above] - places[below]);
            values[below] + (next - values[below]) * part
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference;

    #[test]
    fn it_is_that_of_the_reference() {
        for name in ["isotonic", "isotonic_weighted"] {
            let case = reference::case(name);
            let (x, y, weights) = (case.numbers("x"), case.numbers("y"), case.numbers("weights"));
            let y: Vec<bool> = y.iter().map(|y| *y == 1.0).collect();
            let (places, values) = isotonic_regression(&x, &y, &weights);
            case.assert_close("x_thresholds", &places, 1e-12);
            case.assert_close("y_thresholds", &values, 1e-12);
            let found: Vec<f64> = case.numbers("at").iter().map(|x| interpolate(&places, &values, *x)).collect();
            case.assert_close("predicted", found, 1e-12);
        }
    }
}
