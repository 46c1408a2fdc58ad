//! The random numbers of splits, folds and samples.

use crate::random::{self, Purpose, Random};

/// What random numbers are drawn for here: equal seeds of different steps do not share their numbers.
#[derive(Debug, Clone, Copy)]
pub(super) enum Draw {
    Split = 0,
    Folds = 1,
    StratifiedFolds = 2,
    Sample = 3,
}

/// The random numbers of a step, from a fresh seed where none is given.
pub(super) fn stream(seed: Option<u64>, draw: Draw) -> Random {
    random::stream(seed.unwrap_or_else(random::fresh_seed), Purpose::Split, draw as u64)
}
