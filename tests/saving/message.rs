//! The text of an error.

use perceptra::Result;

/// Whether the error's message holds all of the parts.
#[track_caller]
pub(crate) fn names<R>(result: Result<R>, parts: &[&str]) {
    let text = result.err().expect("an error").to_string();
    assert!(parts.iter().all(|part| text.contains(part)), "{text}");
}
