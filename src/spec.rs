//! Plain values that describe a layer, an activation, a loss…: what a user writes and a file stores.

use crate::{Error, Result};
use serde_json::Value;
use std::any::Any;
use std::fmt::Debug;
use std::sync::Arc;

/// What every described item can say about itself.
///
/// An item of your own needs nothing but an empty `impl Spec for Mine {}` to be used; it can be saved once it
/// returns its configuration, and be read back once its name is registered.
pub trait Spec: Any + Debug + Send + Sync {
    /// The name of the kind of item: Keras's class name, or the name of its activation function.
    ///
    /// Defaults to the name of the Rust type.
    fn class_name(&self) -> String {
        let path = std::any::type_name::<Self>();
        let plain = path.split('<').next().unwrap_or(path);
        plain.rsplit("::").next().unwrap_or(plain).to_string()
    }

    /// The arguments by name, under Keras's names.
    ///
    /// # Errors
    ///
    /// [`Error::NotSerializable`] unless the item says otherwise: a closure has no description.
    /// `Ok(json!({}))` describes an item without arguments.
    fn config(&self) -> Result<Value> {
        Err(Error::NotSerializable {
            item: self.class_name(),
            reason: format!(
                "it does not describe itself; return its arguments from Spec::config, Ok(json!({{}})) if it has none, and \
                 name it in the Registry that loads it, or {WEIGHTS_ALONE}"
            ),
        })
    }

    /// Whether the arguments lie in their ranges. Called before the item is used.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] names the argument, its value and the range.
    fn check(&self) -> Result<()> {
        Ok(())
    }
}

/// A name that stands for an item with its defaults: `Dense::new(12, "relu")`.
impl Spec for &'static str {
    fn class_name(&self) -> String {
        (*self).to_string()
    }

    fn config(&self) -> Result<Value> {
        Ok(Value::Null)
    }
}

/// An item behind a shared pointer, such as one made by its name, to be passed where an item is expected.
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra::{optimizers, spec::Shared};
/// use serde_json::json;
///
/// let optimizer = optimizers::get("adam", json!({ "learning_rate": 0.01 }))?;
/// let model = Sequential::new().add(Dense::new(1, Sigmoid)).compile(Shared(optimizer), BinaryCrossentropy, ());
/// assert_eq!(model.learning_rate(), 0.01);
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug)]
pub struct Shared<I: ?Sized>(pub Arc<I>);

impl<I: ?Sized> Clone for Shared<I> {
    fn clone(&self) -> Self {
        Shared(self.0.clone())
    }
}

impl<I: Spec + ?Sized> Spec for Shared<I> {
    fn class_name(&self) -> String {
        self.0.class_name()
    }

    fn config(&self) -> Result<Value> {
        self.0.config()
    }

    fn check(&self) -> Result<()> {
        self.0.check()
    }
}

/// The error for an item that computes a closure; `family` is the trait that a type would implement in its place.
pub(crate) fn closure(item: String, family: &str) -> Error {
    let reason = format!(
        "it computes a closure, which a file cannot hold; implement {family}, and config of Spec, for a type of your own, \
         and name it in the Registry that loads it, or {WEIGHTS_ALONE}"
    );
    Error::NotSerializable { item, reason }
}

/// What is left where a model cannot be described.
const WEIGHTS_ALONE: &str = "save the weights alone with save_weights (in a ModelCheckpoint save_weights_only), and load them into a model that \
     is built by the same code";

/// The error for an argument out of its range.
pub(crate) fn invalid(
    item: &dyn Spec,
    argument: &'static str,
    value: impl ToString,
    expected: impl Into<String>,
) -> Error {
    Error::argument(item.class_name(), argument, value, expected)
}

/// `CamelCase` as `snake_case`, as Keras forms the names of layers and metrics.
pub(crate) fn snake_case(class_name: &str) -> String {
    let letters: Vec<char> = class_name.chars().collect();
    let mut name = String::with_capacity(letters.len() + 4);
    for (i, &letter) in letters.iter().enumerate() {
        let after_small = i > 0 && letters[i - 1].is_lowercase();
        let before_small = i > 0 && letters.get(i + 1).is_some_and(|next| next.is_lowercase());
        if letter.is_uppercase() && (after_small || before_small) && !name.ends_with('_') {
            name.push('_');
        }
        name.extend(letter.to_lowercase());
    }
    name
}

/// Declares an item with arguments: the struct, a constant of the same name that holds the defaults (so the
/// bare name can be used as a value), a setter for each argument, and its description.
///
/// `Option<X>` is set with an `X`; `Vec<X>`, `Option<Vec<X>>`, `LearningRate`, `Alpha` and `Thresholds` with anything
/// that converts into them, texts as they are written.
macro_rules! spec {
    ($(#[$meta:meta])* pub struct $name:ident: $class:literal { $($body:tt)* }) => {
        $crate::spec::spec!(@struct [$(#[$meta])*] $name { $($body)* });
        $crate::spec::spec!(@described $name $class);
        $crate::spec::spec!(@setters $name $($body)*);
    };
    ($(#[$meta:meta])* pub struct $name:ident: $class:literal checked by $check:ident { $($body:tt)* }) => {
        $crate::spec::spec!(@struct [$(#[$meta])*] $name { $($body)* });
        $crate::spec::spec!(@described $name $class $check);
        $crate::spec::spec!(@setters $name $($body)*);
    };
    (@struct [$(#[$meta:meta])*] $name:ident {
        $($(#[$doc:meta])* $field:ident: $type:ty = $default:expr),* $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name { $($(#[$doc])* pub $field: $type),* }

        #[doc = concat!("[`", stringify!($name), "`](struct@", stringify!($name), ") with its defaults.")]
        #[allow(non_upper_case_globals)]
        pub const $name: $name = $name { $($field: $default),* };

        impl Default for $name {
            fn default() -> Self {
                $name
            }
        }

        impl $crate::arguments::Described for $name {
            const NAMES: &'static [&'static str] = &[$(stringify!($field)),*];

            fn write(&self, arguments: &mut $crate::arguments::Arguments) -> serde_json::Result<()> {
                $(arguments.write(stringify!($field), &self.$field)?;)*
                let _ = arguments;
                Ok(())
            }

            fn read(&mut self, arguments: &mut $crate::arguments::Arguments) -> serde_json::Result<()> {
                $(arguments.read(stringify!($field), &mut self.$field)?;)*
                let _ = arguments;
                Ok(())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
                $crate::arguments::serialize(self, serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
                $crate::arguments::deserialize(deserializer)
            }
        }
    };
    (@described $name:ident $class:literal $($check:ident)?) => {
        impl $crate::spec::Spec for $name {
            fn class_name(&self) -> String {
                $class.into()
            }

            fn config(&self) -> $crate::Result<serde_json::Value> {
                $crate::arguments::config(self)
            }

            $(fn check(&self) -> $crate::Result<()> {
                self.$check()
            })?
        }
    };
    (@setters $name:ident) => {};
    (@setters $name:ident $(#[$doc:meta])* $field:ident: Option<Vec<$type:ty>> = $default:expr $(, $($rest:tt)*)?) => {
        impl $name {
            $(#[$doc])*
            #[must_use]
            pub fn $field(mut self, $field: impl Into<Vec<$type>>) -> Self {
                self.$field = Some($field.into());
                self
            }
        }
        $crate::spec::spec!(@setters $name $($($rest)*)?);
    };
    (@setters $name:ident $(#[$doc:meta])* $field:ident: Option<String> = $default:expr $(, $($rest:tt)*)?) => {
        impl $name {
            $(#[$doc])*
            #[must_use]
            pub fn $field(mut self, $field: impl Into<String>) -> Self {
                self.$field = Some($field.into());
                self
            }
        }
        $crate::spec::spec!(@setters $name $($($rest)*)?);
    };
    (@setters $name:ident $(#[$doc:meta])* $field:ident: Option<$type:ty> = $default:expr $(, $($rest:tt)*)?) => {
        impl $name {
            $(#[$doc])*
            #[must_use]
            pub fn $field(mut self, $field: $type) -> Self {
                self.$field = Some($field);
                self
            }
        }
        $crate::spec::spec!(@setters $name $($($rest)*)?);
    };
    (@setters $name:ident $(#[$doc:meta])* $field:ident: Vec<String> = $default:expr $(, $($rest:tt)*)?) => {
        impl $name {
            $(#[$doc])*
            #[must_use]
            pub fn $field(mut self, $field: impl IntoIterator<Item = impl Into<String>>) -> Self {
                self.$field = $field.into_iter().map(Into::into).collect();
                self
            }
        }
        $crate::spec::spec!(@setters $name $($($rest)*)?);
    };
    (@setters $name:ident $(#[$doc:meta])* $field:ident: Vec<$type:ty> = $default:expr $(, $($rest:tt)*)?) => {
        impl $name {
            $(#[$doc])*
            #[must_use]
            pub fn $field(mut self, $field: impl Into<Vec<$type>>) -> Self {
                self.$field = $field.into();
                self
            }
        }
        $crate::spec::spec!(@setters $name $($($rest)*)?);
    };
    (@setters $name:ident $(#[$doc:meta])* $field:ident: LearningRate = $default:expr $(, $($rest:tt)*)?) => {
        impl $name {
            $(#[$doc])*
            #[must_use]
            pub fn $field(mut self, $field: impl Into<LearningRate>) -> Self {
                self.$field = $field.into();
                self
            }
        }
        $crate::spec::spec!(@setters $name $($($rest)*)?);
    };
    (@setters $name:ident $(#[$doc:meta])* $field:ident: Alpha = $default:expr $(, $($rest:tt)*)?) => {
        impl $name {
            $(#[$doc])*
            #[must_use]
            pub fn $field(mut self, $field: impl Into<Alpha>) -> Self {
                self.$field = $field.into();
                self
            }
        }
        $crate::spec::spec!(@setters $name $($($rest)*)?);
    };
    (@setters $name:ident $(#[$doc:meta])* $field:ident: Thresholds = $default:expr $(, $($rest:tt)*)?) => {
        impl $name {
            $(#[$doc])*
            #[must_use]
            pub fn $field(mut self, $field: impl Into<Thresholds>) -> Self {
                self.$field = $field.into();
                self
            }
        }
        $crate::spec::spec!(@setters $name $($($rest)*)?);
    };
    (@setters $name:ident $(#[$doc:meta])* $field:ident: $type:ty = $default:expr $(, $($rest:tt)*)?) => {
        impl $name {
            $(#[$doc])*
            #[must_use]
            pub fn $field(mut self, $field: $type) -> Self {
                self.$field = $field;
                self
            }
        }
        $crate::spec::spec!(@setters $name $($($rest)*)?);
    };
}
pub(crate) use spec;

/// The serialized form of a plain item.
pub(crate) fn to_value<I: Spec + serde::Serialize>(item: &I) -> Result<Value> {
    serde_json::to_value(item)
        .map_err(|error| Error::NotSerializable { item: item.class_name(), reason: error.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snake_case_is_keras_s() {
        for (class, name) in [
            ("Dense", "dense"),
            ("BatchNormalization", "batch_normalization"),
            ("ReLU", "re_lu"),
            ("AUC", "auc"),
            ("F1Score", "f1_score"),
            ("PReLU", "p_re_lu"),
            ("FalsePositives", "false_positives"),
            ("L1L2", "l1l2"),
            ("RMSprop", "rm_sprop"),
        ] {
            assert_eq!(snake_case(class), name);
        }
    }
}
