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

/// Prefetches all cache lines of values that another thread has written.
#[inline]
pub(crate) fn prefetch_all<T>(values: &[T]) {
    prefetch(values, 0, values.len());
}

/// Prefetches the cache lines of this many bytes from an address on, which need not be valid.
#[inline]
pub(crate) fn prefetch_span<T>(first: *const T, bytes: usize) {
    for offset in (0..bytes).step_by(LINE) {
        hint(first.cast::<i8>().wrapping_add(offset));
    }
}

/// Prefetches the cache lines of `count` elements from `first` on in order to write to them: the processors that have copies of them
/// give these up, many at a time, while each store would wait for one.
#[inline]
pub(crate) fn prefetch_for_writing<T>(first: *const T, count: usize) {
    for offset in (0..count * size_of::<T>()).step_by(LINE) {
        let address = first.cast::<u8>().wrapping_add(offset);
        #[cfg(all(target_arch = "x86_64", not(miri)))]
        // SAFETY: as for `hint`. Where the processor does not have the instruction, it does nothing.
        unsafe {
            std::arch::asm!("prefetchw [{}]", in(reg) address, options(nostack, preserves_flags, readonly));
        }
        #[cfg(not(all(target_arch = "x86_64", not(miri))))]
        let _ = address;
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
