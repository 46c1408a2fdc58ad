//! The readers that damaged and malicious inputs go through; what each file has is told in `main.rs` beside this folder.

pub(crate) mod csv;
pub(crate) mod json_configuration;
#[cfg(feature = "keras")]
pub(crate) mod keras_archive;
#[cfg(feature = "keras")]
pub(crate) mod keras_hdf5;
#[cfg(feature = "keras")]
pub(crate) mod keras_parts;
pub(crate) mod own_configuration;
pub(crate) mod own_format;
mod scratch;
