//! Large pages for memory that is read at random places.
//!
//! A page of 4 KiB holds 64 records of one cache line each, so nearly every record that is read in random order also misses the
//! translation lookaside buffer (TLB). With pages of 2 MiB the addresses of all records fit into the TLB.

use std::mem::MaybeUninit;

/// The size of a large page in bytes.
const PAGE: usize = 2 << 20;

/// Advises the system to use large pages for memory that has not been written yet, as far as it covers whole pages. The system may
/// ignore this; only speed depends on it.
pub(crate) fn advise<A>(memory: &mut [MaybeUninit<A>]) {
    let memory = memory.as_mut_ptr_range();
    let start = memory.start.addr().next_multiple_of(PAGE);
    let end = memory.end.addr() / PAGE * PAGE;
    if start < end {
        madvise(memory.start.with_addr(start).cast(), end - start);
    }
}

#[cfg(all(target_os = "linux", not(miri)))]
fn madvise(start: *mut std::ffi::c_void, length: usize) {
    use std::ffi::{c_int, c_void};
    unsafe extern "C" {
        fn madvise(start: *mut c_void, length: usize, advice: c_int) -> c_int;
    }
    const MADV_HUGEPAGE: c_int = 14;
    // SAFETY: the whole range is borrowed, and the advice leaves its contents as they are. It fails where the kernel has no large
    // pages, which does not matter.
    let _ = unsafe { madvise(start, length, MADV_HUGEPAGE) };
}

#[cfg(not(all(target_os = "linux", not(miri))))]
fn madvise(_: *mut std::ffi::c_void, _: usize) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_of_any_length_and_place_stays_what_it_is() {
        for length in [0, 1, PAGE - 1, 3 * PAGE + 5] {
            let mut bytes = vec![7u8; length];
            let (first, _) = bytes.split_at_mut(length / 2);
            // SAFETY: bytes that are there may be seen as bytes that need not be; none is written.
            advise(unsafe {
                std::slice::from_raw_parts_mut(first.as_mut_ptr().cast::<MaybeUninit<u8>>(), first.len())
            });
            advise(bytes.spare_capacity_mut());
            assert!(bytes.iter().all(|byte| *byte == 7));
        }
    }
}
