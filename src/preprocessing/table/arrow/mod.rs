//! Tables from Arrow's record batches, and back.

mod from_batches;
mod to_batch;

#[cfg(test)]
mod tests;
