//! The readers that damaged and malicious inputs go through; what each file has is told in `main.rs` beside this folder.

pub mod csv;
pub mod json_configuration;
#[cfg(feature = "keras")]
pub mod keras_archive;
#[cfg(feature = "keras")]
pub mod keras_hdf5;
#[cfg(feature = "keras")]
pub mod keras_parts;
pub mod own_configuration;
pub mod own_format;
mod scratch;
