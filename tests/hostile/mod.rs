//! Damaged and malicious inputs of every reader, through the functions that the fuzz targets in `fuzz/` call.
//!
//! A reader is a file in `readers/` with `read`, which must not panic whatever the bytes are, and `most`, the memory that
//! it may take. Its seeds lie in `corpus/<reader>/` (those of Keras's files are written by `seeds.rs`), and every input
//! with which fuzzing broke it in `finds/<reader>/`. To add one: that file and its line in `readers/mod.rs`, its seeds, its
//! test below, and its target in `fuzz/`.

pub(crate) mod allocation;
mod inputs;
mod readers;
#[cfg(feature = "keras")]
mod seeds;

/// A test that runs a reader over its seeds, its finds, and a fixed number of changes of them.
macro_rules! tests {
    ($($reader:ident),* $(,)?) => {
        $(#[test]
        fn $reader() {
            inputs::run(stringify!($reader), readers::$reader::read, readers::$reader::most);
        })*
    };
}

tests![own_format, own_configuration, json_configuration, csv];
#[cfg(feature = "keras")]
tests![keras_archive, keras_parts, keras_hdf5];
