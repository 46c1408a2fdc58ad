//! Student's t distribution.

use std::f64::consts::PI;

/// The probability that a t statistic with ν degrees of freedom is at least as far from 0: `Iₓ(ν/2, 1/2)` at `x = ν/(ν + t²)`.
///
/// `Iₓ` is the regularized incomplete beta function.
pub(super) fn two_sided(t: f64, degrees_of_freedom: usize) -> f64 {
    let (nu, square) = (degrees_of_freedom as f64, t * t);
    if t.is_nan() || square.is_infinite() {
        return if t.is_nan() { f64::NAN } else { 0.0 };
    }
    let (a, x, rest) = (nu / 2.0, nu / (nu + square), square / (nu + square));
    // xᵃ·(1 − x)^½ / B(a, ½), without the rounding error of x, which the power would amplify.
    let power = (-a * (square / nu).ln_1p()).exp();
    let factor = power * rest.sqrt() * gamma_ratio(a) / PI.sqrt();
    if x < (a + 1.0) / (a + 2.5) {
        factor * continued_fraction(a, 0.5, x) / a
    } else {
        1.0 - factor * continued_fraction(0.5, a, rest) / 0.5
    }
}

/// The critical value: t exceeds it in magnitude with probability `1 − level`; infinite for a level of 1.
pub(crate) fn critical_t(level: f64, degrees_of_freedom: usize) -> f64 {
    let outside = |t: f64| two_sided(t, degrees_of_freedom) > 1.0 - level;
    let mut high = 1.0;
    while outside(high) {
        high *= 2.0;
        if high > 1e300 {
            return f64::INFINITY;
        }
    }
    let mut low = 0.0;
    for _ in 0..200 {
        let middle = (low + high) / 2.0;
        if middle <= low || middle >= high {
            break;
        }
        if outside(middle) { low = middle } else { high = middle }
    }
    high
}

/// `Γ(a + ½)/Γ(a)`.
fn gamma_ratio(a: f64) -> f64 {
    // Γ(a + ½)/Γ(a) = a/(a + ½) · Γ(a + 3/2)/Γ(a + 1), until a is large enough for the series in 1/a.
    let (mut a, mut factor) = (a, 1.0);
    while a < 50.0 {
        factor *= a / (a + 0.5);
        a += 1.0;
    }
    let series = [1.0, -1.0 / 8.0, 1.0 / 128.0, 5.0 / 1024.0, -21.0 / 32768.0, -399.0 / 262_144.0, 869.0 / 4_194_304.0];
    factor * a.sqrt() * series.iter().rev().fold(0.0, |sum, coefficient| sum / a + coefficient)
}

/// The continued fraction of the incomplete beta function, by Lentz's algorithm.
///
/// Converges for `x < (a + 1)/(a + b + 2)`, in about `√max(a, b)` steps.
fn continued_fraction(a: f64, b: f64, x: f64) -> f64 {
    let nonzero = |value: f64| if value.abs() < f64::MIN_POSITIVE { f64::MIN_POSITIVE } else { value };
    let (mut c, mut d) = (1.0, 1.0 / nonzero(1.0 - (a + b) * x / (a + 1.0)));
    let mut fraction = d;
    for step in 1..100_000 {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let before = fraction;
        for numerator in [even, odd] {
            d = 1.0 / nonzero(1.0 + numerator * d);
            c = nonzero(1.0 + numerator / c);
            fraction *= c * d;
        }
        if (fraction - before).abs() <= f64::EPSILON / 2.0 * fraction.abs() {
            break;
        }
    }
    fraction
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference;

    #[test]
    fn probabilities_are_those_of_the_reference() {
        let case = reference::case("student_t");
        let (t, nu, expected) = (case.numbers("t"), case.indices("degrees_of_freedom"), case.numbers("p"));
        for ((&t, &nu), &expected) in t.iter().zip(&nu).zip(&expected) {
            for t in [t, -t] {
                let found = two_sided(t, nu);
                assert!((found - expected).abs() <= 1e-12 * expected, "t {t}, {nu}: {found}, expected {expected}");
            }
        }
    }

    #[test]
    fn probabilities_have_the_closed_forms_of_one_and_two_degrees_of_freedom() {
        for t in [1e-12, 1e-8, 1e-4, 0.5, 3.0, 1e4, 1e8] {
            let one = if t < 1.0 { 1.0 - 2.0 / PI * f64::atan(t) } else { 2.0 / PI * f64::atan(1.0 / t) };
            // 1 − t/√(2 + t²), without its cancellation.
            let root = (2.0 + t * t).sqrt();
            let two = 2.0 / (root * (root + t));
            for (nu, expected) in [(1, one), (2, two)] {
                let found = two_sided(t, nu);
                assert!((found - expected).abs() <= 1e-14 * expected, "t {t}, {nu}: {found}, expected {expected}");
            }
        }
    }

    #[test]
    fn critical_values_are_those_of_tables() {
        for (level, nu, expected) in [(0.95, 1, 12.7062), (0.95, 4, 2.7764), (0.99, 9, 3.2498), (0.9, 99, 1.6604)] {
            assert!((critical_t(level, nu) - expected).abs() < 1e-4, "{level}, {nu}: {}", critical_t(level, nu));
        }
        assert!(critical_t(0.0, 3) < 1e-30);
    }

    #[test]
    fn the_ends_are_exact() {
        assert_eq!((two_sided(0.0, 3), two_sided(f64::INFINITY, 3), two_sided(-1e300, 3)), (1.0, 0.0, 0.0));
        assert!(two_sided(f64::NAN, 3).is_nan());
    }
}
