//! The vector operations that kernels are written against.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod dispatch;
mod float;
mod level;
mod portable;

#[cfg(target_arch = "x86_64")]
pub(crate) use avx2::Avx2;
#[cfg(target_arch = "x86_64")]
pub(crate) use avx512::Avx512;
pub(crate) use dispatch::{Element, Kernel, run};
pub(super) use float::Float;
pub(crate) use level::Level;
pub(crate) use portable::Portable;

use super::memory::LANES;

/// Vectors of `T` on one instruction set, in the words of `std::simd` and pulp.
///
/// A value of the implementing type is a token: it exists only if the processor has the instructions, which makes the arithmetic
/// safe to call. Loads and stores of slices check their bounds in each call; those of pointers are for loops that have checked the
/// bounds before.
pub(crate) trait Simd<T: Copy>: Copy {
    /// A vector.
    type V: Copy;
    /// A mask, one truth value per lane.
    type M: Copy;
    /// Elements of a vector.
    const LANES: usize;
    /// The number of accumulators, each of two vectors, that fit in the registers of a product's inner loop.
    const TILE: usize;

    /// Loads a vector.
    ///
    /// # Safety
    /// `from` is valid for reading `LANES` elements.
    unsafe fn load_ptr(self, from: *const T) -> Self::V;
    /// Stores a vector.
    ///
    /// # Safety
    /// `to` is valid for writing `LANES` elements.
    unsafe fn store_ptr(self, to: *mut T, v: Self::V);

    /// One value in all lanes.
    fn splat(self, value: T) -> Self::V;
    fn add(self, a: Self::V, b: Self::V) -> Self::V;
    fn sub(self, a: Self::V, b: Self::V) -> Self::V;
    fn mul(self, a: Self::V, b: Self::V) -> Self::V;
    fn div(self, a: Self::V, b: Self::V) -> Self::V;
    /// `a·b + c`, rounded once where the instructions allow it.
    fn mul_add(self, a: Self::V, b: Self::V, c: Self::V) -> Self::V;
    /// The larger of the two; `b` if either is NaN, so that `max(bound, x)` keeps a NaN in `x`.
    fn max(self, a: Self::V, b: Self::V) -> Self::V;
    /// The smaller of the two; `b` if either is NaN.
    fn min(self, a: Self::V, b: Self::V) -> Self::V;
    fn sqrt(self, a: Self::V) -> Self::V;
    fn abs(self, a: Self::V) -> Self::V;
    /// The magnitude of `a` with the sign of `b`.
    fn copysign(self, a: Self::V, b: Self::V) -> Self::V;
    /// The nearest integer, ties to even.
    fn round_ties_even(self, a: Self::V) -> Self::V;
    /// `a > b`, false for NaN.
    fn gt(self, a: Self::V, b: Self::V) -> Self::M;
    /// `a ≥ b`, false for NaN.
    fn ge(self, a: Self::V, b: Self::V) -> Self::M;
    /// Set where both masks are set.
    fn mask_and(self, a: Self::M, b: Self::M) -> Self::M;
    /// The number of lanes where the mask is set.
    fn mask_count(self, mask: Self::M) -> u32;
    /// `a` where the mask is set, else `b`.
    fn select(self, mask: Self::M, a: Self::V, b: Self::V) -> Self::V;
    /// `a · 2^n` for integral `n`, with gradual underflow and overflow.
    fn ldexp(self, a: Self::V, n: Self::V) -> Self::V;
    /// Mantissa and exponent of a positive finite `a`: `(m, e)` with `a = m · 2^e` and `m` near one (between 0.7 and 1.5, where
    /// the `frexp` of C has [½, 1)).
    fn frexp(self, a: Self::V) -> (Self::V, Self::V);
    /// The sum of the lanes, in a fixed order.
    fn reduce_sum(self, a: Self::V) -> T;
    /// Transposes the 4 × 4 blocks of four vectors: lane `4g + e` of the `t`-th vector becomes lane `4g + t` of the `e`-th.
    fn transpose_4x4(self, rows: [Self::V; 4]) -> [Self::V; 4];
    /// Copies lane `t < 4` of each group of four neighbouring lanes to all four.
    fn broadcast_lane_of_4(self, a: Self::V, t: usize) -> Self::V;
    /// The sums of the lanes `e`, `e + 4`, `e + 8`, … for each `e < 4`.
    fn reduce_add_stride_4(self, a: Self::V) -> [T; 4];
    /// Gathers four neighbouring elements, `offset` after each of `LANES` addresses, as four vectors: the `c`-th holds the `c`-th
    /// element of every address.
    ///
    /// # Safety
    /// `from` are `LANES` pointers, and `offset` after each four elements are valid for reads.
    unsafe fn gather_4(self, from: &[*const T; LANES], offset: usize) -> [Self::V; 4];

    /// A vector of one literal.
    #[inline(always)]
    fn literal(self, value: f64) -> Self::V
    where
        T: Float,
    {
        self.splat(T::literal(value))
    }

    /// All lanes zero.
    #[inline(always)]
    fn zero(self) -> Self::V
    where
        T: Float,
    {
        self.literal(0.0)
    }

    /// `−a`.
    #[inline(always)]
    fn neg(self, a: Self::V) -> Self::V
    where
        T: Float,
    {
        self.sub(self.literal(-0.0), a)
    }

    /// The first `LANES` elements of `from`, or all of a shorter slice followed by zeros.
    #[inline(always)]
    fn load(self, from: &[T]) -> Self::V
    where
        T: Float,
    {
        if from.len() >= Self::LANES {
            // SAFETY: the length was checked.
            unsafe { self.load_ptr(from.as_ptr()) }
        } else {
            let mut whole = [T::literal(0.0); LANES];
            whole[..from.len()].copy_from_slice(from);
            // SAFETY: `whole` holds the widest vector of any level.
            unsafe { self.load_ptr(whole.as_ptr()) }
        }
    }

    /// Writes the first `LANES` elements of `to`, or all of a shorter slice.
    #[inline(always)]
    fn store(self, to: &mut [T], v: Self::V)
    where
        T: Float,
    {
        if to.len() >= Self::LANES {
            // SAFETY: the length was checked.
            unsafe { self.store_ptr(to.as_mut_ptr(), v) }
        } else {
            let mut whole = [T::literal(0.0); LANES];
            // SAFETY: `whole` holds the widest vector of any level.
            unsafe { self.store_ptr(whole.as_mut_ptr(), v) };
            let length = to.len();
            to.copy_from_slice(&whole[..length]);
        }
    }
}
