//! The declaration of a family's items.

/// Declares a family: its items, each in one line with its file, how they are looked up, and how users' are registered.
///
/// ```text
/// family! {
///     /// Documentation of `get`.
///     Loss<T>: "loss", T::losses(), snake_case, ALIASES;
///     /// Documentation of the method of `Registry`.
///     registered by loss;
///     huber: Huber;
/// }
/// ```
///
/// In the first line is the trait, the word for messages, the list as it is compiled in this crate, the other spelling of class
/// names, and other names that Keras accepts. `[also …]` before the items adds to the implementation of [`Family`]; `[groups …]` names folders
/// whose items are listed with [`group!`].
macro_rules! family {
    (
        $(#[$meta:meta])*
        $family:ident $(<$t:ident>)?: $kind:literal, $list:expr, $spelled:path, $aliases:expr;
        $(#[$registered:meta])* registered by $method:ident;
        $([also $($also:tt)*])?
        $([groups $($group:ident),+])?
        $($file:ident: $($item:ident $(<$e:ident>)?),+;)+
    ) => {
        $($(mod $group; pub use $group::items::*;)+)?
        $(mod $file;)+
        $(pub use $file::{$($item),+};)+

        /// Only the items of the family.
        pub(crate) mod items {
            #[allow(unused_imports, unreachable_pub)] // names of some families would clash in the prelude
            pub use super::{$($($item),+),+};
            $($(#[allow(unused_imports)] pub use super::$group::items::*;)+)?
        }

        /// Every item of the family, by its name.
        pub(crate) fn all $(<$t: $crate::Scalar>)?() -> Vec<$crate::items::ItemEntry<dyn $family $(<$t>)?>> {
            #[allow(unused_mut)]
            let mut entries: Vec<$crate::items::ItemEntry<dyn $family $(<$t>)?>> = $crate::items::entries![$($($item $(<$e>)?),+),+];
            $($(entries.extend($group::all());)+)?
            entries
        }

        $(#[$meta])*
        ///
        /// # Errors
        ///
        /// [`Error::Unknown`](crate::Error::Unknown) with the names that exist,
        /// [`Error::UnknownArgument`](crate::Error::UnknownArgument) with the arguments where the configuration has another
        /// key, [`Error::Configuration`](crate::Error::Configuration) for an argument that cannot be read.
        pub fn get $(<$t: $crate::Scalar>)?(
            name: &str,
            config: serde_json::Value,
        ) -> $crate::Result<std::sync::Arc<dyn $family $(<$t>)?>> {
            $crate::items::find($kind, &$list, $aliases, $spelled, name, config)
        }

        impl $(<$t: $crate::Scalar>)? $crate::items::Family for dyn $family $(<$t>)? {
            const KIND: &'static str = $kind;

            fn get(name: &str, config: serde_json::Value) -> $crate::Result<std::sync::Arc<Self>> {
                get(name, config)
            }

            fn names() -> Vec<&'static str> {
                $list.iter().map(|entry| entry.name).collect()
            }

            fn is_built_in(item: &Self) -> bool {
                $crate::items::family::is_built_in(&$list, item)
            }

            fn adopt(item: std::sync::Arc<Self>) -> std::sync::Arc<Self> {
                $crate::items::adopted(&$list, item, |item| item)
            }

            $($($also)*)?
        }

        impl<$($t: $crate::Scalar,)? V: $family $(<$t>)?> $crate::items::IntoShared<dyn $family $(<$t>)?, $crate::items::marker::ByValue> for V {
            fn into_shared(self) -> std::sync::Arc<dyn $family $(<$t>)?> {
                $crate::items::IntoShared::into_shared(std::sync::Arc::new(self) as std::sync::Arc<dyn $family $(<$t>)?>)
            }
        }

        impl<$($t: $crate::Scalar,)? V: $family $(<$t>)?>
            $crate::items::IntoShared<dyn $family $(<$t>)?, $crate::items::marker::PointerToValue> for std::sync::Arc<V>
        {
            fn into_shared(self) -> std::sync::Arc<dyn $family $(<$t>)?> {
                $crate::items::IntoShared::into_shared(self as std::sync::Arc<dyn $family $(<$t>)?>)
            }
        }

        impl<T: $crate::Scalar> $crate::items::registry::Registry<T> {
            $(#[$registered])*
            ///
            /// `make` gets the configuration, `null` where the file has none; what it returns as an error is what
            /// loading returns.
            #[must_use]
            pub fn $method<I: $family $(<$t>)?>(
                self,
                class_name: impl Into<String>,
                make: impl Fn(serde_json::Value) -> $crate::Result<I> + Send + Sync + 'static,
            ) -> Self {
                self.with::<dyn $family $(<$t>)?>(
                    class_name.into(),
                    std::sync::Arc::new(move |config| make(config).map(|item| std::sync::Arc::new(item) as _)),
                )
            }
        }
    };
}
pub(crate) use family;

/// The items of one folder of a family: `group! { Layer<T>: dropout: Dropout; … }`.
macro_rules! group {
    ($family:ident<$t:ident>: $($file:ident: $($item:ident $(<$e:ident>)?),+;)+) => {
        $(mod $file;)+

        pub(crate) mod items {
            $(pub use super::$file::{$($item),+};)+
        }
        use items::*;

        pub(super) fn all<$t: $crate::Scalar>() -> Vec<$crate::items::ItemEntry<dyn $family<$t>>> {
            $crate::items::entries![$($($item $(<$e>)?),+),+]
        }
    };
}
pub(crate) use group;

/// The entries of items.
macro_rules! entries {
    ($($item:ty),* $(,)?) => {
        vec![$($crate::items::ItemEntry {
            name: <$item as $crate::items::arguments::Declared>::DECLARATION.class,
            make: |config| match <$item as $crate::items::arguments::Declared>::read(config) {
                Ok(item) => Ok(std::sync::Arc::new(item)),
                Err(error) => Err(error),
            },
            adopt: |value| match value.downcast_ref::<$item>() {
                Some(item) => Some(std::sync::Arc::new(item.clone())),
                None => None,
            },
        }),*]
    };
}
pub(crate) use entries;
