#![no_main]

use perceptra_fuzz::{check, readers::own_format};

libfuzzer_sys::fuzz_target!(|input: &[u8]| check(own_format::read, own_format::most, input));
