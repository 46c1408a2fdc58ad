//! The product of matrices too large for the first-level cache: packed panels and a register tile.
//!
//! `c = a·b`, where a column of `c` is contiguous. `a` is copied into panels in the order in which the innermost loop reads
//! it, in strips of two vectors; a strip stays in the first-level cache while it meets the strips of `b`, as wide as the
//! register tile, which come from the second-level cache. `b` is copied where its columns are not contiguous; where they are,
//! a strip is as many streams, which the processor follows without a copy.
//!
//! # References
//!
//! K. Goto and R. van de Geijn, *Anatomy of high-performance matrix multiplication*, ACM TOMS 34 (2008).

use super::accumulate::{FEW_COLUMNS, ScalarOperand, VectorOperand, accumulate};
use super::blocks::{CHUNK, COLUMNS, DEPTH, ROWS, depth};
use super::epilogue::Epilogue;
use super::pack_rows::PackRows;
use super::strided_matrix::StridedMatrix;
use crate::kernels::aligned::Aligned;
use crate::kernels::{Element, Kernel, LANES, Simd, prefetch_span, run};
use crate::threads;

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
    /// A matrix like `c`, the outputs of a relu: where a value is not positive, that of `c` becomes zero.
    pub(crate) relu_mask: Option<&'a [T]>,
    /// Receives the sum of each row of `a`.
    pub(crate) row_sums: Option<&'a mut [T]>,
}

/// Columns that are whole tiles at every level.
const TILES: usize = 12;

/// The number of multiply-adds per thread below which splitting does not pay: about three microseconds of them.
const GRAIN: usize = 1 << 17;

impl<'a, T: Element> MatrixProduct<'a, T> {
    /// The products for the first `left` of `parts` parts of the columns, and for the others.
    fn split(self, left: usize, parts: usize) -> (Self, Self) {
        let MatrixProduct { sizes: [m, k, n], a, b, c, stride, bias, epilogue, relu_mask, row_sums } = self;
        // Whole tiles of every level.
        let at = (threads::boundary(n, left, parts) + TILES / 2) / TILES * TILES;
        let at = at.max(TILES).min(n);
        let (first, second) = c.split_at_mut((at * stride).min(c.len()));
        let after = StridedMatrix { data: b.data.get(at * b.column_stride..).unwrap_or(&[]), ..b };
        let masks = relu_mask.map(|mask| mask.split_at(first.len()));
        let part = |n, b, c, bias, relu_mask, row_sums| {
            let sizes = [m, k, n];
            MatrixProduct { sizes, a, b, c, stride, bias, epilogue, relu_mask, row_sums }
        };
        (
            part(at, b, first, bias.map(|bias| &bias[..at]), masks.map(|masks| masks.0), row_sums),
            part(n - at, after, second, bias.map(|bias| &bias[at..]), masks.map(|masks| masks.1), None),
        )
    }

    /// The product for some of the rows.
    fn of_rows(&mut self, row: usize, rows: usize) -> MatrixProduct<'_, T> {
        let MatrixProduct { sizes: [_, k, n], a, b, ref mut c, stride, bias, epilogue, relu_mask, ref mut row_sums } =
            *self;
        MatrixProduct {
            sizes: [rows, k, n],
            a: StridedMatrix { data: a.data.get(row * a.row_stride..).unwrap_or(&[]), ..a },
            b,
            c: c.get_mut(row..).unwrap_or_default(),
            stride,
            bias,
            epilogue,
            relu_mask: relu_mask.map(|mask| mask.get(row..).unwrap_or(&[])),
            row_sums: row_sums.as_mut().map(|sums| &mut sums[row..row + rows]),
        }
    }
}

/// Computes the product, columns of a large one on several threads; the panels are kept by the thread for the next one.
pub(crate) fn multiply<T: Element>(product: MatrixProduct<'_, T>) {
    let [m, k, n] = product.sizes;
    // No part is without columns.
    let parts = threads::parts(m.saturating_mul(k).saturating_mul(n), GRAIN).min(n.div_ceil(TILES).max(1));
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
        let MatrixProduct { a, b, c, stride, bias, relu_mask, row_sums, .. } = &self.product;
        assert!(a.holds(m, k) && b.holds(k, n) && *stride >= m);
        assert!(n == 0 || c.len() >= (n - 1) * stride + m);
        assert!(bias.is_none_or(|bias| bias.len() >= n) && relu_mask.is_none_or(|mask| mask.len() >= c.len()));
        assert!(row_sums.as_ref().is_none_or(|sums| sums.len() == m));
        let most = depth(k);
        for row in (0..m).step_by(ROWS) {
            let rows = (m - row).min(ROWS);
            for inner in (0..k).step_by(most.max(1)) {
                let depth = (k - inner).min(most);
                let block = self.product.of_rows(row, rows);
                let mut panel = PackRows { a: block.a, rows, inner: k, packed: self.a_panel, sums: block.row_sums };
                panel.pack(s, inner..inner + depth);
                for column in (0..n).step_by(COLUMNS) {
                    let block = ProductBlock { row, rows, inner, depth, column, columns: (n - column).min(COLUMNS) };
                    self.pack_b::<S>(block);
                    self.multiply_block(s, block);
                }
            }
        }
    }
}

impl<T: Element> PackedProduct<'_, T> {
    /// The first column of a block that is packed: columns that are contiguous are read where they are, but for the last ones,
    /// which do not fill a strip.
    #[inline(always)]
    fn first_packed<S: Simd<T>>(&self, block: ProductBlock) -> usize {
        if self.product.b.row_stride == 1 { block.columns - block.columns % S::TILE } else { 0 }
    }

    /// `b` in strips of [`Simd::TILE`] columns, zeros beyond the last.
    #[inline(always)]
    fn pack_b<S: Simd<T>>(&mut self, block: ProductBlock) {
        let StridedMatrix { data, row_stride, column_stride } = self.product.b;
        let ProductBlock { inner, depth, column, columns, .. } = block;
        let begin = self.first_packed::<S>(block);
        for first in (0..depth).step_by(CHUNK) {
            let chunk = first..(first + CHUNK).min(depth);
            for strip in (begin..columns).step_by(S::TILE) {
                let count = (columns - strip).min(S::TILE);
                let to = &mut self.b_panel[strip * depth + first * S::TILE..][..chunk.len() * S::TILE];
                let start = (inner + first) * row_stride + (column + strip) * column_stride;
                if column_stride == 1 && count == S::TILE {
                    let from = &data[start..][..(chunk.len() - 1) * row_stride + S::TILE];
                    for k in 0..chunk.len() {
                        // SAFETY: `from` ends with `TILE` elements of the last row, and `to` holds as many for each row.
                        unsafe {
                            let (from, to) = (from.as_ptr().add(k * row_stride), to.as_mut_ptr().add(k * S::TILE));
                            to.copy_from_nonoverlapping(from, S::TILE);
                        }
                    }
                    continue;
                }
                for (k, to) in to.chunks_exact_mut(S::TILE).enumerate() {
                    for (j, to) in to.iter_mut().enumerate() {
                        let from = start + k * row_stride + j * column_stride;
                        *to = if j < count { data[from] } else { T::literal(0.0) };
                    }
                }
            }
        }
    }

    /// Multiplies all tiles of a block. Where rows of `a` are contiguous, some of the columns that these rows have in the next block are
    /// prefetched with each tile: another thread may have written them, so that packing would wait for each of them.
    #[inline(always)]
    fn multiply_block<S: Simd<T>>(&mut self, s: S, block: ProductBlock) {
        let ([_, k, n], StridedMatrix { data, row_stride, column_stride }) = (self.product.sizes, self.product.a);
        let next = block.inner + block.depth;
        let mut ahead = next..(next + block.depth).min(k);
        let tiles = block.rows.div_ceil(2 * S::LANES) * block.columns.div_ceil(S::TILE);
        let is_last = block.column + block.columns == n;
        let each = if is_last && row_stride == 1 { ahead.len().div_ceil(tiles.max(1)) } else { 0 };
        for row in (0..block.rows).step_by(2 * S::LANES) {
            for column in (0..block.columns).step_by(S::TILE) {
                for inner in ahead.by_ref().take(each) {
                    let first = data.as_ptr().wrapping_add(block.row + inner * column_stride);
                    prefetch_span(first, block.rows * size_of::<T>());
                }
                // The width of a tile is a constant for the registers' sake; it is 12, 6 or 4.
                match S::TILE {
                    12 => self.tile::<S, 12>(s, block, row, column),
                    6 => self.tile::<S, 6>(s, block, row, column),
                    _ => self.tile::<S, 4>(s, block, row, column),
                }
            }
        }
    }

    /// Two vectors of rows times `N` columns. A tile at the edge of `c` is computed whole in a copy.
    #[inline(always)]
    fn tile<S: Simd<T>, const N: usize>(&mut self, s: S, block: ProductBlock, row: usize, column: usize) {
        let height = 2 * S::LANES;
        let b = if column < self.first_packed::<S>(block) {
            let StridedMatrix { data, column_stride, .. } = self.product.b;
            let data = &data[block.inner + (block.column + column) * column_stride..];
            Strip::Columns { data, apart: column_stride }
        } else {
            Strip::Packed(&self.b_panel[column * block.depth..])
        };
        let MatrixProduct { c, stride, bias, epilogue, relu_mask, sizes, .. } = &mut self.product;
        let a = &self.a_panel[row * block.depth..];
        let (begins, ends) = (block.inner == 0, block.inner + block.depth == sizes[1]);
        let (rows, columns) = ((block.rows - row).min(height), (block.columns - column).min(N));
        let first = block.column + column;
        let at = first * *stride + block.row + row;
        let c = &mut c[at..][..(columns - 1) * *stride + rows];
        let mask = relu_mask.filter(|_| ends).map(|mask| &mask[at..][..c.len()]);
        let bias = bias.filter(|_| ends).map(|bias| &bias[first..first + columns]);
        let mut tile = Tile {
            depth: block.depth,
            a,
            b,
            begins,
            bias,
            relu: ends && *epilogue == Epilogue::Relu,
            mask,
            c,
            stride: *stride,
        };
        let (mut copies, mut biases);
        let mut beyond = None;
        if rows < height || columns < N {
            copies = [[[T::literal(0.0); 2 * LANES]; N]; 2];
            biases = [T::literal(0.0); N];
            let [values, masks] = &mut copies;
            for n in 0..columns {
                if !begins {
                    values[n][..rows].copy_from_slice(&tile.c[n * tile.stride..][..rows]);
                }
                if let Some(mask) = mask {
                    masks[n][..rows].copy_from_slice(&mask[n * tile.stride..][..rows]);
                }
            }
            if let Some(bias) = bias {
                biases[..columns].copy_from_slice(bias);
                tile.bias = Some(&biases);
            }
            tile.mask = mask.map(|_| masks.as_flattened());
            beyond = Some((std::mem::replace(&mut tile.c, values.as_flattened_mut()), tile.stride));
            tile.stride = 2 * LANES;
        }
        tile.multiply::<S, N>(s);
        if let Some((c, stride)) = beyond {
            for n in 0..columns {
                c[n * stride..][..rows].copy_from_slice(&tile.c[n * tile.stride..][..rows]);
            }
        }
    }
}

/// The columns of `b` that a tile meets.
#[derive(Clone, Copy)]
enum Strip<'a, T> {
    /// The elements of all columns at one inner index, then those at the next.
    Packed(&'a [T]),
    /// Contiguous columns, which begin `apart` elements from one another.
    Columns { data: &'a [T], apart: usize },
}

/// A register tile: two vectors of rows by some columns of `c`.
struct Tile<'a, T> {
    depth: usize,
    /// A packed strip.
    a: &'a [T],
    b: Strip<'a, T>,
    /// Whether `c` has no sums of earlier blocks.
    begins: bool,
    bias: Option<&'a [T]>,
    relu: bool,
    mask: Option<&'a [T]>,
    c: &'a mut [T],
    stride: usize,
}

impl<T: Element> Tile<'_, T> {
    /// The products of a strip of `a` and one of `b`.
    #[inline(always)]
    fn products<S: Simd<T>, const N: usize>(&self, s: S) -> [[S::V; 2]; N] {
        let (height, depth) = (2 * S::LANES, self.depth);
        assert!(self.a.len() >= height * depth);
        let a = VectorOperand { first: self.a.as_ptr(), next: height };
        let mut sums = [[s.zero(); 2]; N];
        match self.b {
            Strip::Packed(b) => {
                assert!(b.len() >= N * depth);
                let b = ScalarOperand { first: b.as_ptr(), apart: 1, next: N };
                // SAFETY: `a` and `b` hold `depth` steps of a strip, as was just compared.
                unsafe { accumulate(s, depth, a, b, true, &mut sums) }
            }
            Strip::Columns { data, apart } => {
                assert!(data.len() >= (N - 1) * apart + depth);
                let b = ScalarOperand { first: data.as_ptr(), apart, next: 1 };
                // SAFETY: `a` holds `depth` steps of a strip, and `data` as much of the last column, as was just compared.
                unsafe { accumulate(s, depth, a, b, N <= FEW_COLUMNS, &mut sums) }
            }
        }
        sums
    }

    #[inline(always)]
    fn multiply<S: Simd<T>, const N: usize>(&mut self, s: S) {
        let mut sums = self.products::<S, N>(s);
        let Tile { begins, bias, relu, mask, c, stride, .. } = self;
        let (height, stride) = (2 * S::LANES, *stride);
        assert!(c.len() >= (N - 1) * stride + height);
        assert!(bias.is_none_or(|bias| bias.len() >= N) && mask.is_none_or(|mask| mask.len() >= c.len()));
        // SAFETY: `c` and the mask hold a vector pair in each of `N` columns and the bias as many values, as was just compared.
        unsafe {
            let c = c.as_mut_ptr();
            if !*begins {
                for n in 0..N {
                    for half in 0..2 {
                        sums[n][half] = s.add(sums[n][half], s.load_ptr(c.add(n * stride + half * S::LANES)));
                    }
                }
            }
            if let Some(bias) = bias {
                for n in 0..N {
                    let bias = s.splat(*bias.as_ptr().add(n));
                    for half in 0..2 {
                        sums[n][half] = s.add(sums[n][half], bias);
                    }
                }
            }
            if *relu {
                for n in 0..N {
                    for half in 0..2 {
                        sums[n][half] = Epilogue::Relu.apply(s, sums[n][half]);
                    }
                }
            }
            if let Some(mask) = mask {
                for n in 0..N {
                    for half in 0..2 {
                        let mask = s.load_ptr(mask.as_ptr().add(n * stride + half * S::LANES));
                        sums[n][half] = s.select(s.gt(mask, s.zero()), sums[n][half], s.zero());
                    }
                }
            }
            for n in 0..N {
                for half in 0..2 {
                    s.store_ptr(c.add(n * stride + half * S::LANES), sums[n][half]);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::Level;

    /// A product of small integers, for which every order of summation is exact, and its parts.
    struct Case {
        sizes: [usize; 3],
        a: Vec<f64>,
        b: Vec<f64>,
        /// The distances between two rows and between two columns of `a`, and of `b`.
        strides: [(usize, usize); 2],
        bias: Vec<f64>,
        mask: Vec<f64>,
        stride: usize,
    }

    impl Case {
        /// `apart` is the number of elements between one row or column and the next.
        fn new(sizes: [usize; 3], (a_by_rows, b_by_rows): (bool, bool), apart: [usize; 3]) -> Self {
            let [m, k, n] = sizes;
            let layout = |by_rows, rows, columns, apart| if by_rows { (columns + apart, 1) } else { (1, rows + apart) };
            let fill = |count: usize, step: usize| (0..count).map(|i| ((i * step) % 9) as f64 - 4.0).collect();
            let length = |(row, column): (usize, usize), rows: usize, columns: usize| {
                if rows == 0 || columns == 0 { 0 } else { (rows - 1) * row + (columns - 1) * column + 1 }
            };
            let strides = [layout(a_by_rows, m, k, apart[0]), layout(b_by_rows, k, n, apart[1])];
            let stride = m + apart[2];
            Case {
                sizes,
                a: fill(length(strides[0], m, k), 7),
                b: fill(length(strides[1], k, n), 5),
                strides,
                bias: fill(n, 3),
                mask: fill(n * stride, 2),
                stride,
            }
        }

        fn product<'a>(&'a self, c: &'a mut [f64], row_sums: &'a mut [f64], fused: bool) -> MatrixProduct<'a, f64> {
            let operand = |data, (row_stride, column_stride)| StridedMatrix { data, row_stride, column_stride };
            MatrixProduct {
                sizes: self.sizes,
                a: operand(&self.a, self.strides[0]),
                b: operand(&self.b, self.strides[1]),
                c,
                stride: self.stride,
                bias: fused.then_some(&self.bias),
                epilogue: if fused { Epilogue::Relu } else { Epilogue::Linear },
                relu_mask: fused.then_some(&self.mask),
                row_sums: fused.then_some(row_sums),
            }
        }

        /// The definition, one element at a time.
        fn check(&self, c: &[f64], row_sums: &[f64], fused: bool, what: &str) {
            let [m, k, n] = self.sizes;
            let [a, b] = self.strides;
            for j in 0..n {
                for i in 0..m {
                    let sum: f64 = (0..k).map(|l| self.a[i * a.0 + l * a.1] * self.b[l * b.0 + j * b.1]).sum();
                    let at = j * self.stride + i;
                    let kept = self.mask[at] > 0.0;
                    let wanted = if !fused {
                        sum
                    } else if kept {
                        (sum + self.bias[j]).max(0.0)
                    } else {
                        0.0
                    };
                    assert_eq!(c[at], wanted, "{what} {m}×{k}×{n} at {i}, {j}");
                }
                assert!(c[j * self.stride..][m..self.stride].iter().all(|v| *v == 77.0), "nothing else is written");
            }
            for i in (0..m).filter(|_| fused) {
                let sum: f64 = (0..k).map(|l| self.a[i * a.0 + l * a.1]).sum();
                assert_eq!(row_sums[i], sum, "{what} {m}×{k}×{n}, row {i}");
            }
        }
    }

    /// Sizes around the edges of tiles, and larger than each block.
    fn sizes() -> impl Iterator<Item = [usize; 3]> {
        let large = [[33, 7, 13], [200, 300, 40], [16, 600, 500], [50, 20, 481], [530, 200, 26], [3, 513, 2]];
        let small = (0..60).map(|i| [(i * 37) % 71, (i * 53) % 70 + 1, (i * 29) % 71]);
        large.into_iter().chain(small)
    }

    #[test]
    fn equals_the_definition_for_every_layout_and_level() {
        for level in Level::all() {
            for (i, sizes) in sizes().enumerate() {
                for layout in [(true, true), (false, true), (true, false), (false, false)] {
                    for fused in [false, true] {
                        let case = Case::new(sizes, layout, [i % 3, i % 5, 3]);
                        let (mut c, mut row_sums) = (vec![77.0; sizes[2] * case.stride], vec![77.0; sizes[0]]);
                        // What the panels hold from before must not matter.
                        let mut a_panel = vec![f64::NAN; ROWS * DEPTH];
                        let mut b_panel = vec![f64::NAN; COLUMNS * DEPTH];
                        let product = case.product(&mut c, &mut row_sums, fused);
                        let (a_panel, b_panel) = (&mut a_panel[..], &mut b_panel[..]);
                        f64::dispatch(PackedProduct { product, a_panel, b_panel }, level);
                        case.check(&c, &row_sums, fused, &format!("{level:?} {layout:?}"));
                    }
                }
            }
        }
    }

    #[test]
    fn parts_of_a_product_are_the_product_bit_for_bit() {
        for (sizes, parts) in [([70, 300, 90], 2), ([33, 20, 130], 3), ([5, 9, 17], 4), ([600, 200, 100], 2)] {
            let case = Case::new(sizes, (false, true), [1, 2, 3]);
            // Not integers, so that another order of summation would show.
            let case = Case { a: case.a.iter().map(|a| a / 7.0).collect(), ..case };
            let computed = |compute: &dyn Fn(MatrixProduct<'_, f64>)| {
                let (mut c, mut row_sums) = (vec![77.0; sizes[2] * case.stride], vec![77.0; sizes[0]]);
                compute(case.product(&mut c, &mut row_sums, true));
                (c, row_sums)
            };
            let whole = computed(&multiply_here);
            let divided = computed(&|product| threads::divide(product, parts, &MatrixProduct::split, &multiply_here));
            assert_eq!(whole, divided);
        }
    }
}
