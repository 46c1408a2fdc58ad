//! Softmax over the columns of a batch, alone and with the cross-entropy that follows it.

use crate::kernels::functions::{exp, ln};
use crate::kernels::{Element, Kernel, LANES, Simd, run};

/// `a = softmax(z)` for columns that are `stride` apart, one sample a lane.
pub(crate) fn forward<T: Element>(z: &[T], a: &mut [T], stride: usize) {
    run(Forward { z, a, stride });
}

/// `dz = a·(da − Σₖ aₖ·daₖ)`.
pub(crate) fn backward<T: Element>(a: &[T], da: &[T], dz: &mut [T], stride: usize) {
    run(Backward { a, da, dz, stride });
}

/// The cross-entropy `−Σⱼ yⱼ·ln softmax(z)ⱼ` of logits: probabilities, loss per sample and `(p·Σy − y)·scale`.
///
/// `ln softmax(z)ⱼ = zⱼ − max − ln Σₖ e^(zₖ − max)`, so no logarithm of 0 is taken.
pub(crate) struct Crossentropy<'a, T, const GRADIENT: bool> {
    /// `classes` columns.
    pub(crate) z: &'a [T],
    /// One column of class indices, or `classes` columns of class probabilities.
    pub(crate) y: &'a [T],
    pub(crate) sparse: bool,
    /// `y` becomes `y·(1 − s) + s/classes`; not for indices.
    pub(crate) label_smoothing: f64,
    /// One factor of the gradient per sample.
    pub(crate) scale: &'a [T],
    pub(crate) p: &'a mut [T],
    pub(crate) losses: &'a mut [T],
    pub(crate) dz: &'a mut [T],
    pub(crate) stride: usize,
}

struct Forward<'a, T> {
    z: &'a [T],
    a: &'a mut [T],
    stride: usize,
}

/// The largest value of each lane over all columns.
#[inline(always)]
pub(crate) fn largest<T: Element, S: Simd<T>>(s: S, z: &[T], stride: usize, lane: usize) -> S::V {
    let mut largest = s.load(&z[lane..]);
    for column in z.chunks_exact(stride).skip(1) {
        largest = s.max(largest, s.load(&column[lane..]));
    }
    largest
}

/// `e^(z − largest)` into `a`; returns the sums over the columns.
#[inline(always)]
fn exponentials<T: Element, S: Simd<T>>(s: S, z: &[T], a: &mut [T], stride: usize, lane: usize, largest: S::V) -> S::V {
    let mut sum = s.zero();
    for (z, a) in z.chunks_exact(stride).zip(a.chunks_exact_mut(stride)) {
        let e = exp(s, s.sub(s.load(&z[lane..]), largest));
        sum = s.add(sum, e);
        s.store(&mut a[lane..], e);
    }
    sum
}

impl<T: Element> Kernel<T> for Forward<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T>>(self, s: S) {
        let Forward { z, a, stride } = self;
        assert!(stride.is_multiple_of(LANES) && z.len() == a.len());
        for lane in (0..stride).step_by(S::LANES) {
            let top = largest(s, z, stride, lane);
            let sum = exponentials(s, z, a, stride, lane, top);
            let share = s.div(s.literal(1.0), sum);
            for a in a.chunks_exact_mut(stride) {
                let value = s.mul(s.load(&a[lane..]), share);
                s.store(&mut a[lane..], value);
            }
        }
    }
}

struct Backward<'a, T> {
    a: &'a [T],
    da: &'a [T],
    dz: &'a mut [T],
    stride: usize,
}

impl<T: Element> Kernel<T> for Backward<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T>>(self, s: S) {
        let Backward { a, da, dz, stride } = self;
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

impl<T: Element, const GRADIENT: bool> Kernel<T> for Crossentropy<'_, T, GRADIENT> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T>>(self, s: S) {
        let Crossentropy { z, y, sparse, label_smoothing, scale, p, losses, dz, stride } = self;
        assert!(stride.is_multiple_of(LANES) && z.len() == p.len() && (!GRADIENT || z.len() == dz.len()));
        let classes = z.len() / stride;
        let keep = s.literal(1.0 - label_smoothing);
        let spread = s.literal(label_smoothing / classes as f64);
        let (zero, one) = (s.zero(), s.literal(1.0));
        for lane in (0..stride).step_by(S::LANES) {
            let top = largest(s, z, stride, lane);
            let sum = exponentials(s, z, p, stride, lane, top);
            let share = s.div(one, sum);
            let log_sum = s.add(ln(s, sum), top);
            let target = |class: usize| {
                if sparse {
                    let class = s.literal(class as f64);
                    let index = s.load(&y[lane..]);
                    let hit = s.select(s.ge(index, class), one, zero);
                    s.select(s.ge(class, index), hit, zero)
                } else {
                    s.mul_add(s.load(&y[class * stride + lane..]), keep, spread)
                }
            };
            let (mut total, mut value) = (zero, zero);
            for class in 0..classes {
                let y = target(class);
                total = s.add(total, y);
                value = s.mul_add(y, s.sub(log_sum, s.load(&z[class * stride + lane..])), value);
            }
            s.store(&mut losses[lane..], value);
            let scale = s.load(&scale[lane..]);
            for class in 0..classes {
                let at = class * stride + lane;
                let probability = s.mul(s.load(&p[at..]), share);
                s.store(&mut p[at..], probability);
                if GRADIENT {
                    let gradient = s.sub(s.mul(probability, total), target(class));
                    s.store(&mut dz[at..], s.mul(gradient, scale));
                }
            }
        }
    }
}
