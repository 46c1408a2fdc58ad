use super::snapshot::Snapshot;
use crate::items::json::from_value;
use crate::{Error, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The values that a callback keeps from epoch to epoch, as a backup of the fit stores them.
///
/// The values are JSON, which preserves every finite number exactly but has neither NaN nor infinities. Weights that the
/// callback keeps belong in the snapshot, which is stored like the weights of the model.
///
/// ```
/// use perceptra::callbacks::CallbackState;
/// use serde_json::json;
///
/// let state = CallbackState::<f32>::new(json!({ "seen": 3, "best": 0.25 }))?;
/// let values: serde_json::Value = state.values()?;
/// assert_eq!(values["seen"], 3);
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct CallbackState<T> {
    pub(crate) values: Value,
    pub(crate) snapshot: Option<Snapshot<T>>,
}

impl<T> CallbackState<T> {
    /// Creates a state from a value of `json!` or of any type that derives `Serialize`.
    ///
    /// # Errors
    ///
    /// [`Error::Configuration`] for values that JSON cannot represent.
    pub fn new(values: impl Serialize) -> Result<Self> {
        let values = serde_json::to_value(values).map_err(|error| unreadable(error.to_string()))?;
        Ok(CallbackState { values, snapshot: None })
    }

    /// Sets the snapshot of weights; none by default.
    #[must_use]
    pub fn snapshot(mut self, snapshot: Option<Snapshot<T>>) -> Self {
        self.snapshot = snapshot;
        self
    }

    /// The values, as `serde_json::Value` or as any type that derives `Deserialize`.
    ///
    /// # Errors
    ///
    /// [`Error::Configuration`] for values that are not of this type.
    pub fn values<V: DeserializeOwned>(&self) -> Result<V> {
        from_value(self.values.clone()).map_err(unreadable)
    }

    /// The weights, if there are any.
    pub fn into_snapshot(self) -> Option<Snapshot<T>> {
        self.snapshot
    }
}

fn unreadable(reason: String) -> Error {
    Error::Configuration { item: "a callback's state".into(), reason }
}
