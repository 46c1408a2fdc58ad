//! Hints of what will be read soon.

/// Bytes of a line of the cache.
const LINE: usize = 64;

/// Asks for the lines of memory that hold `count` elements from `at` on. The place may lie anywhere.
#[inline(always)]
pub(super) fn prefetch<T>(values: &[T], at: usize, count: usize) {
    let first = values.as_ptr().wrapping_add(at);
    for offset in (0..count).step_by(LINE / size_of::<T>().max(1)) {
        hint(first.wrapping_add(offset).cast());
    }
    if count > 1 {
        hint(first.wrapping_add(count - 1).cast());
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
