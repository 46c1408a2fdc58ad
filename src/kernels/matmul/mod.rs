//! The three products of a dense layer, each dispatched to the fastest kernel for its shape.

mod accumulate;
mod blocks;
mod epilogue;
mod narrow;
mod pack_rows;
pub(crate) mod packed;
mod single_row;
mod strided_matrix;
mod weight_gradient;

pub(crate) use epilogue::Epilogue;
pub(crate) use single_row::{RowLayer, SingleRow};
pub(crate) use strided_matrix::StridedMatrix;

use super::fusion::Fusion;
use super::{Element, run};
use crate::threads;
use narrow::Narrow;
use packed::MatrixProduct;
use weight_gradient::{Transposed, WeightGradient};

/// A layer with at most this many weights fits in the L1 cache, so its weights need no packing.
const NARROW: usize = 4096;

/// The shape of a dense layer applied to a batch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DenseShape {
    /// Samples in the batch.
    pub(crate) rows: usize,
    /// Elements between two columns of a batch buffer.
    pub(crate) stride: usize,
    /// Columns of `x`.
    pub(crate) inputs: usize,
    /// Columns of `y`.
    pub(crate) units: usize,
}

impl DenseShape {
    fn is_narrow(&self) -> bool {
        self.inputs * self.units <= NARROW || self.units == 1 || self.inputs == 1
    }

    /// Whether the weights' gradient is narrow: transposing a gradient of few units in blocks of four by four costs less than
    /// packing it, but its product takes more shuffles.
    fn has_narrow_gradient(&self) -> bool {
        self.is_narrow() && (self.inputs * self.units <= 512 || self.units < 16 || self.inputs < 16)
    }

    fn check<T>(&self, x: &[T], y: &[T], weights: &[T]) {
        assert!(self.rows <= self.stride);
        assert!(x.len() >= self.inputs * self.stride && y.len() >= self.units * self.stride);
        assert!(weights.len() == self.inputs * self.units);
    }
}

/// `y = act(x·w + b)`; `x` is rows × inputs and `y` rows × units, both column-major with `stride`; `parameters` are the weights, inputs × units
/// row-major, and the bias after them, where there is one.
pub(crate) fn forward<T: Element>(shape: DenseShape, x: &[T], parameters: &[T], y: &mut [T], epilogue: Epilogue) {
    let DenseShape { rows, stride, inputs, units } = shape;
    let (weights, bias) = parameters.split_at(inputs * units);
    shape.check(x, y, weights);
    if rows == 1 {
        return forward_row(shape, x, parameters, y, epilogue);
    }
    let bias = (!bias.is_empty()).then_some(bias);
    if shape.is_narrow() {
        let (inner, outer, relu_mask) = (units, 1, None);
        return narrow(Narrow { x, stride, rows, inputs, weights, inner, outer, bias, y, units, epilogue, relu_mask });
    }
    packed::multiply(MatrixProduct {
        sizes: [rows, inputs, units],
        a: StridedMatrix { data: x, row_stride: 1, column_stride: stride },
        b: StridedMatrix { data: weights, row_stride: units, column_stride: 1 },
        c: y,
        stride,
        bias,
        epilogue,
        relu_mask: None,
        row_sums: None,
    });
}

/// [`forward`] for one sample.
fn forward_row<T: Element>(shape: DenseShape, x: &[T], parameters: &[T], y: &mut [T], epilogue: Epilogue) {
    let DenseShape { stride, inputs, units, .. } = shape;
    let activation = match epilogue {
        Epilogue::Linear => Fusion::Linear,
        Epilogue::Relu => Fusion::Relu,
    };
    let layers = &[RowLayer::new(inputs, units, 0..parameters.len(), activation)];
    run(SingleRow { x, stride, layers, parameters, values: [&mut *y, &mut []] });
    if stride > 1 {
        // From contiguous values to columns, the last first: none is overwritten before it is read.
        (1..units).rev().for_each(|unit| y[unit * stride] = y[unit]);
    }
}

/// `dx = dz·wᵀ`. With `relu_mask`, the outputs of the relu below, `dx` is zeroed where `relu_mask ≤ 0`: the product with that relu's
/// derivative.
pub(crate) fn input_gradient<T: Element>(
    shape: DenseShape,
    dz: &[T],
    weights: &[T],
    dx: &mut [T],
    relu_mask: Option<&[T]>,
) {
    let DenseShape { rows, stride, inputs, units } = shape;
    shape.check(dx, dz, weights);
    if shape.is_narrow() {
        let epilogue = Epilogue::Linear;
        return narrow(Narrow {
            x: dz,
            stride,
            rows,
            inputs: units,
            weights,
            inner: 1,
            outer: units,
            bias: None,
            y: dx,
            units: inputs,
            epilogue,
            relu_mask,
        });
    }
    packed::multiply(MatrixProduct {
        sizes: [rows, units, inputs],
        a: StridedMatrix { data: dz, row_stride: 1, column_stride: stride },
        b: StridedMatrix { data: weights, row_stride: 1, column_stride: units },
        c: &mut dx[..inputs * stride],
        stride,
        bias: None,
        epilogue: Epilogue::Linear,
        relu_mask: relu_mask.map(|mask| &mask[..inputs * stride]),
        row_sums: None,
    });
}

/// Computes a narrow product; a large one is divided by units among threads.
fn narrow<T: Element>(mut product: Narrow<'_, T>) {
    let parts = threads::parts(product.rows * product.inputs * product.units, GRAIN).min(product.units);
    if parts == 1 {
        return run(&mut product);
    }
    threads::divide(product, parts, &Narrow::split, &|mut part| run(&mut part));
}

/// The number of multiply-adds per thread below which splitting does not pay: about three microseconds of them.
const GRAIN: usize = 1 << 17;

/// Whether a product of this many multiply-adds is divided among threads.
pub(crate) fn is_divided(multiply_adds: usize) -> bool {
    threads::parts(multiply_adds, GRAIN) > 1
}

/// `dw = xᵀ·dz` and `db = Σ dz` over the samples.
pub(crate) fn weight_gradient<T: Element>(
    shape: DenseShape,
    x: &[T],
    dz: &[T],
    transposed: &mut [T],
    dw: &mut [T],
    db: Option<&mut [T]>,
) {
    let DenseShape { rows, stride, inputs, units } = shape;
    shape.check(x, dz, dw);
    if shape.has_narrow_gradient() {
        let mut gradient = WeightGradient {
            x,
            dz,
            stride,
            rows,
            inputs,
            units,
            transposed: Transposed::Workspace(transposed),
            dw,
            db,
        };
        let parts = threads::parts(rows * inputs * units, GRAIN).min(inputs);
        if parts == 1 {
            return run(&mut gradient);
        }
        return threads::divide(gradient.with_transposed(), parts, &WeightGradient::split, &|mut part| run(&mut part));
    }
    // A row of `dw` is contiguous over the units, so the product is formed transposed: dwᵀ = dzᵀ·x.
    packed::multiply(MatrixProduct {
        sizes: [units, rows, inputs],
        a: StridedMatrix { data: dz, row_stride: stride, column_stride: 1 },
        b: StridedMatrix { data: x, row_stride: 1, column_stride: stride },
        c: dw,
        stride: units,
        bias: None,
        epilogue: Epilogue::Linear,
        relu_mask: None,
        row_sums: db,
    });
}

/// The length of the buffer `transposed` of [`weight_gradient`]: 0 for shapes that are not narrow.
pub(crate) fn weight_gradient_scratch(stride: usize, inputs: usize, units: usize) -> usize {
    let narrow = DenseShape { rows: 0, stride, inputs, units }.has_narrow_gradient();
    if narrow { weight_gradient::scratch(stride, units) } else { 0 }
}
