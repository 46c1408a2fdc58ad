//! Narrow weight gradients: `dw = xᵀ·dz` and `db = Σ dz`, sums over the batch.
//!
//! Both operands hold consecutive samples in the lanes of a vector, but the sums run over the samples. So `dz` is transposed once,
//! in blocks of four units by four samples: a vector then holds four units of each of `LANES / 4` samples. It is multiplied with
//! the `x` of these samples, each broadcast to its four lanes, so that all lanes are used for any number of units. At the end
//! lanes `i`, `i + 4`, … hold partial sums of unit `i` and are added. A layer of up to [`FEW`] units would leave lanes of a
//! block empty; its sums run along the lanes instead, and are reduced at the end.

use crate::kernels::{Element, Kernel, LANES, Simd, run};
use crate::threads::boundary;

/// Up to this many units the sums run along the lanes.
const FEW: usize = 3;

/// `dw[k·units + u] = Σᵣ x[r, k]·dz[r, u]` and `db[u] = Σᵣ dz[r, u]`.
pub(crate) struct WeightGradient<'a, T> {
    /// `inputs` columns of samples; finite between `rows` and the next whole vector.
    pub(crate) x: &'a [T],
    /// `units` columns of samples; zero between `rows` and the next whole vector.
    pub(crate) dz: &'a [T],
    /// Elements between two columns of `x` and of `dz`; a multiple of [`LANES`].
    pub(crate) stride: usize,
    /// Samples in the batch.
    pub(crate) rows: usize,
    pub(crate) inputs: usize,
    pub(crate) units: usize,
    pub(crate) transposed: Transposed<'a, T>,
    pub(crate) dw: &'a mut [T],
    pub(crate) db: Option<&'a mut [T]>,
}

/// The gradients in blocks of four units by four samples: [`scratch`] elements.
pub(crate) enum Transposed<'a, T> {
    /// Workspace with any content, which the transposed gradients overwrite.
    Workspace(&'a mut [T]),
    /// The transposed gradients. With more than [`FEW`] units `db` is written too; with fewer this is empty and `db` is not.
    Ready(&'a [T]),
}

impl<T> Transposed<'_, T> {
    fn values(&self) -> &[T] {
        match self {
            Transposed::Workspace(values) => values,
            Transposed::Ready(values) => values,
        }
    }
}

impl<'a, T: Element> WeightGradient<'a, T> {
    /// If there are more than [`FEW`] units, transposes `dz` and sums `db`, so that the parts of [`split`](Self::split) share the result.
    pub(crate) fn with_transposed(mut self) -> Self {
        if self.units > FEW {
            run(Transpose(&mut self));
            self.db = None;
        }
        let transposed = match self.transposed {
            Transposed::Workspace(values) => Transposed::Ready(values),
            ready => ready,
        };
        WeightGradient { transposed, ..self }
    }

    /// The gradients for the first `left` of `parts` parts of the inputs, and for the others.
    pub(crate) fn split(self, left: usize, parts: usize) -> (Self, Self) {
        let WeightGradient { x, dz, stride, rows, inputs, units, transposed, dw, db } = self;
        let values = match transposed {
            Transposed::Workspace(values) => &*values,
            Transposed::Ready(values) => values,
        };
        let at = boundary(inputs, left, parts);
        let (first, second) = dw.split_at_mut(at * units);
        let part = |x, inputs, dw, db| {
            let transposed = Transposed::Ready(values);
            WeightGradient { x, dz, stride, rows, inputs, units, transposed, dw, db }
        };
        (part(x, at, first, db), part(&x[at * stride..], inputs - at, second, None))
    }
}

/// Only the transposition.
struct Transpose<'g, 'a, T>(&'g mut WeightGradient<'a, T>);

impl<T: Element> Kernel<T> for Transpose<'_, '_, T> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T>>(self, s: S) {
        self.0.check();
        self.0.transpose(s);
    }
}

/// The length of [`WeightGradient::transposed`] in elements.
pub(crate) fn scratch(stride: usize, units: usize) -> usize {
    if units <= FEW { 0 } else { stride * units.next_multiple_of(4) }
}

/// By reference, since the struct is large.
impl<T: Element> Kernel<T> for &mut WeightGradient<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T>>(self, s: S) {
        self.check();
        if self.units <= FEW {
            self.along_the_batch(s);
        } else {
            self.transpose(s);
            self.by_groups(s);
        }
    }
}

impl<T: Element> WeightGradient<'_, T> {
    /// The bounds that the raw loads and stores below rely on.
    #[inline(always)]
    fn check(&self) {
        assert!(self.stride.is_multiple_of(LANES) && self.rows <= self.stride);
        assert!(self.x.len() >= self.inputs * self.stride && self.dz.len() >= self.units * self.stride);
        assert!(self.dw.len() == self.inputs * self.units);
        assert!(self.db.as_ref().is_none_or(|db| db.len() == self.units));
        assert!(self.transposed.values().len() >= scratch(self.stride, self.units));
    }

    /// The number of SIMD vectors that the samples of the batch fill.
    #[inline(always)]
    fn blocks<S: Simd<T>>(&self) -> usize {
        self.rows.div_ceil(S::LANES)
    }

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
                db[u] = s.reduce_sum(sum);
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
                let d = s.load_ptr(self.dz.as_ptr().add(u * self.stride + row));
                for k in 0..N {
                    let x = s.load_ptr(self.x.as_ptr().add((first + k) * self.stride + row));
                    sums[k] = s.mul_add(x, d, sums[k]);
                }
            }
            row += S::LANES;
        }
        for k in 0..N {
            self.dw[(first + k) * self.units + u] = s.reduce_sum(sums[k]);
        }
    }

    /// Transposes `dz`: the four vectors of units `4q..4q + 4` and of one vector of samples are stored side by side, the
    /// blocks of one vector of samples after those of another. Sums the bias's gradients on the way.
    #[inline(always)]
    fn transpose<S: Simd<T>>(&mut self, s: S) {
        let (groups, blocks) = (self.units.div_ceil(4), self.blocks::<S>());
        let Transposed::Workspace(transposed) = &mut self.transposed else { return };
        for group in 0..groups {
            let units = (self.units - 4 * group).min(4);
            let mut sums = [s.zero(); 2];
            for block in 0..blocks {
                // SAFETY: `run` checked that dz holds `units` columns of `stride` elements, of which this block's are
                // the last whole vector or an earlier one, and that `transposed` holds as many in groups of four units.
                unsafe {
                    let dz = self.dz.as_ptr().add(4 * group * self.stride + block * S::LANES);
                    let mut rows = [s.zero(); 4];
                    if units == 4 {
                        for i in 0..4 {
                            rows[i] = s.load_ptr(dz.add(i * self.stride));
                        }
                    } else {
                        for i in 0..3 {
                            if i < units {
                                rows[i] = s.load_ptr(dz.add(i * self.stride));
                            }
                        }
                    }
                    let [a, b, c, d] = s.transpose_4x4(rows);
                    sums[0] = s.add(sums[0], s.add(a, b));
                    sums[1] = s.add(sums[1], s.add(c, d));
                    let to = transposed.as_mut_ptr().add((block * groups + group) * 4 * S::LANES);
                    s.store_ptr(to, a);
                    s.store_ptr(to.add(S::LANES), b);
                    s.store_ptr(to.add(2 * S::LANES), c);
                    s.store_ptr(to.add(3 * S::LANES), d);
                }
            }
            if let Some(db) = &mut self.db {
                write_group(&mut db[4 * group..], s.reduce_add_stride_4(s.add(sums[0], sums[1])));
            }
        }
    }

    /// Computes `dw`, in tiles of inputs by groups of four units whose sums fit the registers.
    #[inline(always)]
    fn by_groups<S: Simd<T>>(&mut self, s: S) {
        let groups = self.units.div_ceil(4);
        let tiles = groups.div_ceil(3);
        let mut first = 0;
        for tile in 0..tiles {
            // Tiles of nearly equal width: four groups are two tiles of 2, not 3 and 1.
            let width = (groups - first).div_ceil(tiles - tile);
            match width {
                1 => self.strip::<S, 1>(s, first),
                2 => self.strip::<S, 2>(s, first),
                _ => self.strip::<S, 3>(s, first),
            }
            first += width;
        }
    }

    /// The gradients of all inputs' weights to the units of `N` groups of four.
    #[inline(always)]
    fn strip<S: Simd<T>, const N: usize>(&mut self, s: S, group: usize) {
        let mut input = 0;
        // Six inputs by three groups need eighteen sums; where registers are few, four by three just fit.
        if const { S::TILE >= 12 } {
            while input + 6 <= self.inputs {
                self.tile::<S, 6, N>(s, input, group);
                input += 6;
            }
        }
        while input + 4 <= self.inputs {
            self.tile::<S, 4, N>(s, input, group);
            input += 4;
        }
        while input < self.inputs {
            self.tile::<S, 1, N>(s, input, group);
            input += 1;
        }
    }

    /// `K` inputs by `N` groups of four units.
    #[inline(always)]
    fn tile<S: Simd<T>, const K: usize, const N: usize>(&mut self, s: S, input: usize, group: usize) {
        let groups = self.units.div_ceil(4);
        let mut sums = [[s.zero(); N]; K];
        // SAFETY: `run` checked that x holds `inputs` columns of `stride` elements (`input + K <= inputs`, and the
        // blocks end with the last whole vector of samples), and that `transposed` holds the blocks that `transpose` wrote
        // (`group + N <= groups`).
        unsafe {
            let mut x = self.x.as_ptr().add(input * self.stride);
            let mut squares = self.transposed.values().as_ptr().add(group * 4 * S::LANES);
            for _ in 0..self.blocks::<S>() {
                // No loop, for the compiler would not unroll it, and the lanes have to be constants.
                self.add_lane(s, &mut x, &mut squares, 0, &mut sums);
                self.add_lane(s, &mut x, &mut squares, 1, &mut sums);
                self.add_lane(s, &mut x, &mut squares, 2, &mut sums);
                self.add_lane(s, &mut x, &mut squares, 3, &mut sums);
                x = x.wrapping_add(S::LANES);
                squares = squares.wrapping_add(groups * 4 * S::LANES);
            }
        }
        let dw = &mut self.dw[input * self.units..(input + K) * self.units];
        // Only whole groups are written without a comparison for each.
        if 4 * (group + N) <= self.units {
            for (k, sums) in sums.iter().enumerate() {
                for (n, &sums) in sums.iter().enumerate() {
                    // SAFETY: input `k < K` has `units` gradients in `dw`, of which these four end with that of unit
                    // `4·(group + N) <= units` or of an earlier one.
                    unsafe {
                        let to = dw.as_mut_ptr().add(k * self.units + 4 * (group + n));
                        to.cast::<[T; 4]>().write(s.reduce_add_stride_4(sums));
                    }
                }
            }
        } else {
            for (k, sums) in sums.iter().enumerate() {
                for (n, &sums) in sums.iter().enumerate() {
                    write_group(
                        &mut dw[k * self.units..][..self.units][4 * (group + n)..],
                        s.reduce_add_stride_4(sums),
                    );
                }
            }
        }
    }

    /// Adds the products of lane `t` of each group of four samples.
    ///
    /// # Safety
    ///
    /// `x` is followed by a vector in each of `K` columns, and `squares` by `N` blocks of four vectors.
    #[inline(always)]
    unsafe fn add_lane<S: Simd<T>, const K: usize, const N: usize>(
        &self,
        s: S,
        x: &mut *const T,
        squares: &mut *const T,
        t: usize,
        sums: &mut [[S::V; N]; K],
    ) {
        // SAFETY: by the caller's promise.
        unsafe {
            // Where registers are few, two gradients and none of the vectors of x fit beside 4 × 3 sums: the third gradient is
            // read for each input, and the vectors for each lane.
            let few_registers = const { S::TILE < 12 };
            let held = if few_registers { N.min(2) } else { N };
            if few_registers {
                forget(x);
            }
            let mut gradients = [s.zero(); N];
            for n in 0..held {
                gradients[n] = s.load_ptr(squares.add((4 * n + t) * S::LANES));
            }
            for (k, sums) in sums.iter_mut().enumerate() {
                let value = s.broadcast_lane_of_4(s.load_ptr(x.add(k * self.stride)), t);
                for n in 0..N {
                    if n >= held {
                        forget(squares);
                        gradients[n] = s.load_ptr(squares.add((4 * n + t) * S::LANES));
                    }
                    sums[n] = s.mul_add(value, gradients[n], sums[n]);
                }
            }
        }
    }
}

/// Writes a group of four, or as many of it as `to` holds.
#[inline(always)]
fn write_group<T: Element>(to: &mut [T], group: [T; 4]) {
    match to.first_chunk_mut() {
        Some(to) => *to = group,
        // No `copy_from_slice`, since a call to copy these few values costs more than they do.
        #[allow(clippy::manual_memcpy)]
        None => {
            for lane in 0..to.len().min(3) {
                to[lane] = group[lane];
            }
        }
    }
}

/// Makes the compiler forget what it knows of a pointer. It would else read a vector once for several uses, and keep it, or some of the
/// sums, in memory for want of registers.
#[inline(always)]
// No memory is read or written, by the pointer or otherwise.
#[allow(clippy::pointers_in_nomem_asm_block)]
fn forget<T>(pointer: &mut *const T) {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    {
        let mut same = *pointer;
        // SAFETY: no instructions; the comment names the register, since each operand has to be named.
        unsafe { std::arch::asm!("/* {0} */", inout(reg) same, options(nomem, nostack, preserves_flags)) };
        *pointer = same;
    }
    #[cfg(not(all(target_arch = "x86_64", not(miri))))]
    let _ = pointer;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::Level;

    #[test]
    fn equals_the_definition_at_every_level() {
        for level in Level::all() {
            for (rows, inputs, units) in
                [(1, 1, 1), (32, 12, 12), (20, 12, 1), (33, 17, 3), (16, 5, 30), (7, 30, 64), (50, 7, 6), (20, 13, 17)]
            {
                let stride = crate::kernels::padded(rows);
                let column = |seed: usize, columns: usize| -> Vec<f64> {
                    (0..columns * stride)
                        .map(|i| if i % stride < rows { ((i * seed) % 13) as f64 - 6.0 } else { 0.0 })
                        .collect()
                };
                let (x, dz) = (column(7, inputs), column(5, units));
                let (mut dw, mut db) = (vec![9.0; inputs * units], vec![9.0; units]);
                let mut transposed = vec![0.0; scratch(stride, units)];
                let mut kernel = WeightGradient {
                    x: &x,
                    dz: &dz,
                    stride,
                    rows,
                    inputs,
                    units,
                    transposed: Transposed::Workspace(&mut transposed),
                    dw: &mut dw,
                    db: Some(&mut db),
                };
                f64::dispatch(&mut kernel, level);
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
