//! Prefetches: hints to the processor of what will be read soon.

/// Bytes of a cache line.
pub(super) const LINE: usize = 64;

/// Prefetches the cache lines that hold `count` elements from `at` on, which need not be elements of the slice.
#[inline(always)]
pub(super) fn prefetch<T>(values: &[T], at: usize, count: usize) {
    let first = values.as_ptr().wrapping_add(at).cast::<i8>();
    // From the start of the first line on, so that each line is prefetched once.
    let before = first.addr() % LINE;
    for offset in (0..before + count * size_of::<T>()).step_by(LINE) {
        hint(first.wrapping_sub(before).wrapping_add(offset));
    }
}

/// Prefetches the cache lines of `count` elements from `at` on, which begin with a line.
#[inline(always)]
pub(super) fn prefetch_lines<T>(values: &[T], at: usize, count: usize) {
    let first = values.as_ptr().wrapping_add(at);
    for element in (0..count).step_by(LINE / size_of::<T>()) {
        hint(first.wrapping_add(element).cast());
    }
}

#[inline(always)]
fn hint(address: *const i8) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a prefetch reads nothing that the program could see, and never faults.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(address);
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = address;
}
