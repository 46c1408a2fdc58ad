//! Normalization of each sample over groups of its columns; with a single group it is layer normalization.

use super::affine::{Affine, factor, offset};
use crate::kernels::{Kernel, LANES, Simd, moments, run};
use crate::layers::{BuiltLayer, InferPass, Parameter, TrainPass};
use crate::{Batch, BatchMut, Scalar};

/// `y = gamma·(x − mean)/√(variance + epsilon) + beta`, mean and variance over the columns of a group.
pub(crate) struct BuiltGroups<T: Scalar> {
    pub(crate) columns: usize,
    pub(crate) groups: usize,
    pub(crate) epsilon: T,
    pub(crate) affine: Affine<T>,
}

impl<T: Scalar> BuiltGroups<T> {
    /// Columns of a group.
    fn width(&self) -> usize {
        self.columns / self.groups
    }
}

impl<T: Scalar> BuiltLayer<T> for BuiltGroups<T> {
    fn outputs(&self) -> usize {
        self.columns
    }

    fn parameters(&self) -> Vec<Parameter<T>> {
        self.affine.parameters()
    }

    /// Inverse deviations and normalized columns.
    fn scratch(&self, stride: usize) -> usize {
        (self.groups + self.columns) * stride
    }

    fn infer(&self, pass: InferPass<'_, T>, x: Batch<'_, T>, mut y: BatchMut<'_, T>) {
        let stride = x.stride();
        let (gamma, beta) = self.affine.split(self.columns, pass.weights);
        let (inverses, normalized) = pass.scratch.split_at_mut(self.groups * stride);
        for group in 0..self.groups {
            let first = group * self.width();
            let columns = first * stride..(first + self.width()) * stride;
            run(NormalizeGroup {
                x: &x.padded()[columns.clone()],
                inverses: &mut inverses[group * stride..][..stride],
                normalized: &mut normalized[columns.clone()],
                y: &mut y.padded()[columns],
                stride,
                epsilon: self.epsilon,
                gamma: gamma.map(|gamma| &gamma[first..]),
                beta: beta.map(|beta| &beta[first..]),
            });
        }
    }

    fn backward(
        &self,
        pass: TrainPass<'_, T>,
        _: Batch<'_, T>,
        _: Batch<'_, T>,
        dy: Batch<'_, T>,
        dx: Option<BatchMut<'_, T>>,
    ) {
        let stride = dy.stride();
        let (inverses, normalized) = pass.scratch.split_at(self.groups * stride);
        if !pass.frozen {
            let (mut dgamma, mut dbeta) = self.affine.split_mut(self.columns, pass.gradients);
            for (j, normalized) in normalized.chunks_exact(stride).take(self.columns).enumerate() {
                let (sum, along) = moments::gradient_sums(&normalized[..dy.rows()], T::zero(), dy.column(j));
                if let Some(dgamma) = &mut dgamma {
                    dgamma[j] = along;
                }
                if let Some(dbeta) = &mut dbeta {
                    dbeta[j] = sum;
                }
            }
        }
        let Some(mut dx) = dx else { return };
        let (gamma, _) = self.affine.split(self.columns, pass.weights);
        for group in 0..self.groups {
            let first = group * self.width();
            let columns = first * stride..(first + self.width()) * stride;
            run(GroupGradient {
                normalized: &normalized[columns.clone()],
                inverses: &inverses[group * stride..][..stride],
                dy: &dy.padded()[columns.clone()],
                dx: &mut dx.padded()[columns],
                stride,
                gamma: gamma.map(|gamma| &gamma[first..]),
            });
        }
    }
}

/// The forward pass over one group, one sample a lane.
struct NormalizeGroup<'a, T> {
    x: &'a [T],
    inverses: &'a mut [T],
    normalized: &'a mut [T],
    y: &'a mut [T],
    stride: usize,
    epsilon: T,
    gamma: Option<&'a [T]>,
    beta: Option<&'a [T]>,
}

impl<T: Scalar> Kernel<T> for NormalizeGroup<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T>>(self, s: S) {
        let NormalizeGroup { x, inverses, normalized, y, stride, epsilon, gamma, beta } = self;
        assert!(stride.is_multiple_of(LANES) && x.len() == y.len() && x.len() == normalized.len());
        let inverse_count = s.literal(1.0 / (x.len() / stride) as f64);
        for lane in (0..stride).step_by(S::LANES) {
            let mut total = s.zero();
            for x in x.chunks_exact(stride) {
                total = s.add(total, s.load(&x[lane..]));
            }
            let mean = s.mul(total, inverse_count);
            let (mut squares, mut distances) = (s.zero(), s.zero());
            for x in x.chunks_exact(stride) {
                let distance = s.sub(s.load(&x[lane..]), mean);
                distances = s.add(distances, distance);
                squares = s.mul_add(distance, distance, squares);
            }
            // The rounding error of the mean: columns that are all equal have exactly their value as the mean.
            let correction = s.mul(distances, inverse_count);
            let mean = s.add(mean, correction);
            let variance = s.max(s.sub(s.mul(squares, inverse_count), s.mul(correction, correction)), s.zero());
            let deviation = s.sqrt(s.add(variance, s.splat(epsilon)));
            // Columns that are all equal become 0, also with an epsilon of 0.
            let inverse = s.select(s.gt(deviation, s.zero()), s.div(s.literal(1.0), deviation), s.zero());
            s.store(&mut inverses[lane..], inverse);
            let columns =
                x.chunks_exact(stride).zip(normalized.chunks_exact_mut(stride)).zip(y.chunks_exact_mut(stride));
            for (j, ((x, normalized), y)) in columns.enumerate() {
                let value = s.mul(s.sub(s.load(&x[lane..]), mean), inverse);
                s.store(&mut normalized[lane..], value);
                s.store(&mut y[lane..], s.mul_add(value, s.splat(factor(gamma, j)), s.splat(offset(beta, j))));
            }
        }
    }
}

/// `dx = inverse·(g − mean of g − normalized·mean of g·normalized)` with `g = gamma·dy`.
struct GroupGradient<'a, T> {
    normalized: &'a [T],
    inverses: &'a [T],
    dy: &'a [T],
    dx: &'a mut [T],
    stride: usize,
    gamma: Option<&'a [T]>,
}

impl<T: Scalar> Kernel<T> for GroupGradient<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T>>(self, s: S) {
        let GroupGradient { normalized, inverses, dy, dx, stride, gamma } = self;
        assert!(stride.is_multiple_of(LANES) && dx.len() == dy.len() && dx.len() == normalized.len());
        let inverse_count = s.literal(1.0 / (dy.len() / stride) as f64);
        for lane in (0..stride).step_by(S::LANES) {
            let (mut sum, mut along) = (s.zero(), s.zero());
            for (j, (normalized, dy)) in normalized.chunks_exact(stride).zip(dy.chunks_exact(stride)).enumerate() {
                let g = s.mul(s.load(&dy[lane..]), s.splat(factor(gamma, j)));
                sum = s.add(sum, g);
                along = s.mul_add(g, s.load(&normalized[lane..]), along);
            }
            let (mean, projection) = (s.mul(sum, inverse_count), s.mul(along, inverse_count));
            let inverse = s.load(&inverses[lane..]);
            let columns = normalized.chunks_exact(stride).zip(dy.chunks_exact(stride)).zip(dx.chunks_exact_mut(stride));
            for (j, ((normalized, dy), dx)) in columns.enumerate() {
                let g = s.mul(s.load(&dy[lane..]), s.splat(factor(gamma, j)));
                let value = s.sub(s.sub(g, mean), s.mul(s.load(&normalized[lane..]), projection));
                s.store(&mut dx[lane..], s.mul(inverse, value));
            }
        }
    }
}
