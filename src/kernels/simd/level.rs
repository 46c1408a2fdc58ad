//! The vector instructions of the machine, detected once at run time.

use std::sync::atomic::{AtomicU8, Ordering};

/// A set of vector instructions that kernels are compiled for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Level {
    /// The instructions of the compilation target (SSE2 on x86-64, NEON on aarch64); plain arrays in the source.
    Portable = 1,
    /// AVX2 with fused multiply–add.
    Avx2 = 2,
    /// AVX-512 (F, VL, BW, DQ).
    Avx512 = 3,
}

/// The level in use; 0 until it is detected.
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
