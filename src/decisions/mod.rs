//! From predictions to decisions: thresholds, costs, conformal regions, out-of-domain records, drift.
//!
//! | function or type | purpose |
//! |---|---|
//! | [`choose_threshold`] | chooses the decision threshold by a rule ([`ThresholdFor`]), on rows that the model was not fitted to |
//! | [`cost_curve`] | the cost of each threshold for a [`CostMatrix`] |
//! | [`Conformal`] | intervals, or sets of classes, that contain the true value with a stated probability |
//! | [`FittedDomain`] | flags records that differ from the training rows, with the reason |
//! | [`population_stability`] | compares the distributions of the columns of two tables |
//!
//! A fitted pipeline has methods for all of them (`choose_threshold`, `conformal`, `domain`), stores them in its file, and applies
//! them to a record with `assess_record`. The functions and types here need only predictions and tables.

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
