//! Distributing work over threads.

use crate::sorting;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Runs `one` for the numbers below `count`, on this many threads, and returns the results in the order of the numbers.
///
/// Numbers are started in ascending order until `is_over` returns true, so that the results are those of the first numbers, without gaps.
pub(super) fn dealt<R: Send>(
    count: usize,
    threads: usize,
    is_over: &(dyn Fn() -> bool + Sync),
    one: &(dyn Fn(usize) -> R + Sync),
) -> Vec<R> {
    let (next, ended) = (AtomicUsize::new(0), AtomicBool::new(false));
    let made: Mutex<Vec<(usize, R)>> = Mutex::new(Vec::with_capacity(count));
    let work = || {
        loop {
            // Checked before a number is taken, so that every number that is taken is finished.
            if ended.load(Ordering::Relaxed) || is_over() {
                ended.store(true, Ordering::Relaxed);
                return;
            }
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                return;
            }
            let result = one(index);
            made.lock().unwrap_or_else(PoisonError::into_inner).push((index, result));
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.min(count) {
            scope.spawn(work);
        }
        work();
    });
    let mut made = made.into_inner().unwrap_or_else(PoisonError::into_inner);
    sorting::by_integer(&mut made, |(index, _)| *index as i64);
    made.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_in_the_order_of_the_numbers_without_gaps() {
        for threads in [1, 2, 3, 9] {
            let all = dealt(20, threads, &|| false, &|index| index * 3);
            assert_eq!(all, (0..20).map(|index| index * 3).collect::<Vec<_>>());
            let begun = AtomicUsize::new(0);
            let is_over = || begun.load(Ordering::Relaxed) >= 7;
            let some = dealt(20, threads, &is_over, &|index| {
                begun.fetch_add(1, Ordering::Relaxed);
                index
            });
            assert!((7..7 + threads).contains(&some.len()));
            assert_eq!(some, (0..some.len()).collect::<Vec<_>>());
        }
        assert!(dealt(0, 4, &|| false, &|index| index).is_empty());
    }
}
