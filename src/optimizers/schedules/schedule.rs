//! The trait of all schedules.

use crate::items::Spec;

/// A learning rate that follows the number of optimizer steps.
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra::{optimizers::schedules::Schedule, items::Spec};
///
/// /// `rate/√(step + 1)`
/// #[derive(Debug)]
/// struct InverseRoot(f64);
///
/// impl Spec for InverseRoot {}
///
/// impl Schedule for InverseRoot {
///     fn at(&self, step: u64) -> f64 {
///         self.0 / ((step + 1) as f64).sqrt()
///     }
/// }
///
/// let sgd = SGD.learning_rate(InverseRoot(0.1));
/// assert_eq!(sgd.learning_rate.at(3), 0.05);
/// ```
pub trait Schedule: Spec {
    /// The learning rate of step `step`, counted from 0.
    fn at(&self, step: u64) -> f64;
}
