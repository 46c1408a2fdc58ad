//! Splitting rows into training and test parts, folds and balanced samples.
//!
//! Everything random here takes a seed; the same seed gives the same rows on every machine. Without one a fresh
//! seed is drawn from the operating system.

mod class_weight;
mod classes;
mod draw;
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

use draw::{Draw, stream};
