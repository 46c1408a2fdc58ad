#![no_main]

use perceptra_fuzz::{check, readers::own_configuration};

libfuzzer_sys::fuzz_target!(|input: &[u8]| check(own_configuration::read, own_configuration::most, input));
