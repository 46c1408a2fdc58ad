//! Products, element-wise functions and reductions: all arithmetic that is worth a processor's vector unit.
//!
//! | folder | what its kernels do |
//! |---|---|
//! | `simd` | the vector operations ([`Simd`]) of each set of instructions, and the choice among them |
//! | `matmul` | the dense products: forward, input gradient, weight gradient |
//! | `elementwise` | functions of one position: exp, ln, tanh, distances, and loops over whole slices |
//! | `reduce` | sums, moments, counts; softmax, cross-entropies and other functions of a whole sample |
//! | `memory` | how operands are stored: aligned buffers, padding, records, strided matrices, workspaces of a thread |
//! | `pool` | the threads that wait for parts of a kernel's work |
//!
//! **Written**: a kernel is a small struct that borrows its operands and implements [`Kernel`], once for all sets of
//! instructions; a function of one position or of one sample implements [`lanewise::Lanewise`] or [`rowwise::Rowwise`], which
//! have the loops. All of it is `#[inline(always)]`, or it would not be compiled for the instructions.
//!
//! **Dispatched**: [`run`] compiles the kernel for each level of instructions and calls it at the best one of the machine, which
//! is found once; the environment variable `PERCEPTRA_SIMD` names a lower one.
//!
//! **Tested**: the tests in each kernel's file compare it with a plain loop, at every level of the machine (`Level::all`) or at the
//! one in use, with which the suite is run at lower levels too; at lengths with and without a last vector that is not whole.
//!
//! `unsafe` is allowed in this module only: the bodies of kernels read and write through the checked loads and stores of [`Simd`]
//! or argue each access by pointer.
#![allow(unsafe_code)]
// Loops over the constant widths of register tiles are written with indices: that form unrolls.
#![allow(clippy::needless_range_loop)]

mod elementwise;
pub(crate) mod matmul;
mod memory;
pub(crate) mod pool;
mod reduce;
mod simd;

// The rest of the crate names a kernel by its file.
pub(crate) use elementwise::{distances, functions, fusion, hinge_labels, lanewise};
pub(crate) use memory::{LANES, aligned, huge_pages, joined_rows, padded, strided_view};
pub(crate) use reduce::{
    categorical_hinge, class_crossentropy, confusion_counts, logit_crossentropy, moments, rowwise, softmax, sums,
    weighted_sums,
};
pub(crate) use simd::{Element, Kernel, Level, Simd, run};
