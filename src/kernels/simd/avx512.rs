//! AVX-512: sixteen `f32` or eight `f64` at a time, thirty-two registers.

use super::Simd;
use std::arch::x86_64::*;

/// The token of AVX-512 (F, VL, BW, DQ) with AVX2 and FMA.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Avx512(());

impl Avx512 {
    /// # Safety
    /// The processor has AVX-512 F, VL, BW and DQ, AVX2 and FMA.
    #[inline(always)]
    pub(crate) unsafe fn new() -> Self {
        Avx512(())
    }
}

/// Defines one operation with instructions that the processor is known to have, since the token exists.
macro_rules! op {
    ($body:expr) => {
        // SAFETY: a token exists only where the processor has these instructions (see `Avx512::new`).
        unsafe { $body }
    };
}

const NEAREST: i32 = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;
/// `getmant`: mantissa in [0.75, 1.5), sign of zero.
const MANTISSA: i32 = _MM_MANT_NORM_P75_1P5;

impl Simd<f32> for Avx512 {
    type V = __m512;
    type M = __mmask16;
    const LANES: usize = 16;
    const TILE: usize = 12;

    #[inline(always)]
    unsafe fn load_ptr(self, from: *const f32) -> __m512 {
        // SAFETY: the caller vouches for `LANES` elements.
        unsafe { _mm512_loadu_ps(from) }
    }
    #[inline(always)]
    unsafe fn store_ptr(self, to: *mut f32, v: __m512) {
        // SAFETY: the caller vouches for `LANES` elements.
        unsafe { _mm512_storeu_ps(to, v) }
    }
    #[inline(always)]
    fn splat(self, value: f32) -> __m512 {
        op!(_mm512_set1_ps(value))
    }
    #[inline(always)]
    fn add(self, a: __m512, b: __m512) -> __m512 {
        op!(_mm512_add_ps(a, b))
    }
    #[inline(always)]
    fn sub(self, a: __m512, b: __m512) -> __m512 {
        op!(_mm512_sub_ps(a, b))
    }
    #[inline(always)]
    fn mul(self, a: __m512, b: __m512) -> __m512 {
        op!(_mm512_mul_ps(a, b))
    }
    #[inline(always)]
    fn div(self, a: __m512, b: __m512) -> __m512 {
        op!(_mm512_div_ps(a, b))
    }
    #[inline(always)]
    fn mul_add(self, a: __m512, b: __m512, c: __m512) -> __m512 {
        op!(_mm512_fmadd_ps(a, b, c))
    }
    #[inline(always)]
    fn max(self, a: __m512, b: __m512) -> __m512 {
        op!(_mm512_max_ps(a, b))
    }
    #[inline(always)]
    fn min(self, a: __m512, b: __m512) -> __m512 {
        op!(_mm512_min_ps(a, b))
    }
    #[inline(always)]
    fn sqrt(self, a: __m512) -> __m512 {
        op!(_mm512_sqrt_ps(a))
    }
    #[inline(always)]
    fn abs(self, a: __m512) -> __m512 {
        op!(_mm512_abs_ps(a))
    }
    #[inline(always)]
    fn copysign(self, a: __m512, b: __m512) -> __m512 {
        // Bit by bit `sign ? b : a`, truth table 0b11001010.
        op!(_mm512_castsi512_ps(_mm512_ternarylogic_epi32::<0xca>(
            _mm512_set1_epi32(i32::MIN),
            _mm512_castps_si512(b),
            _mm512_castps_si512(a)
        )))
    }
    #[inline(always)]
    fn round_ties_even(self, a: __m512) -> __m512 {
        op!(_mm512_roundscale_ps::<NEAREST>(a))
    }
    #[inline(always)]
    fn gt(self, a: __m512, b: __m512) -> __mmask16 {
        op!(_mm512_cmp_ps_mask::<_CMP_GT_OQ>(a, b))
    }
    #[inline(always)]
    fn ge(self, a: __m512, b: __m512) -> __mmask16 {
        op!(_mm512_cmp_ps_mask::<_CMP_GE_OQ>(a, b))
    }
    #[inline(always)]
    fn mask_and(self, a: __mmask16, b: __mmask16) -> __mmask16 {
        a & b
    }
    #[inline(always)]
    fn mask_count(self, mask: __mmask16) -> u32 {
        mask.count_ones()
    }
    #[inline(always)]
    fn select(self, mask: __mmask16, a: __m512, b: __m512) -> __m512 {
        op!(_mm512_mask_blend_ps(mask, b, a))
    }
    #[inline(always)]
    fn ldexp(self, a: __m512, n: __m512) -> __m512 {
        op!(_mm512_scalef_ps(a, n))
    }
    #[inline(always)]
    fn frexp(self, a: __m512) -> (__m512, __m512) {
        op!({
            // a/m is a power of two exactly, so its exponent is read without rounding.
            let m = _mm512_getmant_ps::<MANTISSA, _MM_MANT_SIGN_SRC>(a);
            let e = _mm512_getexp_ps(a);
            // getmant chose [0.75, 1.5); where the plain mantissa is at least 1.5 the exponent is one more.
            let halved = _mm512_cmp_ps_mask::<_CMP_LT_OQ>(m, _mm512_set1_ps(1.0));
            (m, _mm512_mask_add_ps(e, halved, e, _mm512_set1_ps(1.0)))
        })
    }
    #[inline(always)]
    fn reduce_sum(self, a: __m512) -> f32 {
        op!(_mm512_reduce_add_ps(a))
    }
    #[inline(always)]
    fn transpose_4x4(self, [a, b, c, d]: [__m512; 4]) -> [__m512; 4] {
        op!({
            let (ab, cd) = (_mm512_unpacklo_ps(a, b), _mm512_unpacklo_ps(c, d));
            let (ba, dc) = (_mm512_unpackhi_ps(a, b), _mm512_unpackhi_ps(c, d));
            let (ab, cd) = (_mm512_castps_pd(ab), _mm512_castps_pd(cd));
            let (ba, dc) = (_mm512_castps_pd(ba), _mm512_castps_pd(dc));
            [
                _mm512_castpd_ps(_mm512_unpacklo_pd(ab, cd)),
                _mm512_castpd_ps(_mm512_unpackhi_pd(ab, cd)),
                _mm512_castpd_ps(_mm512_unpacklo_pd(ba, dc)),
                _mm512_castpd_ps(_mm512_unpackhi_pd(ba, dc)),
            ]
        })
    }
    #[inline(always)]
    fn broadcast_lane_of_4(self, a: __m512, t: usize) -> __m512 {
        op!(match t {
            0 => _mm512_permute_ps::<0x00>(a),
            1 => _mm512_permute_ps::<0x55>(a),
            2 => _mm512_permute_ps::<0xaa>(a),
            _ => _mm512_permute_ps::<0xff>(a),
        })
    }
    #[inline(always)]
    fn reduce_add_stride_4(self, a: __m512) -> [f32; 4] {
        op!({
            let halves = _mm256_add_ps(_mm512_castps512_ps256(a), _mm512_extractf32x8_ps::<1>(a));
            let quarter = _mm_add_ps(_mm256_castps256_ps128(halves), _mm256_extractf128_ps::<1>(halves));
            std::mem::transmute::<__m128, [f32; 4]>(quarter)
        })
    }
    #[inline(always)]
    unsafe fn gather_4(self, from: &[*const f32; 16], offset: usize) -> [__m512; 4] {
        // SAFETY: the caller vouches for four elements there, which is what a load of 128 bits reads.
        unsafe {
            // Addresses 0, 4, 8 and 12 share a vector, and so on; then each 4 × 4 block is transposed.
            let mut rows = [_mm512_setzero_ps(); 4];
            for i in 0..4 {
                let first = _mm512_castps128_ps512(_mm_loadu_ps(from[i].wrapping_add(offset)));
                let second = _mm512_insertf32x4::<1>(first, _mm_loadu_ps(from[i + 4].wrapping_add(offset)));
                let third = _mm512_insertf32x4::<2>(second, _mm_loadu_ps(from[i + 8].wrapping_add(offset)));
                rows[i] = _mm512_insertf32x4::<3>(third, _mm_loadu_ps(from[i + 12].wrapping_add(offset)));
            }
            <Self as Simd<f32>>::transpose_4x4(self, rows)
        }
    }
    #[inline(always)]
    fn load(self, from: &[f32]) -> __m512 {
        let mask = (1u32 << from.len().min(16)).wrapping_sub(1) as __mmask16;
        // SAFETY: the mask covers no more than the slice holds; masked lanes are not read.
        unsafe { _mm512_maskz_loadu_ps(mask, from.as_ptr()) }
    }
    #[inline(always)]
    fn store(self, to: &mut [f32], v: __m512) {
        let mask = (1u32 << to.len().min(16)).wrapping_sub(1) as __mmask16;
        // SAFETY: the mask covers no more than the slice holds; masked lanes are not written.
        unsafe { _mm512_mask_storeu_ps(to.as_mut_ptr(), mask, v) }
    }
}

impl Simd<f64> for Avx512 {
    type V = __m512d;
    type M = __mmask8;
    const LANES: usize = 8;
    const TILE: usize = 12;

    #[inline(always)]
    unsafe fn load_ptr(self, from: *const f64) -> __m512d {
        // SAFETY: the caller vouches for `LANES` elements.
        unsafe { _mm512_loadu_pd(from) }
    }
    #[inline(always)]
    unsafe fn store_ptr(self, to: *mut f64, v: __m512d) {
        // SAFETY: the caller vouches for `LANES` elements.
        unsafe { _mm512_storeu_pd(to, v) }
    }
    #[inline(always)]
    fn splat(self, value: f64) -> __m512d {
        op!(_mm512_set1_pd(value))
    }
    #[inline(always)]
    fn add(self, a: __m512d, b: __m512d) -> __m512d {
        op!(_mm512_add_pd(a, b))
    }
    #[inline(always)]
    fn sub(self, a: __m512d, b: __m512d) -> __m512d {
        op!(_mm512_sub_pd(a, b))
    }
    #[inline(always)]
    fn mul(self, a: __m512d, b: __m512d) -> __m512d {
        op!(_mm512_mul_pd(a, b))
    }
    #[inline(always)]
    fn div(self, a: __m512d, b: __m512d) -> __m512d {
        op!(_mm512_div_pd(a, b))
    }
    #[inline(always)]
    fn mul_add(self, a: __m512d, b: __m512d, c: __m512d) -> __m512d {
        op!(_mm512_fmadd_pd(a, b, c))
    }
    #[inline(always)]
    fn max(self, a: __m512d, b: __m512d) -> __m512d {
        op!(_mm512_max_pd(a, b))
    }
    #[inline(always)]
    fn min(self, a: __m512d, b: __m512d) -> __m512d {
        op!(_mm512_min_pd(a, b))
    }
    #[inline(always)]
    fn sqrt(self, a: __m512d) -> __m512d {
        op!(_mm512_sqrt_pd(a))
    }
    #[inline(always)]
    fn abs(self, a: __m512d) -> __m512d {
        op!(_mm512_abs_pd(a))
    }
    #[inline(always)]
    fn copysign(self, a: __m512d, b: __m512d) -> __m512d {
        // Bit by bit `sign ? b : a`, truth table 0b11001010.
        op!(_mm512_castsi512_pd(_mm512_ternarylogic_epi64::<0xca>(
            _mm512_set1_epi64(i64::MIN),
            _mm512_castpd_si512(b),
            _mm512_castpd_si512(a)
        )))
    }
    #[inline(always)]
    fn round_ties_even(self, a: __m512d) -> __m512d {
        op!(_mm512_roundscale_pd::<NEAREST>(a))
    }
    #[inline(always)]
    fn gt(self, a: __m512d, b: __m512d) -> __mmask8 {
        op!(_mm512_cmp_pd_mask::<_CMP_GT_OQ>(a, b))
    }
    #[inline(always)]
    fn ge(self, a: __m512d, b: __m512d) -> __mmask8 {
        op!(_mm512_cmp_pd_mask::<_CMP_GE_OQ>(a, b))
    }
    #[inline(always)]
    fn mask_and(self, a: __mmask8, b: __mmask8) -> __mmask8 {
        a & b
    }
    #[inline(always)]
    fn mask_count(self, mask: __mmask8) -> u32 {
        mask.count_ones()
    }
    #[inline(always)]
    fn select(self, mask: __mmask8, a: __m512d, b: __m512d) -> __m512d {
        op!(_mm512_mask_blend_pd(mask, b, a))
    }
    #[inline(always)]
    fn ldexp(self, a: __m512d, n: __m512d) -> __m512d {
        op!(_mm512_scalef_pd(a, n))
    }
    #[inline(always)]
    fn frexp(self, a: __m512d) -> (__m512d, __m512d) {
        op!({
            let m = _mm512_getmant_pd::<MANTISSA, _MM_MANT_SIGN_SRC>(a);
            let e = _mm512_getexp_pd(a);
            let halved = _mm512_cmp_pd_mask::<_CMP_LT_OQ>(m, _mm512_set1_pd(1.0));
            (m, _mm512_mask_add_pd(e, halved, e, _mm512_set1_pd(1.0)))
        })
    }
    #[inline(always)]
    fn reduce_sum(self, a: __m512d) -> f64 {
        op!(_mm512_reduce_add_pd(a))
    }
    #[inline(always)]
    fn transpose_4x4(self, [a, b, c, d]: [__m512d; 4]) -> [__m512d; 4] {
        op!({
            let (even_ab, odd_ab) = (_mm512_unpacklo_pd(a, b), _mm512_unpackhi_pd(a, b));
            let (even_cd, odd_cd) = (_mm512_unpacklo_pd(c, d), _mm512_unpackhi_pd(c, d));
            let low = _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13);
            let high = _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15);
            [
                _mm512_permutex2var_pd(even_ab, low, even_cd),
                _mm512_permutex2var_pd(odd_ab, low, odd_cd),
                _mm512_permutex2var_pd(even_ab, high, even_cd),
                _mm512_permutex2var_pd(odd_ab, high, odd_cd),
            ]
        })
    }
    #[inline(always)]
    fn broadcast_lane_of_4(self, a: __m512d, t: usize) -> __m512d {
        op!(match t {
            0 => _mm512_permutex_pd::<0x00>(a),
            1 => _mm512_permutex_pd::<0x55>(a),
            2 => _mm512_permutex_pd::<0xaa>(a),
            _ => _mm512_permutex_pd::<0xff>(a),
        })
    }
    #[inline(always)]
    fn reduce_add_stride_4(self, a: __m512d) -> [f64; 4] {
        op!({
            let quarter = _mm256_add_pd(_mm512_castpd512_pd256(a), _mm512_extractf64x4_pd::<1>(a));
            std::mem::transmute::<__m256d, [f64; 4]>(quarter)
        })
    }
    #[inline(always)]
    unsafe fn gather_4(self, from: &[*const f64; 16], offset: usize) -> [__m512d; 4] {
        // SAFETY: the caller vouches for four elements there, which is what a load of 256 bits reads.
        unsafe {
            // Addresses 0 and 4 share a vector, and so on; then each 4 × 4 block is transposed.
            let mut rows = [_mm512_setzero_pd(); 4];
            for i in 0..4 {
                let first = _mm512_castpd256_pd512(_mm256_loadu_pd(from[i].wrapping_add(offset)));
                rows[i] = _mm512_insertf64x4::<1>(first, _mm256_loadu_pd(from[i + 4].wrapping_add(offset)));
            }
            <Self as Simd<f64>>::transpose_4x4(self, rows)
        }
    }
    #[inline(always)]
    fn load(self, from: &[f64]) -> __m512d {
        let mask = (1u32 << from.len().min(8)).wrapping_sub(1) as __mmask8;
        // SAFETY: the mask covers no more than the slice holds; masked lanes are not read.
        unsafe { _mm512_maskz_loadu_pd(mask, from.as_ptr()) }
    }
    #[inline(always)]
    fn store(self, to: &mut [f64], v: __m512d) {
        let mask = (1u32 << to.len().min(8)).wrapping_sub(1) as __mmask8;
        // SAFETY: the mask covers no more than the slice holds; masked lanes are not written.
        unsafe { _mm512_mask_storeu_pd(to.as_mut_ptr(), mask, v) }
    }
}
