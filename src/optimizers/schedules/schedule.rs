//! The trait of all schedules.

use crate::Result;
use crate::spec::{Spec, invalid};

/// A learning rate that follows the number of optimizer steps.
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra::{optimizers::schedules::Schedule, spec::Spec};
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

/// Refuses numbers that are NaN or infinite.
pub(super) fn all_finite(schedule: &dyn Spec, arguments: &[(&'static str, f64)]) -> Result<()> {
    match arguments.iter().find(|(_, value)| !value.is_finite()) {
        Some((name, value)) => Err(invalid(schedule, name, value, "a finite number")),
        None => Ok(()),
    }
}

/// Refuses numbers of steps that are not above 0.
pub(super) fn some_steps(schedule: &dyn Spec, name: &'static str, steps: f64) -> Result<()> {
    if steps.is_finite() && steps > 0.0 { Ok(()) } else { Err(invalid(schedule, name, steps, "a number above 0")) }
}
