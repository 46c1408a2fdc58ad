//! Bytes that have one meaning in every file.

/// The first bytes of every file.
pub(in crate::saving::keras) const SIGNATURE: &[u8] = b"\x89HDF\r\n\x1a\n";

/// The value in place of an address if there is none.
pub(super) const NOWHERE: u64 = u64::MAX;
