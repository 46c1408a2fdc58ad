//! Turning rows into columns, a square of vectors at a time.

use super::{Element, LANES, Simd};

/// Transposes a `LANES × LANES` block: repeated interleaving of halves moves every index bit from the row to
/// the column.
#[inline(always)]
pub(crate) fn square<T: Element, S: Simd<T>>(s: S, rows: &mut [S::V; LANES]) {
    let mut span = 1;
    while span < S::LANES {
        let old = *rows;
        for i in 0..S::LANES / 2 {
            let (low, high) = s.zip(old[i], old[i + S::LANES / 2]);
            rows[2 * i] = low;
            rows[2 * i + 1] = high;
        }
        span *= 2;
    }
}
