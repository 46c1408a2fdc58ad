//! Products, element-wise functions and reductions: all arithmetic that is worth a processor's vector unit.
//!
//! A kernel is a small struct that borrows its operands and implements [`Kernel`]; its body is written once,
//! against the vector operations of [`Simd`], and compiled for each [`Level`]. [`run`] picks the level of the
//! machine. `unsafe` is allowed in this module only: the bodies of kernels read and write through the checked
//! loads and stores of [`Simd`] or argue each raw access.
#![allow(unsafe_code)]
// Loops over the constant widths of register tiles are written with indices: that form unrolls.
#![allow(clippy::needless_range_loop)]

pub(crate) mod aligned;
pub(crate) mod class_crossentropy;
pub(crate) mod counts;
pub(crate) mod crossentropy;
pub(crate) mod dense;
pub(crate) mod distances;
mod float;
pub(crate) mod functions;
pub(crate) mod fusion;
pub(crate) mod lanewise;
pub(crate) mod level;
pub(crate) mod moments;
pub(crate) mod packed;
mod prefetch;
pub(crate) mod product;
pub(crate) mod records;
pub(crate) mod reduce;
pub(crate) mod rowwise;
pub(crate) mod simd;
mod single_row;
pub(crate) mod softmax;
pub(crate) mod source;
pub(crate) mod sums;
pub(crate) mod transpose;
pub(crate) mod weight_gradient;

pub(crate) use level::{Element, Kernel, run};
pub(crate) use simd::Simd;

/// Rows of a batch buffer are padded to a multiple of this many samples, the widest vector of any level.
pub(crate) const LANES: usize = 16;

/// `rows` rounded up to whole vectors.
pub(crate) fn padded(rows: usize) -> usize {
    rows.next_multiple_of(LANES)
}
