//! Which instructions the machine has, found once at run time.

use super::aligned::Aligned;
use super::float::Float;
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

/// An element type that kernels run on: with memory of each thread, and the choice of the instructions.
#[doc(hidden)]
pub trait Element: Float {
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
    dispatch!(f32);
}

impl Element for f64 {
    dispatch!(f64);
}

/// Runs a kernel with the best instructions of this machine.
#[inline]
pub(crate) fn run<T: Element, K: Kernel<T>>(kernel: K) -> K::Output {
    T::dispatch(kernel, Level::current())
}
