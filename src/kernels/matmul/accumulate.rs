//! The innermost loop of the products that keep their sums in registers.

use crate::kernels::{Element, Simd};

/// The inner indices of one iteration of an unrolled loop. Where another program computes on the same core, and the two share its
/// slots for instructions, the products of large matrices take 2% to 5% less time than with one index; two or eight gain less.
const UNROLL: usize = 4;

/// Loops over at most this many columns are worth unrolling where the columns are any distance apart: for more there are too few registers
/// for the addresses, and what is read ahead would go through memory.
pub(super) const FEW_COLUMNS: usize = 6;

/// `M` vectors of one operand for each inner index, contiguous.
#[derive(Clone, Copy)]
pub(super) struct VectorOperand<T> {
    pub(super) first: *const T,
    /// Elements between one inner index and the next.
    pub(super) next: usize,
}

/// One element of each of `N` columns of the other operand for each inner index.
#[derive(Clone, Copy)]
pub(super) struct ScalarOperand<T> {
    pub(super) first: *const T,
    /// Elements between one column and the next.
    pub(super) apart: usize,
    /// Elements between one inner index and the next.
    pub(super) next: usize,
}

/// Adds to `sums[n][m]` the products of vector `m` and the element of column `n`, over `depth` inner indices.
///
/// `apart` or `next` of the columns should be a constant where this is called: it then becomes part of the address. With neither, the
/// addresses are a chain of additions, one per column, which takes as many cycles as the multiplications.
///
/// # Safety
///
/// Both operands hold what is read for each of the inner indices.
#[inline(always)]
pub(super) unsafe fn accumulate<T: Element, S: Simd<T>, const M: usize, const N: usize>(
    s: S,
    depth: usize,
    vectors: VectorOperand<T>,
    columns: ScalarOperand<T>,
    unrolled: bool,
    sums: &mut [[S::V; M]; N],
) {
    let mut a = vectors.first;
    // Offsets of one pointer where `apart` is a constant.
    let mut b = [columns.first; N];
    for (n, column) in b.iter_mut().enumerate() {
        *column = column.wrapping_add(n * columns.apart);
    }
    let mut k = 0;
    // SAFETY: by the caller's promise; pointers past the last inner index are not read.
    unsafe {
        while unrolled && k + UNROLL <= depth {
            for i in 0..UNROLL {
                add_products(s, a.wrapping_add(i * vectors.next), &b, (k + i) * columns.next, sums);
            }
            a = a.wrapping_add(UNROLL * vectors.next);
            k += UNROLL;
        }
        while k < depth {
            add_products(s, a, &b, k * columns.next, sums);
            a = a.wrapping_add(vectors.next);
            k += 1;
        }
    }
}

/// The products at one inner index, for which the elements are `offset` after the pointers of `b`. (A `map` over the array of
/// pointers is not compiled into the loop in builds of several units.)
///
/// # Safety
///
/// `a` is followed by `M` vectors, and there is an element `offset` after each of `b`.
#[inline(always)]
unsafe fn add_products<T: Element, S: Simd<T>, const M: usize, const N: usize>(
    s: S,
    a: *const T,
    b: &[*const T; N],
    offset: usize,
    sums: &mut [[S::V; M]; N],
) {
    // SAFETY: by the caller's promise.
    unsafe {
        let mut vectors = [s.zero(); M];
        for (m, vector) in vectors.iter_mut().enumerate() {
            *vector = s.load_ptr(a.add(m * S::LANES));
        }
        for n in 0..N {
            let value = s.splat(*b[n].wrapping_add(offset));
            for m in 0..M {
                sums[n][m] = s.mul_add(vectors[m], value, sums[n][m]);
            }
        }
    }
}
