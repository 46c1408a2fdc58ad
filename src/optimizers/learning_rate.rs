use super::schedules::Schedule;
use crate::Result;
use crate::items::argument::Argument;
use crate::items::range::{Range, Ranged};
use crate::items::{ArgumentValue, IntoShared, ItemConfig, Read, Unreadable, describe, marker};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::Value;
use std::sync::Arc;

/// The learning rate of an optimizer: a number, or a schedule over its steps.
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra::optimizers::schedules::ExponentialDecay;
///
/// let steady = Adam.learning_rate(0.01);
/// let falling = Adam.learning_rate(ExponentialDecay::new(0.01, 1000, 0.9));
/// ```
///
/// An optimizer takes it as an [`IntoLearningRate`].
#[derive(Debug, Clone)]
pub enum LearningRate {
    /// A constant rate, unless a callback changes it.
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

/// The first step's.
impl Ranged for LearningRate {
    fn out_of(&self, range: Range) -> Option<(String, String)> {
        self.at(0).out_of(range)
    }
}

impl Argument for LearningRate {
    fn write(&self) -> ArgumentValue {
        match self {
            LearningRate::Constant(rate) => rate.write(),
            LearningRate::Schedule(schedule) => describe(&**schedule),
        }
    }

    fn read(value: Value) -> Read<Self> {
        if let Some(rate) = value.as_f64() {
            return Ok(LearningRate::Constant(rate));
        }
        // A string is the name of a schedule without required arguments, possibly a user-defined one.
        let is_schedule = value.is_object() || value.as_str().is_some_and(|name| name.parse::<f64>().is_err());
        if !is_schedule {
            let expected = "expected a number, or a schedule as {\"class_name\": …, \"config\": …}";
            return Err(Unreadable::Value(format!("{expected}, not {value}")));
        }
        Ok(LearningRate::Schedule(ItemConfig::read(value)?.get()?))
    }

    fn check(&self) -> Result<()> {
        match self {
            LearningRate::Constant(_) => Ok(()),
            LearningRate::Schedule(schedule) => schedule.check(),
        }
    }

    fn beyond(&self, range: Range) -> Option<(String, String)> {
        self.out_of(range)
    }
}

/// Writes the form of a configuration: a number, or `{"class_name": …, "config": …}`.
impl Serialize for LearningRate {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        self.write().map_err(ser::Error::custom)?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for LearningRate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        Self::read(Value::deserialize(deserializer)?).map_err(de::Error::custom)
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

impl From<Arc<dyn Schedule>> for LearningRate {
    fn from(schedule: Arc<dyn Schedule>) -> Self {
        LearningRate::Schedule(schedule)
    }
}

/// Values that denote a learning rate: an `f64`, a schedule, one in an [`Arc`], or a [`LearningRate`].
///
/// A schedule is not given by its name, since each has required arguments. `M` distinguishes the implementations and is
/// never written.
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra::optimizers::schedules;
/// use serde_json::json;
///
/// let schedule = schedules::get("CosineDecay", json!({ "initial_learning_rate": 0.01, "decay_steps": 1000 }))?;
/// let adam = Adam.learning_rate(schedule);
/// assert_eq!(adam.learning_rate.at(1000), 0.0);
/// # Ok::<(), perceptra::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a learning rate",
    label = "neither an `f64` nor a schedule",
    note = "pass a number such as `0.01`, or a schedule such as `CosineDecay::new(0.01, 1000)`; a name \
            does not denote a schedule, as each has required arguments"
)]
pub trait IntoLearningRate<M> {
    /// The learning rate.
    fn into_learning_rate(self) -> LearningRate;
}

impl IntoLearningRate<marker::ByValue> for f64 {
    fn into_learning_rate(self) -> LearningRate {
        LearningRate::Constant(self)
    }
}

impl IntoLearningRate<marker::Converted> for LearningRate {
    fn into_learning_rate(self) -> LearningRate {
        self
    }
}

impl<M, S: IntoShared<dyn Schedule, M>> IntoLearningRate<marker::Shared<M>> for S {
    fn into_learning_rate(self) -> LearningRate {
        LearningRate::Schedule(self.into_shared())
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

#[cfg(test)]
mod tests {
    use super::super::schedules::CosineDecay;
    use super::*;

    #[test]
    fn numbers_and_schedules_are_restored_from_their_description() {
        for rate in [LearningRate::from(0.25), CosineDecay::new(0.1, 50).warmup_target(0.2).warmup_steps(5).into()] {
            let text = serde_json::to_string(&rate).unwrap();
            assert_eq!(serde_json::from_str::<LearningRate>(&text).unwrap(), rate);
        }
    }

    #[test]
    fn keras_s_description_is_read() {
        let keras = r#"{"module": "keras.optimizers.schedules", "class_name": "PolynomialDecay", "registered_name": null,
            "config": {"initial_learning_rate": 0.1, "decay_steps": 40, "end_learning_rate": 0.0001, "power": 1.0,
                       "cycle": false}}"#;
        let rate: LearningRate = serde_json::from_str(keras).unwrap();
        assert_eq!(rate.at(40), 0.0001);
        let misspelled = keras.replace("power", "powr");
        let error = serde_json::from_str::<LearningRate>(&misspelled).unwrap_err().to_string();
        assert!(error.contains("PolynomialDecay has no argument \"powr\"; did you mean \"power\"?"), "{error}");
        for (wrong, expected) in [
            ("null", "expected a number, or a schedule as {\"class_name\": …, \"config\": …}, not null"),
            ("\"0.1\"", ", not \"0.1\""),
            ("{\"class_name\": \"Cosine\", \"config\": {}}", "there is no schedule \"Cosine\""),
            ("{\"class_name\": \"CosineDecay\"}", "lacks \"initial_learning_rate\" and \"decay_steps\""),
            ("\"CosineDecay\"", "CosineDecay cannot be read: it lacks \"initial_learning_rate\" and \"decay_steps\""),
            ("\"CosineDecy\"", "did you mean \"CosineDecay\"?"),
        ] {
            let error = serde_json::from_str::<LearningRate>(wrong).unwrap_err().to_string();
            assert!(error.contains(expected), "{wrong}: {error}");
        }
    }

    #[test]
    fn every_form_of_a_schedule_is_taken() {
        use crate::optimizers::Adam;
        let cosine = CosineDecay::new(0.1, 50);
        let shared: Arc<dyn Schedule> = Arc::new(cosine.clone());
        let expected = LearningRate::from(cosine.clone());
        assert_eq!(LearningRate::from(shared.clone()), expected);
        for adam in [
            Adam.learning_rate(cosine.clone()),
            Adam.learning_rate(shared),
            Adam.learning_rate(Arc::new(cosine)),
            Adam.learning_rate(expected.clone()),
        ] {
            assert_eq!(adam.learning_rate, expected);
        }
        assert_eq!(Adam.learning_rate(0.5).learning_rate, LearningRate::Constant(0.5));
    }
}
