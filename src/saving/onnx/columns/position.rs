//! Strings by their positions in a list.

use super::super::proto::{AttributeProto, DataType};
use super::super::term::Term;

/// The position of a string among these; `unknown` for others.
pub(super) fn position<'g, 'k>(raw: &Term<'g>, keys: impl Iterator<Item = &'k str>, unknown: usize) -> Term<'g> {
    let keys: Vec<&str> = keys.collect();
    let attributes = vec![
        AttributeProto::strings("keys_strings", keys.iter().copied()),
        AttributeProto::ints("values_int64s", (0..keys.len() as i64).collect()),
        AttributeProto::int("default_int64", unknown as i64),
    ];
    raw.graph.node("LabelEncoder", &[raw], attributes, DataType::Int64)
}
