//! Which instructions the machine has, found once at run time.

use super::aligned::Aligned;
use super::simd::{Portable, Simd};
use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicU8, Ordering};

/// A set of vector instructions that kernels are compiled for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Level {
    /// What the compilation target has by itself (SSE2 on x86-64, NEON on aarch64); plain arrays in the source.
    Portable = 1,
    /// AVX2 with fused multiply–add.
    Avx2 = 2,
    /// AVX-512 (F, VL, BW, DQ).
    Avx512 = 3,
}

/// The level in use, 0 before the first look.
static LEVEL: AtomicU8 = AtomicU8::new(0);

impl Level {
    /// The best level of this machine, unless the environment variable `PERCEPTRA_SIMD` names a lower one
    /// (`portable`, `avx2`, `avx512`).
    fn detect() -> Level {
        let best = Level::supported();
        let wanted = match std::env::var("PERCEPTRA_SIMD").as_deref() {
            Ok("portable") => Level::Portable,
            Ok("avx2") => Level::Avx2,
            _ => Level::Avx512,
        };
        wanted.min(best)
    }

    #[cfg(target_arch = "x86_64")]
    fn supported() -> Level {
        let avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
        let avx512 = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512dq");
        match (avx2, avx512) {
            (true, true) => Level::Avx512,
            (true, false) => Level::Avx2,
            _ => Level::Portable,
        }
    }

    #[cfg(not(target_arch = "x86_64"))]
    fn supported() -> Level {
        Level::Portable
    }

    /// The level in use.
    #[inline]
    pub(crate) fn current() -> Level {
        match LEVEL.load(Ordering::Relaxed) {
            1 => Level::Portable,
            2 => Level::Avx2,
            3 => Level::Avx512,
            _ => {
                let level = Level::detect();
                LEVEL.store(level as u8, Ordering::Relaxed);
                level
            }
        }
    }

    /// Every level this machine can run, lowest first.
    #[cfg(test)]
    pub(crate) fn all() -> impl Iterator<Item = Level> {
        [Level::Portable, Level::Avx2, Level::Avx512].into_iter().filter(|level| *level <= Level::supported())
    }
}

/// A computation written once for any vector width.
pub(crate) trait Kernel<T: Copy> {
    /// What it returns beside what it writes.
    type Output;

    /// The body. Implementations are `#[inline(always)]`, so that they are compiled with the instructions of `S`.
    fn run<S: Simd<T>>(self, simd: S) -> Self::Output;
}

/// What the kernels need of an element type.
#[doc(hidden)]
pub trait Element: Copy + PartialOrd + Send + Sync + 'static {
    /// Relative spacing of the numbers near one.
    const EPSILON: f64;
    /// Taylor coefficients of `exp` about 0, from the term of degree 2 on.
    const EXP: &'static [Self];
    /// Coefficients of `atanh(s)/s − 1` in `s²`, as many as `|s| ≤ 0.172` needs.
    const ATANH_NARROW: &'static [Self];
    /// The same for `|s| ≤ 1/3`.
    const ATANH_WIDE: &'static [Self];
    /// Coefficients in `t = (x − 2.75)/(x + 2.75)` of `(1 + 2x)·eˣ²·erfc(x)` for `x ≥ 0`: Chebyshev interpolation, as
    /// powers of `t`.
    const ERFC: &'static [Self];
    /// `ln 2` in two parts, the first with trailing zeros so that its small multiples are exact.
    const LN_2: [Self; 2];
    /// `exp` is infinite above the second and zero below the first.
    const EXP_RANGE: [Self; 2];
    /// The nearest value to a literal.
    fn literal(value: f64) -> Self;

    /// Lends the thread's panels for packed products, empty at first.
    #[allow(private_interfaces, private_bounds)]
    fn with_panels<R>(use_panels: impl FnOnce(&mut Aligned<Self>) -> R) -> R;

    /// Lends the thread's room for predictions: any length, any content. Whoever needs it within gets another.
    #[allow(private_interfaces, private_bounds)]
    fn with_room<R>(use_room: impl FnOnce(&mut Aligned<Self>) -> R) -> R;

    /// Runs a kernel at a level; private to the crate by the privacy of its types.
    #[allow(private_interfaces, private_bounds)]
    fn dispatch<K: Kernel<Self>>(kernel: K, level: Level) -> K::Output;
}

/// Elements of the room for predictions that a thread keeps.
const ROOM_KEPT: usize = 1 << 20;

macro_rules! dispatch {
    ($t:ty) => {
        #[allow(private_interfaces, private_bounds)]
        fn with_panels<R>(use_panels: impl FnOnce(&mut Aligned<Self>) -> R) -> R {
            thread_local! {
                static PANELS: RefCell<Aligned<$t>> = RefCell::new(Aligned::default());
            }
            PANELS.with(|panels| use_panels(&mut panels.borrow_mut()))
        }

        #[allow(private_interfaces, private_bounds)]
        fn with_room<R>(use_room: impl FnOnce(&mut Aligned<Self>) -> R) -> R {
            thread_local! {
                static ROOM: Cell<Aligned<$t>> = const { Cell::new(Aligned::empty()) };
            }
            // Taken out while it is used: a layer of the caller's own may predict with another model.
            let mut room = ROOM.take();
            let result = use_room(&mut room);
            // What an unusually large batch needed is not kept from other uses for the thread's life.
            if room.len() <= ROOM_KEPT {
                ROOM.set(room);
            }
            result
        }

        #[allow(private_interfaces, private_bounds)]
        #[inline]
        fn dispatch<K: Kernel<Self>>(kernel: K, level: Level) -> K::Output {
            #[cfg(target_arch = "x86_64")]
            {
                use super::simd::{Avx2, Avx512};

                #[target_feature(enable = "avx512f,avx512vl,avx512bw,avx512dq,avx2,fma")]
                fn avx512<T: Copy, K: Kernel<T>>(kernel: K) -> K::Output
                where
                    Avx512: Simd<T>,
                {
                    // SAFETY: the features of the token are enabled for this function.
                    kernel.run(unsafe { Avx512::new() })
                }

                #[target_feature(enable = "avx2,fma")]
                fn avx2<T: Copy, K: Kernel<T>>(kernel: K) -> K::Output
                where
                    Avx2: Simd<T>,
                {
                    // SAFETY: the features of the token are enabled for this function.
                    kernel.run(unsafe { Avx2::new() })
                }

                match level {
                    // SAFETY: `Level::detect` never exceeds what the processor reports.
                    Level::Avx512 => return unsafe { avx512(kernel) },
                    // SAFETY: as above.
                    Level::Avx2 => return unsafe { avx2(kernel) },
                    Level::Portable => {}
                }
            }
            // Not inlined: every caller would hold a copy of what hardly any machine runs.
            #[inline(never)]
            fn portable<T: Copy, K: Kernel<T>>(kernel: K) -> K::Output
            where
                Portable: Simd<T>,
            {
                kernel.run(Portable)
            }
            let _ = level;
            portable(kernel)
        }
    };
}

impl Element for f32 {
    const EPSILON: f64 = f32::EPSILON as f64;
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

    fn literal(value: f64) -> f32 {
        value as f32
    }

    dispatch!(f32);
}

impl Element for f64 {
    const EPSILON: f64 = f64::EPSILON;
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

    fn literal(value: f64) -> f64 {
        value
    }

    dispatch!(f64);
}

/// Runs a kernel with the best instructions of this machine.
#[inline]
pub(crate) fn run<T: Element, K: Kernel<T>>(kernel: K) -> K::Output {
    T::dispatch(kernel, Level::current())
}
