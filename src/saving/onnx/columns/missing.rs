//! Numbers that are missing, infinite, or not taken by a transformer.
//!
//! A network may make anything of a NaN, and a comparison with one is false, which would be a decision. So a number that a
//! record lacks stops the runtime as an unknown category does: its index is one past the end of a table. It does so where
//! features are made, after all transformers, one of which may impute it.

use super::super::proto::DataType;
use super::super::term::Term;

/// The numbers, where none is to be missing or infinite.
pub(super) fn refuse_missing<'g>(numbers: &Term<'g>) -> Term<'g> {
    refuse_where(numbers, &(numbers * 0.0).apply_kind("IsNaN", DataType::Bool))
}

/// The numbers, where none is to be infinite.
pub(super) fn refuse_infinite<'g>(numbers: &Term<'g>) -> Term<'g> {
    refuse_where(numbers, &numbers.apply_kind("IsInf", DataType::Bool))
}

/// The numbers, where this is to hold for none.
pub(super) fn refuse_where<'g>(numbers: &Term<'g>, wrong: &Term<'g>) -> Term<'g> {
    numbers * numbers.graph.constant(numbers.kind, &[1], &[1.0]).gather(&wrong.cast(DataType::Int64))
}

/// Replaces the result `made` of an operation by NaN if its input is missing.
pub(super) fn keep_missing<'g>(numbers: &Term<'g>, made: Term<'g>) -> Term<'g> {
    numbers.apply_kind("IsNaN", DataType::Bool).choose(numbers, made)
}
