//! Explanations of a fitted pipeline, for all rows and for one: the importance of columns, the dependence on them, the reasons for a
//! prediction, and changes that would reverse it; and, before any training, leaks in the data ([`LeakCheck`]).
//!
//! All explanations are in terms of the raw columns of the table, independent of the transformers, and none changes the pipeline.
//!
//! | for a table | |
//! |---|---|
//! | [`PermutationImportance`] | the loss of score if a column is permuted |
//! | [`DropColumnImportance`] | the loss of score if the pipeline is fitted without a column |
//! | [`PartialDependence`] | the mean prediction, and that of each row, over the values of one column or two |
//! | [`AccumulatedLocalEffects`] | how predictions change along a column, without rows that do not occur |
//!
//! | for a record | |
//! |---|---|
//! | [`IntegratedGradients`], [`FittedPipeline::explain`](crate::pipeline::FittedPipeline::explain) | the contribution of each column, from gradients |
//! | [`ShapleyValues`] | the same from coalitions of columns, exact or sampled |
//! | [`Counterfactual`] | the smallest change of given columns that reverses the decision |
//!
//! ```
//! use perceptra::inspection::{AccumulatedLocalEffects, Counterfactual, PartialDependence, PermutationImportance, ShapleyValues};
//! use perceptra::prelude::*;
//!
//! let table = Table::new()
//!     .with_numbers("annual_inc", (0..120).map(|row| 20.0 + f64::from(row * 37 % 60)))?
//!     .with_numbers("loan_amnt", (0..120).map(|row| 5.0 + f64::from(row * 53 % 31)))?
//!     .with_strings("term", (0..120).map(|row| ["36 months", "60 months"][row % 2]))?
//!     .with_booleans("default", (0..120).map(|row| row * 37 % 60 < row * 53 % 31))?;
//! let fitted = Pipeline::new(Target::binary("default")).members(1).seed(1).fit(&table)?;
//!
//! println!("{}", PermutationImportance::new(RocAuc).seed(1).group("loan", ["loan_amnt", "term"]).compute(&fitted, &table)?);
//! println!("{}", PartialDependence::new("annual_inc").resolution(5).compute(&fitted, &table)?);
//! println!("{}", AccumulatedLocalEffects::new("annual_inc").bins(5).compute(&fitted, &table)?);
//!
//! let applicant = Record::new().with("annual_inc", 24.0).with("loan_amnt", 30.0).with("term", "60 months");
//! let explanation = fitted.explain(&applicant)?;
//! assert!((explanation.sum() - (explanation.prediction() - explanation.baseline())).abs() < 1e-4);
//! explanation.reasons(2).iter().for_each(|reason| println!("{reason}"));
//! println!("{}", ShapleyValues::new(&table.head(20)).explain(&fitted, &applicant)?);
//! match Counterfactual::new().columns(["loan_amnt", "term"]).find(&fitted, &applicant, &table)? {
//!     Some(found) => println!("{found}"),
//!     None => println!("no loan of these terms"),
//! }
//! # Ok::<(), perceptra::Error>(())
//! ```

mod accumulated_local_effects;
mod candidates;
mod column_groups;
mod counterfactual;
mod counterfactual_explanation;
mod dependence_curves;
mod drop_column_importance;
mod explanation;
mod grid;
mod importances;
mod integrated_gradients;
mod leak_check;
mod output;
mod partial_dependence;
mod path_integral;
mod permutation_importance;
mod replaced;
mod shapley_values;
#[cfg(test)]
mod testing;

pub use accumulated_local_effects::{AccumulatedLocalEffects, LocalEffects};
pub use counterfactual::Counterfactual;
pub use counterfactual_explanation::{ColumnChange, CounterfactualExplanation};
pub use dependence_curves::DependenceCurves;
pub use drop_column_importance::DropColumnImportance;
pub use explanation::{Contribution, Explanation};
pub use importances::{ColumnImportance, ColumnImportances};
pub use integrated_gradients::IntegratedGradients;
pub use leak_check::{LeakCheck, LeakFinding, LeakKind, LeakReport, LeakSeverity};
pub use partial_dependence::PartialDependence;
pub use permutation_importance::PermutationImportance;
pub use shapley_values::ShapleyValues;
