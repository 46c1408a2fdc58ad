//! The origin of a description, as far as reading it depends on that.

use crate::items::registry::UserDefined;
use serde_json::Value;

/// The version of Keras and the classes that the reader's user has added.
#[derive(Clone, Copy)]
pub(super) struct Provenance<'a> {
    /// The version of Keras that wrote the file, if it is stated.
    pub(super) version: Option<&'a str>,
    custom: &'a UserDefined,
}

impl<'a> Provenance<'a> {
    pub(super) fn new(version: Option<&'a str>, custom: &'a UserDefined) -> Self {
        Provenance { version, custom }
    }

    /// Whether a class is one of the user's: registered as such in the file, or unknown to this crate.
    pub(super) fn is_custom(
        &self,
        class: &str,
        registered_name: Option<&str>,
        is_known: impl FnOnce() -> bool,
    ) -> bool {
        self.custom.contains(class) && (registered_name.is_some() || !is_known())
    }

    /// Whether an object of Keras is of a class of the user's.
    pub(super) fn is_custom_object(&self, object: &Value, is_known: impl FnOnce(&str) -> bool) -> bool {
        let text = |key: &str| object.get(key).and_then(Value::as_str);
        text("class_name").is_some_and(|class| self.is_custom(class, text("registered_name"), || is_known(class)))
    }

    /// Behind the name of something unknown: which Keras wrote it.
    pub(super) fn written_by(&self) -> String {
        self.version.map_or(String::new(), |version| format!(" in a file of Keras {version}"))
    }
}
