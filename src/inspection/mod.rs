//! What a fitted pipeline relies on, for all rows and for one.

mod column_groups;
mod explanation;
mod importances;
mod integrated_gradients;
mod output;
mod path_integral;
mod permutation_importance;
mod replaced;

pub use explanation::{Contribution, Explanation};
pub use importances::{ColumnImportance, ColumnImportances};
pub use integrated_gradients::IntegratedGradients;
pub use permutation_importance::PermutationImportance;
