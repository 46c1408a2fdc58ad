//! Vectorized elementary functions with stated error bounds.
//!
//! The bounds are in units in the last place (ulp) of the correctly rounded value. The tests check them, for `f32` at numbers from
//! the whole range.

use crate::kernels::{Element, Simd};

/// `1 + c₀·x + c₁·x² + …` without its leading one: the sum `x·(c₀ + x·(c₁ + …))`.
#[inline(always)]
fn series<T: Element, S: Simd<T>>(s: S, coefficients: &[T], x: S::V) -> S::V {
    let (last, rest) = match coefficients.split_last() {
        Some(parts) => parts,
        None => return s.zero(),
    };
    let mut sum = s.splat(*last);
    for &c in rest.iter().rev() {
        sum = s.mul_add(sum, x, s.splat(c));
    }
    s.mul(sum, x)
}

/// `x = n·ln 2 + r` with integral `n` and `|r| ≤ ln 2 / 2`: `(n, eʳ − 1)`.
#[inline(always)]
fn reduced_exp<T: Element, S: Simd<T>>(s: S, x: S::V) -> (S::V, S::V) {
    let n = s.round_ties_even(s.mul(x, s.literal(std::f64::consts::LOG2_E)));
    let back = s.neg(n);
    let r = s.mul_add(back, s.splat(T::LN_2[1]), s.mul_add(back, s.splat(T::LN_2[0]), x));
    // eʳ − 1 = r + r²/2 + …; the series starts at r², which keeps the leading term exact.
    (n, s.mul_add(series(s, T::EXP, r), r, r))
}

/// `eˣ` to 1.5 ulp; 0 below and infinity above the range of the type; NaN stays NaN.
#[inline(always)]
pub(crate) fn exp<T: Element, S: Simd<T>>(s: S, x: S::V) -> S::V {
    let x = s.max(s.splat(T::EXP_RANGE[0]), s.min(s.splat(T::EXP_RANGE[1]), x));
    let (n, p) = reduced_exp(s, x);
    s.ldexp(s.add(p, s.literal(1.0)), n)
}

/// `eˣ − 1` to 3 ulp, also where `x` is tiny.
#[inline(always)]
pub(crate) fn exp_m1<T: Element, S: Simd<T>>(s: S, x: S::V) -> S::V {
    let x = s.max(s.splat(T::EXP_RANGE[0]), s.min(s.splat(T::EXP_RANGE[1]), x));
    let (n, p) = reduced_exp(s, x);
    // 2ⁿ·(p + 1) − 1 = 2ⁿ·p + (2ⁿ − 1), where the second term is exact; 2^(n−1) is doubled last so that the
    // largest results do not overflow on the way.
    let half = s.literal(0.5);
    let power = s.ldexp(half, n);
    let large = s.mul_add(p, power, s.sub(power, half));
    s.add(large, large)
}

/// The natural logarithm to 1.5 ulp for positive finite `x`; `−∞` at 0, NaN below, `∞` at `∞`.
#[inline(always)]
pub(crate) fn ln<T: Element, S: Simd<T>>(s: S, x: S::V) -> S::V {
    let (m, e) = s.frexp(x);
    let one = s.literal(1.0);
    // ln m = 2·atanh(t) with t = (m − 1)/(m + 1); written as f − t·(f − …) it keeps f = m − 1 exact.
    let f = s.sub(m, one);
    let t = s.div(f, s.add(m, one));
    let t2 = s.mul(t, t);
    let tail = series(s, T::ATANH_NARROW, t2);
    // 2t = f − t·f, hence 2t + 2t·tail = f − t·(f − 2·tail).
    let value = s.sub(f, s.mul(t, s.sub(f, s.add(tail, tail))));
    let value = s.mul_add(e, s.splat(T::LN_2[0]), s.mul_add(e, s.splat(T::LN_2[1]), value));
    let infinity = s.div(one, s.zero());
    let positive = s.select(s.ge(x, infinity), infinity, value);
    let nothing = s.select(s.ge(x, s.zero()), s.neg(infinity), s.sub(infinity, infinity));
    s.select(s.gt(x, s.zero()), positive, s.select(s.ge(s.zero(), x), nothing, s.add(x, nothing)))
}

/// `ln(1 + x)` to 2 ulp for `x` in `[0, 1]`, also where `x` is tiny.
#[inline(always)]
pub(crate) fn ln_1p_unit<T: Element, S: Simd<T>>(s: S, x: S::V) -> S::V {
    // 2·atanh(t) with t = x/(2 + x) ≤ 1/3 needs no splitting of the argument.
    let t = s.div(x, s.add(x, s.literal(2.0)));
    let twice = s.add(t, t);
    s.mul_add(series(s, T::ATANH_WIDE, s.mul(t, t)), twice, twice)
}

/// The logistic function `1/(1 + e⁻ˣ)` to 3 ulp on both sides of zero.
#[inline(always)]
pub(crate) fn sigmoid<T: Element, S: Simd<T>>(s: S, x: S::V) -> S::V {
    sigmoid_and_exp(s, x).0
}

/// The logistic function of `x` with `e^(−|x|)`, which its logarithms need too.
#[inline(always)]
pub(crate) fn sigmoid_and_exp<T: Element, S: Simd<T>>(s: S, x: S::V) -> (S::V, S::V) {
    let one = s.literal(1.0);
    let e = exp(s, s.neg(s.abs(x)));
    let top = s.select(s.ge(x, s.zero()), one, e);
    (s.div(top, s.add(one, e)), e)
}

/// `ln(1 + eˣ)` to 3 ulp.
#[inline(always)]
pub(crate) fn softplus<T: Element, S: Simd<T>>(s: S, x: S::V) -> S::V {
    let e = exp(s, s.neg(s.abs(x)));
    s.add(s.max(s.zero(), x), ln_1p_unit(s, e))
}

/// The hyperbolic tangent to 4 ulp.
#[inline(always)]
pub(crate) fn tanh<T: Element, S: Simd<T>>(s: S, x: S::V) -> S::V {
    // tanh |x| = −u/(u + 2) with u = e^(−2|x|) − 1, which does not cancel near zero.
    let magnitude = s.abs(x);
    let u = exp_m1(s, s.neg(s.add(magnitude, magnitude)));
    s.copysign(s.div(u, s.add(u, s.literal(2.0))), x)
}

/// The normal distribution function `Φ(z) = (1 + erf(z/√2))/2` to 7 ulp for `z ≥ −1` and to `7 + z²/2` ulp below.
#[inline(always)]
pub(crate) fn normal_cdf<T: Element, S: Simd<T>>(s: S, z: S::V) -> S::V {
    // Φ(−|z|) = erfc(x)/2 with x = |z|/√2, where erfc(x) = e^(−x²)·P(t)/(1 + 2x). Beyond 40 it is 0 in every type.
    let magnitude = s.min(s.literal(40.0), s.abs(z));
    let x = s.mul(magnitude, s.literal(std::f64::consts::FRAC_1_SQRT_2));
    let (one, middle) = (s.literal(1.0), s.literal(2.75));
    let t = s.div(s.sub(x, middle), s.add(x, middle));
    let (constant, rest) = T::ERFC.split_first().map_or((one, T::ERFC), |(first, rest)| (s.splat(*first), rest));
    let flat = s.add(constant, series(s, rest, t));
    let bell = exp(s, s.mul(s.mul(magnitude, magnitude), s.literal(-0.5)));
    let tail = s.div(s.mul(bell, flat), s.mul_add(x, s.literal(4.0), s.literal(2.0)));
    s.select(s.gt(z, s.zero()), s.sub(one, tail), tail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::lanewise::Lanewise;
    use crate::kernels::{Kernel, Level};

    macro_rules! lanewise {
        ($name:ident, $f:path) => {
            struct $name;
            impl<T: Element> Lanewise<T, 1, 1> for $name {
                #[inline(always)]
                fn apply<S: Simd<T>>(&self, s: S, [x]: [S::V; 1]) -> [S::V; 1] {
                    [$f(s, x)]
                }
            }
        };
    }
    lanewise!(Exp, exp);
    lanewise!(ExpM1, exp_m1);
    lanewise!(Ln, ln);
    lanewise!(Ln1pUnit, ln_1p_unit);
    lanewise!(Sigmoid, sigmoid);
    lanewise!(Softplus, softplus);
    lanewise!(Tanh, tanh);
    lanewise!(NormalCdf, normal_cdf);

    struct Sixteen<'a, T, F> {
        function: &'a F,
        x: &'a [T; 16],
        y: &'a mut [T; 16],
    }
    impl<T: Element, F: Lanewise<T, 1, 1>> Kernel<T> for Sixteen<'_, T, F> {
        type Output = ();
        #[inline(always)]
        fn run<S: Simd<T>>(self, s: S) {
            for at in (0..16).step_by(S::LANES) {
                let [y] = self.function.apply(s, [s.load(&self.x[at..])]);
                s.store(&mut self.y[at..], y);
            }
        }
    }

    /// The distance between a computed and the exact result, in units in the last place of `f32`.
    fn ulps(got: f32, wanted: f64) -> f64 {
        let nearest = wanted as f32;
        if got == nearest || got.is_nan() && nearest.is_nan() {
            return 0.0;
        }
        let magnitude = nearest.abs().max(f32::MIN_POSITIVE);
        let unit = f64::from(f32::from_bits(magnitude.to_bits() + 1)) - f64::from(magnitude);
        (f64::from(got) - wanted).abs() / unit
    }

    /// By default every `STEP`-th bit pattern is tested; a prime, so that all digits of the pattern vary.
    const STEP: usize = 4099;

    /// Checks the error bound of a function at every `step`-th of the 2³² bit patterns, if `domain` accepts the number.
    fn hold<F: Lanewise<f32, 1, 1>>(
        step: usize,
        function: F,
        wanted: fn(f64) -> f64,
        domain: fn(f32) -> bool,
        bound: impl Fn(f64) -> f64 + Sync,
    ) {
        let levels: Vec<Level> = Level::all().collect();
        let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get());
        let check = |thread: usize| {
            let all = (0..=u32::MAX).step_by(step).skip(thread).step_by(threads);
            let mut patterns = all.map(f32::from_bits).filter(|x| domain(*x)).peekable();
            let (mut x, mut y) = ([0.0f32; 16], [0.0f32; 16]);
            while patterns.peek().is_some() {
                x.iter_mut().for_each(|x| *x = patterns.next().unwrap_or(*x));
                let exact = x.map(|x| wanted(f64::from(x)));
                for &level in &levels {
                    f32::dispatch(Sixteen { function: &function, x: &x, y: &mut y }, level);
                    for ((&x, &y), &exact) in x.iter().zip(&y).zip(&exact) {
                        let error = ulps(y, exact);
                        assert!(
                            error <= bound(f64::from(x)),
                            "{level:?}: f({x:e}) = {y:e}, {error} ulp from {exact:e}"
                        );
                    }
                }
            }
        };
        std::thread::scope(|scope| {
            let others: Vec<_> = (1..threads)
                .map(|thread| {
                    scope.spawn({
                        let check = &check;
                        move || check(thread)
                    })
                })
                .collect();
            check(0);
            others.into_iter().for_each(|other| other.join().unwrap());
        });
    }

    /// Checks the functions that training uses at every `step`-th bit pattern.
    fn hold_all(step: usize) {
        hold(step, Exp, f64::exp, |_| true, |_| 1.5);
        hold(step, ExpM1, f64::exp_m1, |_| true, |_| 3.0);
        hold(step, Ln, f64::ln, |_| true, |_| 1.5);
        hold(step, Ln1pUnit, f64::ln_1p, |x| (0.0..=1.0).contains(&x), |_| 2.0);
        hold(step, Sigmoid, |x| 1.0 / (1.0 + (-x).exp()), |_| true, |_| 3.0);
        hold(step, Softplus, |x| if x > 50.0 { x } else { x.exp().ln_1p() }, |_| true, |_| 3.0);
        hold(step, Tanh, f64::tanh, |_| true, |_| 4.0);
    }

    #[test]
    #[ignore = "every number of f32 takes several minutes: cargo test --lib every_number -- --ignored"]
    fn errors_stay_within_the_stated_bounds_for_every_number() {
        hold_all(1);
    }

    #[test]
    fn errors_stay_within_the_stated_bounds() {
        hold_all(STEP);
        // Beyond 40 the function is constant.
        let bound = |z: f64| if z < -1.0 { 7.0 + z.max(-40.0).powi(2) / 2.0 } else { 7.0 };
        hold(STEP, NormalCdf, plain_normal_cdf, |_| true, bound);
    }

    /// `Φ(z)` by its Taylor series near 0 and by the continued fraction of the tail.
    fn plain_normal_cdf(z: f64) -> f64 {
        let density = (-0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt();
        if z.abs() < 3.0 {
            let terms = std::iter::successors(Some((z, 1.0)), |(term, n)| Some((term * z * z / (n + 2.0), n + 2.0)));
            return 0.5 + density * terms.take(120).map(|(term, _)| term).sum::<f64>();
        }
        let magnitude = z.abs();
        let fraction = (1..=200).rev().fold(magnitude, |fraction, n| magnitude + f64::from(n) / fraction);
        let tail = density / fraction;
        if z > 0.0 { 1.0 - tail } else { tail }
    }

    #[test]
    fn the_normal_distribution_function_of_f64_agrees_with_tables() {
        // Computed to twenty digits in multiple precision.
        let table = [
            (-37.0, 5.725_571_222_524_577e-300),
            (-20.5, 1.076_467_325_879_096_1e-93),
            (-12.25, 8.399_796_063_633_417e-35),
            (-8.0, 6.220_960_574_271_784e-16),
            (-5.0, 2.866_515_718_791_939e-07),
            (-3.5, 2.326_290_790_355_250_4e-04),
            (-2.25, 1.222_447_265_504_470_3e-02),
            (-1.0, 1.586_552_539_314_570_5e-01),
            (-0.5, 3.085_375_387_259_869e-01),
            (-0.015625, 4.937_667_805_001_103e-01),
            (0.0, 5.0e-01),
            (0.25, 5.987_063_256_829_237e-01),
            (0.75, 7.733_726_476_231_318e-01),
            (1.5, 9.331_927_987_311_419e-01),
            (3.0, 9.986_501_019_683_699e-01),
            (6.0, 9.999_999_990_134_123e-01),
            (9.0, 1.0e+00),
            (50.0, 1.0e+00),
        ];
        for level in Level::all() {
            for (z, wanted) in table {
                let mut y = [0.0; 16];
                f64::dispatch(Sixteen { function: &NormalCdf, x: &[z; 16], y: &mut y }, level);
                let bound = (7.0 + z * z / 2.0) * f64::EPSILON * wanted;
                assert!((y[7] - wanted).abs() <= bound, "{level:?}: Φ({z}) = {:e} instead of {wanted:e}", y[7]);
            }
        }
    }

    #[test]
    fn f64_agrees_with_the_standard_library() {
        fn check<F: Lanewise<f64, 1, 1>>(
            function: F,
            wanted: fn(f64) -> f64,
            points: impl Iterator<Item = f64> + Clone,
        ) {
            for level in Level::all() {
                for x in points.clone() {
                    let mut y = [0.0; 16];
                    f64::dispatch(Sixteen { function: &function, x: &[x; 16], y: &mut y }, level);
                    let wanted = wanted(x);
                    let same = y[7] == wanted || y[7].is_nan() && wanted.is_nan();
                    assert!(
                        same || ((y[7] - wanted) / wanted).abs() < 1e-15,
                        "{level:?}: f({x:e}) = {:e} {wanted:e}",
                        y[7]
                    );
                }
            }
        }
        let both = (-4000..4000).map(|i| f64::from(i) * 0.171).chain([1e-300, -1e-300, 1e-9, 745.0, -800.0, 800.0]);
        let positive = (-700..700).map(|i| (f64::from(i) * 0.98).exp()).chain([f64::MIN_POSITIVE / 1024.0, 1.0, 0.999]);
        check(Exp, f64::exp, both.clone().filter(|x| *x > -700.0));
        check(ExpM1, f64::exp_m1, both.clone());
        check(Ln, f64::ln, positive);
        check(Tanh, f64::tanh, both.clone());
        check(Softplus, |x| if x > 50.0 { x } else { x.exp().ln_1p() }, both.clone().filter(|x| *x > -700.0));
        check(Sigmoid, |x| 1.0 / (1.0 + (-x).exp()), both.filter(|x| *x > -700.0));
    }
}
