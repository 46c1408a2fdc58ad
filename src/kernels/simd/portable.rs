//! Plain arrays: used where no wider instructions are available, and the reference in the tests of the others.

use super::Simd;

/// The token of the portable level; the compiler vectorizes its arrays for the target's own instructions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Portable;

const N: usize = 4;

/// The array of the values of an expression in each lane. Written out, since this compiles several times faster in hundreds of
/// kernels than closures over arrays.
macro_rules! lanes {
    ($i:ident => $value:expr) => {
        [
            {
                let $i = 0;
                $value
            },
            {
                let $i = 1;
                $value
            },
            {
                let $i = 2;
                $value
            },
            {
                let $i = 3;
                $value
            },
        ]
    };
}

macro_rules! portable {
    ($t:ty, $bits:ty, $integer:ty, $mantissa:expr, $bias:expr, $limit:expr) => {
        impl Simd<$t> for Portable {
            type V = [$t; N];
            /// Masks have all bits of a lane set or clear, so that selecting is arithmetic and not a branch.
            type M = [$bits; N];
            const LANES: usize = N;
            const TILE: usize = 4;

            #[inline(always)]
            unsafe fn load_ptr(self, from: *const $t) -> [$t; N] {
                // SAFETY: the caller vouches for `LANES` elements.
                unsafe { from.cast::<[$t; N]>().read() }
            }

            #[inline(always)]
            unsafe fn store_ptr(self, to: *mut $t, v: [$t; N]) {
                // SAFETY: the caller vouches for `LANES` elements.
                unsafe { to.cast::<[$t; N]>().write(v) }
            }

            #[inline(always)]
            fn splat(self, value: $t) -> [$t; N] {
                [value; N]
            }

            #[inline(always)]
            fn add(self, a: [$t; N], b: [$t; N]) -> [$t; N] {
                lanes!(i => a[i] + b[i])
            }

            #[inline(always)]
            fn sub(self, a: [$t; N], b: [$t; N]) -> [$t; N] {
                lanes!(i => a[i] - b[i])
            }

            #[inline(always)]
            fn mul(self, a: [$t; N], b: [$t; N]) -> [$t; N] {
                lanes!(i => a[i] * b[i])
            }

            #[inline(always)]
            fn div(self, a: [$t; N], b: [$t; N]) -> [$t; N] {
                lanes!(i => a[i] / b[i])
            }

            #[inline(always)]
            fn mul_add(self, a: [$t; N], b: [$t; N], c: [$t; N]) -> [$t; N] {
                // `mul_add` is one instruction on aarch64; on plain x86-64 it would be a slow library call.
                if cfg!(any(target_arch = "aarch64", target_feature = "fma")) {
                    lanes!(i => a[i].mul_add(b[i], c[i]))
                } else {
                    lanes!(i => a[i] * b[i] + c[i])
                }
            }

            #[inline(always)]
            fn max(self, a: [$t; N], b: [$t; N]) -> [$t; N] {
                lanes!(i => if a[i] > b[i] { a[i] } else { b[i] })
            }

            #[inline(always)]
            fn min(self, a: [$t; N], b: [$t; N]) -> [$t; N] {
                lanes!(i => if a[i] < b[i] { a[i] } else { b[i] })
            }

            #[inline(always)]
            fn sqrt(self, a: [$t; N]) -> [$t; N] {
                lanes!(i => a[i].sqrt())
            }

            #[inline(always)]
            fn abs(self, a: [$t; N]) -> [$t; N] {
                lanes!(i => a[i].abs())
            }

            #[inline(always)]
            fn copysign(self, a: [$t; N], b: [$t; N]) -> [$t; N] {
                lanes!(i => a[i].copysign(b[i]))
            }

            #[inline(always)]
            fn round_ties_even(self, a: [$t; N]) -> [$t; N] {
                // Adding and subtracting 1.5 · 2^mantissa rounds to the nearest integer without a library call.
                let magic = (3u64 << ($mantissa - 1)) as $t;
                lanes!(i => if a[i].abs() < magic / 3.0 { (a[i] + magic) - magic } else { a[i] })
            }

            #[inline(always)]
            fn gt(self, a: [$t; N], b: [$t; N]) -> [$bits; N] {
                lanes!(i => if a[i] > b[i] { !0 } else { 0 })
            }

            #[inline(always)]
            fn ge(self, a: [$t; N], b: [$t; N]) -> [$bits; N] {
                lanes!(i => if a[i] >= b[i] { !0 } else { 0 })
            }

            #[inline(always)]
            fn mask_and(self, a: [$bits; N], b: [$bits; N]) -> [$bits; N] {
                lanes!(i => a[i] & b[i])
            }

            #[inline(always)]
            fn mask_count(self, mask: [$bits; N]) -> u32 {
                lanes!(i => (mask[i] & 1) as u32).iter().sum()
            }

            #[inline(always)]
            fn select(self, mask: [$bits; N], a: [$t; N], b: [$t; N]) -> [$t; N] {
                lanes!(i => <$t>::from_bits(mask[i] & a[i].to_bits() | !mask[i] & b[i].to_bits()))
            }

            #[inline(always)]
            fn ldexp(self, a: [$t; N], n: [$t; N]) -> [$t; N] {
                // Two factors, so that neither leaves the exponent's range before the product does.
                let power = |n: $integer| <$t>::from_bits(((n + $bias) as $bits) << $mantissa);
                lanes!(i => {
                    let n = (n[i] as $integer).clamp(-2 * $limit, 2 * $limit);
                    let half = n / 2;
                    a[i] * power(half) * power(n - half)
                })
            }

            #[inline(always)]
            fn frexp(self, a: [$t; N]) -> ([$t; N], [$t; N]) {
                let mut m = a;
                let mut e = a;
                for i in 0..N {
                    // A subnormal is lifted into the normal range first.
                    let tiny = a[i] < <$t>::MIN_POSITIVE;
                    let lift = (1u64 << $mantissa) as $t;
                    let bits = (if tiny { a[i] * lift } else { a[i] }).to_bits();
                    let root = std::f64::consts::FRAC_1_SQRT_2 as $t;
                    // The exponent as seen from √½: the mantissa is then in [√½, √2).
                    let shifted = bits.wrapping_sub(root.to_bits()) as $integer >> $mantissa;
                    m[i] = <$t>::from_bits(bits.wrapping_sub((shifted << $mantissa) as $bits));
                    e[i] = shifted as $t - if tiny { $mantissa as $t } else { 0.0 };
                }
                (m, e)
            }

            #[inline(always)]
            fn reduce_sum(self, a: [$t; N]) -> $t {
                (a[0] + a[2]) + (a[1] + a[3])
            }

            #[inline(always)]
            fn transpose_4x4(self, rows: [[$t; N]; 4]) -> [[$t; N]; 4] {
                lanes!(t => lanes!(e => rows[e][t]))
            }

            #[inline(always)]
            fn broadcast_lane_of_4(self, a: [$t; N], t: usize) -> [$t; N] {
                [a[t]; N]
            }

            #[inline(always)]
            fn reduce_add_stride_4(self, a: [$t; N]) -> [$t; 4] {
                a
            }

            #[inline(always)]
            unsafe fn gather_4(self, from: &[*const $t; crate::kernels::LANES], offset: usize) -> [[$t; N]; 4] {
                // SAFETY: the caller vouches for four elements there.
                unsafe { lanes!(c => lanes!(i => *from[i].wrapping_add(offset).add(c))) }
            }
        }
    };
}

portable!(f32, u32, i32, 23, 127, 126);
portable!(f64, u64, i64, 52, 1023, 1022);
