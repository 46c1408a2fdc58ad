//! AVX2 with FMA: eight `f32` or four `f64` at a time, sixteen registers.

use super::Simd;
use std::arch::x86_64::*;

/// The token of AVX2 and FMA.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Avx2(());

impl Avx2 {
    /// # Safety
    /// The processor has AVX2 and FMA.
    #[inline(always)]
    pub(crate) unsafe fn new() -> Self {
        Avx2(())
    }
}

/// Defines one operation with instructions that the processor is known to have, since the token exists.
macro_rules! op {
    ($body:expr) => {
        // SAFETY: a token exists only where the processor has these instructions (see `Avx2::new`).
        unsafe { $body }
    };
}

/// Eight set lanes, then eight clear ones: a load that begins `8 − n` before the middle masks the first `n` lanes.
static LANES_32: [i32; 16] = [-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0];
/// Four set lanes of 64 bits, then four clear ones; see [`LANES_32`].
static LANES_64: [i64; 8] = [-1, -1, -1, -1, 0, 0, 0, 0];

const NEAREST: i32 = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;

impl Simd<f32> for Avx2 {
    type V = __m256;
    type M = __m256;
    const LANES: usize = 8;
    const TILE: usize = 6;

    #[inline(always)]
    unsafe fn load_ptr(self, from: *const f32) -> __m256 {
        // SAFETY: the caller vouches for `LANES` elements.
        unsafe { _mm256_loadu_ps(from) }
    }
    #[inline(always)]
    unsafe fn store_ptr(self, to: *mut f32, v: __m256) {
        // SAFETY: the caller vouches for `LANES` elements.
        unsafe { _mm256_storeu_ps(to, v) }
    }
    #[inline(always)]
    fn splat(self, value: f32) -> __m256 {
        op!(_mm256_set1_ps(value))
    }
    #[inline(always)]
    fn add(self, a: __m256, b: __m256) -> __m256 {
        op!(_mm256_add_ps(a, b))
    }
    #[inline(always)]
    fn sub(self, a: __m256, b: __m256) -> __m256 {
        op!(_mm256_sub_ps(a, b))
    }
    #[inline(always)]
    fn mul(self, a: __m256, b: __m256) -> __m256 {
        op!(_mm256_mul_ps(a, b))
    }
    #[inline(always)]
    fn div(self, a: __m256, b: __m256) -> __m256 {
        op!(_mm256_div_ps(a, b))
    }
    #[inline(always)]
    fn mul_add(self, a: __m256, b: __m256, c: __m256) -> __m256 {
        op!(_mm256_fmadd_ps(a, b, c))
    }
    #[inline(always)]
    fn max(self, a: __m256, b: __m256) -> __m256 {
        op!(_mm256_max_ps(a, b))
    }
    #[inline(always)]
    fn min(self, a: __m256, b: __m256) -> __m256 {
        op!(_mm256_min_ps(a, b))
    }
    #[inline(always)]
    fn sqrt(self, a: __m256) -> __m256 {
        op!(_mm256_sqrt_ps(a))
    }
    #[inline(always)]
    fn abs(self, a: __m256) -> __m256 {
        op!(_mm256_andnot_ps(_mm256_set1_ps(-0.0), a))
    }
    #[inline(always)]
    fn copysign(self, a: __m256, b: __m256) -> __m256 {
        op!({
            let sign = _mm256_set1_ps(-0.0);
            _mm256_or_ps(_mm256_andnot_ps(sign, a), _mm256_and_ps(sign, b))
        })
    }
    #[inline(always)]
    fn round_ties_even(self, a: __m256) -> __m256 {
        op!(_mm256_round_ps::<NEAREST>(a))
    }
    #[inline(always)]
    fn gt(self, a: __m256, b: __m256) -> __m256 {
        op!(_mm256_cmp_ps::<_CMP_GT_OQ>(a, b))
    }
    #[inline(always)]
    fn ge(self, a: __m256, b: __m256) -> __m256 {
        op!(_mm256_cmp_ps::<_CMP_GE_OQ>(a, b))
    }
    #[inline(always)]
    fn mask_and(self, a: __m256, b: __m256) -> __m256 {
        op!(_mm256_and_ps(a, b))
    }
    #[inline(always)]
    fn mask_count(self, mask: __m256) -> u32 {
        op!(_mm256_movemask_ps(mask)).count_ones()
    }
    #[inline(always)]
    fn select(self, mask: __m256, a: __m256, b: __m256) -> __m256 {
        op!(_mm256_blendv_ps(b, a, mask))
    }
    #[inline(always)]
    fn ldexp(self, a: __m256, n: __m256) -> __m256 {
        op!({
            // Two factors, so that neither leaves the exponent's range before the product does.
            let bound = _mm256_set1_ps(252.0);
            let n = _mm256_max_ps(_mm256_min_ps(n, bound), _mm256_sub_ps(_mm256_setzero_ps(), bound));
            let n = _mm256_cvtps_epi32(n);
            let half = _mm256_srai_epi32::<1>(n);
            let rest = _mm256_sub_epi32(n, half);
            let bias = _mm256_set1_epi32(127);
            let first = _mm256_castsi256_ps(_mm256_slli_epi32::<23>(_mm256_add_epi32(half, bias)));
            let second = _mm256_castsi256_ps(_mm256_slli_epi32::<23>(_mm256_add_epi32(rest, bias)));
            _mm256_mul_ps(_mm256_mul_ps(a, first), second)
        })
    }
    #[inline(always)]
    fn frexp(self, a: __m256) -> (__m256, __m256) {
        op!({
            // A subnormal is lifted into the normal range first.
            let tiny = _mm256_cmp_ps::<_CMP_LT_OQ>(a, _mm256_set1_ps(f32::MIN_POSITIVE));
            let lifted = _mm256_blendv_ps(a, _mm256_mul_ps(a, _mm256_set1_ps(8_388_608.0)), tiny);
            let bits = _mm256_castps_si256(lifted);
            let root = _mm256_castps_si256(_mm256_set1_ps(std::f32::consts::FRAC_1_SQRT_2));
            // The exponent as seen from √½: the mantissa is then in [√½, √2).
            let e = _mm256_srai_epi32::<23>(_mm256_sub_epi32(bits, root));
            let m = _mm256_castsi256_ps(_mm256_sub_epi32(bits, _mm256_slli_epi32::<23>(e)));
            let e = _mm256_sub_ps(_mm256_cvtepi32_ps(e), _mm256_and_ps(tiny, _mm256_set1_ps(23.0)));
            (m, e)
        })
    }
    #[inline(always)]
    fn reduce_sum(self, a: __m256) -> f32 {
        op!({
            let four = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps::<1>(a));
            let two = _mm_add_ps(four, _mm_movehl_ps(four, four));
            _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)))
        })
    }
    #[inline(always)]
    fn transpose_4x4(self, [a, b, c, d]: [__m256; 4]) -> [__m256; 4] {
        op!({
            let (ab, cd) = (_mm256_unpacklo_ps(a, b), _mm256_unpacklo_ps(c, d));
            let (ba, dc) = (_mm256_unpackhi_ps(a, b), _mm256_unpackhi_ps(c, d));
            let (ab, cd) = (_mm256_castps_pd(ab), _mm256_castps_pd(cd));
            let (ba, dc) = (_mm256_castps_pd(ba), _mm256_castps_pd(dc));
            [
                _mm256_castpd_ps(_mm256_unpacklo_pd(ab, cd)),
                _mm256_castpd_ps(_mm256_unpackhi_pd(ab, cd)),
                _mm256_castpd_ps(_mm256_unpacklo_pd(ba, dc)),
                _mm256_castpd_ps(_mm256_unpackhi_pd(ba, dc)),
            ]
        })
    }
    #[inline(always)]
    fn broadcast_lane_of_4(self, a: __m256, t: usize) -> __m256 {
        op!(match t {
            0 => _mm256_permute_ps::<0x00>(a),
            1 => _mm256_permute_ps::<0x55>(a),
            2 => _mm256_permute_ps::<0xaa>(a),
            _ => _mm256_permute_ps::<0xff>(a),
        })
    }
    #[inline(always)]
    fn reduce_add_stride_4(self, a: __m256) -> [f32; 4] {
        op!({
            let quarter = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps::<1>(a));
            std::mem::transmute::<__m128, [f32; 4]>(quarter)
        })
    }
    #[inline(always)]
    unsafe fn gather_4(self, from: &[*const f32; 16], offset: usize) -> [__m256; 4] {
        // SAFETY: the caller vouches for four elements there, which is what a load of 128 bits reads.
        unsafe {
            // Addresses 0 and 4 share a vector, and so on; then each 4 × 4 block is transposed.
            let mut rows = [_mm256_setzero_ps(); 4];
            for i in 0..4 {
                let first = _mm256_castps128_ps256(_mm_loadu_ps(from[i].wrapping_add(offset)));
                rows[i] = _mm256_insertf128_ps::<1>(first, _mm_loadu_ps(from[i + 4].wrapping_add(offset)));
            }
            <Self as Simd<f32>>::transpose_4x4(self, rows)
        }
    }
    #[inline(always)]
    fn load(self, from: &[f32]) -> __m256 {
        if from.len() >= 8 {
            // SAFETY: the length was checked.
            return unsafe { _mm256_loadu_ps(from.as_ptr()) };
        }
        let mask = LANES_32[8 - from.len()..].as_ptr();
        // SAFETY: the mask is eight lanes within its table and covers no more than the slice holds; masked lanes are
        // not read.
        unsafe { _mm256_maskload_ps(from.as_ptr(), _mm256_loadu_si256(mask.cast())) }
    }
    #[inline(always)]
    fn store(self, to: &mut [f32], v: __m256) {
        if to.len() >= 8 {
            // SAFETY: the length was checked.
            return unsafe { _mm256_storeu_ps(to.as_mut_ptr(), v) };
        }
        let mask = LANES_32[8 - to.len()..].as_ptr();
        // SAFETY: the mask is eight lanes within its table and covers no more than the slice holds; masked lanes are
        // not written.
        unsafe { _mm256_maskstore_ps(to.as_mut_ptr(), _mm256_loadu_si256(mask.cast()), v) }
    }
}

impl Simd<f64> for Avx2 {
    type V = __m256d;
    type M = __m256d;
    const LANES: usize = 4;
    const TILE: usize = 6;

    #[inline(always)]
    unsafe fn load_ptr(self, from: *const f64) -> __m256d {
        // SAFETY: the caller vouches for `LANES` elements.
        unsafe { _mm256_loadu_pd(from) }
    }
    #[inline(always)]
    unsafe fn store_ptr(self, to: *mut f64, v: __m256d) {
        // SAFETY: the caller vouches for `LANES` elements.
        unsafe { _mm256_storeu_pd(to, v) }
    }
    #[inline(always)]
    fn splat(self, value: f64) -> __m256d {
        op!(_mm256_set1_pd(value))
    }
    #[inline(always)]
    fn add(self, a: __m256d, b: __m256d) -> __m256d {
        op!(_mm256_add_pd(a, b))
    }
    #[inline(always)]
    fn sub(self, a: __m256d, b: __m256d) -> __m256d {
        op!(_mm256_sub_pd(a, b))
    }
    #[inline(always)]
    fn mul(self, a: __m256d, b: __m256d) -> __m256d {
        op!(_mm256_mul_pd(a, b))
    }
    #[inline(always)]
    fn div(self, a: __m256d, b: __m256d) -> __m256d {
        op!(_mm256_div_pd(a, b))
    }
    #[inline(always)]
    fn mul_add(self, a: __m256d, b: __m256d, c: __m256d) -> __m256d {
        op!(_mm256_fmadd_pd(a, b, c))
    }
    #[inline(always)]
    fn max(self, a: __m256d, b: __m256d) -> __m256d {
        op!(_mm256_max_pd(a, b))
    }
    #[inline(always)]
    fn min(self, a: __m256d, b: __m256d) -> __m256d {
        op!(_mm256_min_pd(a, b))
    }
    #[inline(always)]
    fn sqrt(self, a: __m256d) -> __m256d {
        op!(_mm256_sqrt_pd(a))
    }
    #[inline(always)]
    fn abs(self, a: __m256d) -> __m256d {
        op!(_mm256_andnot_pd(_mm256_set1_pd(-0.0), a))
    }
    #[inline(always)]
    fn copysign(self, a: __m256d, b: __m256d) -> __m256d {
        op!({
            let sign = _mm256_set1_pd(-0.0);
            _mm256_or_pd(_mm256_andnot_pd(sign, a), _mm256_and_pd(sign, b))
        })
    }
    #[inline(always)]
    fn round_ties_even(self, a: __m256d) -> __m256d {
        op!(_mm256_round_pd::<NEAREST>(a))
    }
    #[inline(always)]
    fn gt(self, a: __m256d, b: __m256d) -> __m256d {
        op!(_mm256_cmp_pd::<_CMP_GT_OQ>(a, b))
    }
    #[inline(always)]
    fn ge(self, a: __m256d, b: __m256d) -> __m256d {
        op!(_mm256_cmp_pd::<_CMP_GE_OQ>(a, b))
    }
    #[inline(always)]
    fn mask_and(self, a: __m256d, b: __m256d) -> __m256d {
        op!(_mm256_and_pd(a, b))
    }
    #[inline(always)]
    fn mask_count(self, mask: __m256d) -> u32 {
        op!(_mm256_movemask_pd(mask)).count_ones()
    }
    #[inline(always)]
    fn select(self, mask: __m256d, a: __m256d, b: __m256d) -> __m256d {
        op!(_mm256_blendv_pd(b, a, mask))
    }
    #[inline(always)]
    fn ldexp(self, a: __m256d, n: __m256d) -> __m256d {
        op!({
            // Two factors, so that neither leaves the exponent's range before the product does.
            let bound = _mm256_set1_pd(2044.0);
            let n = _mm256_max_pd(_mm256_min_pd(n, bound), _mm256_sub_pd(_mm256_setzero_pd(), bound));
            let n = _mm256_cvtpd_epi32(n);
            let half = _mm_srai_epi32::<1>(n);
            let rest = _mm_sub_epi32(n, half);
            let bias = _mm256_set1_epi64x(1023);
            let first = _mm256_slli_epi64::<52>(_mm256_add_epi64(_mm256_cvtepi32_epi64(half), bias));
            let second = _mm256_slli_epi64::<52>(_mm256_add_epi64(_mm256_cvtepi32_epi64(rest), bias));
            _mm256_mul_pd(_mm256_mul_pd(a, _mm256_castsi256_pd(first)), _mm256_castsi256_pd(second))
        })
    }
    #[inline(always)]
    fn frexp(self, a: __m256d) -> (__m256d, __m256d) {
        op!({
            let tiny = _mm256_cmp_pd::<_CMP_LT_OQ>(a, _mm256_set1_pd(f64::MIN_POSITIVE));
            let lifted = _mm256_blendv_pd(a, _mm256_mul_pd(a, _mm256_set1_pd(4_503_599_627_370_496.0)), tiny);
            let bits = _mm256_castpd_si256(lifted);
            let root = _mm256_castpd_si256(_mm256_set1_pd(std::f64::consts::FRAC_1_SQRT_2));
            // There is no arithmetic shift of 64-bit lanes: a bias of 1024 keeps the difference positive.
            let lift = _mm256_set1_epi64x(1024 << 52);
            let shifted = _mm256_srli_epi64::<52>(_mm256_add_epi64(_mm256_sub_epi64(bits, root), lift));
            let e = _mm256_sub_epi64(shifted, _mm256_set1_epi64x(1024));
            let m = _mm256_castsi256_pd(_mm256_sub_epi64(bits, _mm256_slli_epi64::<52>(e)));
            // Small integers become f64 by adding them to the mantissa of 2^52.
            let magic = _mm256_set1_pd(4_503_599_627_370_496.0);
            let number = _mm256_sub_pd(
                _mm256_castsi256_pd(_mm256_or_si256(shifted, _mm256_castpd_si256(magic))),
                _mm256_add_pd(magic, _mm256_set1_pd(1024.0)),
            );
            (m, _mm256_sub_pd(number, _mm256_and_pd(tiny, _mm256_set1_pd(52.0))))
        })
    }
    #[inline(always)]
    fn reduce_sum(self, a: __m256d) -> f64 {
        op!({
            let two = _mm_add_pd(_mm256_castpd256_pd128(a), _mm256_extractf128_pd::<1>(a));
            _mm_cvtsd_f64(_mm_add_sd(two, _mm_unpackhi_pd(two, two)))
        })
    }
    #[inline(always)]
    fn transpose_4x4(self, [a, b, c, d]: [__m256d; 4]) -> [__m256d; 4] {
        op!({
            let (even_ab, odd_ab) = (_mm256_unpacklo_pd(a, b), _mm256_unpackhi_pd(a, b));
            let (even_cd, odd_cd) = (_mm256_unpacklo_pd(c, d), _mm256_unpackhi_pd(c, d));
            [
                _mm256_permute2f128_pd::<0x20>(even_ab, even_cd),
                _mm256_permute2f128_pd::<0x20>(odd_ab, odd_cd),
                _mm256_permute2f128_pd::<0x31>(even_ab, even_cd),
                _mm256_permute2f128_pd::<0x31>(odd_ab, odd_cd),
            ]
        })
    }
    #[inline(always)]
    fn broadcast_lane_of_4(self, a: __m256d, t: usize) -> __m256d {
        op!(match t {
            0 => _mm256_permute4x64_pd::<0x00>(a),
            1 => _mm256_permute4x64_pd::<0x55>(a),
            2 => _mm256_permute4x64_pd::<0xaa>(a),
            _ => _mm256_permute4x64_pd::<0xff>(a),
        })
    }
    #[inline(always)]
    fn reduce_add_stride_4(self, a: __m256d) -> [f64; 4] {
        op!(std::mem::transmute::<__m256d, [f64; 4]>(a))
    }
    #[inline(always)]
    unsafe fn gather_4(self, from: &[*const f64; 16], offset: usize) -> [__m256d; 4] {
        // SAFETY: the caller vouches for four elements there, which is what a load of 256 bits reads.
        unsafe {
            <Self as Simd<f64>>::transpose_4x4(
                self,
                [
                    _mm256_loadu_pd(from[0].wrapping_add(offset)),
                    _mm256_loadu_pd(from[1].wrapping_add(offset)),
                    _mm256_loadu_pd(from[2].wrapping_add(offset)),
                    _mm256_loadu_pd(from[3].wrapping_add(offset)),
                ],
            )
        }
    }
    #[inline(always)]
    fn load(self, from: &[f64]) -> __m256d {
        if from.len() >= 4 {
            // SAFETY: the length was checked.
            return unsafe { _mm256_loadu_pd(from.as_ptr()) };
        }
        let mask = LANES_64[4 - from.len()..].as_ptr();
        // SAFETY: the mask is four lanes within its table and covers no more than the slice holds; masked lanes are
        // not read.
        unsafe { _mm256_maskload_pd(from.as_ptr(), _mm256_loadu_si256(mask.cast())) }
    }
    #[inline(always)]
    fn store(self, to: &mut [f64], v: __m256d) {
        if to.len() >= 4 {
            // SAFETY: the length was checked.
            return unsafe { _mm256_storeu_pd(to.as_mut_ptr(), v) };
        }
        let mask = LANES_64[4 - to.len()..].as_ptr();
        // SAFETY: the mask is four lanes within its table and covers no more than the slice holds; masked lanes are
        // not written.
        unsafe { _mm256_maskstore_pd(to.as_mut_ptr(), _mm256_loadu_si256(mask.cast()), v) }
    }
}
