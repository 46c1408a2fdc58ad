//! The configuration of a file in the crate's own format, around values that are whole.

use super::own_format;

use serde_json::Value;

/// A file with preprocessing, optimizer and threshold.
const WHOLE: &[u8] = include_bytes!("../corpus/own_format/scorer");

/// Reads the file with these bytes in place of its configuration, as one of either version.
pub(crate) fn read(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let length = u64::from_le_bytes(WHOLE[..8].try_into().unwrap()) as usize;
    let mut header: Value = serde_json::from_slice(&WHOLE[8..8 + length]).unwrap();
    header["__metadata__"]["config"] = text.into();
    for version in ["1", "2"] {
        header["__metadata__"]["version"] = version.into();
        let header = header.to_string();
        own_format::read(&[&(header.len() as u64).to_le_bytes(), header.as_bytes(), &WHOLE[8 + length..]].concat());
    }
}

/// The most memory that reading this many bytes may take.
pub(crate) fn most(bytes: usize) -> usize {
    own_format::most(bytes * 2 + WHOLE.len())
}
