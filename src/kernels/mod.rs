//! Products, elementwise functions and reductions: all arithmetic that is vectorized.
//!
//! | folder | contents |
//! |---|---|
//! | `simd` | the vector operations ([`Simd`]) of each instruction set, and the dispatch |
//! | `matmul` | the dense products: forward, input gradient, weight gradient |
//! | `elementwise` | functions of one position: exp, ln, tanh, distances, and loops over whole slices |
//! | `reduce` | sums, moments, counts; softmax, cross-entropies and other functions of a whole sample |
//! | `memory` | how operands are stored: aligned buffers, padding, records, strided matrices, workspaces of a thread |
//! | `pool` | the thread pool, which executes parts of a kernel |
//!
//! **Implementation**: a kernel is a small struct that borrows its operands and implements [`Kernel`], once for all instruction
//! sets. A function of one position or of one sample implements [`lanewise::Lanewise`] or [`rowwise::Rowwise`], which contain the
//! loops. Every function is `#[inline(always)]`, since otherwise it would not be compiled for the instruction set.
//!
//! **Dispatch**: [`run`] compiles the kernel for each instruction set and calls the version for the best one of the machine, which is
//! detected once; the environment variable `PERCEPTRA_SIMD` selects a lower one.
//!
//! **Tests**: the tests in each kernel's file compare it with a plain loop, either at every level of the machine (`Level::all`) or at
//! the level in use, since the test suite is also run at lower levels. Lengths include some that are no multiple of a vector.
//!
//! `unsafe` is allowed in this module only. Kernels use the checked loads and stores of [`Simd`], or justify each access by pointer
//! in a comment.
#![allow(unsafe_code)]
// Loops over the constant widths of register tiles use indices, since the compiler unrolls that form.
#![allow(clippy::needless_range_loop)]

mod elementwise;
pub(crate) mod matmul;
mod memory;
pub(crate) mod pool;
mod reduce;
mod simd;

// The rest of the crate refers to a kernel by its file.
pub(crate) use elementwise::{distances, functions, fusion, hinge_labels, lanewise};
pub(crate) use memory::{
    CacheAligned, LANES, aligned, huge_pages, joined_rows, padded, prefetch_all, prefetch_for_writing, prefetch_span,
    strided_view,
};
pub(crate) use reduce::{
    categorical_hinge, class_crossentropy, confusion_counts, logit_crossentropy, moments, rowwise, softmax, sums,
    weighted_sums,
};
pub(crate) use simd::{Element, Kernel, Level, Simd, run};
