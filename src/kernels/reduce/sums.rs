//! Sums over whole slices, and whether all values are finite.

use crate::kernels::{Element, Kernel, Simd, run};
use crate::{Scalar, threads};
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether no value is NaN or infinite.
pub(crate) fn all_finite<T: Scalar>(values: &[T]) -> bool {
    if values.len() <= FEW {
        // v·0 is 0 for finite numbers and NaN for others, and a sum with NaN is NaN. The compiler vectorizes the four sums.
        let (fours, rest) = values.as_chunks::<4>();
        let mut total = [T::zero(); 4];
        for four in fours {
            total.iter_mut().zip(four).for_each(|(total, &value)| *total += value * T::zero());
        }
        total.iter_mut().zip(rest).for_each(|(total, &value)| *total += value * T::zero());
        return (total[0] + total[1]) + (total[2] + total[3]) == T::zero();
    }
    // v − v is also 0 for finite numbers and NaN for others.
    let found = AtomicBool::new(false);
    threads::divide(values, threads::parts(values.len(), GRAIN), &split, &|values| {
        let total = run(SumKernel { values, summand: SelfDifference });
        if total.partial_cmp(&total).is_none() {
            found.store(true, Ordering::Relaxed);
        }
    });
    !found.into_inner()
}

fn split<T>(values: &[T], left: usize, parts: usize) -> (&[T], &[T]) {
    values.split_at(threads::boundary(values.len(), left, parts))
}

/// Up to this many values a plain loop is faster than a kernel call.
const FEW: usize = 32;

/// The number of values per thread below which another thread does not pay.
const GRAIN: usize = 1 << 18;

/// The sum, each chunk in the element type and the chunks in `f64`.
pub(crate) fn sum<T: Element + Into<f64>>(values: &[T]) -> f64 {
    values.chunks(512).map(|values| run(SumKernel { values, summand: Unchanged }).into()).sum()
}

/// The sum in the element type.
pub(crate) fn total<T: Element>(values: &[T]) -> T {
    run(SumKernel { values, summand: Unchanged })
}

/// The sum of the squares, summed as by [`sum`].
pub(crate) fn squares<T: Element + Into<f64>>(values: &[T]) -> f64 {
    values.chunks(512).map(|values| run(SumKernel { values, summand: Square }).into()).sum()
}

/// The sum of the magnitudes, summed as by [`sum`].
pub(crate) fn magnitudes<T: Element + Into<f64>>(values: &[T]) -> f64 {
    values.chunks(512).map(|values| run(SumKernel { values, summand: Magnitude }).into()).sum()
}

/// The function whose values are summed.
trait Summand<T: Element>: Copy {
    fn apply<S: Simd<T>>(self, s: S, v: S::V) -> S::V;
}

#[derive(Clone, Copy)]
struct SelfDifference;
impl<T: Element> Summand<T> for SelfDifference {
    #[inline(always)]
    fn apply<S: Simd<T>>(self, s: S, v: S::V) -> S::V {
        s.sub(v, v)
    }
}

#[derive(Clone, Copy)]
struct Unchanged;
impl<T: Element> Summand<T> for Unchanged {
    #[inline(always)]
    fn apply<S: Simd<T>>(self, _: S, v: S::V) -> S::V {
        v
    }
}

#[derive(Clone, Copy)]
struct Square;
impl<T: Element> Summand<T> for Square {
    #[inline(always)]
    fn apply<S: Simd<T>>(self, s: S, v: S::V) -> S::V {
        s.mul(v, v)
    }
}

#[derive(Clone, Copy)]
struct Magnitude;
impl<T: Element> Summand<T> for Magnitude {
    #[inline(always)]
    fn apply<S: Simd<T>>(self, s: S, v: S::V) -> S::V {
        s.abs(v)
    }
}

struct SumKernel<'a, T, L> {
    values: &'a [T],
    summand: L,
}

impl<T: Element, L: Summand<T>> Kernel<T> for SumKernel<'_, T, L> {
    type Output = T;

    #[inline(always)]
    fn run<S: Simd<T>>(self, s: S) -> T {
        // Four chains hide the latency of the addition.
        let mut total = [s.zero(); 4];
        let blocks = self.values.chunks_exact(4 * S::LANES);
        let rest = blocks.remainder();
        for block in blocks {
            for (i, part) in total.iter_mut().enumerate() {
                *part = s.add(*part, self.summand.apply(s, s.load(&block[i * S::LANES..])));
            }
        }
        for part in rest.chunks(S::LANES) {
            total[0] = s.add(total[0], self.summand.apply(s, s.load(part)));
        }
        s.reduce_sum(s.add(s.add(total[0], total[1]), s.add(total[2], total[3])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bad_value_anywhere_is_found() {
        for length in [1, 5, 16, 63, 64, 65, 200] {
            let mut values = vec![1.5f32; length];
            assert!(all_finite(&values));
            for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
                for place in [0, length / 2, length - 1] {
                    values[place] = bad;
                    assert!(!all_finite(&values), "{bad} at {place} of {length}");
                    values[place] = 1.5;
                }
            }
        }
    }

    #[test]
    fn sums_equal_plain_loops() {
        let values: Vec<f64> = (0..1500).map(|i| f64::from(i) * 0.25 - 100.0).collect();
        approx::assert_relative_eq!(sum(&values), values.iter().sum::<f64>(), max_relative = 1e-14);
        approx::assert_relative_eq!(squares(&values), values.iter().map(|v| v * v).sum::<f64>(), max_relative = 1e-14);
        approx::assert_relative_eq!(
            magnitudes(&values),
            values.iter().map(|v| v.abs()).sum::<f64>(),
            max_relative = 1e-14
        );
    }
}
