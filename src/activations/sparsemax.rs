use super::Activation;
use crate::items::item;
use crate::kernels::{Element, Kernel, Simd, run};
use crate::{Batch, BatchMut, Scalar};

item! {
    /// Sparsemax over the units, `f(z)ⱼ = max(zⱼ − τ, 0)`: a softmax that is exactly 0 for many classes.
    ///
    /// With the `z` of a sample in falling order and `cᵢ` the sum of the first `i`, the support is the first `k`
    /// of them, those with `1 + i·zᵢ > cᵢ`.
    ///
    /// | `projection` | `τ` |
    /// |---|---|
    /// | true | `(c_k − 1)/k`, as published: the projection onto the simplex, so a sample's values add up to 1 |
    /// | false (default) | `(c₁ + … + c_k − 1)/k`, which is what Keras 3.15 computes |
    ///
    /// The two agree if the support is a single class. Otherwise Keras's values need not add up to 1 and may all be 0: prefer
    /// `Sparsemax.projection(true)`, unless predictions have to equal those of a Keras model.
    ///
    /// The order comes from comparing all pairs of units, which costs no more than a dense layer with as many inputs as
    /// units.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let classes = Sequential::new().add(Dense::new(3, Sparsemax.projection(true)));
    /// ```
    ///
    /// # References
    ///
    /// A. Martins and R. Astudillo, *From softmax to sparsemax: a sparse model of attention and multi-label
    /// classification*, ICML 2016.
    /// Keras: `keras.activations.sparsemax`, with its axis −1.
    pub struct Sparsemax: "sparsemax" {
        /// Whether to project onto the simplex, as in the paper, instead of computing the values of Keras.
        projection: bool = false,
    }
}

impl<T: Scalar> Activation<T> for Sparsemax {
    fn forward(&self, z: Batch<'_, T>, mut a: BatchMut<'_, T>) {
        run(SparsemaxForward { projection: self.projection, z: z.padded(), a: a.padded(), stride: z.stride() });
    }

    fn backward(&self, z: Batch<'_, T>, a: Batch<'_, T>, da: Batch<'_, T>, mut dz: BatchMut<'_, T>) {
        run(SparsemaxBackward {
            projection: self.projection,
            z: z.padded(),
            a: a.padded(),
            da: da.padded(),
            dz: dz.padded(),
            stride: z.stride(),
        });
    }
}

/// The rank of one unit among those of its sample, in descending order.
struct UnitRank<V> {
    /// The rank `i`, counted from 1; equal values are ordered by column.
    rank: V,
    /// The sum `cᵢ` of the values up to and including this one.
    sum: V,
    /// 1 if the unit belongs to the support, else 0.
    support: V,
}

#[inline(always)]
fn rank_unit<T: Element, S: Simd<T>>(s: S, z: &[T], stride: usize, lane: usize, unit: usize) -> UnitRank<S::V> {
    let (zero, one) = (s.zero(), s.literal(1.0));
    let value = s.load(&z[unit * stride + lane..]);
    let (mut rank, mut sum) = (zero, zero);
    for (other, z) in z.chunks_exact(stride).enumerate() {
        let z = s.load(&z[lane..]);
        let before = if other <= unit { s.ge(z, value) } else { s.gt(z, value) };
        rank = s.add(rank, s.select(before, one, zero));
        sum = s.add(sum, s.select(before, z, zero));
    }
    let support = s.select(s.gt(s.mul_add(rank, value, one), sum), one, zero);
    UnitRank { rank, sum, support }
}

struct SparsemaxForward<'a, T> {
    projection: bool,
    z: &'a [T],
    a: &'a mut [T],
    stride: usize,
}

impl<T: Element> Kernel<T> for SparsemaxForward<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T>>(self, s: S) {
        let SparsemaxForward { projection, z, a, stride } = self;
        let units = z.len() / stride;
        for lane in (0..stride).step_by(S::LANES) {
            let (mut size, mut total) = (s.zero(), s.literal(-1.0));
            for unit in 0..units {
                let UnitRank { sum, support, .. } = rank_unit(s, z, stride, lane, unit);
                size = s.add(size, support);
                let part = if projection { s.load(&z[unit * stride + lane..]) } else { sum };
                total = s.mul_add(support, part, total);
            }
            let threshold = s.div(total, size);
            for (z, a) in z.chunks_exact(stride).zip(a.chunks_exact_mut(stride)) {
                s.store(&mut a[lane..], s.max(s.zero(), s.sub(s.load(&z[lane..]), threshold)));
            }
        }
    }
}

struct SparsemaxBackward<'a, T> {
    projection: bool,
    z: &'a [T],
    a: &'a [T],
    da: &'a [T],
    dz: &'a mut [T],
    stride: usize,
}

impl<T: Element> Kernel<T> for SparsemaxBackward<'_, T> {
    type Output = ();

    /// `dzⱼ = gⱼ − ∂τ/∂zⱼ·Σₖ gₖ`, where `g` is `da` at the positive values; `k·∂τ/∂zⱼ` is 1 within the support, or
    /// with Keras's `τ` the number of sums that the value is part of, `k − rank + 1`.
    #[inline(always)]
    fn run<S: Simd<T>>(self, s: S) {
        let SparsemaxBackward { projection, z, a, da, dz, stride } = self;
        let units = z.len() / stride;
        let (zero, one) = (s.zero(), s.literal(1.0));
        for lane in (0..stride).step_by(S::LANES) {
            let (mut size, mut total) = (zero, zero);
            for unit in 0..units {
                let at = unit * stride + lane;
                size = s.add(size, rank_unit(s, z, stride, lane, unit).support);
                total = s.add(total, s.select(s.gt(s.load(&a[at..]), zero), s.load(&da[at..]), zero));
            }
            let mean = s.div(total, size);
            for unit in 0..units {
                let at = unit * stride + lane;
                let UnitRank { rank, support, .. } = rank_unit(s, z, stride, lane, unit);
                let parts = if projection { one } else { s.add(s.sub(size, rank), one) };
                let g = s.select(s.gt(s.load(&a[at..]), zero), s.load(&da[at..]), zero);
                s.store(&mut dz[at..], s.sub(g, s.mul(s.mul(support, parts), mean)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BatchBuffer;
    use crate::dmatrix;

    #[test]
    fn a_projection_adds_up_to_one() {
        let z =
            BatchBuffer::from_matrix(&dmatrix![0.001, 0.07, 0.31, 0.62; -3.0, 0.5, 0.5, 0.1; 9.0, 0.0, 1.0, 2.0f64]);
        let mut a = BatchBuffer::zeros(3, 4);
        Sparsemax.projection(true).forward(z.batch(), a.batch_mut());
        let wanted = dmatrix![0.00075, 0.06975, 0.30975, 0.61975; 0.0, 0.466_666_666_666, 0.466_666_666_666, 0.066_666_666_666; 1.0, 0.0, 0.0, 0.0];
        approx::assert_relative_eq!(a.to_matrix(), wanted, epsilon = 1e-11);
    }
}
