//! What a fitted pipeline relies on, for all rows and for one.

mod column_groups;
mod importances;
mod output;
mod permutation_importance;
mod replaced;

pub use importances::{ColumnImportance, ColumnImportances};
pub use permutation_importance::PermutationImportance;
