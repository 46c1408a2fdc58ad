//! Constraints: sets onto which weights are projected after every step of the optimizer.
//!
//! Each is a value with its arguments, `MaxNorm.max_value(3.0)`, or a name, `"max_norm"`. A user-defined one implements
//! [`Constraint`].

mod constraint;
mod norms;

use crate::items::{family, snake_case};

pub use constraint::Constraint;

// One line for each item: its file and its names.
family! {
    /// The constraint of Keras's class name or its snake-case form, with arguments under Keras's names; `null` takes
    /// the defaults.
    Constraint<T>: "constraint", T::constraints(), snake_case, &[];
    /// Adds a constraint.
    registered by constraint;
    max_norm: MaxNorm;
    min_max_norm: MinMaxNorm;
    monotone_kernel: MonotoneKernel;
    non_neg: NonNeg;
    unit_norm: UnitNorm;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::initializers::Shape;
    use crate::items::{IntoItem, Item};
    use serde_json::Value;

    #[test]
    fn keras_s_names_are_known() {
        for (name, class) in
            [("max_norm", "MaxNorm"), ("min_max_norm", "MinMaxNorm"), ("non_neg", "NonNeg"), ("unit_norm", "UnitNorm")]
        {
            assert_eq!(get::<f32>(name, Value::Null).unwrap().class_name(), class);
            assert_eq!(get::<f32>(class, serde_json::json!({})).unwrap().class_name(), class);
        }
        assert!(get::<f32>("max", Value::Null).is_err());
        let named: Item<dyn Constraint<f32>> = "unit_norm".into_item();
        assert_eq!(named.checked().unwrap().class_name(), "UnitNorm");
    }

    #[test]
    fn arguments_and_shapes_that_do_not_fit_are_refused() {
        let wrong: [Item<dyn Constraint<f32>>; 5] = [
            MaxNorm.max_value(-1.0).into_item(),
            MinMaxNorm.min_value(2.0).into_item(),
            MinMaxNorm.rate(1.5).into_item(),
            UnitNorm.axis(2).into_item(),
            "unit".into_item(),
        ];
        assert!(wrong.iter().all(|constraint| constraint.checked().is_err()));
        let rows = UnitNorm.axis(1);
        assert!(Constraint::<f32>::check_shape(&rows, Shape::vector(3)).is_err());
        assert!(Constraint::<f32>::check_shape(&rows, Shape::matrix(3, 1)).is_ok());
    }
}
