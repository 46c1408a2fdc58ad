//! Mean and variance of a `Normalization`, which Keras holds as numbers of the model's type.

use crate::Scalar;
use serde_json::{Map, Value, json};

/// Rounds both to the model's type.
///
/// Keras computes with the rounded ones, so a model computes the same on either side of a file. The error is a number that the
/// type does not hold.
pub(super) fn round<T: Scalar>(arguments: &mut Map<String, Value>) -> Result<(), String> {
    for name in ["mean", "variance"] {
        if let Some(value) = arguments.get_mut(name) {
            each(value, &|number| T::of(number).to_f64()).map_err(|number| {
                format!("its {name} {number:e} exceeds the type of the model's numbers; scale the column down before")
            })?;
        }
    }
    Ok(())
}

/// Replaces the number, or every number of the list; the first that becomes infinite is the error.
fn each(value: &mut Value, of: &impl Fn(f64) -> f64) -> Result<(), f64> {
    match value {
        Value::Array(list) => list.iter_mut().try_for_each(|one| each(one, of)),
        _ => match value.as_f64() {
            Some(number) if of(number).is_infinite() => Err(number),
            Some(number) => {
                *value = json!(of(number));
                Ok(())
            }
            None => Ok(()),
        },
    }
}
