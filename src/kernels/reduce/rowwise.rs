//! Functions of all targets and predictions of a sample, computed for one sample per vector lane.

use crate::kernels::{Element, Kernel, LANES, Simd, run};
use crate::{Batch, Scalar};

/// The values of a batch: columns `stride` apart, each padded to whole vectors.
#[derive(Clone, Copy)]
pub(crate) struct BatchColumns<'a, T> {
    pub(crate) data: &'a [T],
    pub(crate) columns: usize,
    pub(crate) stride: usize,
}

impl<'a, T: Scalar> BatchColumns<'a, T> {
    /// All columns of a batch, padding included.
    pub(crate) fn from_batch(batch: Batch<'a, T>) -> Self {
        BatchColumns { data: batch.padded(), columns: batch.columns(), stride: batch.stride() }
    }
}

impl<'a, T> BatchColumns<'a, T> {
    /// The columns of a vector of samples, the first of which is `lane`.
    #[inline(always)]
    pub(crate) fn columns_at(self, lane: usize) -> SampleColumns<'a, T> {
        SampleColumns { table: self, lane }
    }
}

/// The columns of the samples that one vector holds.
#[derive(Clone, Copy)]
pub(crate) struct SampleColumns<'a, T> {
    table: BatchColumns<'a, T>,
    lane: usize,
}

impl<T: Element> SampleColumns<'_, T> {
    /// The number of columns.
    #[inline(always)]
    pub(crate) fn count(self) -> usize {
        self.table.columns
    }

    /// One value of each sample.
    #[inline(always)]
    pub(crate) fn load<S: Simd<T>>(self, s: S, column: usize) -> S::V {
        s.load(&self.table.data[column * self.table.stride + self.lane..])
    }
}

/// A function of all targets and predictions of a sample.
pub(crate) trait Rowwise<T: Element> {
    /// The values of the samples of one vector. Implementations are `#[inline(always)]`.
    fn apply<S: Simd<T>>(&self, s: S, y: SampleColumns<'_, T>, p: SampleColumns<'_, T>) -> S::V;
}

/// Writes the value of each sample; there are as many as `values` has elements.
pub(crate) fn apply<T: Element>(
    function: &impl Rowwise<T>,
    y: BatchColumns<'_, T>,
    p: BatchColumns<'_, T>,
    values: &mut [T],
) {
    run(Apply { function, y, p, values });
}

struct Apply<'a, 'f, T, F> {
    function: &'f F,
    y: BatchColumns<'a, T>,
    p: BatchColumns<'a, T>,
    values: &'a mut [T],
}

impl<T: Element, F: Rowwise<T>> Kernel<T> for Apply<'_, '_, T, F> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T>>(self, s: S) {
        let Apply { function, y, p, values } = self;
        let whole = |table: BatchColumns<'_, T>| {
            table.stride.is_multiple_of(LANES)
                && table.stride >= values.len()
                && table.data.len() >= table.columns * table.stride
        };
        assert!(whole(y) && whole(p), "columns of whole vectors");
        for (block, values) in values.chunks_mut(S::LANES).enumerate() {
            let lane = block * S::LANES;
            let value = function.apply(s, y.columns_at(lane), p.columns_at(lane));
            s.store(values, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::Level;

    /// `Σⱼ yⱼ·pⱼ`.
    struct Dot;

    impl<T: Element> Rowwise<T> for Dot {
        #[inline(always)]
        fn apply<S: Simd<T>>(&self, s: S, y: SampleColumns<'_, T>, p: SampleColumns<'_, T>) -> S::V {
            (0..p.count()).fold(s.zero(), |sum, j| s.mul_add(y.load(s, j), p.load(s, j), sum))
        }
    }

    #[test]
    fn every_sample_gets_its_own_columns() {
        let (stride, columns) = (48, 3);
        let y: Vec<f64> = (0..stride * columns).map(|i| f64::from(i as u32)).collect();
        let p: Vec<f64> = y.iter().map(|y| 0.5 * y - 7.0).collect();
        let (y, p) = (BatchColumns { data: &y, columns, stride }, BatchColumns { data: &p, columns, stride });
        for level in Level::all() {
            for rows in [0, 1, 5, 16, 33, 48] {
                let mut values = vec![f64::NAN; rows];
                f64::dispatch(Apply { function: &Dot, y, p, values: &mut values }, level);
                for (i, value) in values.iter().enumerate() {
                    let wanted: f64 = (0..columns).map(|j| y.data[j * stride + i] * p.data[j * stride + i]).sum();
                    assert_eq!(*value, wanted, "{level:?}, sample {i} of {rows}");
                }
            }
        }
    }
}
