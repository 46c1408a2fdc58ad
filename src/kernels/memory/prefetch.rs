//! Prefetches, which tell the processor which memory will be read soon.

/// The size of a cache line in bytes.
pub(super) const LINE: usize = 64;

/// Prefetches the cache lines of `count` elements from index `at` on; the indices may be out of bounds.
#[inline(always)]
pub(super) fn prefetch<T>(values: &[T], at: usize, count: usize) {
    let first = values.as_ptr().wrapping_add(at).cast::<i8>();
    // Begin at the start of the first line, so that each line is prefetched once.
    let before = first.addr() % LINE;
    for offset in (0..before + count * size_of::<T>()).step_by(LINE) {
        hint(first.wrapping_sub(before).wrapping_add(offset));
    }
}

/// Prefetches the cache line that begins at index `at`, which may be out of bounds.
#[inline(always)]
pub(super) fn prefetch_line<T>(values: &[T], at: usize) {
    hint(values.as_ptr().wrapping_add(at).cast());
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
