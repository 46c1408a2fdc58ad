//! Softmax over the columns of a batch, and its derivative.

use crate::kernels::functions::exp;
use crate::kernels::{Element, Kernel, LANES, Simd, run};

/// `a = softmax(z)` for columns that are `stride` apart, with one sample per lane.
pub(crate) fn forward<T: Element>(z: &[T], a: &mut [T], stride: usize) {
    run(SoftmaxForward { z, a, stride });
}

/// `dz = a·(da − Σₖ aₖ·daₖ)`.
pub(crate) fn backward<T: Element>(a: &[T], da: &[T], dz: &mut [T], stride: usize) {
    run(SoftmaxBackward { a, da, dz, stride });
}

struct SoftmaxForward<'a, T> {
    z: &'a [T],
    a: &'a mut [T],
    stride: usize,
}

/// The largest value of each lane over all columns.
#[inline(always)]
pub(crate) fn max_over_columns<T: Element, S: Simd<T>>(s: S, z: &[T], stride: usize, lane: usize) -> S::V {
    let mut max = s.load(&z[lane..]);
    for column in z.chunks_exact(stride).skip(1) {
        max = s.max(max, s.load(&column[lane..]));
    }
    max
}

/// `e^(z − max)` into `a`; returns the sums over the columns.
#[inline(always)]
pub(super) fn exponentials<T: Element, S: Simd<T>>(
    s: S,
    z: &[T],
    a: &mut [T],
    stride: usize,
    lane: usize,
    max: S::V,
) -> S::V {
    let mut sum = s.zero();
    for (z, a) in z.chunks_exact(stride).zip(a.chunks_exact_mut(stride)) {
        let e = exp(s, s.sub(s.load(&z[lane..]), max));
        sum = s.add(sum, e);
        s.store(&mut a[lane..], e);
    }
    sum
}

impl<T: Element> Kernel<T> for SoftmaxForward<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T>>(self, s: S) {
        let SoftmaxForward { z, a, stride } = self;
        assert!(stride.is_multiple_of(LANES) && z.len() == a.len());
        for lane in (0..stride).step_by(S::LANES) {
            let max = max_over_columns(s, z, stride, lane);
            let sum = exponentials(s, z, a, stride, lane, max);
            let inverse_sum = s.div(s.literal(1.0), sum);
            for a in a.chunks_exact_mut(stride) {
                let value = s.mul(s.load(&a[lane..]), inverse_sum);
                s.store(&mut a[lane..], value);
            }
        }
    }
}

struct SoftmaxBackward<'a, T> {
    a: &'a [T],
    da: &'a [T],
    dz: &'a mut [T],
    stride: usize,
}

impl<T: Element> Kernel<T> for SoftmaxBackward<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T>>(self, s: S) {
        let SoftmaxBackward { a, da, dz, stride } = self;
        assert!(stride.is_multiple_of(LANES) && a.len() == da.len() && a.len() == dz.len());
        for lane in (0..stride).step_by(S::LANES) {
            let mut dot = s.zero();
            for (a, da) in a.chunks_exact(stride).zip(da.chunks_exact(stride)) {
                dot = s.mul_add(s.load(&a[lane..]), s.load(&da[lane..]), dot);
            }
            for ((a, da), dz) in a.chunks_exact(stride).zip(da.chunks_exact(stride)).zip(dz.chunks_exact_mut(stride)) {
                let value = s.mul(s.load(&a[lane..]), s.sub(s.load(&da[lane..]), dot));
                s.store(&mut dz[lane..], value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::Level;
    use approx::assert_relative_eq;

    #[test]
    fn forward_and_backward_equal_plain_loops_at_every_level() {
        let (stride, columns) = (32, 5);
        let value = |i: usize| ((i * 37) % 23) as f64 - 11.0;
        let z: Vec<f64> = (0..stride * columns).map(value).collect();
        let da: Vec<f64> = (0..stride * columns).map(|i| value(i + 7) / 8.0).collect();
        for level in Level::all() {
            let (mut a, mut dz) = (vec![f64::NAN; z.len()], vec![f64::NAN; z.len()]);
            f64::dispatch(SoftmaxForward { z: &z, a: &mut a, stride }, level);
            f64::dispatch(SoftmaxBackward { a: &a, da: &da, dz: &mut dz, stride }, level);
            for lane in 0..stride {
                let at = |column: usize| column * stride + lane;
                let sum: f64 = (0..columns).map(|j| z[at(j)].exp()).sum();
                let softmax = |j: usize| z[at(j)].exp() / sum;
                let dot: f64 = (0..columns).map(|j| softmax(j) * da[at(j)]).sum();
                for j in 0..columns {
                    assert_relative_eq!(a[at(j)], softmax(j), max_relative = 1e-14);
                    assert_relative_eq!(
                        dz[at(j)],
                        softmax(j) * (da[at(j)] - dot),
                        max_relative = 1e-11,
                        epsilon = 1e-15
                    );
                }
            }
        }
    }
}
