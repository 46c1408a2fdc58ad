//! The three products of a dense layer, each sent to the kernel that is fastest for its shape.

use super::dense::{Dense, Epilogue};
use super::weight_gradient::{self, WeightGradient};
use super::{Element, run};

/// Layers whose weights number at most this many keep them in the first-level cache and need no packing.
const NARROW: usize = 4096;

/// Element types with a packed matrix product.
#[doc(hidden)]
pub trait Multiply: Element {
    /// `c = a·b + beta·c` for `a` of m × k and `b` of k × n with row and column strides.
    ///
    /// # Safety
    /// Every index that the sizes and strides reach lies within the allocation of its pointer.
    #[allow(clippy::too_many_arguments)]
    unsafe fn gemm(
        sizes: [usize; 3],
        a: *const Self,
        a_strides: [usize; 2],
        b: *const Self,
        b_strides: [usize; 2],
        beta: Self,
        c: *mut Self,
        c_strides: [usize; 2],
    );
}

macro_rules! multiply {
    ($t:ty, $gemm:path) => {
        impl Multiply for $t {
            unsafe fn gemm(
                [m, k, n]: [usize; 3],
                a: *const $t,
                [ra, ca]: [usize; 2],
                b: *const $t,
                [rb, cb]: [usize; 2],
                beta: $t,
                c: *mut $t,
                [rc, cc]: [usize; 2],
            ) {
                let s = |stride: usize| stride as isize;
                // SAFETY: the caller vouches for the sizes and strides.
                unsafe { $gemm(m, k, n, 1.0, a, s(ra), s(ca), b, s(rb), s(cb), beta, c, s(rc), s(cc)) }
            }
        }
    };
}

multiply!(f32, matrixmultiply::sgemm);
multiply!(f64, matrixmultiply::dgemm);

/// The shape of a dense layer applied to a batch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    /// Samples in the batch.
    pub(crate) rows: usize,
    /// Elements between two columns of a batch buffer.
    pub(crate) stride: usize,
    /// Columns that come in.
    pub(crate) inputs: usize,
    /// Columns that go out.
    pub(crate) units: usize,
}

impl Shape {
    fn is_narrow(&self) -> bool {
        self.inputs * self.units <= NARROW || self.units == 1 || self.inputs == 1
    }

    fn check<T>(&self, x: &[T], y: &[T], weights: &[T]) {
        assert!(self.rows <= self.stride);
        assert!(x.len() >= self.inputs * self.stride && y.len() >= self.units * self.stride);
        assert!(weights.len() == self.inputs * self.units);
    }
}

/// `y = act(x·w + b)`; `weights` are inputs × units, row by row.
pub(crate) fn forward<T: Multiply>(
    shape: Shape,
    x: &[T],
    weights: &[T],
    bias: Option<&[T]>,
    y: &mut [T],
    epilogue: Epilogue,
) {
    let Shape { rows, stride, inputs, units } = shape;
    shape.check(x, y, weights);
    if shape.is_narrow() {
        return run(Dense { x, stride, rows, inputs, weights, inner: units, outer: 1, bias, y, units, epilogue });
    }
    for (u, column) in y.chunks_mut(stride).take(units).enumerate() {
        column.fill(bias.map_or(T::literal(0.0), |bias| bias[u]));
    }
    // SAFETY: `check` compared every operand with the sizes.
    unsafe {
        let (a, b, c) = (x.as_ptr(), weights.as_ptr(), y.as_mut_ptr());
        T::gemm([rows, inputs, units], a, [1, stride], b, [units, 1], T::literal(1.0), c, [1, stride]);
    }
    if epilogue == Epilogue::Relu {
        let zero = T::literal(0.0);
        for value in &mut y[..units * stride] {
            // A NaN is kept, as in the fused form.
            *value = if *value < zero { zero } else { *value };
        }
    }
}

/// `dx = dz·wᵀ`.
pub(crate) fn input_gradient<T: Multiply>(shape: Shape, dz: &[T], weights: &[T], dx: &mut [T]) {
    let Shape { rows, stride, inputs, units } = shape;
    shape.check(dx, dz, weights);
    if shape.is_narrow() {
        let epilogue = Epilogue::Linear;
        return run(Dense {
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
        });
    }
    // SAFETY: `check` compared every operand with the sizes.
    unsafe {
        let (a, b, c) = (dz.as_ptr(), weights.as_ptr(), dx.as_mut_ptr());
        T::gemm([rows, units, inputs], a, [1, stride], b, [1, units], T::literal(0.0), c, [1, stride]);
    }
}

/// `dw = xᵀ·dz` and `db = Σ dz` over the samples.
pub(crate) fn weight_gradient<T: Multiply>(
    shape: Shape,
    x: &[T],
    dz: &[T],
    transposed: &mut [T],
    dw: &mut [T],
    db: Option<&mut [T]>,
) {
    let Shape { rows, stride, inputs, units } = shape;
    shape.check(x, dz, dw);
    if shape.is_narrow() {
        return run(WeightGradient { x, dz, stride, rows, inputs, units, transposed, dw, db });
    }
    // SAFETY: `check` compared every operand with the sizes.
    unsafe {
        let (a, b, c) = (x.as_ptr(), dz.as_ptr(), dw.as_mut_ptr());
        T::gemm([inputs, rows, units], a, [stride, 1], b, [1, stride], T::literal(0.0), c, [units, 1]);
    }
    if let Some(db) = db {
        for (sum, column) in db.iter_mut().zip(dz.chunks(stride)) {
            *sum = super::reduce::total(&column[..rows]);
        }
    }
}

/// The elements that [`weight_gradient`] needs for its transposed operand.
pub(crate) fn weight_gradient_scratch(stride: usize, inputs: usize, units: usize) -> usize {
    let narrow = Shape { rows: 0, stride, inputs, units }.is_narrow();
    if narrow { weight_gradient::scratch(stride, units) } else { 0 }
}
