//! Regularizers: penalties on weights or outputs that are added to the loss.
//!
//! Each is a value with its arguments, `L2.l2(1e-4)`, or a name, `"l2"`. A user-defined one implements [`Regularizer`].

mod elastic;
mod regularizer;

use crate::items::{family, snake_case};

pub use orthogonal_regularizer::OrthogonalMode;
pub use regularizer::Regularizer;

// One line for each item: its file and its names.
family! {
    /// The regularizer of Keras's class name or its snake-case form, with arguments under Keras's names; `null` takes
    /// the defaults.
    Regularizer<T>: "regularizer", T::regularizers(), snake_case, &[("l1_l2", "L1L2")];
    /// Adds a regularizer.
    registered by regularizer;
    l1: L1;
    l1_l2: L1L2;
    l2: L2;
    orthogonal_regularizer: OrthogonalRegularizer;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::items::{IntoItem, Item};
    use serde_json::Value;

    #[test]
    fn keras_s_names_are_known() {
        for (name, class) in [("l1", "L1"), ("l2", "L2"), ("l1_l2", "L1L2"), ("L1L2", "L1L2")] {
            assert_eq!(get::<f32>(name, Value::Null).unwrap().class_name(), class);
        }
        let orthogonal = get::<f32>("orthogonal_regularizer", serde_json::json!({ "mode": "columns" })).unwrap();
        assert_eq!(orthogonal.config().unwrap()["mode"], "columns");
        assert!(get::<f32>("l3", Value::Null).is_err());
        let named: Item<dyn Regularizer<f32>> = "l2".into_item();
        assert_eq!(named.checked().unwrap().class_name(), "L2");
        let wrong: Item<dyn Regularizer<f32>> = L2.l2(-1.0).into_item();
        assert!(wrong.checked().is_err());
    }
}
