#![no_main]

use perceptra_fuzz::{check, readers::keras_archive};

libfuzzer_sys::fuzz_target!(|input: &[u8]| check(keras_archive::read, keras_archive::most, input));
