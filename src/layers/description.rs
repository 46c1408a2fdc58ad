//! How a layer is declared.

/// Declares a layer: the struct with its arguments and [`LayerOptions`](super::LayerOptions), a setter for each
/// argument that has a default, and its configuration, written and read.
///
/// The arguments in parentheses have no default; the layer's own `new` takes them and calls `with`. An argument
/// of type `Arc<dyn Item<T>>` is set with any value that is such an item, `Option<X>` with an `X`, lists, `Numbers` and
/// `Salt` with what converts into them.
macro_rules! layer {
    ($(#[$meta:meta])* pub struct $name:ident $(<$t:ident>)?: $class:literal
        of ($($given:ident: $given_type:ty),* $(,)?) $(checked by $check:ident)? { $($body:tt)* }) => {
        $crate::layers::description::layer!(
            @described [$(#[$meta])*] $name [$($t)?] $class ($($given: $given_type),*) [$($check)?] { $($body)* }
        );
        $crate::layers::description::layer!(@setters $name [$($t)?] $($body)*);
        $crate::layers::layer::layer_options!($name $(<$t>)?);
    };
    (@described [$(#[$meta:meta])*] $name:ident [$($t:ident)?] $class:literal
        ($($given:ident: $given_type:ty),*) [$($check:ident)?]
        { $($(#[$doc:meta])* $field:ident: $type:ty = $default:expr),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone)]
        pub struct $name $(<$t: $crate::Scalar = f32>)? {
            $($given: $given_type,)*
            $($field: $type,)*
            options: $crate::layers::LayerOptions,
        }

        impl $(<$t: $crate::Scalar>)? $name $(<$t>)? {
            /// With defaults for everything that has one.
            fn with($($given: $given_type),*) -> Self {
                $name { $($given,)* $($field: $default,)* options: $crate::layers::LayerOptions::default() }
            }

            /// From its configuration.
            pub(crate) fn read(config: serde_json::Value) -> $crate::Result<Self> {
                let names = [$(stringify!($given),)* $(stringify!($field),)*];
                let mut arguments = $crate::layers::argument::Arguments::new($class, &names, config)?;
                $(let $given: $given_type = arguments.required(stringify!($given))?;)*
                #[allow(unused_mut)] // a layer without arguments of its own
                let mut layer = Self::with($($given),*);
                $(layer.$field = arguments.optional(stringify!($field), layer.$field)?;)*
                layer.options = arguments.options()?;
                Ok(layer)
            }
        }

        impl $(<$t: $crate::Scalar>)? $crate::spec::Spec for $name $(<$t>)? {
            fn class_name(&self) -> String {
                $class.into()
            }

            fn config(&self) -> $crate::Result<serde_json::Value> {
                #[allow(unused_imports)] // a layer without arguments of its own
                use $crate::layers::argument::Argument;
                #[allow(unused_mut)]
                let mut config = self.options.config();
                $(config.insert(stringify!($given).into(), self.$given.describe()?);)*
                $(config.insert(stringify!($field).into(), self.$field.describe()?);)*
                Ok(config.into())
            }

            $(fn check(&self) -> $crate::Result<()> {
                self.$check()
            })?
        }
    };
    (@setters $name:ident [$($t:ident)?]) => {};
    (@setters $name:ident [$($t:ident)?] $(#[$doc:meta])* $field:ident: Arc<dyn $item:ident<$e:ident>> = $default:expr
        $(, $($rest:tt)*)?) => {
        impl<$e: $crate::Scalar> $name<$e> {
            $(#[$doc])*
            #[must_use]
            pub fn $field(mut self, $field: impl $item<$e> + 'static) -> Self {
                self.$field = std::sync::Arc::new($field);
                self
            }
        }
        $crate::layers::description::layer!(@setters $name [$($t)?] $($($rest)*)?);
    };
    (@setters $name:ident [$($t:ident)?] $(#[$doc:meta])*
        $field:ident: Option<Arc<dyn $item:ident<$e:ident>>> = $default:expr $(, $($rest:tt)*)?) => {
        impl<$e: $crate::Scalar> $name<$e> {
            $(#[$doc])*
            #[must_use]
            pub fn $field(mut self, $field: impl $item<$e> + 'static) -> Self {
                self.$field = Some(std::sync::Arc::new($field));
                self
            }
        }
        $crate::layers::description::layer!(@setters $name [$($t)?] $($($rest)*)?);
    };
    (@setters $name:ident [$($t:ident)?] $(#[$doc:meta])* $field:ident: Numbers = $default:expr
        $(, $($rest:tt)*)?) => {
        impl $(<$t: $crate::Scalar>)? $name $(<$t>)? {
            $(#[$doc])*
            #[must_use]
            pub fn $field(mut self, $field: impl Into<Numbers>) -> Self {
                self.$field = $field.into();
                self
            }
        }
        $crate::layers::description::layer!(@setters $name [$($t)?] $($($rest)*)?);
    };
    (@setters $name:ident [$($t:ident)?] $(#[$doc:meta])* $field:ident: Option<Numbers> = $default:expr
        $(, $($rest:tt)*)?) => {
        impl $(<$t: $crate::Scalar>)? $name $(<$t>)? {
            $(#[$doc])*
            #[must_use]
            pub fn $field(mut self, $field: impl Into<Numbers>) -> Self {
                self.$field = Some($field.into());
                self
            }
        }
        $crate::layers::description::layer!(@setters $name [$($t)?] $($($rest)*)?);
    };
    (@setters $name:ident [$($t:ident)?] $(#[$doc:meta])* $field:ident: Option<Salt> = $default:expr
        $(, $($rest:tt)*)?) => {
        impl $(<$t: $crate::Scalar>)? $name $(<$t>)? {
            $(#[$doc])*
            #[must_use]
            pub fn $field(mut self, $field: impl Into<Salt>) -> Self {
                self.$field = Some($field.into());
                self
            }
        }
        $crate::layers::description::layer!(@setters $name [$($t)?] $($($rest)*)?);
    };
    (@setters $name:ident [$($t:ident)?] $(#[$doc:meta])* $field:ident: Option<Vec<$type:ty>> = $default:expr
        $(, $($rest:tt)*)?) => {
        impl $(<$t: $crate::Scalar>)? $name $(<$t>)? {
            $(#[$doc])*
            #[must_use]
            pub fn $field(mut self, $field: impl Into<Vec<$type>>) -> Self {
                self.$field = Some($field.into());
                self
            }
        }
        $crate::layers::description::layer!(@setters $name [$($t)?] $($($rest)*)?);
    };
    (@setters $name:ident [$($t:ident)?] $(#[$doc:meta])* $field:ident: Option<$type:ty> = $default:expr
        $(, $($rest:tt)*)?) => {
        impl $(<$t: $crate::Scalar>)? $name $(<$t>)? {
            $(#[$doc])*
            #[must_use]
            pub fn $field(mut self, $field: $type) -> Self {
                self.$field = Some($field);
                self
            }
        }
        $crate::layers::description::layer!(@setters $name [$($t)?] $($($rest)*)?);
    };
    (@setters $name:ident [$($t:ident)?] $(#[$doc:meta])* $field:ident: $type:ty = $default:expr
        $(, $($rest:tt)*)?) => {
        impl $(<$t: $crate::Scalar>)? $name $(<$t>)? {
            $(#[$doc])*
            #[must_use]
            pub fn $field(mut self, $field: $type) -> Self {
                self.$field = $field;
                self
            }
        }
        $crate::layers::description::layer!(@setters $name [$($t)?] $($($rest)*)?);
    };
}
pub(crate) use layer;
