use crate::spec::Spec;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::sync::Arc;

/// A learning rate that follows the number of optimizer steps.
pub trait Schedule: Spec {
    /// The learning rate of step `step`, counted from 0.
    fn at(&self, step: u64) -> f64;
}

/// The learning rate of an optimizer: a number, or a schedule over its steps.
///
/// ```
/// use perceptra::prelude::*;
///
/// let adam = Adam.learning_rate(0.01);
/// ```
#[derive(Debug, Clone)]
pub enum LearningRate {
    /// The same for every step, unless a callback changes it.
    Constant(f64),
    /// A function of the step.
    Schedule(Arc<dyn Schedule>),
}

impl LearningRate {
    /// The learning rate of step `step`, counted from 0.
    pub fn at(&self, step: u64) -> f64 {
        match self {
            LearningRate::Constant(rate) => *rate,
            LearningRate::Schedule(schedule) => schedule.at(step),
        }
    }
}

impl From<f64> for LearningRate {
    fn from(rate: f64) -> Self {
        LearningRate::Constant(rate)
    }
}

impl<S: Schedule + 'static> From<S> for LearningRate {
    fn from(schedule: S) -> Self {
        LearningRate::Schedule(Arc::new(schedule))
    }
}

/// Schedules are equal when they describe themselves equally.
impl PartialEq for LearningRate {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (LearningRate::Constant(a), LearningRate::Constant(b)) => a == b,
            (LearningRate::Schedule(a), LearningRate::Schedule(b)) => {
                Arc::ptr_eq(a, b)
                    || a.class_name() == b.class_name() && a.config().is_ok_and(|a| b.config().is_ok_and(|b| a == b))
            }
            _ => false,
        }
    }
}

impl Serialize for LearningRate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            LearningRate::Constant(rate) => serializer.serialize_f64(*rate),
            LearningRate::Schedule(schedule) => {
                let config = schedule.config().map_err(serde::ser::Error::custom)?;
                serde_json::json!({ "class_name": schedule.class_name(), "config": config }).serialize(serializer)
            }
        }
    }
}

impl<'de> Deserialize<'de> for LearningRate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        f64::deserialize(deserializer).map(LearningRate::Constant)
    }
}
