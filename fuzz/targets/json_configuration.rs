#![no_main]

use perceptra_fuzz::{check, readers::json_configuration};

libfuzzer_sys::fuzz_target!(|input: &[u8]| check(json_configuration::read, json_configuration::most, input));
