//! The configuration in a file, of each version that is read.

use super::document::Document;
use super::version_1;
use crate::items::json::from_str;
use serde::Deserialize;

/// The versions of the format that this release reads.
pub(super) enum Version {
    One,
    Two,
}

impl Version {
    /// Reads the version in the metadata; the error states that it is not one of these.
    pub(super) fn parse(version: &str) -> Result<Self, String> {
        match version {
            "1" => Ok(Version::One),
            "2" => Ok(Version::Two),
            later if later.parse().is_ok_and(|number: u64| number > 2) => {
                Err(format!("its version is {later}; expected 1 or 2, which this release reads; update perceptra"))
            }
            other => {
                Err(format!("its version is \"{other}\"; expected 1 or 2: its metadata is damaged or was changed"))
            }
        }
    }
}

/// A JSON text that was not read yet.
pub(super) struct Configuration {
    pub(super) text: String,
    pub(super) version: Version,
}

/// The part of a configuration that states of which type the values are.
#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Typed {
    dtype: String,
}

impl Configuration {
    /// The name of the type of the values; the error is the reason why it cannot be read.
    pub(super) fn dtype(&self) -> Result<String, String> {
        let typed: Typed = from_str(&self.text).map_err(unreadable)?;
        Ok(typed.dtype)
    }

    /// Its content; the error is the reason why it cannot be read.
    pub(super) fn document(self) -> Result<Document, String> {
        let text = match self.version {
            Version::One => version_1::upgrade(&self.text)?,
            Version::Two => self.text,
        };
        from_str(&text).map_err(unreadable)
    }
}

fn unreadable(reason: String) -> String {
    format!("its configuration cannot be read: {reason}")
}
