//! Splitting rows into training and test parts, folds and balanced samples.
//!
//! Everything random here takes a seed; the same seed gives the same rows on every machine. Without one a fresh
//! seed is drawn from the operating system.

mod class_weight;
mod classes;
mod k_fold;
mod resample;
mod rows;
mod stratified_k_fold;
mod train_test_split;

pub use class_weight::balanced_class_weight;
pub use k_fold::{Fold, KFold};
pub use resample::{Resample, down_sample, up_sample};
pub use rows::Rows;
pub use stratified_k_fold::StratifiedKFold;
pub use train_test_split::{TrainTestSplit, train_test_split};

use crate::random::{self, Purpose, Random};

/// What random numbers are drawn for here: equal seeds of different steps do not share their numbers.
#[derive(Debug, Clone, Copy)]
enum Draw {
    Split = 0,
    Folds = 1,
    StratifiedFolds = 2,
    Sample = 3,
}

fn stream(seed: Option<u64>, draw: Draw) -> Random {
    random::stream(seed.unwrap_or_else(random::fresh_seed), Purpose::Split, draw as u64)
}
