//! The standard normal distribution: its distribution function and the inverse of it.

use crate::kernels::Element;

// Coefficients of the numerator and the denominator of each rational function, the highest power first.
const MIDDLE: [f64; 8] = [
    2.509_080_928_730_122_7e3,
    3.343_057_558_358_813e4,
    6.726_577_092_700_87e4,
    4.592_195_393_154_987e4,
    1.373_169_376_550_946e4,
    1.971_590_950_306_551_3e3,
    1.331_416_678_917_843_8e2,
    3.387_132_872_796_366_5,
];

const MIDDLE_BELOW: [f64; 8] = [
    5.226_495_278_852_854e3,
    2.872_908_573_572_194_3e4,
    3.930_789_580_009_271e4,
    2.121_379_430_158_659_7e4,
    5.394_196_021_424_751e3,
    6.871_870_074_920_579e2,
    4.231_333_070_160_091e1,
    1.0,
];

const TAIL: [f64; 8] = [
    7.745_450_142_783_414e-4,
    2.272_384_498_926_918_4e-2,
    2.417_807_251_774_506e-1,
    1.270_458_252_452_368_4,
    3.647_848_324_763_204_5,
    5.769_497_221_460_691,
    4.630_337_846_156_546,
    1.423_437_110_749_683_5,
];

const TAIL_BELOW: [f64; 8] = [
    1.050_750_071_644_416_9e-9,
    5.475_938_084_995_345e-4,
    1.519_866_656_361_645_7e-2,
    1.481_039_764_274_800_8e-1,
    6.897_673_349_851e-1,
    1.676_384_830_183_803_8,
    2.053_191_626_637_759,
    1.0,
];

const FAR_TAIL: [f64; 8] = [
    2.010_334_399_292_288_1e-7,
    2.711_555_568_743_487_6e-5,
    1.242_660_947_388_078_4e-3,
    2.653_218_952_657_612_4e-2,
    2.965_605_718_285_048_7e-1,
    1.784_826_539_917_291_3,
    5.463_784_911_164_114,
    6.657_904_643_501_103,
];

const FAR_TAIL_BELOW: [f64; 8] = [
    2.044_263_103_389_939_7e-15,
    1.421_511_758_316_446e-7,
    1.846_318_317_510_054_8e-5,
    7.868_691_311_456_133e-4,
    1.487_536_129_085_061_5e-2,
    1.369_298_809_227_358e-1,
    5.998_322_065_558_88e-1,
    1.0,
];

/// `Φ⁻¹(p)` to about 1e-15 of its value: −∞ at 0, ∞ at 1, NaN outside of \[0, 1\].
///
/// # References
///
/// Wichura, *Algorithm AS 241: the percentage points of the normal distribution*, 1988.
pub(super) fn normal_quantile(p: f64) -> f64 {
    let distance = p - 0.5;
    if distance.abs() <= 0.425 {
        let r = 0.180625 - distance * distance;
        return distance * polynomial(&MIDDLE, r) / polynomial(&MIDDLE_BELOW, r);
    }
    let tail = if distance < 0.0 { p } else { 1.0 - p };
    if tail <= 0.0 || tail.is_nan() {
        return if tail == 0.0 { f64::INFINITY.copysign(distance) } else { f64::NAN };
    }
    let r = (-tail.ln()).sqrt();
    let magnitude = match r <= 5.0 {
        true => polynomial(&TAIL, r - 1.6) / polynomial(&TAIL_BELOW, r - 1.6),
        false => polynomial(&FAR_TAIL, r - 5.0) / polynomial(&FAR_TAIL_BELOW, r - 5.0),
    };
    magnitude.copysign(distance)
}

/// `Φ(z)` to about 1e-14 of its value: `erfc(|z|/√2)/2` or one less that, with the polynomial of the kernels.
pub(super) fn normal_cdf(z: f64) -> f64 {
    let magnitude = z.abs().min(40.0);
    let x = magnitude * std::f64::consts::FRAC_1_SQRT_2;
    let t = (x - 2.75) / (x + 2.75);
    let flat = erfc_coefficients::<f64>().iter().rev().fold(0.0, |sum, coefficient| sum * t + coefficient);
    let tail = (-0.5 * magnitude * magnitude).exp() * flat / (4.0 * x + 2.0);
    match z > 0.0 {
        _ if z.is_nan() => z,
        true => 1.0 - tail,
        false => tail,
    }
}

/// The numerators and denominators in the middle and of the tails, for who writes them in other formats.
#[cfg(feature = "onnx")]
pub(crate) fn normal_coefficients() -> [[&'static [f64]; 2]; 3] {
    [[&MIDDLE, &MIDDLE_BELOW], [&TAIL, &TAIL_BELOW], [&FAR_TAIL, &FAR_TAIL_BELOW]]
}

fn erfc_coefficients<T: Element>() -> &'static [T] {
    T::ERFC
}

fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().fold(0.0, |sum, coefficient| sum * x + coefficient)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference;

    #[test]
    fn quantiles_are_exact_to_14_digits() {
        let case = reference::case("normal");
        for (p, expected) in case.numbers("p").into_iter().zip(case.numbers("quantile")) {
            let found = normal_quantile(p);
            assert!((found - expected).abs() <= 1e-14 * expected.abs(), "{p:e}: {found}, expected {expected}");
        }
        assert_eq!((normal_quantile(0.0), normal_quantile(1.0)), (f64::NEG_INFINITY, f64::INFINITY));
        assert_eq!(normal_quantile(0.5), 0.0);
        assert!([-0.1, 1.1, f64::NAN].into_iter().all(|p| normal_quantile(p).is_nan()));
    }

    #[test]
    fn the_distribution_function_is_exact_to_13_digits() {
        let case = reference::case("normal");
        for (z, expected) in case.numbers("z").into_iter().zip(case.numbers("cdf")) {
            let found = normal_cdf(z);
            assert!((found - expected).abs() <= 1e-13 * expected.abs(), "{z}: {found:e}, expected {expected:e}");
        }
        assert_eq!((normal_cdf(f64::NEG_INFINITY), normal_cdf(f64::INFINITY)), (0.0, 1.0));
        assert!(normal_cdf(f64::NAN).is_nan());
    }
}
