//! Rows of the left operand of a product in the order in which the innermost loop reads them.

use super::blocks::CHUNK;
use super::strided_matrix::StridedMatrix;
use crate::kernels::{Element, LANES, Simd};
use std::ops::Range;

/// Copies rows into strips of two vectors, and adds each of them up where the sums are wanted.
///
/// A strip holds its two vectors of rows for the first inner index, then those for the next.
pub(super) struct PackRows<'a, T> {
    pub(super) a: StridedMatrix<'a, T>,
    pub(super) rows: usize,
    /// The columns of `a`.
    pub(super) inner: usize,
    pub(super) packed: &'a mut [T],
    /// Receives the sum of each row.
    pub(super) sums: Option<&'a mut [T]>,
}

impl<T: Element> PackRows<'_, T> {
    /// Packs some columns into the strips.
    #[inline(always)]
    pub(super) fn pack<S: Simd<T>>(&mut self, s: S, columns: Range<usize>) {
        let height = 2 * S::LANES;
        assert!(self.a.holds(self.rows, self.inner) && columns.end <= self.inner);
        if self.a.row_stride == 1 {
            for first in (0..columns.len()).step_by(CHUNK) {
                let chunk = first..(first + CHUNK).min(columns.len());
                for strip in (0..self.rows).step_by(height) {
                    let begin = strip * columns.len() + chunk.start * height;
                    let from = columns.start + chunk.start..columns.start + chunk.end;
                    self.copy_columns(s, strip, from, begin);
                }
            }
        } else {
            for half in (0..self.rows.next_multiple_of(height)).step_by(S::LANES) {
                let begin = half / height * height * columns.len() + half % height;
                self.gather_rows(s, half, columns.clone(), begin);
            }
        }
        self.add(s, columns);
    }

    /// The half strip that begins at a row of rows which are contiguous, or are not and whose columns are not either. In the place of
    /// rows beyond the last is the last one, since what is computed from them is in no element of the product.
    #[inline(always)]
    fn gather_rows<S: Simd<T>>(&mut self, s: S, half: usize, columns: Range<usize>, begin: usize) {
        let StridedMatrix { data, row_stride, column_stride } = self.a;
        let (height, depth) = (2 * S::LANES, columns.len());
        let to = &mut self.packed[begin..];
        let mut starts = [0; LANES];
        for lane in 0..S::LANES {
            let row = (half + lane).min(self.rows - 1);
            starts[lane] = row * row_stride + columns.start * column_stride;
        }
        let fours = if column_stride == 1 { depth / 4 * 4 } else { 0 };
        assert!(starts[S::LANES - 1] + fours <= data.len() && to.len() >= depth.saturating_sub(1) * height + S::LANES);
        let mut from = [data.as_ptr(); LANES];
        for lane in 0..S::LANES {
            from[lane] = from[lane].wrapping_add(starts[lane]);
        }
        for k in (0..fours).step_by(4) {
            // SAFETY: no row begins after the last one, which holds `fours` elements, and `to` holds a vector at each of `depth`
            // steps, as was compared.
            unsafe {
                for (c, vector) in s.gather_4(&from, k).into_iter().enumerate() {
                    s.store_ptr(to.as_mut_ptr().add((k + c) * height), vector);
                }
            }
        }
        for k in fours..depth {
            for lane in 0..S::LANES {
                to[k * height + lane] = data[starts[lane] + k * column_stride];
            }
        }
    }

    /// Some columns of the strip that begins at a row, where columns are contiguous; zeros in place of rows beyond the last.
    #[inline(always)]
    fn copy_columns<S: Simd<T>>(&mut self, s: S, row: usize, columns: Range<usize>, begin: usize) {
        let StridedMatrix { data, column_stride, .. } = self.a;
        let height = 2 * S::LANES;
        let rows = (self.rows - row).min(height);
        let start = row + columns.start * column_stride;
        let from = &data[start..][..(columns.len() - 1) * column_stride + rows];
        let to = &mut self.packed[begin..][..columns.len() * height];
        for k in 0..columns.len() {
            let to = &mut to[k * height..][..height];
            if rows == height {
                // SAFETY: `from` ends with `height` elements of the last column, and `to` holds as many.
                unsafe {
                    let from = from.as_ptr().add(k * column_stride);
                    let (low, high) = (s.load_ptr(from), s.load_ptr(from.add(S::LANES)));
                    s.store_ptr(to.as_mut_ptr(), low);
                    s.store_ptr(to.as_mut_ptr().add(S::LANES), high);
                }
            } else {
                to.fill(T::literal(0.0));
                to[..rows].copy_from_slice(&from[k * column_stride..][..rows]);
            }
        }
    }

    /// Adds up the packed columns of each row.
    #[inline(always)]
    fn add<S: Simd<T>>(&mut self, s: S, columns: Range<usize>) {
        let Some(sums) = &mut self.sums else { return };
        let height = 2 * S::LANES;
        for half in (0..self.rows).step_by(S::LANES) {
            let begin = half / height * height * columns.len();
            let strip = &self.packed[begin..][..height * columns.len()];
            // Four sums at a time, so that no addition waits for the one before it.
            let mut parts = [s.zero(); 4];
            for columns in strip.chunks(4 * height) {
                for (part, column) in parts.iter_mut().zip(columns.chunks_exact(height)) {
                    *part = s.add(*part, s.load(&column[half % height..]));
                }
            }
            let mut sum = s.add(s.add(parts[0], parts[1]), s.add(parts[2], parts[3]));
            let count = (self.rows - half).min(S::LANES);
            let sums = &mut sums[half..][..count];
            if columns.start > 0 {
                sum = s.add(sum, s.load(sums));
            }
            s.store(sums, sum);
        }
    }
}
