#![no_main]

use perceptra_fuzz::{check, readers::keras_hdf5};

libfuzzer_sys::fuzz_target!(|input: &[u8]| check(keras_hdf5::read, keras_hdf5::most, input));
