//! Mean and variance of a column, and the sums that their derivatives need.

use crate::Scalar;
use crate::kernels::{Element, Kernel, LANES, Simd, run};

/// Mean and variance (divided by the count) of some values; zeros if there are none. The second of two passes corrects the rounding
/// of the first, so the mean of equal values is exactly this value.
pub(crate) fn mean_and_variance<T: Scalar>(values: &[T]) -> (T, T) {
    run(MeanAndVariance { values, inverse_count: inverse_count(values.len()) })
}

/// `(Σ dy, Σ (x − mean)·dy)`.
pub(crate) fn gradient_sums<T: Scalar>(x: &[T], mean: T, dy: &[T]) -> (T, T) {
    run(GradientSums { x, mean, dy })
}

fn inverse_count<T: Element>(count: usize) -> T {
    T::literal(1.0 / count.max(1) as f64)
}

struct MeanAndVariance<'a, T> {
    values: &'a [T],
    inverse_count: T,
}

impl<T: Scalar> Kernel<T> for MeanAndVariance<'_, T> {
    type Output = (T, T);

    #[inline(always)]
    fn run<S: Simd<T>>(self, s: S) -> (T, T) {
        let MeanAndVariance { values, inverse_count } = self;
        let mut total = s.zero();
        for part in values.chunks(S::LANES) {
            total = s.add(total, s.load(part));
        }
        let mean = s.reduce_sum(total) * inverse_count;
        let center = s.splat(mean);
        let (mut squares, mut deviations) = (s.zero(), s.zero());
        let blocks = values.chunks_exact(S::LANES);
        let rest = blocks.remainder();
        for block in blocks {
            let deviation = s.sub(s.load(block), center);
            deviations = s.add(deviations, deviation);
            squares = s.mul_add(deviation, deviation, squares);
        }
        // The lanes after the last value hold zeros, whose deviation must not count.
        let ones = [T::literal(1.0); LANES];
        let deviation = s.mul(s.load(&ones[..rest.len()]), s.sub(s.load(rest), center));
        deviations = s.add(deviations, deviation);
        squares = s.mul_add(deviation, deviation, squares);
        let correction = s.reduce_sum(deviations) * inverse_count;
        let variance = s.reduce_sum(squares) * inverse_count - correction * correction;
        (mean + correction, if variance > T::zero() { variance } else { T::zero() })
    }
}

struct GradientSums<'a, T> {
    x: &'a [T],
    mean: T,
    dy: &'a [T],
}

impl<T: Scalar> Kernel<T> for GradientSums<'_, T> {
    type Output = (T, T);

    #[inline(always)]
    fn run<S: Simd<T>>(self, s: S) -> (T, T) {
        let center = s.splat(self.mean);
        let (mut sum, mut weighted) = (s.zero(), s.zero());
        // In lanes after the last value dy is zero, so these do not contribute to either sum.
        for (x, dy) in self.x.chunks(S::LANES).zip(self.dy.chunks(S::LANES)) {
            let dy = s.load(dy);
            sum = s.add(sum, dy);
            weighted = s.mul_add(s.sub(s.load(x), center), dy, weighted);
        }
        (s.reduce_sum(sum), s.reduce_sum(weighted))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::Level;

    #[test]
    fn equal_values_have_exactly_their_mean() {
        for level in Level::all() {
            for value in [0.1f32, 14.62, 2024.0, 16_777_213.0, 1e30] {
                for count in [1, 3, 16, 50, 77] {
                    let values = vec![value; count];
                    let inverse_count = inverse_count(count);
                    assert_eq!(
                        f32::dispatch(MeanAndVariance { values: &values, inverse_count }, level).0,
                        value,
                        "{level:?} {count}"
                    );
                }
            }
        }
    }

    #[test]
    fn equal_plain_loops_at_every_level_and_length() {
        for level in Level::all() {
            for count in [0, 1, 3, 7, 8, 15, 16, 17, 40, 100] {
                let x: Vec<f64> = (0..count).map(|i| 1000.0 + f64::from(i * 7 % 11)).collect();
                let dy: Vec<f64> = (0..count).map(|i| f64::from(i * 5 % 13) - 6.0).collect();
                let n = f64::from(count).max(1.0);
                let mean = x.iter().sum::<f64>() / n;
                let variance = x.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
                let found = f64::dispatch(MeanAndVariance { values: &x, inverse_count: 1.0 / n }, level);
                approx::assert_relative_eq!(found.0, mean, max_relative = 1e-14);
                approx::assert_relative_eq!(found.1, variance, max_relative = 1e-12);
                let weighted = x.iter().zip(&dy).map(|(x, dy)| (x - mean) * dy).sum::<f64>();
                let found = f64::dispatch(GradientSums { x: &x, mean, dy: &dy }, level);
                approx::assert_relative_eq!(found.0, dy.iter().sum::<f64>(), max_relative = 1e-14);
                approx::assert_relative_eq!(found.1, weighted, max_relative = 1e-10, epsilon = 1e-10);
            }
        }
    }
}
