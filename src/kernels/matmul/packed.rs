//! The product of matrices too large for the first-level cache: packed panels and a register tile.
//!
//! `c = a·b`, where a column of `c` is contiguous. Blocks of `a` and `b` are copied into panels in the order in
//! which the innermost loop reads them: `a` in strips of two vectors, `b` in strips as wide as the register tile.
//! A block of `a` stays in the second-level cache while it meets all strips of the panel of `b`.
//!
//! # References
//!
//! K. Goto and R. van de Geijn, *Anatomy of high-performance matrix multiplication*, ACM TOMS 34 (2008).

use super::epilogue::Epilogue;
use super::transpose::transpose_square;
use crate::kernels::aligned::Aligned;
use crate::kernels::{Element, Kernel, LANES, Simd, run};
use crate::threads;

/// Inner dimension of a panel.
pub(super) const DEPTH: usize = 256;
/// Rows of a block of `a`; a multiple of the strips of every level.
const ROWS: usize = 192;
/// Columns of a panel of `b`; a multiple of the tiles of every level.
const COLUMNS: usize = 480;

/// A matrix by its memory: element `(i, j)` is at `i·row_stride + j·column_stride`.
#[derive(Clone, Copy)]
pub(crate) struct StridedMatrix<'a, T> {
    pub(crate) data: &'a [T],
    pub(crate) row_stride: usize,
    pub(crate) column_stride: usize,
}

impl<T> StridedMatrix<'_, T> {
    /// Whether every element of a rows × columns matrix is within the memory.
    fn holds(&self, rows: usize, columns: usize) -> bool {
        rows == 0 || columns == 0 || (rows - 1) * self.row_stride + (columns - 1) * self.column_stride < self.data.len()
    }
}

/// The operands of a product `c = epilogue(a·b + bias)`.
pub(crate) struct MatrixProduct<'a, T> {
    /// Rows of `a` and `c`, columns of `a` and rows of `b`, columns of `b` and `c`.
    pub(crate) sizes: [usize; 3],
    pub(crate) a: StridedMatrix<'a, T>,
    pub(crate) b: StridedMatrix<'a, T>,
    pub(crate) c: &'a mut [T],
    /// Elements between two columns of `c`.
    pub(crate) stride: usize,
    /// One summand per column, or none.
    pub(crate) bias: Option<&'a [T]>,
    pub(crate) epilogue: Epilogue,
}

/// The number of multiply-adds per thread below which splitting does not pay.
const GRAIN: usize = 1 << 20;

impl<'a, T: Element> MatrixProduct<'a, T> {
    /// The products for the first `left` of `parts` parts of the columns, and for the others.
    fn split(self, left: usize, parts: usize) -> (Self, Self) {
        let MatrixProduct { sizes: [m, k, n], a, b, c, stride, bias, epilogue } = self;
        let at = threads::boundary(n, left, parts).next_multiple_of(LANES).min(n);
        let (first, second) = c.split_at_mut((at * stride).min(c.len()));
        let after = StridedMatrix { data: b.data.get(at * b.column_stride..).unwrap_or(&[]), ..b };
        let part = |n, b, c, bias| MatrixProduct { sizes: [m, k, n], a, b, c, stride, bias, epilogue };
        (part(at, b, first, bias.map(|bias| &bias[..at])), part(n - at, after, second, bias.map(|bias| &bias[at..])))
    }
}

/// Computes the product, columns of a large one on several threads; the panels are kept by the thread for the next one.
pub(crate) fn multiply<T: Element>(product: MatrixProduct<'_, T>) {
    let [m, k, n] = product.sizes;
    let parts = threads::parts(m.saturating_mul(k).saturating_mul(n), GRAIN).min(n.max(1));
    threads::divide(product, parts, &MatrixProduct::split, &multiply_here);
}

fn multiply_here<T: Element>(product: MatrixProduct<'_, T>) {
    T::with_panels(|panels| {
        if panels.is_empty() {
            *panels = Aligned::zeros((ROWS + COLUMNS) * DEPTH);
        }
        let (a_panel, b_panel) = panels.split_at_mut(ROWS * DEPTH);
        run(PackedProduct { product, a_panel, b_panel });
    });
}

struct PackedProduct<'a, T> {
    product: MatrixProduct<'a, T>,
    a_panel: &'a mut [T],
    b_panel: &'a mut [T],
}

/// One block of the product: where it begins in each dimension, and how much of it there is.
#[derive(Clone, Copy)]
struct ProductBlock {
    row: usize,
    rows: usize,
    inner: usize,
    depth: usize,
    column: usize,
    columns: usize,
}

impl<T: Element> Kernel<T> for PackedProduct<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T>>(mut self, s: S) {
        let [m, k, n] = self.product.sizes;
        let MatrixProduct { a, b, c, stride, bias, .. } = &self.product;
        assert!(a.holds(m, k) && b.holds(k, n) && *stride >= m);
        assert!(n == 0 || c.len() >= (n - 1) * stride + m);
        assert!(bias.is_none_or(|bias| bias.len() >= n));
        for column in (0..n).step_by(COLUMNS) {
            let columns = (n - column).min(COLUMNS);
            for inner in (0..k).step_by(DEPTH) {
                let depth = (k - inner).min(DEPTH);
                self.pack_b::<S>(inner, depth, column, columns);
                for row in (0..m).step_by(ROWS) {
                    let block = ProductBlock { row, rows: (m - row).min(ROWS), inner, depth, column, columns };
                    self.pack_a(s, block);
                    self.multiply_block(s, block);
                }
            }
        }
    }
}

/// The position in `a` of a half strip, and its size.
#[derive(Clone, Copy)]
struct HalfStrip {
    start: usize,
    count: usize,
    depth: usize,
    height: usize,
}

/// A half strip of `N` rows, `N` being the lanes, whose rows are not contiguous: transposed a square at a time.
#[inline(always)]
fn pack_transposed<T: Element, S: Simd<T>, const N: usize>(
    s: S,
    a: StridedMatrix<'_, T>,
    half_strip: HalfStrip,
    to: &mut [T],
) {
    let HalfStrip { start, count, depth, height } = half_strip;
    let mut k = 0;
    while k < depth {
        let length = (depth - k).min(N);
        let mut block = [s.zero(); N];
        for (r, vector) in block.iter_mut().enumerate() {
            if r >= count {
                break;
            }
            let from = start + r * a.row_stride + k * a.column_stride;
            *vector = if a.column_stride == 1 {
                s.load(&a.data[from..from + length])
            } else {
                let mut values = [T::literal(0.0); LANES];
                for (i, value) in values.iter_mut().take(length).enumerate() {
                    *value = a.data[from + i * a.column_stride];
                }
                s.load(&values)
            };
        }
        for (i, vector) in transpose_square(s, block).into_iter().enumerate() {
            if i < length {
                s.store(&mut to[(k + i) * height..][..N], vector);
            }
        }
        k += N;
    }
}

impl<T: Element> PackedProduct<'_, T> {
    /// `b` in strips of [`Simd::TILE`] columns, zeros beyond the last.
    #[inline(always)]
    fn pack_b<S: Simd<T>>(&mut self, inner: usize, depth: usize, column: usize, columns: usize) {
        let StridedMatrix { data, row_stride, column_stride } = self.product.b;
        for (strip, to) in self.b_panel.chunks_mut(S::TILE * depth).take(columns.div_ceil(S::TILE)).enumerate() {
            let first = strip * S::TILE;
            let count = (columns - first).min(S::TILE);
            let start = inner * row_stride + (column + first) * column_stride;
            for (i, to) in to.chunks_mut(S::TILE).enumerate() {
                let from = start + i * row_stride;
                for (j, to) in to.iter_mut().enumerate() {
                    *to = if j < count { data[from + j * column_stride] } else { T::literal(0.0) };
                }
            }
        }
    }

    /// `a` in strips of two vectors of rows, zeros beyond the last.
    #[inline(always)]
    fn pack_a<S: Simd<T>>(&mut self, s: S, block: ProductBlock) {
        let StridedMatrix { data, row_stride, column_stride } = self.product.a;
        let height = 2 * S::LANES;
        for (strip, to) in self.a_panel.chunks_mut(height * block.depth).take(block.rows.div_ceil(height)).enumerate() {
            for half in 0..2 {
                let first = strip * height + half * S::LANES;
                let count = block.rows.saturating_sub(first).min(S::LANES);
                let start = (block.row + first) * row_stride + block.inner * column_stride;
                let to = &mut to[half * S::LANES..];
                if count == 0 {
                    (0..block.depth).for_each(|k| to[k * height..][..S::LANES].fill(T::literal(0.0)));
                } else if row_stride == 1 {
                    for k in 0..block.depth {
                        let from = start + k * column_stride;
                        s.store(&mut to[k * height..][..S::LANES], s.load(&data[from..from + count]));
                    }
                } else {
                    let half_strip = HalfStrip { start, count, depth: block.depth, height };
                    match S::LANES {
                        16 => pack_transposed::<T, S, 16>(s, self.product.a, half_strip, to),
                        8 => pack_transposed::<T, S, 8>(s, self.product.a, half_strip, to),
                        4 => pack_transposed::<T, S, 4>(s, self.product.a, half_strip, to),
                        _ => pack_transposed::<T, S, 2>(s, self.product.a, half_strip, to),
                    }
                }
            }
        }
    }

    /// Multiplies all tiles of a block.
    #[inline(always)]
    fn multiply_block<S: Simd<T>>(&mut self, s: S, block: ProductBlock) {
        for column in (0..block.columns).step_by(S::TILE) {
            for row in (0..block.rows).step_by(2 * S::LANES) {
                // The width of a tile is a constant for the registers' sake; it is 12, 6 or 4.
                match S::TILE {
                    12 => self.tile::<S, 12>(s, block, row, column),
                    6 => self.tile::<S, 6>(s, block, row, column),
                    _ => self.tile::<S, 4>(s, block, row, column),
                }
            }
        }
    }

    /// Two vectors of rows times `N` columns.
    #[inline(always)]
    fn tile<S: Simd<T>, const N: usize>(&mut self, s: S, block: ProductBlock, row: usize, column: usize) {
        let height = 2 * S::LANES;
        let mut sums = [[s.zero(); 2]; N];
        let a = &self.a_panel[row * block.depth..][..height * block.depth];
        let b = &self.b_panel[column * block.depth..][..N * block.depth];
        // SAFETY: both panels hold `depth` steps of their strip, as sliced above.
        unsafe {
            let (mut a, mut b) = (a.as_ptr(), b.as_ptr());
            for _ in 0..block.depth {
                let low = s.load_ptr(a);
                let high = s.load_ptr(a.add(S::LANES));
                for (n, sum) in sums.iter_mut().enumerate() {
                    let value = s.splat(*b.add(n));
                    sum[0] = s.mul_add(low, value, sum[0]);
                    sum[1] = s.mul_add(high, value, sum[1]);
                }
                a = a.add(height);
                b = b.add(N);
            }
        }
        let MatrixProduct { c, stride, bias, epilogue, sizes, .. } = &mut self.product;
        let (begins, ends) = (block.inner == 0, block.inner + block.depth == sizes[1]);
        let rows = block.rows - row;
        for (n, sum) in sums.into_iter().enumerate().take(block.columns - column) {
            let at = block.column + column + n;
            let start = at * *stride + block.row + row;
            for (half, mut value) in sum.into_iter().enumerate() {
                let count = rows.saturating_sub(half * S::LANES).min(S::LANES);
                if count == 0 {
                    break;
                }
                let c = &mut c[start + half * S::LANES..][..count];
                if !begins {
                    value = s.add(value, s.load(c));
                }
                if ends {
                    if let Some(bias) = bias {
                        value = s.add(value, s.splat(bias[at]));
                    }
                    value = epilogue.apply(s, value);
                }
                s.store(c, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::Level;

    #[test]
    fn equals_the_definition_for_every_layout_and_level() {
        for level in Level::all() {
            for [m, k, n] in [[1, 1, 1], [33, 7, 13], [200, 300, 40], [16, 600, 500], [50, 20, 481]] {
                for (a_rows, b_rows) in [(true, true), (false, true), (true, false), (false, false)] {
                    let fill = |count: usize, step: usize| (0..count).map(|i| ((i * step) % 9) as f64 - 4.0).collect();
                    let (a, b): (Vec<f64>, Vec<f64>) = (fill(m * k, 7), fill(k * n, 5));
                    let strides = |by_rows, rows, columns| if by_rows { (columns, 1) } else { (1, rows) };
                    let operand = |data, (row_stride, column_stride)| StridedMatrix { data, row_stride, column_stride };
                    let (sa, sb) = (strides(a_rows, m, k), strides(b_rows, k, n));
                    let bias: Vec<f64> = fill(n, 3);
                    let stride = m + 3;
                    let mut c = vec![77.0; n * stride];
                    let product = MatrixProduct {
                        sizes: [m, k, n],
                        a: operand(&a, sa),
                        b: operand(&b, sb),
                        c: &mut c,
                        stride,
                        bias: Some(&bias),
                        epilogue: Epilogue::Relu,
                    };
                    let (mut a_panel, mut b_panel) = (vec![0.0; ROWS * DEPTH], vec![0.0; COLUMNS * DEPTH]);
                    f64::dispatch(PackedProduct { product, a_panel: &mut a_panel, b_panel: &mut b_panel }, level);
                    for j in 0..n {
                        for i in 0..m {
                            let sum: f64 = (0..k).map(|l| a[i * sa.0 + l * sa.1] * b[l * sb.0 + j * sb.1]).sum();
                            // Small integers: every order of summation is exact.
                            assert_eq!(
                                c[j * stride + i],
                                (sum + bias[j]).max(0.0),
                                "{level:?} {m}×{k}×{n} at {i}, {j}"
                            );
                        }
                        assert!(
                            c[j * stride + m..(j + 1) * stride].iter().all(|v| *v == 77.0),
                            "nothing else is written"
                        );
                    }
                }
            }
        }
    }
}
