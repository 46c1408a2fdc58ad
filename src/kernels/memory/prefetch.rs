//! Hints of what will be read soon.

/// Bytes of a line of the cache.
pub(super) const LINE: usize = 64;

/// Asks for the lines of memory that hold `count` elements from `at` on. The place may lie anywhere.
#[inline(always)]
pub(super) fn prefetch<T>(values: &[T], at: usize, count: usize) {
    let first = values.as_ptr().wrapping_add(at).cast::<i8>();
    // From the start of the first line on, so that each line is asked for once.
    let before = first.addr() % LINE;
    for offset in (0..before + count * size_of::<T>()).step_by(LINE) {
        hint(first.wrapping_sub(before).wrapping_add(offset));
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
