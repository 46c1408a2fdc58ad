//! Random inputs for the unit tests, the same in every run.

use crate::Random;
use crate::random::{Purpose, stream};
use rand::RngExt;
use std::thread;

/// Runs a check on `count` streams of random numbers; a failure names the one it was found with.
pub(crate) fn check(count: u64, mut check: impl FnMut(&mut Random)) {
    for case in 0..count {
        let _named = Named(case);
        check(&mut stream(case, Purpose::Transform, 0));
    }
}

struct Named(u64);

impl Drop for Named {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("found with the random case {}", self.0);
        }
    }
}

/// A string of up to `longest` of these characters.
pub(crate) fn string(random: &mut Random, characters: &str, longest: usize) -> String {
    let characters: Vec<char> = characters.chars().collect();
    (0..random.random_range(0..=longest)).map(|_| *one_of(random, &characters)).collect()
}

/// One of several values.
pub(crate) fn one_of<'a, V>(random: &mut Random, values: &'a [V]) -> &'a V {
    &values[random.random_range(0..values.len())]
}
