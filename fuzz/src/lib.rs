//! What all fuzz targets share. The readers are those of the tests, so that every find becomes a test by its bytes alone.

#[path = "../../tests/hostile/allocation.rs"]
mod allocation;
#[path = "../../tests/hostile/readers/mod.rs"]
pub mod readers;

/// Runs a reader over an input; no panic, and no more memory than it may take.
pub fn check(read: fn(&[u8]), most: fn(usize) -> usize, input: &[u8]) {
    let (held, ()) = allocation::most_held(|| read(input));
    assert!(held <= most(input.len()), "{held} bytes for an input of {}", input.len());
}
