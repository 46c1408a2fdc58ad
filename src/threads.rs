//! The number of threads, and the division of work among them.
//!
//! Every result is the same, bit for bit, for any number of threads: where the output is divided, each number is computed by one
//! thread in the order in which a single one would do it; where sums are, as in a training step divided by rows, the parts and the
//! order of their sum depend on the shape of the computation alone.

use crate::kernels::{CacheAligned, pool};
use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::LocalKey;

/// The number in use, 0 before the first look.
static COUNT: AtomicUsize = AtomicUsize::new(0);

/// The largest number of threads that a prediction, or a step of training large enough to gain from it, uses.
///
/// By default as many as the machine has cores, or what the environment variable `PERCEPTRA_NUM_THREADS` holds. Small
/// computations stay on the calling thread, since to give a part of them to another one costs more than it saves. Divided are
///
/// - the rows of a training step, where the batch has at least 256 of them, rows × weights is at least 131,072, there are at most
///   65,536 weights, and all layers are [`Dense`](crate::layers::Dense) or activations without activity regularizers;
/// - in any other step each product of a layer from 262,144 multiply–adds on, the update of the weights from 131,072 weights
///   on, and the copying of a batch from 65,536 values on;
/// - the update of the weights from 4,096 weights on, where the rows of the step are divided;
/// - the rows of a prediction, where rows × (weights + 16) is at least 2,097,152.
pub fn num_threads() -> usize {
    match COUNT.load(Ordering::Relaxed) {
        0 => {
            let wanted = std::env::var("PERCEPTRA_NUM_THREADS").ok().and_then(|count| count.trim().parse().ok());
            let cores = || std::thread::available_parallelism().map_or(1, |cores| cores.get());
            let count = wanted.filter(|count| *count > 0).unwrap_or_else(cores);
            COUNT.store(count, Ordering::Relaxed);
            count
        }
        count => count,
    }
}

/// Sets [`num_threads`] for the whole program from now on; 0 returns to the default.
///
/// The threads are started when the first large computation is divided. One that has nothing to do looks for work for some tens of
/// microseconds, and then sleeps. They are lent to one computation at a time: where several threads of a program train or
/// predict at once, the others compute on their own thread. Results do not depend on the number.
///
/// ```
/// perceptra::set_num_threads(1);
/// assert_eq!(perceptra::num_threads(), 1);
/// ```
pub fn set_num_threads(count: usize) {
    COUNT.store(count, Ordering::Relaxed);
}

/// Whether a thread may be started for work that goes on meanwhile: not where one thread is to be used, nor within one of many
/// computations that run at once.
pub(crate) fn has_others() -> bool {
    num_threads() > 1 && rayon::current_thread_index().is_none()
}

/// Into how many parts to divide work, if a part of `grain` is worth a thread.
#[inline]
pub(crate) fn parts(work: usize, grain: usize) -> usize {
    if work < 2 * grain { 1 } else { (work / grain).min(num_threads()) }
}

/// Divides a job into parts and runs them, on as many threads as there are parts.
///
/// `split(job, left, parts)` returns the job of the first `left` of this many parts and that of the others.
#[inline]
pub(crate) fn divide<J: Send>(
    job: J,
    parts: usize,
    split: &(impl Fn(J, usize, usize) -> (J, J) + Sync),
    run: &(impl Fn(J) + Sync),
) {
    // The way of nearly all calls is kept short: the job is not even moved.
    if parts <= 1 || WITHIN_PART.get() { run(job) } else { among_threads(job, parts, split, run) }
}

thread_local! {
    /// Whether this thread computes a part: what it would divide further it computes as a whole, since the other threads have parts as well.
    static WITHIN_PART: Cell<bool> = const { Cell::new(false) };
}

thread_local! {
    /// Whether elementwise passes of this thread are over values that other threads have read.
    static SHARED_VALUES: Cell<bool> = const { Cell::new(false) };
}

/// Sets a mark of this thread until it is dropped, also by a panic.
struct Marked {
    mark: &'static LocalKey<Cell<bool>>,
    before: bool,
}

impl Marked {
    fn new(mark: &'static LocalKey<Cell<bool>>) -> Self {
        Marked { mark, before: mark.replace(true) }
    }
}

impl Drop for Marked {
    fn drop(&mut self) {
        self.mark.set(self.before);
    }
}

/// Runs elementwise passes over values that all threads have read. A thread that writes to them has to take each cache line from
/// the others, so these passes are [worth dividing](has_shared_values) when they are much shorter than others.
pub(crate) fn with_shared_values(run: impl FnOnce()) {
    let _marked = Marked::new(&SHARED_VALUES);
    run();
}

/// Whether this thread is within [`with_shared_values`].
pub(crate) fn has_shared_values() -> bool {
    SHARED_VALUES.get()
}

/// Computes a part on this thread.
fn run_part<J>(job: J, run: &(dyn Fn(J) + Sync)) {
    let _marked = Marked::new(&WITHIN_PART);
    run(job);
}

/// The parts that have a place on the stack.
const FEW: usize = 8;

/// Takes its functions as trait objects: of the hundreds of functions that are divided many have the same
/// type of job, and this is compiled once for each type.
#[cold]
#[inline(never)]
fn among_threads<J: Send>(
    job: J,
    parts: usize,
    split: &(dyn Fn(J, usize, usize) -> (J, J) + Sync),
    run: &(dyn Fn(J) + Sync),
) {
    // The threads are divided among computations that run at the same time (folds, trials, members).
    if rayon::current_thread_index().is_some() {
        return within_rayon(job, parts, split, run);
    }
    let mut few = [const { CacheAligned(Mutex::new(None)) }; FEW];
    let mut many = Vec::new();
    let jobs = match few.get_mut(..parts) {
        Some(few) => few,
        None => {
            many.resize_with(parts, || CacheAligned(Mutex::new(None)));
            &mut many[..]
        }
    };
    let mut others = job;
    for (part, place) in jobs[..parts - 1].iter_mut().enumerate() {
        let (first, rest) = split(others, 1, parts - part);
        place.0 = Mutex::new(Some(first));
        others = rest;
    }
    jobs[parts - 1].0 = Mutex::new(Some(others));
    let jobs = &*jobs;
    let run_part = |part: usize| {
        // Taken in a separate statement, which releases the lock.
        let job = jobs[part].0.lock().unwrap_or_else(PoisonError::into_inner).take();
        job.into_iter().for_each(|job| run_part(job, run));
    };
    pool::for_each_part(parts, &run_part);
}

fn within_rayon<J: Send>(
    job: J,
    parts: usize,
    split: &(dyn Fn(J, usize, usize) -> (J, J) + Sync),
    run: &(dyn Fn(J) + Sync),
) {
    if parts <= 1 {
        return run_part(job, run);
    }
    let left = parts / 2;
    let (first, second) = split(job, left, parts);
    let (mut first, mut second) = (Some(first), Some(second));
    both(&mut || first.take().into_iter().for_each(|job| within_rayon(job, left, split, run)), &mut || {
        second.take().into_iter().for_each(|job| within_rayon(job, parts - left, split, run))
    });
}

/// Runs two closures, the second on another thread if one is free.
fn both(first: &mut (dyn FnMut() + Send), second: &mut (dyn FnMut() + Send)) {
    rayon::join(first, second);
}

/// The number of items in the first `left` of `parts` parts.
pub(crate) fn boundary(count: usize, left: usize, parts: usize) -> usize {
    // Divided first, so that the product of a length and a number of parts need not fit in an integer.
    (count / parts) * left + (count % parts) * left / parts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers from a position on.
    type Part<'a> = (usize, &'a mut [usize]);

    fn split((start, part): Part<'_>, left: usize, parts: usize) -> (Part<'_>, Part<'_>) {
        let at = boundary(part.len(), left, parts);
        let (first, second) = part.split_at_mut(at);
        ((start, first), (start + at, second))
    }

    #[test]
    fn every_part_is_run_once_and_in_its_place() {
        for parts in [1, 2, 3, 5, 8, 12] {
            let mut numbers = vec![0; 37];
            divide((0, numbers.as_mut_slice()), parts, &split, &|(start, part)| {
                part.iter_mut().enumerate().for_each(|(i, number)| *number += start + i);
            });
            assert_eq!(numbers, (0..37).collect::<Vec<_>>(), "{parts}");
        }
    }

    #[test]
    fn small_work_is_not_divided() {
        assert_eq!(parts(1999, 1000), 1);
        assert!(parts(1_000_000, 1000) <= num_threads());
        assert_eq!((boundary(10, 1, 3), boundary(10, 2, 3), boundary(10, 3, 3)), (3, 6, 10));
    }
}
