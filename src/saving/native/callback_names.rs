//! The names under which a backup keeps what callbacks remember.

/// How the names of a callback's values begin.
pub(super) fn prefix(index: usize) -> String {
    format!("callback/{index}/")
}

/// Whether values are those of a callback: a layer's path has the name of a variable in this place, never a number.
pub(super) fn is_of_callback(name: &str) -> bool {
    let index = name.strip_prefix("callback/").and_then(|rest| rest.split_once('/'));
    index.is_some_and(|(index, _)| index.bytes().all(|byte| byte.is_ascii_digit()))
}
