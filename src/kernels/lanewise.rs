//! Functions of one position at a time, applied to whole slices with the machine's vectors.
//!
//! An activation, a loss or an update rule writes its arithmetic once, in its own file, as a [`Lanewise`]
//! function of vectors; the loops, the tails and the choice of instructions are here. Vectors are handled in loops:
//! a closure that takes or gives one is not always compiled into the body, and then not for its instructions.

use super::{Element, Kernel, LANES, Simd, run};
use crate::threads;
use std::mem::ManuallyDrop;

/// A function of `I` vectors that gives `O` vectors, lane by lane.
pub(crate) trait Lanewise<T: Element, const I: usize, const O: usize>: Sync {
    /// The values at one position. Implementations are `#[inline(always)]`.
    fn apply<S: Simd<T>>(&self, s: S, inputs: [S::V; I]) -> [S::V; O];
}

/// Applies `function` to `I` slices of one length and writes `O` slices of the same length.
#[inline]
pub(crate) fn apply<T: Element, const I: usize, const O: usize>(
    function: &impl Lanewise<T, I, O>,
    inputs: [&[T]; I],
    outputs: [&mut [T]; O],
) {
    let length = common_length(&inputs, &outputs);
    threads::divide((inputs, outputs), threads::parts(length, GRAIN), &halves, &|(inputs, outputs)| {
        run(Apply { function, inputs, outputs });
    });
}

/// Positions that are worth a thread of their own.
const GRAIN: usize = 1 << 16;

/// What is read and what is written.
type Operands<'a, T, const I: usize, const O: usize> = ([&'a [T]; I], [&'a mut [T]; O]);

/// The operands of the first `left` of `parts` parts, and those of the others.
fn halves<'a, T, const I: usize, const O: usize>(
    (inputs, outputs): Operands<'a, T, I, O>,
    left: usize,
    parts: usize,
) -> (Operands<'a, T, I, O>, Operands<'a, T, I, O>) {
    // Whole lines of the cache, so that no two threads write to one.
    let length = outputs[0].len();
    let at = threads::boundary(length, left, parts).next_multiple_of(LANES).min(length);
    let mut rest = outputs.map(|output| output.split_at_mut(at));
    let first = rest.each_mut().map(|(first, _)| std::mem::take(first));
    let second = rest.map(|(_, second)| second);
    ((inputs.map(|input| &input[..at]), first), (inputs.map(|input| &input[at..]), second))
}

/// Applies `function` to `I` slices and `O` slices of one length; the results overwrite the latter.
#[inline]
pub(crate) fn update<T: Element, const I: usize, const O: usize, const N: usize>(
    function: &impl Lanewise<T, N, O>,
    inputs: [&[T]; I],
    outputs: [&mut [T]; O],
) {
    const { assert!(I + O == N, "an update reads its inputs and its outputs") };
    let length = common_length(&inputs, &outputs);
    threads::divide((inputs, outputs), threads::parts(length, GRAIN), &halves, &|(inputs, outputs)| {
        run(Update { function, inputs, outputs });
    });
}

/// The length that all operands share; a mismatch is a defect of this crate.
#[inline(always)]
fn common_length<T>(inputs: &[&[T]], outputs: &[&mut [T]]) -> usize {
    let length = outputs[0].len();
    assert!(inputs.iter().all(|slice| slice.len() == length), "operands of one length");
    assert!(outputs.iter().all(|slice| slice.len() == length), "operands of one length");
    length
}

/// A copy of a function on the stack of the loop, so that its constants are prepared once and stay in registers:
/// behind a reference they would be read again after every store, which might have changed them.
#[inline(always)]
fn local<F>(function: &F) -> ManuallyDrop<F> {
    // SAFETY: the bits are valid for the type, are only looked at through `&`, and are never dropped; functions of
    // positions hold numbers only, and no cells whose change would have to be seen.
    ManuallyDrop::new(unsafe { std::ptr::read(function) })
}

struct Apply<'a, 'f, T, F, const I: usize, const O: usize> {
    function: &'f F,
    inputs: [&'a [T]; I],
    outputs: [&'a mut [T]; O],
}

impl<T: Element, F: Lanewise<T, I, O>, const I: usize, const O: usize> Kernel<T> for Apply<'_, '_, T, F, I, O> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T>>(mut self, s: S) {
        let length = common_length(&self.inputs, &self.outputs);
        let function = local(self.function);
        let whole = length - length % S::LANES;
        for at in (0..whole).step_by(S::LANES) {
            let mut values = [s.zero(); I];
            for (value, input) in values.iter_mut().zip(&self.inputs) {
                // SAFETY: `at + LANES <= whole <= length`, the length of every slice.
                *value = unsafe { s.load_raw(input.as_ptr().add(at)) };
            }
            let results = function.apply(s, values);
            for (output, result) in self.outputs.iter_mut().zip(&results) {
                // SAFETY: `at + LANES <= whole <= length`, the length of every slice.
                unsafe { s.store_raw(output.as_mut_ptr().add(at), *result) };
            }
        }
        if whole < length {
            let mut values = [s.zero(); I];
            for (value, input) in values.iter_mut().zip(&self.inputs) {
                *value = s.load(&input[whole..]);
            }
            let results = function.apply(s, values);
            for (output, result) in self.outputs.iter_mut().zip(&results) {
                s.store(&mut output[whole..], *result);
            }
        }
    }
}

struct Update<'a, 'f, T, F, const I: usize, const O: usize, const N: usize> {
    function: &'f F,
    inputs: [&'a [T]; I],
    outputs: [&'a mut [T]; O],
}

impl<T: Element, F: Lanewise<T, N, O>, const I: usize, const O: usize, const N: usize> Kernel<T>
    for Update<'_, '_, T, F, I, O, N>
{
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T>>(mut self, s: S) {
        let length = common_length(&self.inputs, &self.outputs);
        let function = local(self.function);
        let whole = length - length % S::LANES;
        for at in (0..whole).step_by(S::LANES) {
            let mut values = [s.zero(); N];
            for (i, value) in values.iter_mut().enumerate() {
                let from = if i < I { self.inputs[i].as_ptr() } else { self.outputs[i - I].as_ptr() };
                // SAFETY: `at + LANES <= whole <= length`, the length of every slice.
                *value = unsafe { s.load_raw(from.add(at)) };
            }
            let results = function.apply(s, values);
            for (output, result) in self.outputs.iter_mut().zip(&results) {
                // SAFETY: `at + LANES <= whole <= length`, the length of every slice.
                unsafe { s.store_raw(output.as_mut_ptr().add(at), *result) };
            }
        }
        if whole < length {
            let mut values = [s.zero(); N];
            for (i, value) in values.iter_mut().enumerate() {
                *value = s.load(if i < I { &self.inputs[i][whole..] } else { &self.outputs[i - I][whole..] });
            }
            let results = function.apply(s, values);
            for (output, result) in self.outputs.iter_mut().zip(&results) {
                s.store(&mut output[whole..], *result);
            }
        }
    }
}
