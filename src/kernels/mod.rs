//! Products, element-wise functions and reductions: all arithmetic that is worth a processor's vector unit.
//!
//! A kernel is a small struct that borrows its operands and implements [`Kernel`]; its body is written once,
//! against the vector operations of [`Simd`], and compiled for each [`Level`]. [`run`] picks the level of the
//! machine. `unsafe` is allowed in this module only: the bodies of kernels read and write through the checked
//! loads and stores of [`Simd`] or argue each raw access.
#![allow(unsafe_code)]
// Loops over the constant widths of register tiles are written with indices: that form unrolls.
#![allow(clippy::needless_range_loop)]

mod elementwise;
pub(crate) mod matmul;
mod memory;
mod reduce;
mod simd;

// The rest of the crate names a kernel by its file.
pub(crate) use elementwise::{distances, functions, fusion, hinge_labels, lanewise};
pub(crate) use memory::{LANES, aligned, padded, records, source};
pub(crate) use reduce::{
    categorical_hinge, class_crossentropy, confusion_counts, logit_crossentropy, moments, rowwise, softmax, sums,
    weighted_sums,
};
#[cfg(test)]
pub(crate) use simd::Level;
pub(crate) use simd::{Element, Kernel, Simd, run};
