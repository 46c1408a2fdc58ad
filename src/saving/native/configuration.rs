//! The configuration in a file, of each version that is read.

use super::document::Document;
use super::version_1;
use crate::items::json::from_str;

/// The versions of the format that this release reads.
pub(super) enum Version {
    One,
    Two,
}

impl Version {
    /// From what the metadata say; the error is that it is none of them.
    pub(super) fn of(version: &str) -> Result<Self, String> {
        match version {
            "1" => Ok(Version::One),
            "2" => Ok(Version::Two),
            other => Err(format!("its version is {other} and this release reads versions 1 and 2; update perceptra")),
        }
    }
}

/// A JSON text that was not read yet.
pub(super) struct Configuration {
    pub(super) text: String,
    pub(super) version: Version,
}

impl Configuration {
    /// What it says; the error is the reason why it cannot be read.
    pub(super) fn document(self) -> Result<Document, String> {
        let unreadable = |error| format!("its configuration cannot be read: {error}");
        let text = match self.version {
            Version::One => version_1::upgrade(&self.text)?,
            Version::Two => self.text,
        };
        from_str(&text).map_err(unreadable)
    }
}
