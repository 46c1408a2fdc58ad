//! The minimum of a function of one number.

/// The position of the minimum of a unimodal function in an interval, to about nine digits.
///
/// # References
///
/// Brent, *Algorithms for minimization without derivatives*, 1973, chapter 5.
pub(super) fn minimum(low: f64, high: f64, function: impl Fn(f64) -> f64) -> f64 {
    let golden = 0.5 * (3.0 - 5f64.sqrt());
    let (mut a, mut b) = (low, high);
    let mut best = a + golden * (b - a);
    let mut value = function(best);
    // The second and the third best point with their values, and the last two steps.
    let (mut second, mut third) = ((best, value), (best, value));
    let (mut step, mut step_before) = (0.0_f64, 0.0_f64);
    for _ in 0..500 {
        let middle = 0.5 * (a + b);
        let tolerance = 1e-9 * best.abs() + 1e-10;
        if (best - middle).abs() <= 2.0 * tolerance - 0.5 * (b - a) {
            break;
        }
        // A parabola through the three points.
        let r = (best - second.0) * (value - third.1);
        let q = (best - third.0) * (value - second.1);
        let p = (best - third.0) * q - (best - second.0) * r;
        let q = 2.0 * (q - r);
        let (p, q) = if q > 0.0 { (-p, q) } else { (p, -q) };
        let parabolic = step_before.abs() > tolerance
            && p.abs() < (0.5 * q * step_before).abs()
            && p > q * (a - best)
            && p < q * (b - best);
        if parabolic {
            (step_before, step) = (step, p / q);
            let next = best + step;
            if next - a < 2.0 * tolerance || b - next < 2.0 * tolerance {
                step = tolerance.copysign(middle - best);
            }
        } else {
            step_before = if best < middle { b - best } else { a - best };
            step = golden * step_before;
        }
        let next = if step.abs() >= tolerance { best + step } else { best + tolerance.copysign(step) };
        let found = function(next);
        if found <= value {
            if next >= best {
                a = best
            } else {
                b = best
            }
            (third, second) = (second, (best, value));
            (best, value) = (next, found);
        } else {
            if next < best {
                a = next
            } else {
                b = next
            }
            if found <= second.1 || second.0 == best {
                (third, second) = (second, (next, found));
            } else if found <= third.1 || third.0 == best || third.0 == second.0 {
                third = (next, found);
            }
        }
    }
    // The points above are inside of the interval.
    let smaller = |known: (f64, f64), point: f64| match function(point) {
        found if found < known.1 => (point, found),
        _ => known,
    };
    [low, high].into_iter().fold((best, value), smaller).0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minima_are_found_inside_and_at_the_ends() {
        let close =
            |found: f64, expected: f64| assert!((found - expected).abs() <= 1e-7, "{found}, expected {expected}");
        close(minimum(-20.0, 20.0, |x| (x - 0.7) * (x - 0.7)), 0.7);
        close(minimum(-1e9, 1e9, |x| (x - 3.0).powi(4) + x), 3.0 - 0.25f64.cbrt());
        close(minimum(0.1, 5.0, |x| x - x.ln()), 1.0);
        close(minimum(-3.0, 5.0, |x| x.abs()), 0.0);
        assert_eq!(minimum(-3.0, 5.0, |x| x), -3.0);
        assert_eq!(minimum(-3.0, 5.0, |x| -x), 5.0);
    }

    #[test]
    fn a_function_without_values_ends() {
        assert!((-1.0..=1.0).contains(&minimum(-1.0, 1.0, |_| f64::NAN)));
    }
}
