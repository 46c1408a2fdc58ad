#![no_main]

use perceptra_fuzz::{check, readers::csv};

libfuzzer_sys::fuzz_target!(|input: &[u8]| check(csv::read, csv::most, input));
