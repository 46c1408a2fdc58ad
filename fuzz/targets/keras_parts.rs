#![no_main]

use perceptra_fuzz::{check, readers::keras_parts};

libfuzzer_sys::fuzz_target!(|input: &[u8]| check(keras_parts::read, keras_parts::most, input));
