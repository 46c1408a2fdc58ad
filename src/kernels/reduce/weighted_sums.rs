//! Sums over the samples of functions of one position, with or without weights.

use crate::kernels::lanewise::Lanewise;
use crate::kernels::{Element, Kernel, LANES, Simd, run};

/// `Σᵢ wᵢ·f(inputs at i)` for each of the `O` values of a function; without weights `wᵢ = 1`.
///
/// Short chunks are added in the element type, the chunks in `f64`.
pub(crate) fn sums<T: Element + Into<f64>, const I: usize, const O: usize>(
    function: &impl Lanewise<T, I, O>,
    inputs: [&[T]; I],
    weights: Option<&[T]>,
) -> [f64; O] {
    const CHUNK: usize = 512;
    let length = inputs[0].len();
    let mut totals = [0.0; O];
    for start in (0..length).step_by(CHUNK) {
        let part = start..(start + CHUNK).min(length);
        let inputs = inputs.map(|input| &input[part.clone()]);
        let sums = run(WeightedSums { function, inputs, weights: weights.map(|weights| &weights[part]) });
        for (total, sum) in totals.iter_mut().zip(sums) {
            *total += sum.into();
        }
    }
    totals
}

struct WeightedSums<'a, 'f, T, F, const I: usize, const O: usize> {
    function: &'f F,
    inputs: [&'a [T]; I],
    weights: Option<&'a [T]>,
}

impl<T: Element, F: Lanewise<T, I, O>, const I: usize, const O: usize> Kernel<T> for WeightedSums<'_, '_, T, F, I, O> {
    type Output = [T; O];

    #[inline(always)]
    fn run<S: Simd<T>>(self, s: S) -> [T; O] {
        let WeightedSums { function, inputs, weights } = self;
        let length = inputs[0].len();
        assert!(inputs.iter().all(|input| input.len() == length), "operands of one length");
        assert!(weights.is_none_or(|weights| weights.len() == length), "a weight for each position");
        let whole = length - length % S::LANES;
        let one = s.literal(1.0);
        let mut totals = [s.zero(); O];
        for at in (0..whole).step_by(S::LANES) {
            let values = function.apply(s, load(s, &inputs, at));
            let weight = match weights {
                Some(weights) => s.load(&weights[at..]),
                None => one,
            };
            for n in 0..O {
                totals[n] = s.mul_add(values[n], weight, totals[n]);
            }
        }
        if whole < length {
            // Lanes after the end do not count, whatever the function returns for the zeros there.
            let present = s.gt(s.load(&[T::literal(1.0); LANES][..length - whole]), s.zero());
            let values = function.apply(s, load(s, &inputs, whole));
            let weight = match weights {
                Some(weights) => s.load(&weights[whole..]),
                None => one,
            };
            for n in 0..O {
                totals[n] = s.add(totals[n], s.select(present, s.mul(values[n], weight), s.zero()));
            }
        }
        let mut sums = [T::literal(0.0); O];
        for n in 0..O {
            sums[n] = s.reduce_sum(totals[n]);
        }
        sums
    }
}

/// A vector of each input. A loop, since a closure would not be compiled for the vectors.
#[inline(always)]
fn load<T: Element, S: Simd<T>, const I: usize>(s: S, inputs: &[&[T]; I], at: usize) -> [S::V; I] {
    let mut values = [s.zero(); I];
    for n in 0..I {
        values[n] = s.load(&inputs[n][at..]);
    }
    values
}

/// The function that returns its value and 1, so that the sums are that of the weighted values and that of the weights.
pub(crate) struct Counted;

impl<T: Element> Lanewise<T, 1, 2> for Counted {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [value]: [S::V; 1]) -> [S::V; 2] {
        [value, s.literal(1.0)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::Level;

    /// A function that is infinite in the lanes after the end, which are zero.
    struct Inverse;

    impl<T: Element> Lanewise<T, 1, 2> for Inverse {
        #[inline(always)]
        fn apply<S: Simd<T>>(&self, s: S, [x]: [S::V; 1]) -> [S::V; 2] {
            [s.div(s.literal(1.0), x), x]
        }
    }

    #[test]
    fn positions_count_their_weights_and_the_padding_nothing() {
        for n in [1, 7, 16, 37, 512, 1300] {
            let x: Vec<f64> = (0..n).map(|i| 0.25 + f64::from(i)).collect();
            let w: Vec<f64> = (0..n).map(|i| f64::from(i % 5) / 4.0).collect();
            for weights in [None, Some(w.as_slice())] {
                let at = |i: usize| weights.map_or(1.0, |weights| weights[i]);
                let wanted: [f64; 2] =
                    [(0..x.len()).map(|i| at(i) / x[i]).sum(), (0..x.len()).map(|i| at(i) * x[i]).sum()];
                for (sum, wanted) in sums(&Inverse, [&x], weights).into_iter().zip(wanted) {
                    approx::assert_relative_eq!(sum, wanted, max_relative = 1e-13);
                }
                for level in Level::all() {
                    let sums = f64::dispatch(WeightedSums { function: &Inverse, inputs: [&x], weights }, level);
                    approx::assert_relative_eq!(sums[0], wanted[0], max_relative = 1e-13);
                }
            }
        }
        assert_eq!(sums::<f32, 1, 2>(&Counted, [&[]], None), [0.0, 0.0]);
    }
}
