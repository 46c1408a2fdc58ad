//! From a probability to a decision: thresholds, costs, conformal regions, records unlike the training rows, drift.
//!
//! | function or type | answers |
//! |---|---|
//! | [`choose_threshold`] | from which probability on a decision is positive, for a [`ThresholdFor`] and by rows it was not fitted to |
//! | [`cost_curve`] | what each threshold costs by a [`CostMatrix`] |
//! | [`Conformal`] | which interval, or set of classes, holds the truth with a stated probability |
//! | [`FittedDomain`] | whether a record is like the training rows, and why not |
//! | [`population_stability`] | whether the columns of two tables are distributed alike |
//!
//! A fitted pipeline takes all of them (`choose_threshold`, `conformal`, `domain`), keeps them in its file, and answers a record with
//! `assess_record`. Here they work only on predictions and tables.

mod choose_threshold;
mod column_domain;
mod conformal;
mod cost_curve;
mod cost_matrix;
mod cross_conformal;
mod domain_flag;
mod encoded_distance;
mod population_stability;
mod prediction_set;
mod row_costs;
mod stability_bins;
mod threshold_choice;
mod threshold_for;
mod threshold_sweep;
mod training_domain;

pub use crate::bootstrap::BootstrapInterval;
pub use choose_threshold::choose_threshold;
pub use conformal::{Conformal, ConformalRegion};
pub use cost_curve::{CostCurve, cost_curve};
pub use cost_matrix::CostMatrix;
pub use cross_conformal::jackknife_plus;
pub use domain_flag::DomainFlag;
pub use population_stability::{ColumnStability, PopulationStability, population_stability};
pub use prediction_set::SetScore;
pub use row_costs::RowCosts;
pub use threshold_choice::{ThresholdChoice, ThresholdInterval};
pub use threshold_for::ThresholdFor;
pub use training_domain::{FittedDomain, TrainingDomain};
