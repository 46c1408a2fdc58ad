//! Schedules by Keras's names.

use super::{
    CosineDecay, CosineDecayRestarts, ExponentialDecay, InverseTimeDecay, PiecewiseConstantDecay, PolynomialDecay,
    Schedule,
};
use crate::arguments::field_names;
use crate::registry::{Entry, adopt, find};
use crate::{Error, Result};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::sync::Arc;

/// Every schedule of the crate.
pub(crate) fn all() -> Vec<Entry<dyn Schedule>> {
    macro_rules! entries {
        ($($schedule:ident),*) => {
            vec![$(Entry {
                name: stringify!($schedule).into(),
                make: |config| Ok(Arc::new(read::<$schedule>(stringify!($schedule), config)?)),
                adopt: |value| adopt::<$schedule, _>(value, |schedule| Arc::new(schedule)),
            }),*]
        };
    }
    entries![
        CosineDecay,
        CosineDecayRestarts,
        ExponentialDecay,
        InverseTimeDecay,
        PiecewiseConstantDecay,
        PolynomialDecay
    ]
}

/// A schedule from its configuration; unlike the items of other families it has arguments without a default.
fn read<S: DeserializeOwned>(name: &str, config: Value) -> Result<S> {
    let known = field_names::<S>();
    let mut given = config.as_object().into_iter().flat_map(|arguments| arguments.keys());
    if let Some(unknown) = given.find(|given| !known.contains(&given.as_str())) {
        return Err(Error::unknown_argument(name, unknown, known.iter().copied()));
    }
    serde_json::from_value(config)
        .map_err(|error| Error::Configuration { item: name.into(), reason: error.to_string() })
}

/// The schedule of Keras's class name, with arguments under Keras's names.
///
/// ```
/// use perceptra::optimizers::schedules;
/// use serde_json::json;
///
/// let config = json!({ "initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5 });
/// let schedule = schedules::get("ExponentialDecay", config)?;
/// assert_eq!(schedule.at(20), 0.025);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Unknown`] lists the names that exist, [`Error::UnknownArgument`] the arguments where the configuration has
/// another key, also one that Keras writes and that has no meaning here; [`Error::Configuration`] says what is wrong with
/// an argument.
pub fn get(name: &str, config: Value) -> Result<Arc<dyn Schedule>> {
    find("schedule", &all(), &[], name, config)
}
