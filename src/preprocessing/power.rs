//! The transformations of Yeo–Johnson and Box–Cox, and the power that makes numbers most normal.

use super::brent::minimum;
use super::ranked_numbers::RankedNumbers;
use crate::statistics::Moments;
use serde::{Deserialize, Serialize};

/// `y = (e^(λ·s) − 1)/λ` with `s = ln x` (Box–Cox) or `s = ln(1 + x)`, for negative `x` by `y(x; λ) = −y(−x; 2 − λ)` (Yeo–Johnson).
///
/// It is computed as its distance from the value at an origin, in units of the derivative there, `(y(s) − y(s₀))·e^(−λ·s₀)`: far
/// from 0 a power of numbers that differ little has no digits left, and this distance has all of them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Power {
    pub(crate) box_cox: bool,
    pub(crate) lambda: f64,
    /// The origin `s₀`; with 0 the distance is `y` itself.
    pub(crate) origin: f64,
}

/// `(e^(λ·t) − 1)/λ`.
fn power(t: f64, lambda: f64) -> f64 {
    if lambda.abs() < f64::EPSILON { t } else { (lambda * t).exp_m1() / lambda }
}

/// The `t` of `(e^(λ·t) − 1)/λ`; NaN if there is none.
fn inverse_power(u: f64, lambda: f64) -> f64 {
    if lambda.abs() < f64::EPSILON { u } else { (lambda * u).ln_1p() / lambda }
}

impl Power {
    /// The logarithm `s` of a number, of the sign of the number in Yeo–Johnson's.
    pub(super) fn logarithm(box_cox: bool, x: f64) -> f64 {
        if box_cox { x.ln() } else { x.abs().ln_1p().copysign(x) }
    }

    /// Of the logarithm of a number.
    pub(crate) fn of_logarithm(&self, s: f64) -> f64 {
        if !self.box_cox && self.origin < 0.0 {
            return -self.mirrored().of_logarithm(-s);
        }
        match self.box_cox || s >= 0.0 {
            true => power(s - self.origin, self.lambda),
            false => {
                power(-self.origin, self.lambda) - power(-s, 2.0 - self.lambda) * (-self.lambda * self.origin).exp()
            }
        }
    }

    pub(super) fn apply(&self, x: f64) -> f64 {
        self.of_logarithm(Self::logarithm(self.box_cox, x))
    }

    /// The number that was transformed; NaN if there is none.
    pub(super) fn invert(&self, y: f64) -> f64 {
        if !self.box_cox && self.origin < 0.0 {
            return -self.mirrored().invert(-y);
        }
        if self.box_cox {
            return (self.origin + inverse_power(y, self.lambda)).exp();
        }
        let zero = power(-self.origin, self.lambda);
        match y < zero {
            true => -inverse_power((zero - y) * (self.lambda * self.origin).exp(), 2.0 - self.lambda).exp_m1(),
            false => (self.origin + inverse_power(y, self.lambda)).exp_m1(),
        }
    }

    /// The Yeo–Johnson transform of `−x`.
    fn mirrored(&self) -> Power {
        Power { lambda: 2.0 - self.lambda, origin: -self.origin, ..*self }
    }
}

/// The logarithms of a column's numbers, for which a power is sought.
pub(super) struct Logarithms {
    box_cox: bool,
    values: Vec<f64>,
    sum: f64,
    /// Their mean if they differ and are all on one side, 0 otherwise.
    origin: f64,
    /// The powers that are tried: twenty times the largest absolute value can still be transformed and squared.
    bounds: (f64, f64),
}

impl Logarithms {
    /// Of numbers, none of which is missing.
    pub(super) fn of(box_cox: bool, numbers: &RankedNumbers) -> Self {
        let sample = numbers.sample();
        let mut values: Vec<f64> = sample.iter().map(|x| Power::logarithm(box_cox, *x)).collect();
        // At its flat top the likelihood differs only by its rounding: in this order the sums do not depend on that of the rows.
        values.sort_unstable_by(f64::total_cmp);
        let sum: f64 = values.iter().sum();
        // The powers must be finite for every number, in the sample or not.
        let ends = numbers.extremes();
        let logarithms = [ends.0, ends.1].map(|x| Power::logarithm(box_cox, x));
        let (negative, positive) = (logarithms[0] < 0.0, logarithms[1] >= 0.0);
        let one_sided = box_cox || !(negative && positive);
        let largest = match box_cox {
            true => logarithms.iter().fold(0.0, |most: f64, s| most.max(s.abs() + 20f64.ln())),
            false => (20.0 * ends.0.abs().max(ends.1.abs())).min(f64::MAX).ln_1p(),
        };
        let (tiny, epsilon) = (f64::MIN_POSITIVE.ln(), f64::EPSILON.ln());
        let (low, high) = ((tiny - epsilon) / 2.0 / largest, (f64::MAX.ln() + epsilon) / 2.0 / largest);
        let bounds = match (box_cox, negative, positive) {
            (false, true, false) => (2.0 - high, 2.0 - low),
            (false, true, true) => (low.max(2.0 - high), high.min(2.0 - low)),
            _ => (low, high),
        };
        let origin = if one_sided && !is_constant(&values) { sum / values.len() as f64 } else { 0.0 };
        Logarithms { box_cox, values, sum, origin, bounds }
    }

    /// The transformation by a power, from the origin at which all digits are kept.
    pub(super) fn power(&self, lambda: f64) -> Power {
        Power { box_cox: self.box_cox, lambda, origin: self.origin }
    }

    /// Mean and deviation of the transformed numbers.
    pub(super) fn moments(&self, power: &Power) -> Moments {
        let transformed: Vec<f64> = self.values.iter().map(|s| power.of_logarithm(*s)).collect();
        Moments::of(&transformed)
    }

    /// `(λ − 1)·Σs − n/2·ln var(y)`.
    pub(super) fn log_likelihood(&self, lambda: f64) -> f64 {
        let power = self.power(lambda);
        // y is e^(λ·s₀) times what is computed.
        let exponent =
            if !self.box_cox && self.origin < 0.0 { (lambda - 2.0) * self.origin } else { lambda * self.origin };
        let log_deviation = exponent + self.moments(&power).deviation(0.0).ln();
        (lambda - 1.0) * self.sum - self.values.len() as f64 * log_deviation
    }

    /// The power of the largest likelihood; 1, which leaves differences as they are, for a constant.
    pub(super) fn best(&self) -> f64 {
        if is_constant(&self.values) {
            return 1.0;
        }
        let found = minimum(self.bounds.0, self.bounds.1, |lambda| -self.log_likelihood(lambda));
        // What rounding makes infinite or no number at all is no likelihood.
        if self.log_likelihood(found).is_finite() { found } else { 1.0 }
    }
}

fn is_constant(values: &[f64]) -> bool {
    values.windows(2).all(|pair| pair[0] == pair[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_from_an_origin_is_that_of_the_plain_transformation() {
        for lambda in [-1.5, 0.0, 0.3, 1.0, 2.0, 2.7] {
            let plain = Power { box_cox: false, lambda, origin: 0.0 };
            for origin in [-1.2f64, 0.8] {
                let power = Power { origin, ..plain };
                let at = plain.of_logarithm(origin);
                let unit = if origin < 0.0 { (lambda - 2.0) * origin } else { lambda * origin }.exp();
                for x in [-9.0, -1.0, -1e-9, 0.0, 0.4, 3.0, 20.0] {
                    let expected = (plain.apply(x) - at) / unit;
                    let found = power.apply(x);
                    assert!((found - expected).abs() <= 1e-13 * expected.abs().max(1.0), "{lambda} {origin} {x}");
                    assert!((power.invert(found) - x).abs() <= 1e-10 * x.abs().max(1.0), "{lambda} {origin} {x}");
                }
            }
        }
        let box_cox = Power { box_cox: true, lambda: -0.4, origin: 2.5 };
        assert!([0.01, 1.0, 40.0].into_iter().all(|x| (box_cox.invert(box_cox.apply(x)) / x - 1.0).abs() < 1e-13));
    }

    #[test]
    fn numbers_that_differ_little_keep_their_digits() {
        let years: Vec<f64> = (0..60).map(|i| 1990.0 + f64::from(i * i % 37)).collect();
        for (box_cox, sign) in [(false, 1.0), (false, -1.0), (true, 1.0)] {
            let years: Vec<f64> = years.iter().map(|year| sign * year).collect();
            let logarithms = Logarithms::of(box_cox, &RankedNumbers::of(years.to_vec()));
            let lambda = logarithms.best();
            let power = logarithms.power(lambda);
            let transformed: Vec<f64> = years.iter().map(|year| power.apply(*year)).collect();
            let distinct: std::collections::HashSet<u64> = transformed.iter().map(|y| y.to_bits()).collect();
            let years_distinct: std::collections::HashSet<u64> = years.iter().map(|y| y.to_bits()).collect();
            assert_eq!(distinct.len(), years_distinct.len(), "{lambda}");
        }
    }
}
