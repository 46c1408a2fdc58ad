//! The names of values that are neither those of the first network nor those of its optimizer: what callbacks remember in a backup,
//! and the further networks of a pipeline.

/// The prefix of the names of a callback's values.
pub(super) fn callback_prefix(index: usize) -> String {
    format!("callback/{index}/")
}

/// The prefix of the names of the values of a network after the first.
pub(super) fn member_prefix(index: usize) -> String {
    format!("member/{}/", index + 1)
}

/// Whether values are those of a callback.
pub(super) fn is_of_callback(name: &str) -> bool {
    is_indexed(name, "callback/")
}

/// Whether values are those of a network after the first.
pub(super) fn is_of_member(name: &str) -> bool {
    is_indexed(name, "member/")
}

/// A layer's path has the name of a variable in the place of the index, never a number.
fn is_indexed(name: &str, kind: &str) -> bool {
    let index = name.strip_prefix(kind).and_then(|rest| rest.split_once('/'));
    index.is_some_and(|(index, _)| index.bytes().all(|byte| byte.is_ascii_digit()))
}
