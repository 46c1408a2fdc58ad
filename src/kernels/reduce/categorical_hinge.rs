//! The hinge between the output of the true class and the largest of the others, sample by sample.

use super::rowwise::SampleColumns;
use crate::kernels::{Element, Simd};

/// The two outputs that the hinge compares.
pub(crate) struct Margin<V> {
    /// `Σⱼ yⱼ·pⱼ`, the output of the true class.
    pub(crate) positive: V,
    /// `maxⱼ (1 − yⱼ)·pⱼ`, the largest of the others.
    pub(crate) negative: V,
}

/// `(1 − y)·p` of one output.
#[inline(always)]
pub(crate) fn negative<T: Element, S: Simd<T>>(s: S, y: S::V, p: S::V) -> S::V {
    s.mul(s.sub(s.literal(1.0), y), p)
}

impl<V: Copy> Margin<V> {
    #[inline(always)]
    pub(crate) fn new<T: Element, S: Simd<T, V = V>>(s: S, y: SampleColumns<'_, T>, p: SampleColumns<'_, T>) -> Self {
        let (first_y, first_p) = (y.load(s, 0), p.load(s, 0));
        let mut margin = Margin { positive: s.mul(first_y, first_p), negative: negative(s, first_y, first_p) };
        for output in 1..p.count() {
            let (y, p) = (y.load(s, output), p.load(s, output));
            margin.positive = s.mul_add(y, p, margin.positive);
            margin.negative = s.max(margin.negative, negative(s, y, p));
        }
        margin
    }

    /// `negative − positive + 1`; the hinge is its positive part.
    #[inline(always)]
    pub(crate) fn shortfall<T: Element, S: Simd<T, V = V>>(&self, s: S) -> V {
        s.add(s.sub(self.negative, self.positive), s.literal(1.0))
    }

    /// `max(negative − positive + 1, 0)`.
    #[inline(always)]
    pub(crate) fn hinge<T: Element, S: Simd<T, V = V>>(&self, s: S) -> V {
        s.max(s.zero(), self.shortfall(s))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::rowwise::{self, BatchColumns, Rowwise};

    struct Hinge;

    impl<T: Element> Rowwise<T> for Hinge {
        #[inline(always)]
        fn apply<S: Simd<T>>(&self, s: S, y: SampleColumns<'_, T>, p: SampleColumns<'_, T>) -> S::V {
            Margin::new(s, y, p).hinge(s)
        }
    }

    #[test]
    fn equals_the_definition() {
        let (stride, classes) = (32, 4);
        let y: Vec<f64> =
            (0..stride * classes).map(|i| f64::from(u8::from(i / stride == i % stride % classes))).collect();
        let p: Vec<f64> = (0..stride * classes).map(|i| ((i * 5) % 13) as f64 / 4.0 - 1.5).collect();
        let mut values = vec![f64::NAN; 29];
        let table = |data| BatchColumns { data, columns: classes, stride };
        rowwise::apply(&Hinge, table(&y), table(&p), &mut values);
        for (i, value) in values.into_iter().enumerate() {
            let outputs = || (0..classes).map(|j| (y[j * stride + i], p[j * stride + i]));
            let positive: f64 = outputs().map(|(y, p)| y * p).sum();
            let negative = outputs().map(|(y, p)| (1.0 - y) * p).fold(f64::NEG_INFINITY, f64::max);
            // Multiples of 1/4, so that nothing is rounded.
            assert_eq!(value, (negative - positive + 1.0).max(0.0), "sample {i}");
        }
    }
}
