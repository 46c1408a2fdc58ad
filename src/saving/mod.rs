//! Formats of other programs.

#[cfg(feature = "keras")]
pub mod keras;
