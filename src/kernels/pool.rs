//! Threads that wait for parts of short computations.
//!
//! A product of a training step takes a few microseconds to milliseconds, and the next one follows at once. To wake a thread that
//! sleeps costs as much as the shortest of them, so a helper that has nothing to do looks for new parts for a while before it
//! sleeps. The caller computes parts as well, and all of them if no helper comes: it never waits for a helper to wake up.

use std::any::Any;
use std::panic::{self, AssertUnwindSafe};
use std::ptr;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread;

/// How often a helper looks for new parts before it sleeps: some tens of microseconds, more than the pauses in a training
/// step between its products.
const LOOKS: usize = 4000;

/// The bits of a number that hold the end of a range of parts.
const HALF: u32 = usize::BITS / 2;

/// More parts than a range can hold are not given out.
const MOST_PARTS: usize = 1 << (HALF - 1);

/// A range of parts as one number.
fn packed(first: usize, end: usize) -> usize {
    first << HALF | end
}

/// The first part of a range, and the part after its last one.
fn unpacked(range: usize) -> (usize, usize) {
    (range >> HALF, range & ((1 << HALF) - 1))
}

/// Who takes a part.
#[derive(Clone, Copy, PartialEq)]
enum Taker {
    Caller,
    Helper,
}

/// How often a caller looks whether the last part is finished before it lets other threads use its processor.
const WAITS: usize = 20_000;

/// The computation whose parts are given out.
#[derive(Clone, Copy)]
struct DividedCall<'a> {
    run: &'a (dyn Fn(usize) + Sync),
}

/// The helpers of the program.
struct Pool {
    /// The helpers that were started; whoever holds the lock may give out parts.
    helpers: Mutex<usize>,
    /// The task whose parts are given out.
    task: AtomicPtr<DividedCall<'static>>,
    /// The parts that nobody has taken, a range [`packed`] into a number: the caller takes the first one, helpers take the last. So a
    /// thread tends to compute the same part of one task after another, and finds in its cache what it wrote before.
    untaken: AtomicUsize,
    /// The parts that are not finished.
    unfinished: AtomicUsize,
    /// The payload of the panic of a part, if one panicked.
    panic: Mutex<Option<Box<dyn Any + Send>>>,
    /// The helpers that sleep or are about to.
    sleepers: AtomicUsize,
    /// Held by a helper between its last look and its sleep.
    bed: Mutex<()>,
    wake: Condvar,
}

static POOL: Pool = Pool {
    helpers: Mutex::new(0),
    task: AtomicPtr::new(ptr::null_mut()),
    untaken: AtomicUsize::new(0),
    unfinished: AtomicUsize::new(0),
    panic: Mutex::new(None),
    sleepers: AtomicUsize::new(0),
    bed: Mutex::new(()),
    wake: Condvar::new(),
};

/// Calls `run` once for each number below `parts`, on this thread and on helpers that are free. Where another thread has the helpers,
/// or this is called within a part, all calls are on this thread.
///
/// A panic of a call becomes one of this function, once all calls have returned.
pub(crate) fn for_each_part(parts: usize, run: &(dyn Fn(usize) + Sync)) {
    if parts > MOST_PARTS {
        return on_this_thread(parts, run);
    }
    match POOL.helpers.try_lock() {
        Ok(helpers) => POOL.give_out(helpers, parts, run),
        Err(TryLockError::Poisoned(helpers)) => POOL.give_out(helpers.into_inner(), parts, run),
        Err(TryLockError::WouldBlock) => on_this_thread(parts, run),
    }
}

/// Computes all parts, those after a panic too, as helpers do.
fn on_this_thread(parts: usize, run: &(dyn Fn(usize) + Sync)) {
    let mut panicked = None;
    for part in 0..parts {
        let result = panic::catch_unwind(AssertUnwindSafe(|| run(part)));
        panicked = panicked.or(result.err());
    }
    if let Some(panicked) = panicked {
        panic::resume_unwind(panicked);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Pool {
    fn give_out(&'static self, mut helpers: MutexGuard<'_, usize>, parts: usize, run: &(dyn Fn(usize) + Sync)) {
        while *helpers + 1 < parts {
            // Without another thread the caller computes more parts.
            let Ok(_) = thread::Builder::new().name("perceptra".into()).spawn(|| self.help()) else { break };
            *helpers += 1;
        }
        let task = DividedCall { run };
        self.task.store(ptr::from_ref(&task).cast_mut().cast(), Ordering::Relaxed);
        self.unfinished.store(parts, Ordering::Relaxed);
        // The operations on `untaken` and `sleepers` have one order for all threads: either a helper that goes to sleep sees the
        // parts, or it is seen here.
        self.untaken.store(packed(0, parts), Ordering::SeqCst);
        if self.sleepers.load(Ordering::SeqCst) > 0 {
            drop(lock(&self.bed));
            self.wake.notify_all();
        }
        while self.compute_part(Taker::Caller) {}
        let mut looks = 0;
        while self.unfinished.load(Ordering::Acquire) > 0 {
            looks += 1;
            if looks < WAITS { std::hint::spin_loop() } else { thread::yield_now() }
        }
        let panicked = lock(&self.panic).take();
        drop(helpers);
        if let Some(panicked) = panicked {
            panic::resume_unwind(panicked);
        }
    }

    /// Takes a part and computes it, if there is one.
    #[inline]
    fn compute_part(&self, taker: Taker) -> bool {
        let mut untaken = self.untaken.load(Ordering::Relaxed);
        loop {
            let (first, end) = unpacked(untaken);
            if first == end {
                return false;
            }
            let (part, rest) = match taker {
                Taker::Caller => (first, packed(first + 1, end)),
                Taker::Helper => (end - 1, packed(first, end - 1)),
            };
            // A taken part belongs to the task that was stored before `untaken`, and to no later one: its caller waits for it.
            match self.untaken.compare_exchange_weak(untaken, rest, Ordering::SeqCst, Ordering::Relaxed) {
                Ok(_) => {
                    // SAFETY: `give_out` stored the address of a task that it keeps until this part is finished; the exchange read
                    // what it, or another taker after it, wrote.
                    let task = unsafe { *self.task.load(Ordering::Relaxed) };
                    if let Err(payload) = panic::catch_unwind(AssertUnwindSafe(|| (task.run)(part))) {
                        *lock(&self.panic) = Some(payload);
                    }
                    self.unfinished.fetch_sub(1, Ordering::Release);
                    return true;
                }
                Err(found) => untaken = found,
            }
        }
    }

    /// Whether every part is taken.
    fn nothing_untaken(&self) -> bool {
        let (first, end) = unpacked(self.untaken.load(Ordering::SeqCst));
        first == end
    }

    /// The loop of a helper thread, which ends with the program.
    fn help(&self) {
        loop {
            let mut looks = 0;
            while looks < LOOKS {
                looks = if self.compute_part(Taker::Helper) { 0 } else { looks + 1 };
                std::hint::spin_loop();
            }
            self.sleepers.fetch_add(1, Ordering::SeqCst);
            let mut bed = lock(&self.bed);
            while self.nothing_untaken() {
                bed = self.wake.wait(bed).unwrap_or_else(PoisonError::into_inner);
            }
            drop(bed);
            self.sleepers.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum_of_parts(parts: usize) -> usize {
        let sum = AtomicUsize::new(0);
        for_each_part(parts, &|part| {
            sum.fetch_add(part + 1, Ordering::Relaxed);
        });
        sum.into_inner()
    }

    #[test]
    fn every_part_is_computed_once_by_whoever_is_free() {
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    for parts in (0..2000).map(|i| i % 7) {
                        assert_eq!(sum_of_parts(parts), parts * (parts + 1) / 2);
                    }
                });
            }
        });
        // Longer than a helper stays awake.
        for _ in 0..5 {
            thread::sleep(std::time::Duration::from_millis(5));
            assert_eq!(sum_of_parts(3), 6);
        }
    }

    #[test]
    fn a_part_may_have_parts() {
        let sum = AtomicUsize::new(0);
        for_each_part(4, &|_| {
            sum.fetch_add(sum_of_parts(3), Ordering::Relaxed);
        });
        assert_eq!(sum.into_inner(), 24);
    }

    #[test]
    fn a_panic_reaches_the_caller_after_the_other_parts() {
        for _ in 0..20 {
            let others = AtomicUsize::new(0);
            let caught = panic::catch_unwind(AssertUnwindSafe(|| {
                for_each_part(3, &|part| {
                    assert!(part != 1, "part {part}");
                    others.fetch_add(1, Ordering::Relaxed);
                });
            }));
            assert_eq!(caught.unwrap_err().downcast_ref::<String>().unwrap(), "part 1");
            assert_eq!(others.into_inner(), 2);
        }
        assert_eq!(sum_of_parts(3), 6);
    }
}
