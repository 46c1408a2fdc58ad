//! Mean, standard deviation and range of finite numbers, exact enough at both ends of the range of `f64`.
//!
//! Whether a column is constant is decided by its minimum and maximum: the rounding of a mean makes the sum of squares of
//! equal numbers anything but 0.

use serde::{Deserialize, Serialize};

/// Count, extremes, mean and squared deviations of the values that are not NaN.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Moments {
    #[serde(with = "crate::json_numbers::bits")]
    count: f64,
    #[serde(with = "crate::json_numbers::bits")]
    min: f64,
    #[serde(with = "crate::json_numbers::bits")]
    max: f64,
    /// A power of two, by which the values were divided before they were squared.
    #[serde(with = "crate::json_numbers::bits")]
    unit: f64,
    /// In units.
    #[serde(with = "crate::json_numbers::bits")]
    mean: f64,
    /// The sum of the squared distances from the mean, in units squared.
    #[serde(with = "crate::json_numbers::bits")]
    squares: f64,
}

impl Moments {
    /// The moments of finite values.
    pub(crate) fn of(values: &[f64]) -> Moments {
        Moments::of_each(values.iter().copied())
    }

    /// Computes the moments in three passes over finite values.
    pub(crate) fn of_each(values: impl Iterator<Item = f64> + Clone) -> Moments {
        let present = values.filter(|value| !value.is_nan());
        let Extremes { min, max } = Extremes::of_each(present.clone());
        let largest = min.abs().max(max.abs());
        // Between these bounds no square overflows, nor does one vanish that counts.
        let unit = if (2f64.powi(-400)..2f64.powi(480)).contains(&largest) { 1.0 } else { unit_of(largest) };
        let (count, sum) = present.clone().fold((0.0, 0.0), |(count, sum), value| (count + 1.0, sum + value / unit));
        if min == max {
            return Moments { count, min, max, unit, mean: min / unit, squares: 0.0 };
        }
        let mean = sum / count;
        // The second sum corrects for the rounding of the mean.
        let (squares, rest) = present.fold((0.0, 0.0), |(squares, rest), value| {
            let distance = value / unit - mean;
            (squares + distance * distance, rest + distance)
        });
        let correction = rest / count;
        Moments { count, min, max, unit, mean: mean + correction, squares: squares - rest * correction }
    }

    /// The moments of both groups of values together.
    ///
    /// # References
    ///
    /// Chan, Golub and LeVeque, *Updating formulae and a pairwise algorithm for computing sample variances*, 1979.
    pub(crate) fn merge(&self, other: &Moments) -> Moments {
        if self.count == 0.0 || other.count == 0.0 {
            return if self.count == 0.0 { *other } else { *self };
        }
        let unit = self.unit.max(other.unit);
        let (a, b) = (self.in_unit(unit), other.in_unit(unit));
        let Extremes { min, max } = self.extremes().merge(&other.extremes());
        let count = a.count + b.count;
        let distance = b.mean - a.mean;
        Moments {
            count,
            min,
            max,
            unit,
            mean: if min == max { min / unit } else { a.mean + distance * (b.count / count) },
            squares: a.squares + b.squares + distance * distance * (a.count * (b.count / count)),
        }
    }

    fn extremes(&self) -> Extremes {
        Extremes { min: self.min, max: self.max }
    }

    fn in_unit(&self, unit: f64) -> Moments {
        let ratio = self.unit / unit;
        Moments { unit, mean: self.mean * ratio, squares: self.squares * ratio * ratio, ..*self }
    }

    pub(crate) fn mean(&self) -> f64 {
        self.mean * self.unit
    }

    /// The distance of a value from the mean, in a unit in which no square of it overflows or vanishes.
    pub(crate) fn distance(&self, value: f64) -> f64 {
        value / self.unit - self.mean
    }

    /// Whether there is a value and all others equal it.
    pub(crate) fn is_constant(&self) -> bool {
        self.min == self.max
    }

    /// The variance with the denominator count; infinite where it exceeds `f64`.
    pub(crate) fn variance(&self) -> f64 {
        self.squares / self.count * self.unit * self.unit
    }

    /// The square root of the squared deviations divided by count − `ddof`; NaN if there are no more values than `ddof`.
    pub(crate) fn deviation(&self, ddof: f64) -> f64 {
        if self.count > ddof { (self.squares / (self.count - ddof)).sqrt() * self.unit } else { f64::NAN }
    }
}

/// The power of two below a positive number, as far as its inverse is one of `f64`.
fn unit_of(largest: f64) -> f64 {
    if largest > 0.0 && largest.is_finite() {
        2f64.powi(largest.log2().floor().clamp(-1000.0, 1000.0) as i32)
    } else {
        1.0
    }
}

/// Minimum and maximum of the values that are not NaN; NaN if there is none.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Extremes {
    #[serde(with = "crate::json_numbers::bits")]
    pub(crate) min: f64,
    #[serde(with = "crate::json_numbers::bits")]
    pub(crate) max: f64,
}

impl Extremes {
    pub(crate) fn of(values: &[f64]) -> Extremes {
        Extremes::of_each(values.iter().copied())
    }

    fn of_each(values: impl Iterator<Item = f64>) -> Extremes {
        let nothing = Extremes { min: f64::NAN, max: f64::NAN };
        values.fold(nothing, |found, value| Extremes { min: found.min.min(value), max: found.max.max(value) })
    }

    /// The extremes of both groups of values together.
    pub(crate) fn merge(&self, other: &Extremes) -> Extremes {
        Extremes { min: self.min.min(other.min), max: self.max.max(other.max) }
    }
}

/// `(x − center)/scale`, also where the difference overflows.
pub(crate) fn standardize(x: f64, center: f64, scale: f64) -> f64 {
    let distance = x - center;
    if distance.is_infinite() { (x / 2.0 - center / 2.0) / scale * 2.0 } else { distance / scale }
}

/// `z·scale + center`, also where the product overflows.
pub(crate) fn unstandardize(z: f64, center: f64, scale: f64) -> f64 {
    let distance = z * scale;
    if distance.is_infinite() { (z * (scale / 2.0) + center / 2.0) * 2.0 } else { distance + center }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_are_constant_whatever_their_size() {
        for value in [0.0, 5e-324, 1e-300, 0.1, 0.3, 14.62, 1e9, 123_456.789, 1.23765e18, 1e308] {
            let moments = Moments::of_each(std::iter::repeat_n(value, 1000));
            assert!(moments.is_constant(), "{value}");
            assert_eq!((moments.mean(), moments.variance(), moments.deviation(1.0)), (value, 0.0, 0.0));
        }
        let nothing = Moments::of(&[f64::NAN]);
        assert!(!nothing.is_constant() && nothing.deviation(0.0).is_nan());
    }

    #[test]
    fn deviations_hold_at_both_ends_of_the_range() {
        for size in [5e-324, 1e-320, 1e-310, 1e-200, 1e-140, 1e-17, 1.0, 1e17, 1e140, 1e160, 5e307] {
            let moments = Moments::of(&[size, 2.0 * size, 3.0 * size]);
            let within = |found: f64, expected: f64| (found - expected).abs() <= 1e-14 * expected + 2.5e-324;
            assert!(within(moments.mean(), 2.0 * size), "{size:e}: {:e}", moments.mean());
            let expected = (2.0f64 / 3.0).sqrt() * size;
            assert!(within(moments.deviation(0.0), expected), "{size:e}: {:e}", moments.deviation(0.0));
            assert!(!moments.is_constant());
        }
        let ends = Moments::of(&[f64::MIN, f64::MAX]);
        assert_eq!((ends.mean(), ends.deviation(0.0)), (0.0, f64::MAX));
    }

    #[test]
    fn a_small_deviation_from_a_large_mean_is_kept() {
        let moments = Moments::of_each((0..1_000_000).map(|i| 1e9 + f64::from(i % 2) * 0.25));
        assert_eq!((moments.mean(), moments.variance()), (1e9 + 0.125, 0.015625));
        let next = f64::from_bits(1f64.to_bits() + 1);
        assert_eq!(Moments::of(&[1.0, next]).deviation(0.0), f64::EPSILON / 2.0);
    }

    #[test]
    fn moments_of_blocks_are_those_of_the_whole() {
        for size in [5e-320, 1e-200, 1e-17, 1.0, 1e9, 1e200, 1e307] {
            let values: Vec<f64> = (0..1000).map(|i| size * (1.0 + f64::from(i * i % 97) / 97.0)).collect();
            let whole = Moments::of(&values);
            for block in [1, 7, 333, 1000] {
                let blocks = values.chunks(block).map(Moments::of);
                let merged = blocks.reduce(|known, later| known.merge(&later)).unwrap();
                let within = |found: f64, expected: f64| (found - expected).abs() <= 1e-12 * expected + 5e-324;
                assert!(within(merged.mean(), whole.mean()), "{size:e} {block}: {:e}", merged.mean());
                assert!(within(merged.deviation(0.0), whole.deviation(0.0)), "{size:e} {block}");
            }
        }
        let (small, large) = (Moments::of(&[1e-310]), Moments::of(&[-1e300, 1e300]));
        assert_eq!(small.merge(&large).deviation(0.0), Moments::of(&[1e-310, -1e300, 1e300]).deviation(0.0));
        let constant = Moments::of(&[0.3, 0.3]).merge(&Moments::of(&[0.3]));
        assert!(constant.is_constant() && constant.mean() == 0.3 && constant.variance() == 0.0);
        let nothing = Moments::of_each(std::iter::empty());
        assert_eq!(nothing.merge(&constant).mean(), 0.3);
    }

    #[test]
    fn differences_that_exceed_the_range_are_scaled_all_the_same() {
        assert_eq!(standardize(1.5e308, -1.5e308, 1.5e308), 2.0);
        assert_eq!(unstandardize(2.0, -1.5e308, 1.5e308), 1.5e308);
        assert!(standardize(f64::NAN, 0.0, 1.0).is_nan() && unstandardize(f64::NAN, 0.0, 1.0).is_nan());
    }
}
