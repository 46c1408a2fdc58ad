//! Transposes, a square of vectors at a time.

use crate::kernels::{Element, Simd};

/// Transposes a block of `N` vectors of `N` lanes, held in registers: interleaving the two halves of the block moves
/// one bit of every index from the row to the column, so `log₂ N` rounds exchange them all.
#[inline(always)]
pub(super) fn transpose_square<T: Element, S: Simd<T>, const N: usize>(s: S, rows: [S::V; N]) -> [S::V; N] {
    const { assert!(N == 2 || N == 4 || N == 8 || N == 16) };
    // The rounds are written out, since only an unrolled array stays in registers.
    let rows = round(s, rows);
    if N == 2 {
        return rows;
    }
    let rows = round(s, rows);
    if N == 4 {
        return rows;
    }
    let rows = round(s, rows);
    if N == 8 {
        return rows;
    }
    round(s, rows)
}

#[inline(always)]
fn round<T: Element, S: Simd<T>, const N: usize>(s: S, rows: [S::V; N]) -> [S::V; N] {
    let mut next = rows;
    for i in 0..N / 2 {
        let (low, high) = s.interleave(rows[i], rows[i + N / 2]);
        next[2 * i] = low;
        next[2 * i + 1] = high;
    }
    next
}
