//! The dense products of one sample, with the units in the lanes, as in a service that scores one record at a time.
//!
//! With samples in the lanes, fifteen of sixteen lanes would be empty. The order of summation is that of the products for many
//! samples, so a single sample has the same result, bit for bit, as in a batch. Consecutive layers are computed in one call, since
//! a call takes as long as a small layer.

use super::{DenseShape, blocks};
use crate::kernels::fusion::Fusion;
use crate::kernels::{Element, Kernel, Simd, functions};
use std::ops::Range;

/// A dense layer that is applied to one sample, `y = f(x·W + b)`.
#[derive(Debug, Clone)]
pub(crate) struct RowLayer {
    inputs: usize,
    units: usize,
    /// The range of the kernel (inputs × units, row-major), followed by the bias if there is one.
    parameters: Range<usize>,
    /// The activation, if kernels can fuse it; others are left to the caller.
    activation: Fusion,
    /// The number of inputs whose products are summed before this sum is added to the previous ones.
    depth: usize,
    /// Whether the sum begins with the bias or ends with it.
    bias_first: bool,
}

impl RowLayer {
    /// Creates a layer with its kernel and bias in this range of the parameters.
    pub(crate) fn new(inputs: usize, units: usize, parameters: Range<usize>, activation: Fusion) -> Self {
        let bias_first = DenseShape { rows: 1, stride: 1, inputs, units }.is_narrow();
        let depth = if bias_first { inputs } else { blocks::depth(inputs) };
        RowLayer { inputs, units, parameters, activation, depth, bias_first }
    }
}

/// A chain of layers, applied to one sample.
pub(crate) struct SingleRow<'a, T> {
    /// The values of the sample, `stride` apart.
    pub(crate) x: &'a [T],
    pub(crate) stride: usize,
    pub(crate) layers: &'a [RowLayer],
    pub(crate) parameters: &'a [T],
    /// The buffers that the layers write to in turn, contiguous and padded to whole vectors.
    pub(crate) values: [&'a mut [T]; 2],
}

impl<T: Element> Kernel<T> for SingleRow<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T>>(self, s: S) {
        let [mut to, mut from] = self.values;
        for (i, layer) in self.layers.iter().enumerate() {
            let (x, stride) = if i == 0 { (self.x, self.stride) } else { (&*from, 1) };
            assert!(layer.parameters.end <= self.parameters.len());
            let parameters = &self.parameters[layer.parameters.start..];
            let mut product = RowProduct { layer, x, stride, parameters, y: &mut *to };
            product.compute(s);
            std::mem::swap(&mut to, &mut from);
        }
    }
}

/// One layer with its operands.
struct RowProduct<'a, T> {
    layer: &'a RowLayer,
    x: &'a [T],
    stride: usize,
    /// The parameters of this layer and of those after it.
    parameters: &'a [T],
    y: &'a mut [T],
}

impl<T: Element> RowProduct<'_, T> {
    #[inline(always)]
    fn compute<S: Simd<T>>(&mut self, s: S) {
        let RowLayer { inputs, units, activation, .. } = *self.layer;
        assert!(inputs == 0 || self.x.len() > (inputs - 1) * self.stride);
        let weights = inputs * units;
        let bias = self.layer.parameters.len() - weights;
        assert!(weights <= self.layer.parameters.len() && (bias == 0 || bias == units));
        assert!(self.y.len() >= units.next_multiple_of(S::LANES));
        if units == 1 {
            self.dot(s);
        } else {
            let mut unit = 0;
            while unit < units {
                unit += match units - unit {
                    left if left >= 4 * S::LANES => self.group::<S, 4>(s, unit),
                    left if left > S::LANES => self.group::<S, 2>(s, unit),
                    _ => self.group::<S, 1>(s, unit),
                };
            }
        }
        if activation == Fusion::Sigmoid {
            let mut unit = 0;
            while unit < units {
                // SAFETY: `y` holds the units in whole vectors.
                unsafe {
                    let at = self.y.as_mut_ptr().add(unit);
                    s.store_ptr(at, functions::sigmoid(s, s.load_ptr(at)));
                }
                unit += S::LANES;
            }
        }
    }

    /// Stores a vector of units.
    ///
    /// # Safety
    ///
    /// `unit` is the first unit of a vector within `y`.
    #[inline(always)]
    unsafe fn store<S: Simd<T>>(&mut self, s: S, unit: usize, z: S::V) {
        let value = if self.layer.activation == Fusion::Relu { s.max(s.zero(), z) } else { z };
        // SAFETY: `y` holds the units in whole vectors.
        unsafe { s.store_ptr(self.y.as_mut_ptr().add(unit), value) };
    }

    /// Computes a layer with one unit; all lanes of the vectors hold the same value.
    #[inline(always)]
    fn dot<S: Simd<T>>(&mut self, s: S) {
        // A layer of one unit is narrow: its sum begins with the bias and goes over all inputs.
        let (weights, bias) = self.parameters[..self.layer.parameters.len()].split_at(self.layer.inputs);
        let mut sum = bias.first().map_or(s.zero(), |&bias| s.splat(bias));
        let mut x = self.x.as_ptr();
        for &weight in weights {
            // SAFETY: `compute` saw that x holds as many inputs as there are weights.
            sum = s.mul_add(s.splat(unsafe { *x }), s.splat(weight), sum);
            x = x.wrapping_add(self.stride);
        }
        // SAFETY: this is the first unit.
        unsafe { self.store(s, 0, sum) };
    }

    /// Computes the units of `N` vectors from `unit` on; only the last vector may be short. Returns their number, in whole vectors.
    #[inline(always)]
    fn group<S: Simd<T>, const N: usize>(&mut self, s: S, unit: usize) -> usize {
        let RowLayer { inputs, units, depth, bias_first, .. } = *self.layer;
        let width = N * S::LANES;
        let count = (units - unit).min(width);
        let mut bias = [s.zero(); N];
        if self.layer.parameters.len() > inputs * units {
            bias = self.vectors(s, inputs * units + unit, count);
        }
        let mut totals = if bias_first { bias } else { [s.zero(); N] };
        // The number of inputs whose vectors of weights end within the parameters, and the number of parameters from the vector of the
        // last of them on.
        let (mut whole, mut remaining) =
            (inputs, self.parameters.len().saturating_sub(inputs.saturating_sub(1) * units + unit));
        while whole > 0 && remaining < width {
            (whole, remaining) = (whole - 1, remaining + units);
        }
        let mut first = 0;
        while first < inputs {
            let end = (first + depth).min(inputs);
            let mut sums = if bias_first { bias } else { [s.zero(); N] };
            // The last vector of an input may contain weights of the next input or layer, in lanes that are not used. Only the last inputs
            // are read lane by lane, since the parameters end after them.
            let whole = end.min(whole).max(first);
            let mut x = self.x.as_ptr().wrapping_add(first * self.stride);
            let mut weights = self.parameters.as_ptr().wrapping_add(first * units + unit);
            for _ in first..whole {
                // SAFETY: the input is below `whole`, so the vectors end within the parameters; `compute` saw that x holds all inputs.
                unsafe {
                    let value = s.splat(*x);
                    for (n, sum) in sums.iter_mut().enumerate() {
                        *sum = s.mul_add(value, s.load_ptr(weights.add(n * S::LANES)), *sum);
                    }
                }
                (x, weights) = (x.wrapping_add(self.stride), weights.wrapping_add(units));
            }
            for k in whole..end {
                let value = s.splat(self.x[k * self.stride]);
                let weights = self.vectors::<S, N>(s, k * units + unit, count);
                for n in 0..N {
                    sums[n] = s.mul_add(value, weights[n], sums[n]);
                }
            }
            for n in 0..N {
                totals[n] = if first == 0 { sums[n] } else { s.add(sums[n], totals[n]) };
            }
            first = end;
        }
        for n in 0..N {
            let z = if bias_first { totals[n] } else { s.add(totals[n], bias[n]) };
            // SAFETY: only the last vector is short.
            unsafe { self.store(s, unit + n * S::LANES, z) };
        }
        width
    }

    /// The vectors of `count` parameters from `at` on, the last filled up with what follows or with zeros.
    #[inline(always)]
    fn vectors<S: Simd<T>, const N: usize>(&self, s: S, at: usize, count: usize) -> [S::V; N] {
        let from = &self.parameters[at..];
        let mut vectors = [s.zero(); N];
        if from.len() >= N * S::LANES {
            for n in 0..N {
                // SAFETY: the length was checked.
                vectors[n] = unsafe { s.load_ptr(from.as_ptr().add(n * S::LANES)) };
            }
            return vectors;
        }
        let from = &from[..count];
        for n in 0..N {
            vectors[n] = s.load(&from[n * S::LANES..]);
        }
        vectors
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::matmul::narrow::Narrow;
    use crate::kernels::matmul::{self, Epilogue};
    use crate::kernels::{LANES, Level, padded};

    fn numbers<T: Element>(count: usize, step: usize) -> Vec<T> {
        (0..count).map(|i| T::literal(((i * step) % 101) as f64 * 0.013 - 0.6)).collect()
    }

    #[test]
    fn a_sample_alone_has_the_result_it_has_among_others() {
        fn check<T: Element + PartialEq + std::fmt::Debug>() {
            for (inputs, units) in [(1, 1), (12, 12), (12, 20), (30, 64), (7, 33), (300, 70), (600, 9)] {
                let (rows, stride) = (5, 16);
                let (x, parameters) = (numbers::<T>(inputs * stride, 37), numbers((inputs + 1) * units, 53));
                for (length, epilogue) in [((inputs + 1) * units, Epilogue::Relu), (inputs * units, Epilogue::Linear)] {
                    let parameters = &parameters[..length];
                    let [mut many, mut one] =
                        [vec![T::literal(0.0); units * stride], vec![T::literal(0.0); units * stride]];
                    let shape = |rows| DenseShape { rows, stride, inputs, units };
                    matmul::forward(shape(rows), &x, parameters, &mut many, epilogue);
                    matmul::forward(shape(1), &x, parameters, &mut one, epilogue);
                    for unit in 0..units {
                        assert_eq!(one[unit * stride], many[unit * stride], "{inputs}×{units}, unit {unit}");
                    }
                    // Contiguous values, with the minimum of padding after them and with more.
                    let x: Vec<T> = x.iter().copied().step_by(stride).collect();
                    for length in [padded(units), padded(units) + LANES] {
                        let mut packed = vec![T::literal(0.0); length];
                        let shape = DenseShape { rows: 1, stride: 1, inputs, units };
                        matmul::forward(shape, &x, parameters, &mut packed, epilogue);
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

    /// The logistic function of a batch's columns.
    struct LogisticColumns<'a, T>(&'a mut [T]);

    impl<T: Element> Kernel<T> for LogisticColumns<'_, T> {
        type Output = ();

        #[inline(always)]
        fn run<S: Simd<T>>(self, s: S) {
            for values in self.0.chunks_mut(S::LANES) {
                let z = s.load(values);
                s.store(values, functions::sigmoid(s, z));
            }
        }
    }

    #[test]
    fn layers_in_one_call_compute_what_products_of_batches_compute() {
        fn check<T: Element + PartialEq + std::fmt::Debug>(level: Level) {
            let activations = [Fusion::Relu, Fusion::Linear, Fusion::Sigmoid];
            for width in 1..=41 {
                for count in 1..=3 {
                    let (rows, stride, inputs) = (3, LANES, 5);
                    let widths = [inputs, width, (width + 5) % 19 + 1, 1];
                    let mut parameters: Vec<T> = Vec::new();
                    let mut layers = Vec::new();
                    let mut batch = numbers::<T>(inputs * stride, 37);
                    let x: Vec<T> = batch.iter().copied().step_by(stride).collect();
                    for i in 0..count {
                        let (inputs, units) = (widths[i], widths[i + 1]);
                        let (weights, bias) = (numbers::<T>(inputs * units, 53 + i), numbers::<T>(units, 11));
                        let bias = (i != 1).then_some(&*bias);
                        let start = parameters.len();
                        parameters.extend(weights.iter().chain(bias.unwrap_or_default()));
                        layers.push(RowLayer::new(inputs, units, start..parameters.len(), activations[i]));
                        let mut y = vec![T::literal(0.0); units * stride];
                        let epilogue = if i == 0 { Epilogue::Relu } else { Epilogue::Linear };
                        let (x, weights, y_mut) = (&*batch, &*weights, &mut *y);
                        let (inner, outer, relu_mask) = (units, 1, None);
                        let mut product = Narrow {
                            x,
                            stride,
                            rows,
                            inputs,
                            weights,
                            inner,
                            outer,
                            bias,
                            y: y_mut,
                            units,
                            epilogue,
                            relu_mask,
                        };
                        T::dispatch(&mut product, level);
                        if activations[i] == Fusion::Sigmoid {
                            T::dispatch(LogisticColumns(&mut y), level);
                        }
                        batch = y;
                    }
                    let [mut even, mut odd] = [(); 2].map(|()| vec![T::literal(0.0); padded(41)]);
                    let values = [&mut *even, &mut *odd];
                    let kernel = SingleRow { x: &x, stride: 1, layers: &layers, parameters: &parameters, values };
                    T::dispatch(kernel, level);
                    let found = if count % 2 == 1 { even } else { odd };
                    for unit in 0..widths[count] {
                        assert_eq!(
                            found[unit],
                            batch[unit * stride],
                            "{level:?}, {count} layers, {width}, unit {unit}"
                        );
                    }
                }
            }
        }
        for level in Level::all() {
            check::<f32>(level);
            check::<f64>(level);
        }
    }
}
