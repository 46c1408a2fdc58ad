//! Constraints by Keras's names.

use super::Constraint;
use crate::initializers::Shape;
use crate::registry::{adopted, find};
use crate::spec::snake_case;
use crate::{Result, Scalar};
use serde_json::Value;
use std::sync::Arc;

/// The constraint of Keras's class name or its snake-case form, with arguments under Keras's names; `null` takes
/// the defaults.
///
/// # Errors
///
/// [`Error::Unknown`](crate::Error::Unknown) lists the names that exist,
/// [`Error::UnknownArgument`](crate::Error::UnknownArgument) the arguments where the configuration has another key;
/// [`Error::Configuration`](crate::Error::Configuration) says what is wrong with an argument.
pub fn get<T: Scalar>(name: &str, config: Value) -> Result<Arc<dyn Constraint<T>>> {
    let entries = T::constraints();
    let class = entries.iter().map(|entry| entry.name.clone()).find(|class| snake_case(class) == name);
    find("constraint", &entries, &[], class.as_deref().unwrap_or(name), config)
}

/// A name stands for what it names, anything else for itself; either way the arguments are checked.
pub(crate) fn resolve<T: Scalar>(constraint: &Arc<dyn Constraint<T>>) -> Result<Arc<dyn Constraint<T>>> {
    let resolved = constraint.named()?.unwrap_or_else(|| adopted(&T::constraints(), constraint, &**constraint));
    resolved.check()?;
    Ok(resolved)
}

/// A name, looked up when the model is built: `.kernel_constraint("non_neg")`.
impl<T: Scalar> Constraint<T> for &'static str {
    fn apply(&self, values: &mut [T], shape: Shape) {
        if let Ok(constraint) = get::<T>(self, Value::Null) {
            constraint.apply(values, shape);
        }
    }

    fn named(&self) -> Result<Option<Arc<dyn Constraint<T>>>> {
        get(self, Value::Null).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::constraints::items::*;

    #[test]
    fn keras_s_names_are_known() {
        for (name, class) in
            [("max_norm", "MaxNorm"), ("min_max_norm", "MinMaxNorm"), ("non_neg", "NonNeg"), ("unit_norm", "UnitNorm")]
        {
            assert_eq!(get::<f32>(name, Value::Null).unwrap().class_name(), class);
            assert_eq!(get::<f32>(class, serde_json::json!({})).unwrap().class_name(), class);
        }
        assert!(get::<f32>("max", Value::Null).is_err());
        let named: Arc<dyn Constraint<f32>> = Arc::new("unit_norm");
        assert_eq!(resolve(&named).unwrap().class_name(), "UnitNorm");
    }

    #[test]
    fn arguments_and_shapes_that_do_not_fit_are_refused() {
        let wrong: [Arc<dyn Constraint<f32>>; 5] = [
            Arc::new(MaxNorm.max_value(-1.0)),
            Arc::new(MinMaxNorm.min_value(2.0)),
            Arc::new(MinMaxNorm.rate(1.5)),
            Arc::new(UnitNorm.axis(2)),
            Arc::new("unit"),
        ];
        assert!(wrong.iter().all(|constraint| resolve(constraint).is_err()));
        let rows = UnitNorm.axis(1);
        assert!(Constraint::<f32>::check_shape(&rows, Shape::vector(3)).is_err());
        assert!(Constraint::<f32>::check_shape(&rows, Shape::matrix(3, 1)).is_ok());
    }
}
