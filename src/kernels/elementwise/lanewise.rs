//! Elementwise functions, applied to whole slices with SIMD vectors.
//!
//! An activation, a loss or an update rule writes its arithmetic once, in its own file, as a [`Lanewise`]
//! function of vectors; the loops, the tails and the dispatch to instruction sets are here. Code on vectors uses loops, not
//! closures: a closure that is not inlined is compiled without the target features of its caller.

use crate::kernels::{Element, Kernel, LANES, Simd, prefetch_for_writing, run};
use crate::threads;
use std::mem::{ManuallyDrop, MaybeUninit};
use std::ptr;

/// A function of `I` vectors that returns `O` vectors, lane by lane.
pub(crate) trait Lanewise<T: Element, const I: usize, const O: usize>: Sync {
    /// The values at one position. Implementations are `#[inline(always)]`.
    fn apply<S: Simd<T>>(&self, s: S, inputs: [S::V; I]) -> [S::V; O];
}

/// Applies `function` to `I` slices of one length and writes `O` slices of the same length.
#[inline]
pub(crate) fn apply<T: Element, const I: usize, const O: usize>(
    function: &impl Lanewise<T, I, O>,
    inputs: [&[T]; I],
    mut outputs: [&mut [T]; O],
) {
    let length = common_length(&inputs, &outputs);
    let mut from = [ptr::null(); I];
    for i in 0..I {
        from[i] = inputs[i].as_ptr();
    }
    pass(function, LanewiseOperands { from, to: pointers(&mut outputs), length });
}

/// Applies `function` to `I` input slices and `O` further slices of the same length, and overwrites the latter with the results.
#[inline]
pub(crate) fn update<T: Element, const I: usize, const O: usize, const N: usize>(
    function: &impl Lanewise<T, N, O>,
    inputs: [&[T]; I],
    mut outputs: [&mut [T]; O],
) {
    const { assert!(I + O == N, "an update reads its inputs and its outputs") };
    let length = common_length(&inputs, &outputs);
    let to = pointers(&mut outputs);
    let mut from = [ptr::null(); N];
    for i in 0..N {
        from[i] = if i < I { inputs[i].as_ptr() } else { to[i - I].cast_const() };
    }
    pass(function, LanewiseOperands { from, to, length });
}

/// The length of all operands.
///
/// # Panics
///
/// If the lengths differ, which is a bug of this crate.
#[inline(always)]
fn common_length<T>(inputs: &[&[T]], outputs: &[&mut [T]]) -> usize {
    let length = outputs[0].len();
    assert!(inputs.iter().all(|slice| slice.len() == length), "operands of one length");
    assert!(outputs.iter().all(|slice| slice.len() == length), "operands of one length");
    length
}

#[inline(always)]
fn pointers<T, const O: usize>(outputs: &mut [&mut [T]; O]) -> [*mut T; O] {
    let mut to = [ptr::null_mut(); O];
    for i in 0..O {
        to[i] = outputs[i].as_mut_ptr();
    }
    to
}

/// The number of elements per thread below which splitting does not pay.
const GRAIN: usize = 1 << 16;

/// The smallest part of a pass over elements that other threads' caches hold too.
const SHARED_GRAIN: usize = 1 << 11;

/// Into how many parts a pass over this many elements is divided.
#[inline]
fn parts(length: usize) -> usize {
    if length < 2 * SHARED_GRAIN {
        return 1;
    }
    threads::parts(length, if threads::has_shared_values() { SHARED_GRAIN } else { GRAIN })
}

#[inline]
fn pass<T: Element, F: Lanewise<T, I, O>, const I: usize, const O: usize>(
    function: &F,
    operands: LanewiseOperands<T, I, O>,
) {
    let parts = parts(operands.length);
    // By reference, since moving `operands` would copy it once more.
    if parts == 1 {
        return run(LanewisePass { function, operands: &operands });
    }
    let shared = threads::has_shared_values();
    threads::divide(operands, parts, &LanewiseOperands::split, &|operands| {
        if shared {
            for to in operands.to {
                prefetch_for_writing(to, operands.length);
            }
        }
        run(LanewisePass { function, operands: &operands })
    });
}

/// The slices that a function reads and writes, each of `length` elements and borrowed for the whole pass. Each output slice either
/// is one of the input slices or overlaps none of them.
struct LanewiseOperands<T, const I: usize, const O: usize> {
    from: [*const T; I],
    to: [*mut T; O],
    length: usize,
}

// SAFETY: the pointers represent borrowed slices of elements that may be sent and shared, and those that are written to
// are borrowed exclusively; `split` gives parts that share no element.
unsafe impl<T: Element, const I: usize, const O: usize> Send for LanewiseOperands<T, I, O> {}

impl<T: Element, const I: usize, const O: usize> LanewiseOperands<T, I, O> {
    /// The first `left` of `parts` parts, and the others.
    fn split(self, left: usize, parts: usize) -> (Self, Self) {
        // Whole cache lines, so that two threads never write to the same line.
        let at = threads::boundary(self.length, left, parts).next_multiple_of(LANES).min(self.length);
        let LanewiseOperands { mut from, mut to, length } = self;
        let first = LanewiseOperands { from, to, length: at };
        for i in 0..I {
            from[i] = from[i].wrapping_add(at);
        }
        for i in 0..O {
            to[i] = to[i].wrapping_add(at);
        }
        (first, LanewiseOperands { from, to, length: length - at })
    }
}

struct LanewisePass<'f, T, F, const I: usize, const O: usize> {
    function: &'f F,
    operands: &'f LanewiseOperands<T, I, O>,
}

/// A copy of a function on the stack of the loop, so that its constants are prepared once and stay in registers:
/// through a reference they would be read again after every store, which might have changed them.
#[inline(always)]
fn local<F>(function: &F) -> ManuallyDrop<F> {
    // SAFETY: the copy is a valid `F` that is only used through `&` and never dropped. A second copy is unobservable, since no
    // implementation of `Lanewise` has interior mutability.
    ManuallyDrop::new(unsafe { ptr::read(function) })
}

impl<T: Element, F: Lanewise<T, I, O>, const I: usize, const O: usize> Kernel<T> for LanewisePass<'_, T, F, I, O> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T>>(self, s: S) {
        let function = local(self.function);
        let LanewiseOperands { mut from, mut to, length } = *self.operands;
        let rest = length % S::LANES;
        let whole = length - rest;
        // The tail is copied to padded vectors and back, so that `function` is inlined once, not into a second loop for the tail.
        let mut read = [MaybeUninit::<[T; LANES]>::uninit(); I];
        let mut written = [MaybeUninit::<[T; LANES]>::uninit(); O];
        let (mut at, mut end) = (0, whole);
        loop {
            while at < end {
                let mut values = [s.zero(); I];
                for i in 0..I {
                    // SAFETY: in the first round `at + S::LANES <= whole <= length`. In the second round `at == whole`, and `from[i]` is the
                    // copy of one vector minus `whole`, so that the sum is the start of the copy.
                    values[i] = unsafe { s.load_ptr(from[i].wrapping_add(at)) };
                }
                let results = function.apply(s, values);
                for i in 0..O {
                    // SAFETY: as above.
                    unsafe { s.store_ptr(to[i].wrapping_add(at), results[i]) };
                }
                at += S::LANES;
            }
            if at > whole || rest == 0 {
                break;
            }
            for i in 0..I {
                // SAFETY: `whole + rest == length`, and the copy has `LANES >= S::LANES` elements.
                unsafe {
                    let values = std::slice::from_raw_parts(from[i].add(whole), rest);
                    s.store_ptr(read[i].as_mut_ptr().cast(), s.load(values));
                }
                from[i] = read[i].as_ptr().cast::<T>().wrapping_sub(whole);
            }
            for i in 0..O {
                to[i] = written[i].as_mut_ptr().cast::<T>().wrapping_sub(whole);
            }
            end = whole + 1;
        }
        if rest > 0 {
            for i in 0..O {
                // SAFETY: the second round initialized one vector of the copy, and `whole + rest == length`.
                unsafe {
                    let to = std::slice::from_raw_parts_mut(self.operands.to[i].add(whole), rest);
                    s.store(to, s.load_ptr(written[i].as_ptr().cast()));
                }
            }
        }
    }
}
