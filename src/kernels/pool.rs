//! Threads that wait for parts of short computations.
//!
//! A product of a training step takes a few microseconds to milliseconds, and the next one follows at once. To wake a thread that
//! sleeps costs as much as the shortest of them, so a helper that has nothing to do looks for new parts for a while before it
//! sleeps. The caller computes parts as well, and all of them if no helper comes: it never waits for a helper to wake up.

use super::{CacheAligned, prefetch_span};
use std::any::Any;
use std::panic::{self, AssertUnwindSafe};
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicUsize, Ordering};
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

/// How many bytes of the caller's stack a helper prefetches. There, from the task on, is most of what the closures of the task borrow:
/// each refers to the next one, and the helper would wait for one cache line after another.
const BORROWED: usize = 1024;

/// What helpers look at until there is something to do.
struct Offer {
    /// The task whose parts are given out.
    task: AtomicPtr<DividedCall<'static>>,
    /// The parts that nobody has taken, a range [`packed`] into a number: the caller takes the first one, helpers take the last. So a
    /// thread tends to compute the same part of one task after another, and finds in its cache what it wrote before.
    untaken: AtomicUsize,
}

/// What helpers have done, counted over all tasks. Only they count, so that the caller, which looks at it all the time, has to fetch
/// it once for each change.
struct Done {
    parts: AtomicUsize,
    /// Whether a part has panicked whose payload nobody has taken.
    panicked: AtomicBool,
}

/// The helpers of the program.
struct Pool {
    offer: CacheAligned<Offer>,
    done: CacheAligned<Done>,
    /// The helpers that were started; whoever holds the lock may give out parts.
    helpers: Mutex<usize>,
    /// The payload of the panic of a helper's part, if one panicked.
    panic: Mutex<Option<Box<dyn Any + Send>>>,
    /// The helpers that sleep or are about to.
    sleepers: AtomicUsize,
    /// Held by a helper between its last look and its sleep.
    bed: Mutex<()>,
    wake: Condvar,
}

static POOL: Pool = Pool {
    offer: CacheAligned(Offer { task: AtomicPtr::new(ptr::null_mut()), untaken: AtomicUsize::new(0) }),
    done: CacheAligned(Done { parts: AtomicUsize::new(0), panicked: AtomicBool::new(false) }),
    helpers: Mutex::new(0),
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
    if parts <= 1 || parts > MOST_PARTS {
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
        keep_first(&mut panicked, panic::catch_unwind(AssertUnwindSafe(|| run(part))));
    }
    if let Some(panicked) = panicked {
        panic::resume_unwind(panicked);
    }
}

/// Keeps the payload of the first panic. Those of others are leaked, since a payload whose destructor panics would end a computation
/// while other threads are at it.
fn keep_first(first: &mut Option<Box<dyn Any + Send>>, result: thread::Result<()>) {
    match result {
        Err(payload) if first.is_some() => std::mem::forget(payload),
        Err(payload) => *first = Some(payload),
        Ok(()) => {}
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
        let (offer, done) = (&self.offer.0, &self.done.0);
        // The helpers have nothing to do, so this number does not change; the caller before, which held the lock, has seen the last one.
        let before = done.parts.load(Ordering::Relaxed);
        offer.task.store(ptr::from_ref(&task).cast_mut().cast(), Ordering::Relaxed);
        // The first part is this thread's, which begins with it while the store is still on its way.
        offer.untaken.store(packed(1, parts), Ordering::Release);
        // A helper that is about to sleep may be missed here. Then the others compute its parts, and the next task wakes it.
        if self.sleepers.load(Ordering::Relaxed) > 0 {
            drop(lock(&self.bed));
            self.wake.notify_all();
        }
        let mut panicked = None;
        let mut own = 0;
        let mut next = Some(0);
        while let Some(part) = next {
            keep_first(&mut panicked, panic::catch_unwind(AssertUnwindSafe(|| run(part))));
            own += 1;
            next = self.take_part(Taker::Caller);
        }
        let mut looks = 0;
        while done.parts.load(Ordering::Acquire).wrapping_sub(before) < parts - own {
            looks += 1;
            if looks < WAITS { std::hint::spin_loop() } else { thread::yield_now() }
        }
        if done.panicked.load(Ordering::Relaxed) {
            done.panicked.store(false, Ordering::Relaxed);
            keep_first(&mut panicked, lock(&self.panic).take().map_or(Ok(()), Err));
        }
        drop(helpers);
        if let Some(panicked) = panicked {
            panic::resume_unwind(panicked);
        }
    }

    /// Takes a part, if there is one.
    #[inline]
    fn take_part(&self, taker: Taker) -> Option<usize> {
        let offered = &self.offer.0.untaken;
        let mut untaken = offered.load(Ordering::Relaxed);
        loop {
            let (first, end) = unpacked(untaken);
            if first == end {
                return None;
            }
            let (part, rest) = match taker {
                Taker::Caller => (first, packed(first + 1, end)),
                Taker::Helper => (end - 1, packed(first, end - 1)),
            };
            match offered.compare_exchange_weak(untaken, rest, Ordering::Acquire, Ordering::Relaxed) {
                Ok(_) => return Some(part),
                Err(found) => untaken = found,
            }
        }
    }

    /// Takes a part and computes it as a helper, if there is one.
    fn help_with_part(&self) -> bool {
        if self.nothing_untaken() {
            return false;
        }
        let offered = &self.offer.0.task;
        prefetch_span(offered.load(Ordering::Relaxed).cast_const(), BORROWED);
        let Some(part) = self.take_part(Taker::Helper) else { return false };
        // SAFETY: a taken part belongs to the task that was stored before `untaken`, and to no later one: `give_out` keeps that task
        // until this part is finished. The exchange read what it, or another taker after it, wrote.
        let task = unsafe { *offered.load(Ordering::Relaxed) };
        let done = &self.done.0;
        let result = panic::catch_unwind(AssertUnwindSafe(|| (task.run)(part)));
        if result.is_err() {
            keep_first(&mut lock(&self.panic), result);
            done.panicked.store(true, Ordering::Relaxed);
        }
        done.parts.fetch_add(1, Ordering::Release);
        true
    }

    /// Whether every part is taken.
    fn nothing_untaken(&self) -> bool {
        let (first, end) = unpacked(self.offer.0.untaken.load(Ordering::Relaxed));
        first == end
    }

    /// The loop of a helper thread, which ends with the program.
    fn help(&self) {
        loop {
            let mut looks = 0;
            while looks < LOOKS {
                looks = if self.help_with_part() { 0 } else { looks + 1 };
                std::hint::spin_loop();
            }
            self.sleepers.fetch_add(1, Ordering::Relaxed);
            let mut bed = lock(&self.bed);
            while self.nothing_untaken() {
                bed = self.wake.wait(bed).unwrap_or_else(PoisonError::into_inner);
            }
            drop(bed);
            self.sleepers.fetch_sub(1, Ordering::Relaxed);
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
