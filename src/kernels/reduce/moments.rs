//! Mean and variance of a column, and the sums that their derivatives need.

use crate::Scalar;
use crate::kernels::{Element, Kernel, LANES, Simd, run};

/// Mean and variance (divided by the count) of some values, in two passes, of which the second corrects the rounding of the
/// first: equal values have exactly that mean. Zeros of none.
pub(crate) fn of<T: Scalar>(values: &[T]) -> (T, T) {
    run(Moments { values, share: share(values.len()) })
}

/// `(Σ dy, Σ (x − mean)·dy)`.
pub(crate) fn slopes<T: Scalar>(x: &[T], mean: T, dy: &[T]) -> (T, T) {
    run(Slopes { x, mean, dy })
}

fn share<T: Element>(count: usize) -> T {
    T::literal(1.0 / count.max(1) as f64)
}

struct Moments<'a, T> {
    values: &'a [T],
    share: T,
}

impl<T: Scalar> Kernel<T> for Moments<'_, T> {
    type Output = (T, T);

    #[inline(always)]
    fn run<S: Simd<T>>(self, s: S) -> (T, T) {
        let Moments { values, share } = self;
        let mut total = s.zero();
        for part in values.chunks(S::LANES) {
            total = s.add(total, s.load(part));
        }
        let mean = s.reduce_sum(total) * share;
        let center = s.splat(mean);
        let (mut squares, mut distances) = (s.zero(), s.zero());
        let blocks = values.chunks_exact(S::LANES);
        let rest = blocks.remainder();
        for block in blocks {
            let distance = s.sub(s.load(block), center);
            distances = s.add(distances, distance);
            squares = s.mul_add(distance, distance, squares);
        }
        // The lanes behind the last value hold zeros, whose distance from the mean must not count.
        let here = [T::literal(1.0); LANES];
        let distance = s.mul(s.load(&here[..rest.len()]), s.sub(s.load(rest), center));
        distances = s.add(distances, distance);
        squares = s.mul_add(distance, distance, squares);
        let correction = s.reduce_sum(distances) * share;
        let variance = s.reduce_sum(squares) * share - correction * correction;
        (mean + correction, if variance > T::zero() { variance } else { T::zero() })
    }
}

struct Slopes<'a, T> {
    x: &'a [T],
    mean: T,
    dy: &'a [T],
}

impl<T: Scalar> Kernel<T> for Slopes<'_, T> {
    type Output = (T, T);

    #[inline(always)]
    fn run<S: Simd<T>>(self, s: S) -> (T, T) {
        let center = s.splat(self.mean);
        let (mut sum, mut along) = (s.zero(), s.zero());
        // Behind the last value dy is zero, which takes those lanes out of both sums.
        for (x, dy) in self.x.chunks(S::LANES).zip(self.dy.chunks(S::LANES)) {
            let dy = s.load(dy);
            sum = s.add(sum, dy);
            along = s.mul_add(s.sub(s.load(x), center), dy, along);
        }
        (s.reduce_sum(sum), s.reduce_sum(along))
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
                    let share = super::share(count);
                    assert_eq!(f32::dispatch(Moments { values: &values, share }, level).0, value, "{level:?} {count}");
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
                let found = f64::dispatch(Moments { values: &x, share: 1.0 / n }, level);
                approx::assert_relative_eq!(found.0, mean, max_relative = 1e-14);
                approx::assert_relative_eq!(found.1, variance, max_relative = 1e-12);
                let along = x.iter().zip(&dy).map(|(x, dy)| (x - mean) * dy).sum::<f64>();
                let found = f64::dispatch(Slopes { x: &x, mean, dy: &dy }, level);
                approx::assert_relative_eq!(found.0, dy.iter().sum::<f64>(), max_relative = 1e-14);
                approx::assert_relative_eq!(found.1, along, max_relative = 1e-10, epsilon = 1e-10);
            }
        }
    }
}
