//! Normalization of each sample by its length: by the root of the mean square, or to the unit sphere.

use super::affine::factor;
use crate::Scalar;
use crate::kernels::{Kernel, LANES, Simd};

/// The inverse of a sample's length.
#[derive(Clone, Copy)]
pub(crate) enum Length<T> {
    /// `1/√(mean of squares + epsilon)`.
    RootMeanSquare {
        /// The number that is added to the mean.
        epsilon: T,
    },
    /// `1/√(sum of squares)`, and 0 for a sample no longer than this.
    Euclidean {
        /// The longest length that has no direction.
        shortest: T,
    },
}

/// `normalized = x/length` and `y = scale·normalized` over all columns, one sample a lane.
pub(crate) struct NormalizeLength<'a, T> {
    pub(crate) x: &'a [T],
    /// The inverse lengths, one for each sample.
    pub(crate) inverses: &'a mut [T],
    pub(crate) normalized: &'a mut [T],
    pub(crate) y: &'a mut [T],
    pub(crate) stride: usize,
    pub(crate) length: Length<T>,
    pub(crate) scale: Option<&'a [T]>,
}

impl<T: Scalar> Kernel<T> for NormalizeLength<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T>>(self, s: S) {
        let NormalizeLength { x, inverses, normalized, y, stride, length, scale } = self;
        assert!(stride.is_multiple_of(LANES) && x.len() == y.len() && x.len() == normalized.len());
        let inverse_count = s.literal(1.0 / (x.len() / stride).max(1) as f64);
        let one = s.literal(1.0);
        for lane in (0..stride).step_by(S::LANES) {
            let mut squares = s.zero();
            for x in x.chunks_exact(stride) {
                let x = s.load(&x[lane..]);
                squares = s.mul_add(x, x, squares);
            }
            let (length, shortest) = match length {
                Length::RootMeanSquare { epsilon } => {
                    (s.sqrt(s.mul_add(squares, inverse_count, s.splat(epsilon))), s.zero())
                }
                Length::Euclidean { shortest } => (s.sqrt(squares), s.splat(shortest)),
            };
            let inverse = s.select(s.gt(length, shortest), s.div(one, length), s.zero());
            s.store(&mut inverses[lane..], inverse);
            let columns =
                x.chunks_exact(stride).zip(normalized.chunks_exact_mut(stride)).zip(y.chunks_exact_mut(stride));
            for (j, ((x, normalized), y)) in columns.enumerate() {
                let value = s.mul(s.load(&x[lane..]), inverse);
                s.store(&mut normalized[lane..], value);
                s.store(&mut y[lane..], s.mul(value, s.splat(factor(scale, j))));
            }
        }
    }
}

/// `dx = inverse·(g − normalized·(Σ g·normalized)·inverse_count)` with `g = scale·dy`, where `inverse_count` is
/// `1/columns` for the mean of squares and 1 for their sum.
pub(crate) struct LengthGradient<'a, T> {
    pub(crate) inverses: &'a [T],
    pub(crate) normalized: &'a [T],
    pub(crate) dy: &'a [T],
    pub(crate) dx: &'a mut [T],
    pub(crate) stride: usize,
    pub(crate) length: Length<T>,
    pub(crate) scale: Option<&'a [T]>,
}

impl<T: Scalar> Kernel<T> for LengthGradient<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T>>(self, s: S) {
        let LengthGradient { inverses, normalized, dy, dx, stride, length, scale } = self;
        assert!(stride.is_multiple_of(LANES) && dx.len() == dy.len() && dx.len() == normalized.len());
        let inverse_count = match length {
            Length::RootMeanSquare { .. } => s.literal(1.0 / (dy.len() / stride).max(1) as f64),
            Length::Euclidean { .. } => s.literal(1.0),
        };
        for lane in (0..stride).step_by(S::LANES) {
            let mut along = s.zero();
            for (j, (normalized, dy)) in normalized.chunks_exact(stride).zip(dy.chunks_exact(stride)).enumerate() {
                let g = s.mul(s.load(&dy[lane..]), s.splat(factor(scale, j)));
                along = s.mul_add(g, s.load(&normalized[lane..]), along);
            }
            let projection = s.mul(along, inverse_count);
            let inverse = s.load(&inverses[lane..]);
            let columns = normalized.chunks_exact(stride).zip(dy.chunks_exact(stride)).zip(dx.chunks_exact_mut(stride));
            for (j, ((normalized, dy), dx)) in columns.enumerate() {
                let g = s.mul(s.load(&dy[lane..]), s.splat(factor(scale, j)));
                let value = s.sub(g, s.mul(s.load(&normalized[lane..]), projection));
                s.store(&mut dx[lane..], s.mul(inverse, value));
            }
        }
    }
}
