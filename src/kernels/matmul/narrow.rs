//! Narrow dense products with the batch in the lanes: `y = act(x·w + b)` and `dx = dz·wᵀ`.
//!
//! A weight is broadcast against two vectors of samples for each unit of a tile, and a tile's sums stay in
//! registers over the whole inner dimension. Nothing is packed, so this is the kernel for layers whose weights
//! stay in the first-level cache; wider ones go to [`packed`](super::packed).

use super::accumulate::{FEW_COLUMNS, ScalarOperand, VectorOperand, accumulate};
use super::epilogue::Epilogue;
use crate::kernels::{Element, Kernel, LANES, Simd};
use crate::threads::boundary;
use std::ops::Range;

/// `y[:, u] = act(Σₖ x[:, k]·w[k·inner + u·outer] + b[u])` over columns that are `stride` apart.
pub(crate) struct Narrow<'a, T> {
    /// `inputs` columns of samples.
    pub(crate) x: &'a [T],
    /// Elements between two columns of `x` and of `y`; a multiple of [`LANES`].
    pub(crate) stride: usize,
    /// Samples to compute, up to the next whole vector.
    pub(crate) rows: usize,
    pub(crate) inputs: usize,
    pub(crate) weights: &'a [T],
    /// Distance in `weights` between two inputs; 1 where `outer` is not.
    pub(crate) inner: usize,
    /// Distance in `weights` between two units; 1 where `inner` is not.
    pub(crate) outer: usize,
    /// One summand a unit, or none.
    pub(crate) bias: Option<&'a [T]>,
    /// `units` columns of samples.
    pub(crate) y: &'a mut [T],
    pub(crate) units: usize,
    pub(crate) epilogue: Epilogue,
    /// Columns like those of `y`, the outputs of a relu: where a value is not positive, `y` becomes zero.
    pub(crate) relu_mask: Option<&'a [T]>,
}

/// By reference, since the struct is large.
impl<T: Element> Kernel<T> for &mut Narrow<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T>>(self, s: S) {
        if self.units == 0 {
            return;
        }
        self.check();
        let tiles = self.units.div_ceil(S::TILE);
        let mut first = 0;
        for tile in 0..tiles {
            // Tiles of nearly equal width: 16 units are two tiles of 8, not 12 and 4.
            let width = if tiles == 1 { self.units } else { (self.units - first).div_ceil(tiles - tile) };
            match width {
                1 => self.tile::<S, 1>(s, first),
                2 => self.tile::<S, 2>(s, first),
                3 => self.tile::<S, 3>(s, first),
                4 => self.tile::<S, 4>(s, first),
                5 => self.tile::<S, 5>(s, first),
                6 => self.tile::<S, 6>(s, first),
                7 => self.tile::<S, 7>(s, first),
                8 => self.tile::<S, 8>(s, first),
                9 => self.tile::<S, 9>(s, first),
                10 => self.tile::<S, 10>(s, first),
                11 => self.tile::<S, 11>(s, first),
                _ => self.tile::<S, 12>(s, first),
            }
            first += width;
        }
    }
}

impl<'a, T> Narrow<'a, T> {
    /// The product for the first `left` of `parts` parts of the units, and for the others.
    pub(crate) fn split(self, left: usize, parts: usize) -> (Self, Self) {
        let Narrow { x, stride, rows, inputs, weights, inner, outer, bias, y, units, epilogue, relu_mask } = self;
        let at = boundary(units, left, parts);
        let (first, second) = y.split_at_mut(at * stride);
        let part = |of: Range<usize>, y: &'a mut [T]| Narrow {
            x,
            stride,
            rows,
            inputs,
            weights: &weights[of.start * outer..],
            inner,
            outer,
            bias: bias.map(|bias| &bias[of.clone()]),
            y,
            units: of.len(),
            epilogue,
            relu_mask: relu_mask.map(|relu_mask| &relu_mask[of.start * stride..]),
        };
        (part(0..at, first), part(at..units, second))
    }
}

impl<T: Element> Narrow<'_, T> {
    /// The bounds that the raw loads and stores below rely on.
    #[inline(always)]
    fn check(&self) {
        assert!(self.stride.is_multiple_of(LANES) && self.rows <= self.stride);
        assert!(self.x.len() >= self.inputs * self.stride && self.y.len() >= self.units * self.stride);
        assert!(self.bias.is_none_or(|bias| bias.len() >= self.units));
        assert!(self.relu_mask.is_none_or(|relu_mask| relu_mask.len() >= self.units * self.stride));
        assert!(self.inner == 1 || self.outer == 1);
        let last = self.inputs.saturating_sub(1) * self.inner + (self.units - 1) * self.outer;
        assert!(self.inputs == 0 || self.weights.len() > last);
    }

    /// `N` units from `first` on, over all samples.
    #[inline(always)]
    fn tile<S: Simd<T>, const N: usize>(&mut self, s: S, first: usize) {
        // No tile is wider; so that nothing is compiled for it.
        if const { N > S::TILE } {
            return;
        }
        let pair = 2 * S::LANES;
        let mut row = 0;
        while row + pair <= self.rows.next_multiple_of(S::LANES) {
            self.block::<S, N, 2>(s, first, row);
            row += pair;
        }
        if row < self.rows {
            self.block::<S, N, 1>(s, first, row);
        }
    }

    /// `N` units of `M` vectors of samples.
    #[inline(always)]
    fn block<S: Simd<T>, const N: usize, const M: usize>(&mut self, s: S, first: usize, row: usize) {
        let mut sums = [[s.zero(); M]; N];
        if let Some(bias) = self.bias {
            let bias = &bias[first..first + N];
            for n in 0..N {
                sums[n] = [s.splat(bias[n]); M];
            }
        }
        // SAFETY: `check` holds: column `k < inputs` of x and unit `u < units` of y and relu_mask have `stride` elements,
        // and `row + M·LANES <= stride`, since `stride` is a multiple of LANES not below `rows`; the weight indices do not
        // exceed the last one, which `check` compared with their number.
        unsafe {
            let x = VectorOperand { first: self.x.as_ptr().add(row), next: self.stride };
            let weights = self.weights.as_ptr().add(first * self.outer);
            let (inner, outer) = (self.inner, self.outer);
            if outer == 1 {
                let weights = ScalarOperand { first: weights, apart: 1, next: inner };
                accumulate(s, self.inputs, x, weights, false, &mut sums);
            } else {
                let weights = ScalarOperand { first: weights, apart: outer, next: 1 };
                accumulate(s, self.inputs, x, weights, N <= FEW_COLUMNS, &mut sums);
            }
            let at = first * self.stride + row;
            let y = self.y.as_mut_ptr().add(at);
            for (n, sum) in sums.iter().enumerate() {
                for (m, &z) in sum.iter().enumerate() {
                    let further = n * self.stride + m * S::LANES;
                    let value = self.epilogue.apply(s, z);
                    let value = match self.relu_mask {
                        Some(relu_mask) => {
                            s.select(s.gt(s.load_ptr(relu_mask.as_ptr().add(at + further)), s.zero()), value, s.zero())
                        }
                        None => value,
                    };
                    s.store_ptr(y.add(further), value);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::Level;

    /// The definition, one product at a time.
    fn reference(x: &[f64], stride: usize, k: usize, w: &[f64], b: &[f64], n: usize) -> Vec<f64> {
        let mut y = vec![0.0; n * stride];
        for u in 0..n {
            for r in 0..stride {
                y[u * stride + r] = b[u] + (0..k).map(|i| x[i * stride + r] * w[i * n + u]).sum::<f64>();
            }
        }
        y
    }

    #[test]
    fn equals_the_reference_at_every_level_and_width() {
        for level in Level::all() {
            for (rows, k, n) in [(1, 1, 1), (32, 12, 12), (7, 12, 1), (33, 5, 13), (48, 3, 25), (64, 64, 30)] {
                let stride = crate::kernels::padded(rows);
                let x: Vec<f64> = (0..k * stride).map(|i| ((i * 37) % 11) as f64 - 5.0).collect();
                let w: Vec<f64> = (0..k * n).map(|i| ((i * 13) % 7) as f64 * 0.5 - 1.0).collect();
                let b: Vec<f64> = (0..n).map(|i| i as f64).collect();
                let relu_mask: Vec<f64> = (0..n * stride).map(|i| ((i * 5) % 3) as f64 - 1.0).collect();
                let mut y = vec![0.0; n * stride];
                let mut kernel = Narrow {
                    x: &x,
                    stride,
                    rows,
                    inputs: k,
                    weights: &w,
                    inner: n,
                    outer: 1,
                    bias: Some(&b),
                    y: &mut y,
                    units: n,
                    epilogue: Epilogue::Relu,
                    relu_mask: Some(&relu_mask),
                };
                f64::dispatch(&mut kernel, level);
                let expected = reference(&x, stride, k, &w, &b, n);
                for (u, (column, wanted)) in y.chunks(stride).zip(expected.chunks(stride)).enumerate() {
                    for r in 0..rows {
                        // Small multiples of one half: every order of summation is exact.
                        let wanted = if relu_mask[u * stride + r] > 0.0 { wanted[r].max(0.0) } else { 0.0 };
                        assert_eq!(column[r], wanted, "{level:?} {rows}×{k}×{n}");
                    }
                }
            }
        }
    }

    #[test]
    fn parts_of_a_product_are_the_product_bit_for_bit() {
        let (rows, k, n) = (100, 9, 15);
        let stride = crate::kernels::padded(rows);
        let x: Vec<f64> = (0..k * stride).map(|i| ((i * 37) % 11) as f64 / 7.0).collect();
        let w: Vec<f64> = (0..k * n).map(|i| ((i * 13) % 7) as f64 / 3.0).collect();
        let computed = |parts| {
            let mut y = vec![0.0; n * stride];
            let product = Narrow {
                x: &x,
                stride,
                rows,
                inputs: k,
                weights: &w,
                inner: n,
                outer: 1,
                bias: None,
                y: &mut y,
                units: n,
                epilogue: Epilogue::Linear,
                relu_mask: None,
            };
            crate::threads::divide(product, parts, &Narrow::split, &|mut part| crate::kernels::run(&mut part));
            y
        };
        let whole = computed(1);
        assert!(whole.iter().any(|y| *y != 0.0));
        for parts in 2..=7 {
            assert_eq!(whole, computed(parts), "{parts}");
        }
    }
}
