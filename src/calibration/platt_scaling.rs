//! Two parameters by maximum likelihood.

use super::log_odds::sigmoid;

/// Slope, at least 0, and intercept of `σ(slope·f + intercept)`, which maximize the likelihood of Platt's smoothed targets.
///
/// The targets are `(n₁ + 1)/(n₁ + 2)` and `1/(n₀ + 2)` with the weights `n₁`, `n₀` of both classes, so that the maximum is
/// finite also where the classes are separated. Newton's method on standardized scores with step halving; the function is convex.
///
/// # References
///
/// H.-T. Lin, C.-J. Lin and R. Weng, *A note on Platt's probabilistic outputs for support vector machines*, 2007.
pub(super) fn platt_scaling(scores: &[f64], positive: &[bool], weights: &[f64]) -> (f64, f64) {
    let sums = weights.iter().zip(positive).zip(scores).fold([0.0; 3], |[n0, n1, sum], ((weight, positive), score)| {
        if *positive { [n0, n1 + weight, sum + weight * score] } else { [n0 + weight, n1, sum + weight * score] }
    });
    let [n0, n1, sum] = sums;
    let total = n0 + n1;
    let center = sum / total;
    let squares: f64 = scores.iter().zip(weights).map(|(score, weight)| weight * (score - center).powi(2)).sum();
    let scale = (squares / total).sqrt();
    // Equal scores have no slope.
    let constant = scale <= center.abs() * 1e-14 || scale == 0.0;
    let scale = if constant { 1.0 } else { scale };
    let (high, low) = ((n1 + 1.0) / (n1 + 2.0), 1.0 / (n0 + 2.0));
    let rows = || {
        let columns = scores.iter().zip(positive).zip(weights);
        columns.map(|((score, positive), weight)| {
            let x = if constant { 0.0 } else { (score - center) / scale };
            (x, if *positive { high } else { low }, *weight)
        })
    };
    // ln(1 + exp(z)) − t·z
    let loss = |[slope, intercept]: [f64; 2]| -> f64 {
        rows()
            .map(|(x, target, weight)| {
                let z = slope * x + intercept;
                weight * (z.max(0.0) + (-z.abs()).exp().ln_1p() - target * z)
            })
            .sum()
    };
    let mut found = [0.0, ((n1 + 1.0) / (n0 + 1.0)).ln()];
    let mut value = loss(found);
    for _ in 0..100 {
        let (mut gradient, mut hessian) = ([0.0; 2], [0.0, 0.0, 0.0]);
        for (x, target, weight) in rows() {
            let p = sigmoid(found[0] * x + found[1]);
            let (error, curvature) = (weight * (p - target), weight * p * (1.0 - p));
            gradient[0] += error * x;
            gradient[1] += error;
            hessian[0] += curvature * x * x;
            hessian[1] += curvature * x;
            hessian[2] += curvature;
        }
        if gradient.iter().all(|g| g.abs() <= 1e-13 * total) {
            break;
        }
        let ridge = 1e-14 * total;
        let (a, b, c) = (hessian[0] + ridge, hessian[1], hessian[2] + ridge);
        let determinant = a * c - b * b;
        let step =
            [(c * gradient[0] - b * gradient[1]) / determinant, (a * gradient[1] - b * gradient[0]) / determinant];
        let mut factor = 1.0;
        let next = loop {
            let next = [found[0] - factor * step[0], found[1] - factor * step[1]];
            let after = loss(next);
            if after < value || factor < 1e-10 {
                break (after < value).then_some((next, after));
            }
            factor /= 2.0;
        };
        match next {
            Some((next, after)) => (found, value) = (next, after),
            // The loss no longer changes, so the step is below its resolution.
            None => {
                let next = [found[0] - step[0], found[1] - step[1]];
                if step.iter().all(|step| step.is_finite() && step.abs() < 1e-6) {
                    found = next;
                }
                break;
            }
        }
    }
    if constant || found[0] <= 0.0 {
        // The loss is convex: where its minimum has a negative slope, the least of those allowed has none.
        let positives = n1 * high + n0 * low;
        return (0.0, (positives / (total - positives)).ln());
    }
    let slope = found[0] / scale;
    (slope, found[1] - slope * center)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gradient_of_the_smoothed_likelihood_vanishes() {
        let scores: Vec<f64> = (0..50).map(|row| f64::from(row * 7 % 50) / 10.0 - 2.0).collect();
        let positive: Vec<bool> = (0..50).map(|row| (row * 7 % 50) + (row * 3 % 11) > 28).collect();
        let weights: Vec<f64> = (0..50).map(|row| f64::from(row % 4)).collect();
        let (slope, intercept) = platt_scaling(&scores, &positive, &weights);
        let weight_of = |class: bool| -> f64 {
            positive.iter().zip(&weights).filter(|(positive, _)| **positive == class).map(|(_, weight)| weight).sum()
        };
        let (high, low) = ((weight_of(true) + 1.0) / (weight_of(true) + 2.0), 1.0 / (weight_of(false) + 2.0));
        let gradient = (0..50).fold([0.0, 0.0], |[a, b], row| {
            let target = if positive[row] { high } else { low };
            let error = weights[row] * (sigmoid(slope * scores[row] + intercept) - target);
            [a + error * scores[row], b + error]
        });
        assert!(gradient.iter().all(|g| g.abs() < 1e-11), "{gradient:?}");
        assert!(slope > 0.0);
    }

    #[test]
    fn separated_and_constant_scores_have_a_finite_maximum() {
        let (slope, intercept) = platt_scaling(&[-36.0, -36.0, 36.0, 36.0], &[false, false, true, true], &[1.0; 4]);
        assert!((sigmoid(36.0 * slope + intercept) - 0.75).abs() < 1e-12);
        let (slope, intercept) = platt_scaling(&[0.1; 4], &[false, false, true, true], &[1.0; 4]);
        assert!(slope == 0.0 && intercept.abs() < 1e-12);
    }

    #[test]
    fn the_slope_is_never_negative() {
        let positive = [true, true, false, true, false, false, false];
        let weights = [1.0, 2.0, 1.0, 1.0, 1.0, 3.0, 1.0];
        let scores = [-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0];
        let (slope, intercept) = platt_scaling(&scores, &positive, &weights);
        // The weighted mean of the targets 5/6 and 1/8.
        let mean: f64 = (4.0 * 5.0 / 6.0 + 6.0 / 8.0) / 10.0;
        assert!(slope == 0.0 && (sigmoid(intercept) - mean).abs() < 1e-15, "{slope} {intercept}");
    }
}
