//! The dense product of one sample, with the units in the lanes: what a service that scores one record at a time runs.
//!
//! A vector of samples would be one sample and fifteen empty lanes. The sums are taken in the order of the products
//! for many samples, so a sample has the same result, bit for bit, by itself and in a batch.

use super::epilogue::Epilogue;
use crate::kernels::{Element, Kernel, LANES, Simd};

/// Vectors of units whose sums are taken together.
const GROUP: usize = 4;

/// `y[u·stride] = act(Σₖ x[k·stride]·w[k·units + u] + b[u])`.
pub(crate) struct SingleRow<'a, T> {
    /// `inputs` values, `stride` apart.
    pub(crate) x: &'a [T],
    pub(crate) stride: usize,
    pub(crate) inputs: usize,
    /// Inputs × units, row by row.
    pub(crate) weights: &'a [T],
    pub(crate) units: usize,
    pub(crate) bias: Option<&'a [T]>,
    /// `units` values, `stride` apart; anything may be written between and after them.
    pub(crate) y: &'a mut [T],
    pub(crate) epilogue: Epilogue,
    /// The inputs whose products are summed before they are added to those before them.
    pub(crate) depth: usize,
    /// Whether the sum begins with the bias or ends with it.
    pub(crate) bias_first: bool,
}

impl<T: Element> Kernel<T> for SingleRow<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T>>(mut self, s: S) {
        if self.units == 0 {
            return;
        }
        assert!(self.weights.len() == self.inputs * self.units);
        assert!(self.inputs == 0 || self.x.len() > (self.inputs - 1) * self.stride);
        if self.units == 1 {
            return self.dot(s);
        }
        let mut unit = 0;
        while unit + GROUP * S::LANES <= self.units {
            self.group::<S, GROUP>(s, unit);
            unit += GROUP * S::LANES;
        }
        while unit < self.units {
            self.group::<S, 1>(s, unit);
            unit += S::LANES;
        }
    }
}

impl<T: Element> SingleRow<'_, T> {
    /// The only unit, in one lane of vectors whose other lanes hold the same.
    #[inline(always)]
    fn dot<S: Simd<T>>(&mut self, s: S) {
        // A layer of one unit is narrow: its sum begins with the bias and goes over all inputs.
        assert!(self.bias_first && self.depth == self.inputs);
        let mut sum = s.splat(self.bias.map_or(T::literal(0.0), |bias| bias[0]));
        for (k, &weight) in self.weights.iter().enumerate() {
            // SAFETY: `run` saw that x holds as many inputs as there are weights.
            let value = unsafe { *self.x.as_ptr().add(k * self.stride) };
            sum = s.mul_add(s.splat(value), s.splat(weight), sum);
        }
        self.store_units(s, 0, self.epilogue.apply(s, sum));
    }

    /// Stores the values of units side by side.
    #[inline(always)]
    fn store_units<S: Simd<T>>(&mut self, s: S, at: usize, value: S::V) {
        let at = at.min(self.y.len());
        match &mut self.y[at..] {
            // What was stored under a mask, the processor cannot load before it has reached the cache.
            // SAFETY: the length was checked.
            to if to.len() >= S::LANES => unsafe { s.store_ptr(to.as_mut_ptr(), value) },
            to => s.store(to, value),
        }
    }

    /// The units of `N` vectors from `unit` on; the last may be short.
    #[inline(always)]
    fn group<S: Simd<T>, const N: usize>(&mut self, s: S, unit: usize) {
        let count = (self.units - unit).min(N * S::LANES);
        let mut bias = [s.zero(); N];
        if let Some(values) = self.bias {
            bias = vectors(s, &values[unit..unit + count]);
        }
        let mut totals = [s.zero(); N];
        let inputs = self.inputs;
        // The inputs whose vectors of weights end within the weights; `remaining` weights follow the start of the last of them.
        let (mut whole, mut remaining) = (inputs, self.units - unit);
        while whole > 0 && remaining < N * S::LANES {
            (whole, remaining) = (whole - 1, remaining + self.units);
        }
        let mut first = 0;
        while first < inputs {
            let end = (first + self.depth).min(inputs);
            let mut sums = if self.bias_first { bias } else { [s.zero(); N] };
            // What belongs to the next input falls into lanes that are not used; only the last inputs are read lane
            // by lane, since the weights end after them.
            let whole = end.min(whole).max(first);
            for k in first..whole {
                // SAFETY: `k < whole`, so the vectors end within the weights; `run` saw that x holds all inputs.
                unsafe {
                    let value = s.splat(*self.x.as_ptr().add(k * self.stride));
                    let weights = self.weights.as_ptr().add(k * self.units + unit);
                    for (n, sum) in sums.iter_mut().enumerate() {
                        *sum = s.mul_add(value, s.load_ptr(weights.add(n * S::LANES)), *sum);
                    }
                }
            }
            for k in whole..end {
                let value = s.splat(self.x[k * self.stride]);
                let at = k * self.units + unit;
                let weights: [S::V; N] = match self.weights[at..at + count] {
                    [weight] => [s.splat(weight); N],
                    ref weights => vectors(s, weights),
                };
                for n in 0..N {
                    sums[n] = s.mul_add(value, weights[n], sums[n]);
                }
            }
            for n in 0..N {
                totals[n] = if first == 0 { sums[n] } else { s.add(sums[n], totals[n]) };
            }
            first = end;
        }
        let mut values = [[T::literal(0.0); LANES]; N];
        for n in 0..N {
            let value = if self.bias_first { totals[n] } else { s.add(totals[n], bias[n]) };
            let value = self.epilogue.apply(s, value);
            if self.stride == 1 {
                self.store_units(s, unit + n * S::LANES, value);
            } else {
                s.store(&mut values[n], value);
            }
        }
        if self.stride == 1 {
            return;
        }
        for i in 0..count {
            self.y[(unit + i) * self.stride] = values[i / S::LANES][i % S::LANES];
        }
    }
}

/// The vectors of a slice, the last filled up with zeros.
#[inline(always)]
fn vectors<T: Element, S: Simd<T>, const N: usize>(s: S, from: &[T]) -> [S::V; N] {
    let mut vectors = [s.zero(); N];
    for n in 0..N {
        vectors[n] = s.load(&from[n * S::LANES..]);
    }
    vectors
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::matmul::{self, DenseShape};

    #[test]
    fn a_sample_alone_has_the_result_it_has_among_others() {
        fn check<T: Element + PartialEq + std::fmt::Debug>() {
            for (inputs, units) in [(1, 1), (12, 12), (30, 64), (7, 33), (300, 70), (600, 9)] {
                let (rows, stride) = (5, 16);
                let fill = |count: usize, step: usize| -> Vec<T> {
                    (0..count).map(|i| T::literal(((i * step) % 101) as f64 * 0.013 - 0.6)).collect()
                };
                let (x, weights, bias) = (fill(inputs * stride, 37), fill(inputs * units, 53), fill(units, 11));
                for (bias, epilogue) in [(Some(&*bias), Epilogue::Relu), (None, Epilogue::Linear)] {
                    let [mut many, mut one] =
                        [vec![T::literal(0.0); units * stride], vec![T::literal(0.0); units * stride]];
                    let shape = |rows| DenseShape { rows, stride, inputs, units };
                    matmul::forward(shape(rows), &x, &weights, bias, &mut many, epilogue);
                    matmul::forward(shape(1), &x, &weights, bias, &mut one, epilogue);
                    for unit in 0..units {
                        assert_eq!(one[unit * stride], many[unit * stride], "{inputs}×{units}, unit {unit}");
                    }
                    // Its values contiguous, without and with padding after them.
                    let x: Vec<T> = x.iter().copied().step_by(stride).collect();
                    for padding in [0, LANES] {
                        let mut packed = vec![T::literal(0.0); units + padding];
                        let shape = DenseShape { rows: 1, stride: 1, inputs, units };
                        matmul::forward(shape, &x, &weights, bias, &mut packed, epilogue);
                        for unit in 0..units {
                            assert_eq!(packed[unit], many[unit * stride], "{inputs}×{units}, unit {unit}, packed");
                        }
                    }
                }
            }
        }
        check::<f32>();
        check::<f64>();
    }
}
