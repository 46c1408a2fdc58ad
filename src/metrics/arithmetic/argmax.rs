//! The column of a sample's largest value, and the column of a class.

use crate::kernels::rowwise::SampleColumns;
use crate::kernels::{Element, Simd};

/// The column of a sample's largest value, the first of equals.
#[inline(always)]
pub(crate) fn argmax<T: Element, S: Simd<T>>(s: S, columns: SampleColumns<'_, T>) -> S::V {
    let (mut best, mut place) = (columns.load(s, 0), s.zero());
    for j in 1..columns.count() {
        let value = columns.load(s, j);
        let larger = s.gt(value, best);
        best = s.select(larger, value, best);
        place = s.select(larger, s.literal(j as f64), place);
    }
    place
}

/// 1 if two integral numbers are equal, else 0.
#[inline(always)]
pub(crate) fn same<T: Element, S: Simd<T>>(s: S, a: S::V, b: S::V) -> S::V {
    s.select(s.gt(s.literal(0.5), s.abs(s.sub(a, b))), s.literal(1.0), s.zero())
}

/// The number of a sample's values that are larger than the one in the column of the given index; all of them if there is no such
/// column.
#[inline(always)]
pub(crate) fn rank<T: Element, S: Simd<T>>(s: S, columns: SampleColumns<'_, T>, index: S::V) -> S::V {
    let one = s.literal(1.0);
    let mut value = s.literal(f64::NEG_INFINITY);
    for j in 0..columns.count() {
        let here = s.gt(s.literal(0.5), s.abs(s.sub(index, s.literal(j as f64))));
        value = s.select(here, columns.load(s, j), value);
    }
    let mut larger = s.zero();
    for j in 0..columns.count() {
        larger = s.add(larger, s.select(s.gt(columns.load(s, j), value), one, s.zero()));
    }
    larger
}
