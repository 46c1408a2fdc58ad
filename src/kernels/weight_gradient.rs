//! Narrow weight gradients: `dw = xᵀ·dz` and `db = Σ dz`, sums over the batch.
//!
//! The batch lies in the lanes of both operands, but the sums run over it. So `dz` is transposed once, and the
//! gradient becomes a sum of outer products whose rows are in registers: one broadcast sample value times the
//! vector of its unit gradients. A layer of few units would leave most lanes of that vector empty; its sums are
//! taken along the batch instead and folded at the end.

use super::transpose::square;
use super::{Element, Kernel, LANES, Simd};

/// Rows of `dw` that one pass keeps in registers.
const ROWS: usize = 12;

/// Up to this many units the sums run along the lanes.
const FEW: usize = 3;

/// `dw[k·units + u] = Σᵣ x[r, k]·dz[r, u]` and `db[u] = Σᵣ dz[r, u]`.
pub(crate) struct WeightGradient<'a, T> {
    /// `inputs` columns of samples.
    pub(crate) x: &'a [T],
    /// `units` columns of samples; zero between `rows` and the next whole vector.
    pub(crate) dz: &'a [T],
    /// Elements between two columns of `x` and of `dz`; a multiple of [`LANES`].
    pub(crate) stride: usize,
    /// Samples in the batch.
    pub(crate) rows: usize,
    pub(crate) inputs: usize,
    pub(crate) units: usize,
    /// Room for the transposed gradients: [`scratch`] elements.
    pub(crate) transposed: &'a mut [T],
    pub(crate) dw: &'a mut [T],
    pub(crate) db: Option<&'a mut [T]>,
}

/// The elements of [`WeightGradient::transposed`].
pub(crate) fn scratch(stride: usize, units: usize) -> usize {
    if units <= FEW { 0 } else { stride * units.next_multiple_of(LANES) }
}

impl<T: Element> Kernel<T> for WeightGradient<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T>>(mut self, s: S) {
        assert!(self.stride.is_multiple_of(LANES) && self.rows <= self.stride);
        assert!(self.x.len() >= self.inputs * self.stride && self.dz.len() >= self.units * self.stride);
        assert!(self.dw.len() == self.inputs * self.units);
        assert!(self.db.as_ref().is_none_or(|db| db.len() == self.units));
        assert!(self.transposed.len() >= scratch(self.stride, self.units));
        if self.units <= FEW {
            self.along_the_batch(s);
        } else {
            self.transpose(s);
            self.outer_products(s);
        }
    }
}

impl<T: Element> WeightGradient<'_, T> {
    /// Sums along the lanes, four inputs at a time so that the chains overlap.
    #[inline(always)]
    fn along_the_batch<S: Simd<T>>(&mut self, s: S) {
        for u in 0..self.units {
            let mut first = 0;
            while first + 4 <= self.inputs {
                self.dots::<S, 4>(s, u, first);
                first += 4;
            }
            while first < self.inputs {
                self.dots::<S, 1>(s, u, first);
                first += 1;
            }
            if let Some(db) = &mut self.db {
                let mut sum = s.zero();
                let mut row = 0;
                while row < self.rows {
                    sum = s.add(sum, s.load(&self.dz[u * self.stride + row..]));
                    row += S::LANES;
                }
                db[u] = s.sum(sum);
            }
        }
    }

    /// The gradients of `N` inputs' weights to one unit.
    #[inline(always)]
    fn dots<S: Simd<T>, const N: usize>(&mut self, s: S, u: usize, first: usize) {
        let mut sums = [s.zero(); N];
        let mut row = 0;
        while row < self.rows {
            // SAFETY: `run` checked that both operands hold columns of `stride` elements, `first + N <= inputs`,
            // and `row + LANES <= stride`, both being multiples of LANES.
            unsafe {
                let d = s.load_raw(self.dz.as_ptr().add(u * self.stride + row));
                for k in 0..N {
                    let x = s.load_raw(self.x.as_ptr().add((first + k) * self.stride + row));
                    sums[k] = s.fma(x, d, sums[k]);
                }
            }
            row += S::LANES;
        }
        for k in 0..N {
            self.dw[(first + k) * self.units + u] = s.sum(sums[k]);
        }
    }

    /// `dz` with a sample's unit gradients side by side, padded with zeros to whole vectors.
    #[inline(always)]
    fn transpose<S: Simd<T>>(&mut self, s: S) {
        let mut row = 0;
        while row < self.rows {
            let mut first = 0;
            while first < self.units {
                match S::LANES {
                    16 => self.transpose_block::<S, 16>(s, row, first),
                    8 => self.transpose_block::<S, 8>(s, row, first),
                    4 => self.transpose_block::<S, 4>(s, row, first),
                    _ => self.transpose_block::<S, 2>(s, row, first),
                }
                first += S::LANES;
            }
            row += S::LANES;
        }
    }

    /// `N` samples of up to `N` units, `N` being the lanes.
    #[inline(always)]
    fn transpose_block<S: Simd<T>, const N: usize>(&mut self, s: S, row: usize, first: usize) {
        let width = self.units.next_multiple_of(LANES);
        let mut block = [s.zero(); N];
        // SAFETY: `run` checked that dz holds `units` columns of `stride` elements and that the transposed
        // gradients hold `stride` rows of `width`; `row + N <= stride` and `first + N <= width`, all multiples of N.
        unsafe {
            for i in 0..N {
                if first + i < self.units {
                    block[i] = s.load_raw(self.dz.as_ptr().add((first + i) * self.stride + row));
                }
            }
            let block = square(s, block);
            for (i, vector) in block.into_iter().enumerate() {
                s.store_raw(self.transposed.as_mut_ptr().add((row + i) * width + first), vector);
            }
        }
    }

    #[inline(always)]
    fn outer_products<S: Simd<T>>(&mut self, s: S) {
        let mut unit = 0;
        while unit < self.units {
            let mut first = 0;
            while first + ROWS <= self.inputs {
                self.outer::<S, ROWS>(s, unit, first);
                first += ROWS;
            }
            while first + 4 <= self.inputs {
                self.outer::<S, 4>(s, unit, first);
                first += 4;
            }
            while first < self.inputs {
                self.outer::<S, 1>(s, unit, first);
                first += 1;
            }
            self.bias_sums(s, unit);
            unit += S::LANES;
        }
    }

    /// `N` rows of `dw` for the units of one vector.
    #[inline(always)]
    fn outer<S: Simd<T>, const N: usize>(&mut self, s: S, unit: usize, first: usize) {
        let width = self.units.next_multiple_of(LANES);
        let mut sums = [s.zero(); N];
        // SAFETY: `run` checked that x holds `inputs` columns of `stride` elements (`first + N <= inputs`,
        // `r < rows <= stride`) and that the transposed gradients hold `stride` rows of `width` elements
        // (`unit + LANES <= width`).
        unsafe {
            let x = self.x.as_ptr().add(first * self.stride);
            let mut d = self.transposed.as_ptr().add(unit);
            for r in 0..self.rows {
                let gradients = s.load_raw(d);
                for k in 0..N {
                    sums[k] = s.fma(s.splat(*x.add(k * self.stride + r)), gradients, sums[k]);
                }
                d = d.wrapping_add(width);
            }
        }
        let count = (self.units - unit).min(S::LANES);
        for k in 0..N {
            let at = (first + k) * self.units + unit;
            s.store(&mut self.dw[at..at + count], sums[k]);
        }
    }

    /// `db` for the units of one vector.
    #[inline(always)]
    fn bias_sums<S: Simd<T>>(&mut self, s: S, unit: usize) {
        let width = self.units.next_multiple_of(LANES);
        let Some(db) = &mut self.db else { return };
        let mut sums = [s.zero(); 2];
        // SAFETY: the transposed gradients hold `stride` rows of `width`, an even number of them, as `run` saw;
        // rows from `rows` on to the next whole vector are zero because `dz` is zero there.
        unsafe {
            let mut d = self.transposed.as_ptr().add(unit);
            for _ in 0..self.rows.next_multiple_of(S::LANES) / 2 {
                sums[0] = s.add(sums[0], s.load_raw(d));
                sums[1] = s.add(sums[1], s.load_raw(d.add(width)));
                d = d.wrapping_add(2 * width);
            }
        }
        sums[0] = s.add(sums[0], sums[1]);
        s.store(&mut db[unit..], sums[0]);
    }
}

#[cfg(test)]
mod tests {
    use super::super::level::Level;
    use super::*;

    #[test]
    fn equals_the_definition_at_every_level() {
        for level in Level::all() {
            for (rows, inputs, units) in [(1, 1, 1), (32, 12, 12), (20, 12, 1), (33, 17, 3), (16, 5, 30), (7, 30, 64)] {
                let stride = super::super::padded(rows);
                let column = |seed: usize, columns: usize| -> Vec<f64> {
                    (0..columns * stride)
                        .map(|i| if i % stride < rows { ((i * seed) % 13) as f64 - 6.0 } else { 0.0 })
                        .collect()
                };
                let (x, dz) = (column(7, inputs), column(5, units));
                let (mut dw, mut db) = (vec![9.0; inputs * units], vec![9.0; units]);
                let mut transposed = vec![0.0; scratch(stride, units)];
                let kernel = WeightGradient {
                    x: &x,
                    dz: &dz,
                    stride,
                    rows,
                    inputs,
                    units,
                    transposed: &mut transposed,
                    dw: &mut dw,
                    db: Some(&mut db),
                };
                f64::dispatch(kernel, level);
                for u in 0..units {
                    let d = &dz[u * stride..u * stride + rows];
                    assert_eq!(db[u], d.iter().sum::<f64>());
                    for k in 0..inputs {
                        let wanted: f64 = x[k * stride..].iter().zip(d).map(|(x, d)| x * d).sum();
                        assert_eq!(dw[k * units + u], wanted, "{level:?} {rows}×{inputs}×{units}");
                    }
                }
            }
        }
    }
}
