//! One temperature for all classes.

/// The range of `ln(1/T)` that is searched, as in scikit-learn.
const RANGE: [f64; 2] = [-10.0, 10.0];

/// The inverse temperature in `[e⁻¹⁰, e¹⁰]` that minimizes the log loss.
///
/// The log loss is convex in `β = 1/T`; `derivatives(β)` returns its first and second derivative. Newton's method within a bracket of
/// the zero of the first, which is ended when the bracket or the step is below 1e-14 of `β`.
pub(super) fn inverse_temperature(derivatives: impl Fn(f64) -> [f64; 2]) -> f64 {
    let [mut low, mut high] = RANGE.map(f64::exp);
    if derivatives(low)[0] >= 0.0 {
        return low;
    }
    if derivatives(high)[0] <= 0.0 {
        return high;
    }
    let mut beta: f64 = 1.0;
    for _ in 0..200 {
        let [first, second] = derivatives(beta);
        *if first > 0.0 { &mut high } else { &mut low } = beta;
        let newton = beta - first / second;
        // Halved in the logarithm where Newton's step leaves the bracket.
        let next = if newton > low && newton < high { newton } else { (low * high).sqrt() };
        let step = (next - beta).abs();
        beta = next;
        if step <= 1e-14 * beta || high - low <= 1e-14 * beta {
            break;
        }
    }
    beta
}

/// The derivatives of the log loss of `softmax(β z)` for rows of logits, each with its class and weight.
pub(super) fn softmax_derivatives<'a>(rows: impl Iterator<Item = (&'a [f64], usize, f64)>, beta: f64) -> [f64; 2] {
    rows.fold([0.0; 2], |[first, second], (z, class, weight)| {
        let largest = z.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let (mut sum, mut mean, mut square) = (0.0, 0.0, 0.0);
        for z in z {
            // Distances from the largest, so that the variance does not cancel.
            let distance = z - largest;
            let e = (beta * distance).exp();
            sum += e;
            mean += e * distance;
            square += e * distance * distance;
        }
        let (mean, square) = (mean / sum, square / sum);
        [first + weight * (mean - (z[class] - largest)), second + weight * (square - mean * mean).max(0.0)]
    })
}
