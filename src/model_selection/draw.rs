//! The random numbers of splits, folds and samples.

use crate::random::{self, Purpose, Random};

/// The purpose of random numbers in this module, so that different steps with the same seed draw different numbers.
#[derive(Debug, Clone, Copy)]
pub(super) enum Draw {
    Split = 0,
    Folds = 1,
    StratifiedFolds = 2,
    Sample = 3,
    GroupFolds = 4,
    StratifiedGroupFolds = 5,
    ShuffleSplit = 6,
    StratifiedShuffleSplit = 7,
    GroupShuffleSplit = 8,
    GroupSplit = 9,
    UserDefined = 255,
}

/// The random numbers of a repetition of a step, counted from 0; without a seed, from a random one.
///
/// The position of the stream is `step + 256·repetition`: the draws of a repetition depend only on the seed, the step and its number.
pub(super) fn stream(seed: Option<u64>, draw: Draw, repetition: u32) -> Random {
    let position = draw as u64 | u64::from(repetition) << 8;
    random::stream(seed.unwrap_or_else(random::fresh_seed), Purpose::Split, position)
}
