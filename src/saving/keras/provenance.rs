//! Where a description comes from, as far as reading it depends on that.

use crate::items::registry::UserDefined;

/// The version of Keras and the classes that the reader's user has added.
#[derive(Clone, Copy)]
pub(super) struct Provenance<'a> {
    /// The version of Keras that wrote the file, where it says so.
    pub(super) version: Option<&'a str>,
    custom: &'a UserDefined,
}

impl<'a> Provenance<'a> {
    pub(super) fn new(version: Option<&'a str>, custom: &'a UserDefined) -> Self {
        Provenance { version, custom }
    }

    /// Whether a class is one of the user's.
    pub(super) fn is_custom(&self, class: &str) -> bool {
        self.custom.contains(class)
    }

    /// Behind the name of something unknown: which Keras wrote it.
    pub(super) fn written_by(&self) -> String {
        self.version.map_or(String::new(), |version| format!(" in a file of Keras {version}"))
    }
}
