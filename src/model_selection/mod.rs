//! Splitting rows into training and test parts, folds and balanced samples.
//!
//! Everything random here takes a seed; the same seed selects the same rows on every machine. The default is a random
//! seed from the operating system.
//!
//! The ways to make folds for cross-validation are items that implement [`Folds`]; user-defined ones are used like built-in ones.
//!
//! ```
//! use perceptra::model_selection::{FoldsInput, GroupKFold, TimeSeriesSplit, folds_of};
//! use perceptra::preprocessing::Table;
//!
//! let table = Table::new()
//!     .with_strings("customer_id", ["a", "b", "a", "c", "b", "c"])?
//!     .with_numbers("issue_d", [2013.0, 2014.0, 2015.0, 2016.0, 2017.0, 2018.0])?;
//! for fold in folds_of(GroupKFold::new(3).groups("customer_id"), &FoldsInput::of(&table))? {
//!     let (train, test) = (table.take(&fold.train)?, table.take(&fold.test)?);
//!     assert_eq!((train.nrows(), test.nrows()), (4, 2));
//! }
//! let later = folds_of(TimeSeriesSplit::new(3).time("issue_d"), &FoldsInput::of(&table))?;
//! assert_eq!((&*later[0].train, &*later[0].test), (&[0, 1, 2][..], &[3][..]));
//! # Ok::<(), perceptra::Error>(())
//! ```

use crate::items::family;

mod class_weight;
mod classes;
mod draw;
mod fold;
mod folds;
mod folds_input;
mod group_parts;
#[cfg(not(feature = "tables"))]
mod no_table;
mod paired_comparison;
mod parts;
mod resample;
mod rows;
mod strata;
mod student_t;
mod time_order;
mod train_test_split;

// One line for each item: its file and its name.
family! {
    /// Creates the item with this class name from arguments by name.
    ///
    /// ```
    /// use perceptra::model_selection::{self, FoldsInput};
    /// use serde_json::json;
    ///
    /// let folds = model_selection::get("KFold", json!({ "n_splits": 3 }))?;
    /// assert_eq!(folds.folds(&FoldsInput::new(6))?[2].test, [4, 5]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    Folds: "way to make folds", all(), str::to_string, &[];
    /// Adds a way to make folds.
    registered by folds;
    group_k_fold: GroupKFold;
    group_shuffle_split: GroupShuffleSplit;
    k_fold: KFold;
    predefined_split: PredefinedSplit;
    repeated_k_fold: RepeatedKFold;
    repeated_stratified_k_fold: RepeatedStratifiedKFold;
    shuffle_split: ShuffleSplit;
    stratified_group_k_fold: StratifiedGroupKFold;
    stratified_k_fold: StratifiedKFold;
    stratified_shuffle_split: StratifiedShuffleSplit;
    time_series_split: TimeSeriesSplit;
}

pub use class_weight::balanced_class_weight;
pub(crate) use class_weight::balanced_weights;
pub use fold::Fold;
pub use folds::{Folds, folds_of};
pub use folds_input::FoldsInput;
pub use paired_comparison::{PairedComparison, compare};
pub use resample::{Resample, down_sample, up_sample};
pub use rows::Rows;
pub(crate) use student_t::critical_t;
pub use train_test_split::{TrainTestSplit, train_test_split};
