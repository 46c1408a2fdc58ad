//! The [`Kernel`] trait, and its dispatch to the best instruction set at run time.

use super::level::Level;
use super::{Portable, Simd};
use crate::kernels::elementwise::Coefficients;
use crate::kernels::memory::Workspaces;

/// A computation written once for any vector width.
pub(crate) trait Kernel<T: Copy> {
    /// The return value, in addition to the buffers that the kernel writes.
    type Output;

    /// The body. Implementations are `#[inline(always)]`, so that they are compiled with the instructions of `S`.
    fn run<S: Simd<T>>(self, simd: S) -> Self::Output;
}

/// An element type that kernels support, with the dispatch to instruction sets.
#[doc(hidden)]
pub trait Element: Coefficients + Workspaces {
    /// Runs a kernel at a SIMD level. Only this crate can call it, since `Kernel` and `Level` are private.
    #[allow(private_interfaces, private_bounds)]
    fn dispatch<K: Kernel<Self>>(kernel: K, level: Level) -> K::Output;
}

macro_rules! dispatch {
    ($t:ty) => {
        #[allow(private_interfaces, private_bounds)]
        #[inline]
        fn dispatch<K: Kernel<Self>>(kernel: K, level: Level) -> K::Output {
            #[cfg(target_arch = "x86_64")]
            {
                use super::{Avx2, Avx512};

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
            // Not inlined, since otherwise every call site would contain a copy that few machines execute.
            #[inline(never)]
            fn portable<T: Copy, K: Kernel<T>>(kernel: K) -> K::Output
            where
                Portable: Simd<T>,
            {
                kernel.run(Portable)
            }
            let _ = level; // unused on other architectures
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
