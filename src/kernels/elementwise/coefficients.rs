//! The coefficients of the elementary functions, with as many terms as the precision of each type requires.

use crate::kernels::simd::Float;

/// The constants of the functions of one type.
#[doc(hidden)]
pub trait Coefficients: Float {
    /// Taylor coefficients of `exp` about 0, from the term of degree 2 on.
    const EXP: &'static [Self];
    /// Coefficients of `atanh(s)/s − 1` in `s²`, for `|s| ≤ 0.172`.
    const ATANH_NARROW: &'static [Self];
    /// Coefficients of `atanh(s)/s − 1` in `s²`, for `|s| ≤ 1/3`.
    const ATANH_WIDE: &'static [Self];
    /// Coefficients in `t = (x − 2.75)/(x + 2.75)` of `(1 + 2x)·eˣ²·erfc(x)` for `x ≥ 0`: Chebyshev interpolation, as
    /// powers of `t`.
    const ERFC: &'static [Self];
    /// `ln 2` in two parts, the first with trailing zeros so that its small multiples are exact.
    const LN_2: [Self; 2];
    /// The range of arguments of `exp`: below the first the result is 0, above the second it is infinite.
    const EXP_RANGE: [Self; 2];
}

impl Coefficients for f32 {
    const EXP: &'static [f32] = &[0.5, 1.0 / 6.0, 1.0 / 24.0, 1.0 / 120.0, 1.0 / 720.0, 1.0 / 5040.0];
    const ATANH_NARROW: &'static [f32] = &[1.0 / 3.0, 1.0 / 5.0, 1.0 / 7.0, 1.0 / 9.0];
    const ATANH_WIDE: &'static [f32] =
        &[1.0 / 3.0, 1.0 / 5.0, 1.0 / 7.0, 1.0 / 9.0, 1.0 / 11.0, 1.0 / 13.0, 1.0 / 15.0];
    const ERFC: &'static [f32] = &[
        1.258_803_6,
        -1.304_624_1e-1,
        -7.130_522e-2,
        1.449_049e-1,
        -1.145_049_24e-1,
        5.232_789_3e-2,
        -1.044_870_9e-2,
        -2.642_052_2e-3,
        1.828_397_2e-3,
        6.125_48e-5,
        -1.835_837_3e-4,
    ];
    const LN_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];
    const EXP_RANGE: [f32; 2] = [-104.0, 89.0];
}

impl Coefficients for f64 {
    const EXP: &'static [f64] = &[
        0.5,
        1.0 / 6.0,
        1.0 / 24.0,
        1.0 / 120.0,
        1.0 / 720.0,
        1.0 / 5040.0,
        1.0 / 40_320.0,
        1.0 / 362_880.0,
        1.0 / 3_628_800.0,
        1.0 / 39_916_800.0,
        1.0 / 479_001_600.0,
        1.0 / 6_227_020_800.0,
    ];
    const ATANH_NARROW: &'static [f64] = &[
        1.0 / 3.0,
        1.0 / 5.0,
        1.0 / 7.0,
        1.0 / 9.0,
        1.0 / 11.0,
        1.0 / 13.0,
        1.0 / 15.0,
        1.0 / 17.0,
        1.0 / 19.0,
        1.0 / 21.0,
    ];
    const ATANH_WIDE: &'static [f64] = &[
        1.0 / 3.0,
        1.0 / 5.0,
        1.0 / 7.0,
        1.0 / 9.0,
        1.0 / 11.0,
        1.0 / 13.0,
        1.0 / 15.0,
        1.0 / 17.0,
        1.0 / 19.0,
        1.0 / 21.0,
        1.0 / 23.0,
        1.0 / 25.0,
        1.0 / 27.0,
        1.0 / 29.0,
        1.0 / 31.0,
        1.0 / 33.0,
    ];
    const ERFC: &'static [f64] = &[
        1.258_803_625_813_946_6,
        -1.304_624_837_229_41e-1,
        -7.130_621_000_900_801e-2,
        1.449_063_407_519_858_8e-1,
        -1.144_931_322_843_162_6e-1,
        5.231_957_978_448_646e-2,
        -1.050_072_073_883_929_9e-2,
        -2.622_280_460_050_987_6e-3,
        1.934_481_765_596_217e-3,
        4.015_225_537_870_078e-5,
        -2.890_536_197_466_296e-4,
        8.596_723_096_290_47e-6,
        4.797_829_106_478_597e-5,
        3.812_263_165_522_401e-7,
        -8.748_721_447_703_226e-6,
        -1.070_277_849_542_758_8e-6,
        1.585_462_658_500_765_2e-6,
        4.874_167_164_659_747e-7,
        -2.486_726_509_042_140_7e-7,
        -1.466_621_658_058_315_3e-7,
        2.775_990_620_990_494e-8,
        2.953_893_313_592_601_7e-8,
        -1.499_407_045_962_173_5e-9,
        -3.026_149_909_141_372_6e-9,
    ];
    const LN_2: [f64; 2] = [6.931_471_803_691_238e-1, 1.908_214_929_270_587_7e-10];
    const EXP_RANGE: [f64; 2] = [-746.0, 710.0];
}
