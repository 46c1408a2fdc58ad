//! The macro `item!`, which declares an item.

/// Declares an item. It generates the struct, a setter for each argument with a default, writing and reading of the configuration,
/// the range checks, and a table of the arguments in the documentation. The table states default and range, so comments on
/// arguments need not repeat them.
///
/// ```text
/// item! {
///     /// Documentation of the item.
///     pub struct Huber: "Huber" {
///         /// Documentation of the argument, of its field and of its setter.
///         delta: f64 [above 0] = 1.0,
///         reduction: Reduction = Reduction::SumOverBatchSize,
///     }
/// }
/// ```
///
/// - The string is Keras's class name.
/// - The range is in brackets: `in 0..1`, `in 0..=1`, `above 0`, `above 0 below 1`, `above 0 up to 1`, `at least 1`,
///   `at most 0`, `finite`. `None` is not checked, a list is checked value by value. `custom setter` instead of a range means that the
///   setter is handwritten, because it accepts more than the argument's type.
/// - Where all arguments have defaults, a constant of the item's name holds them, so that the bare name is a value.
///   An item with required arguments lists them in parentheses before the others,
///   `pub struct Dense<T>: "Dense" (units: usize [at least 1], activation: Item<dyn Activation<T>>) { … }`; its `new`,
///   written by hand, takes them and calls `with`. Such an item may be generic in the element type.
/// - `with options: LayerOptions` before the braces adds arguments that all items of the family have: a
///   [`SharedArguments`](super::arguments::SharedArguments) whose setters are those of the macro `options!`. Brackets
///   after it hold defaults that differ from `DEFAULT`.
/// - `keeps state: State<T>` adds a private field that is no argument and begins with its type's default. A callback, which is both a
///   description and a running object, keeps its observations there. The method `with_default_state` returns the arguments with the
///   default state.
/// - `checked by rule` calls a method that checks what ranges cannot express.
///
/// The setter of an `Option<X>` takes an `X`, that of an [`Item`](super::Item) what [`IntoItem`](super::IntoItem) accepts, and
/// those of lists and of the types named below whatever converts into them. Which form a setter has is decided by how the
/// argument's type is spelled, since a macro sees tokens, not types: `Option<String>` takes what converts into a string,
/// `std::option::Option<String>` and a type alias fall to the last form and take the type itself.
macro_rules! item {
    ($(#[$($meta:tt)*])* pub struct $name:ident: $class:literal
        $(with $shared:ident: $Shared:ident $([$preset:expr])?)? $(checked by $check:ident)? { $($body:tt)* }) => {
        $crate::items::table!(
            [[$crate::items::item] @constant $name $class [$($shared: $Shared $([$preset])?)?] [$($check)?] { $($body)* }]
            [$(#[$($meta)*])*] () [$($Shared)?] { $($body)* }
        );
        $crate::items::item!(@setters [$name] $($body)*);
        $crate::items::item!(@shared_setters [$($shared)?] $name);
    };
    ($(#[$($meta:tt)*])* pub struct $name:ident $(<$t:ident>)?: $class:literal ($($given:tt)*)
        $(with $shared:ident: $Shared:ident $([$preset:expr])?)? $(keeps $kept:ident: $Kept:ident $(<$k:ident>)?)?
        $(checked by $check:ident)? { $($body:tt)* }) => {
        $crate::items::table!(
            [[$crate::items::item] @constructed $name $class [$($t)?] ($($given)*) [$($shared: $Shared $([$preset])?)?]
                [$($kept: $Kept $(<$k>)?)?] [$($check)?] { $($body)* }]
            [$(#[$($meta)*])*] ($($given)*) [$($Shared)?] { $($body)* }
        );
        $crate::items::item!(@setters [$name $($t)?] $($body)*);
        $crate::items::item!(@shared_setters [$($shared)?] $name $($t)?);
    };

    (@constant $name:ident $class:literal [$($shared:ident: $Shared:ident $([$preset:expr])?)?]
        [$($check:ident)?] {
        $($(#[$doc:meta])* $field:ident: $type:ty $([$($range:tt)+])? = $default:expr),* $(,)?
    } [$($attributes:tt)*]) => {
        $($attributes)*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            $($(#[$doc])* pub $field: $type,)*
            $(
                #[doc = concat!("The arguments that all items of the family have, see [`", stringify!($Shared), "`].")]
                pub $shared: $Shared,
            )?
        }

        #[doc = concat!("[`", stringify!($name), "`](struct@", stringify!($name), ") with its defaults.")]
        #[allow(non_upper_case_globals)]
        pub const $name: $name = $name {
            $($field: $default,)*
            $($shared: $crate::items::item!(@preset $Shared $([$preset])?),)?
        };

        impl Default for $name {
            fn default() -> Self {
                $name
            }
        }

        impl $name {
            fn from_arguments(config: serde_json::Value) -> $crate::Result<Self> {
                let mut item = $name;
                $crate::items::arguments::fill(
                    &mut item,
                    &<Self as $crate::items::arguments::Declared>::DECLARATION,
                    config,
                )?;
                Ok(item)
            }
        }

        $crate::items::item!(
            @described $name $class [] [$($shared: $Shared)?] [$($check)?] { $($field: $type [$($($range)+)?])* }
        );
    };

    (@constructed $name:ident $class:literal [$($t:ident)?]
        ($($given:ident: $given_type:ty $([$($given_range:tt)+])?),* $(,)?)
        [$($shared:ident: $Shared:ident $([$preset:expr])?)?] [$($kept:ident: $Kept:ty)?] [$($check:ident)?] {
        $($(#[$doc:meta])* $field:ident: $type:ty $([$($range:tt)+])? = $default:expr),* $(,)?
    } [$($attributes:tt)*]) => {
        $($attributes)*
        #[derive(Debug, Clone)]
        pub struct $name $(<$t: $crate::Scalar = f32>)? {
            $(pub(crate) $given: $given_type,)*
            $(pub(crate) $field: $type,)*
            $($shared: $Shared,)?
            $($kept: $Kept,)?
        }

        impl $(<$t: $crate::Scalar>)? $name $(<$t>)? {
            /// An item with these required arguments and the defaults of the others.
            fn with($($given: $given_type),*) -> Self {
                $name {
                    $($given,)*
                    $($field: $crate::items::IntoArgument::into_argument($default),)*
                    $($shared: $crate::items::item!(@preset $Shared $([$preset])?),)?
                    $($kept: Default::default(),)?
                }
            }
        }

        impl $(<$t: $crate::Scalar>)? $name $(<$t>)? {
            #[allow(unused_mut)] // there may be no required arguments
            fn from_arguments(config: serde_json::Value) -> $crate::Result<Self> {
                let mut arguments = $crate::items::arguments::Arguments::from_config(
                    &<Self as $crate::items::arguments::Declared>::DECLARATION,
                    config,
                )?;
                $(let $given = arguments.required(stringify!($given));)*
                arguments.check_missing()?;
                let mut item = Self::with($($given?),*);
                arguments.fill(&mut item)?;
                Ok(item)
            }
        }

        $crate::items::item!(
            @described $name $class [$($t)?] [$($shared: $Shared)?] [$($check)?]
            { $($given: $given_type [$($($given_range)+)?])* $($field: $type [$($($range)+)?])* }
        );
        $crate::items::item!(@with_default_state $name [$($t)?] [$($kept)?] $($given)* $($field)* $($shared)?);
    };

    // The common part of both forms. Required arguments have been removed when the others are read.
    (@described $name:ident $class:literal [$($t:ident)?] [$($shared:ident: $Shared:ident)?] [$($check:ident)?]
        { $($field:ident: $type:ty [$($range:tt)*])* }) => {
        impl $(<$t: $crate::Scalar>)? $crate::items::arguments::Declared for $name $(<$t>)? {
            const DECLARATION: $crate::items::arguments::Declaration = $crate::items::arguments::Declaration {
                class: $class,
                names: &[$(stringify!($field)),*],
                ranges: &[$($crate::items::item!(@range $type; $($range)*)),*],
                shared: $crate::items::item!(@names $($Shared)?),
            };

            fn read(config: serde_json::Value) -> $crate::Result<Self> {
                Self::from_arguments(config)
            }
        }

        impl $(<$t: $crate::Scalar>)? $crate::items::arguments::DeclaredFields for $name $(<$t>)? {
            fn fields(&self, visit: $crate::items::arguments::Visit<'_>) -> $crate::Result<()> {
                visit(
                    &<Self as $crate::items::arguments::Declared>::DECLARATION,
                    &[$(&self.$field),*],
                    $crate::items::item!(@optional $(&self.$shared)?),
                )
            }

            fn fields_mut(&mut self, visit: $crate::items::arguments::VisitMut<'_>) -> $crate::Result<()> {
                visit(
                    &<Self as $crate::items::arguments::Declared>::DECLARATION,
                    &mut [$(&mut self.$field),*],
                    $crate::items::item!(@optional $(&mut self.$shared)?),
                )
            }
        }

        impl $(<$t: $crate::Scalar>)? $crate::items::Spec for $name $(<$t>)? {
            fn class_name(&self) -> String {
                $crate::items::class_name($class)
            }

            fn config(&self) -> $crate::Result<serde_json::Value> {
                $crate::items::arguments::config(self)
            }

            fn check(&self) -> $crate::Result<()> {
                $crate::items::item!(@check self $($check)?)
            }
        }
    };
    (@with_default_state $name:ident [$($t:ident)?] [] $($field:ident)*) => {};
    (@with_default_state $name:ident [$($t:ident)?] [$kept:ident] $($field:ident)*) => {
        impl $(<$t: $crate::Scalar>)? $name $(<$t>)? {
            /// Returns a copy of the arguments with the state at its default.
            fn with_default_state(&self) -> Self {
                $name { $($field: self.$field.clone(),)* $kept: Default::default() }
            }
        }
    };
    (@check $item:ident) => { $crate::items::arguments::check($item) };
    (@check $item:ident $check:ident) => {{
        $crate::items::arguments::check($item)?;
        $item.$check()
    }};
    (@range $type:ty;) => { None };
    (@range $type:ty; custom setter) => { None };
    (@range $type:ty; $($range:tt)+) => {
        Some($crate::items::range::ranged::<$type>($crate::items::range::range!($($range)+)))
    };
    (@optional) => { None };
    (@optional $shared:expr) => { Some($shared) };
    (@preset $Shared:ident) => { $Shared::DEFAULT };
    (@preset $Shared:ident [$preset:expr]) => { $preset };
    (@names) => { &[] };
    (@names $Shared:ident) => { $Shared::NAMES };

    (@shared_setters [] $($item:tt)*) => {};
    (@shared_setters [$shared:ident] $name:ident $($t:ident)?) => { $shared!($name $(<$t>)?); };

    // One setter after another; the type of the argument decides on its form.
    (@setters $item:tt) => {};
    (@setters $item:tt $(#[$doc:meta])* $field:ident: $type:ty [custom setter] = $default:expr $(, $($rest:tt)*)?) => {
        $crate::items::item!(@setters $item $($($rest)*)?);
    };
    (@setters $item:tt $(#[$doc:meta])* $field:ident: Item<dyn $family:ident<$e:ident>> $([$($range:tt)+])? = $default:expr
        $(, $($rest:tt)*)?) => {
        $crate::items::item!(@setter $item [$(#[$doc])*] $field M (impl $crate::items::IntoItem<dyn $family<$e>, M>)
            $crate::items::IntoItem::into_item($field));
        $crate::items::item!(@setters $item $($($rest)*)?);
    };
    (@setters $item:tt $(#[$doc:meta])* $field:ident: Option<Item<dyn $family:ident<$e:ident>>> $([$($range:tt)+])?
        = $default:expr $(, $($rest:tt)*)?) => {
        $crate::items::item!(@setter $item [$(#[$doc])*] $field M (impl $crate::items::IntoItem<dyn $family<$e>, M>)
            Some($crate::items::IntoItem::into_item($field)));
        $crate::items::item!(@setters $item $($($rest)*)?);
    };
    (@setters $item:tt $(#[$doc:meta])* $field:ident: Option<Vec<Value>> $([$($range:tt)+])? = $default:expr
        $(, $($rest:tt)*)?) => {
        $crate::items::item!(@setter $item [$(#[$doc])*] $field (impl IntoIterator<Item = impl Into<Value>>)
            Some($field.into_iter().map(Into::into).collect()));
        $crate::items::item!(@setters $item $($($rest)*)?);
    };
    (@setters $item:tt $(#[$doc:meta])* $field:ident: Option<Vec<String>> $([$($range:tt)+])? = $default:expr
        $(, $($rest:tt)*)?) => {
        $crate::items::item!(@setter $item [$(#[$doc])*] $field (impl IntoIterator<Item = impl Into<String>>)
            Some($field.into_iter().map(Into::into).collect()));
        $crate::items::item!(@setters $item $($($rest)*)?);
    };
    (@setters $item:tt $(#[$doc:meta])* $field:ident: Option<Vec<$type:ty>> $([$($range:tt)+])? = $default:expr
        $(, $($rest:tt)*)?) => {
        $crate::items::item!(@setter $item [$(#[$doc])*] $field (impl Into<Vec<$type>>) Some($field.into()));
        $crate::items::item!(@setters $item $($($rest)*)?);
    };
    (@setters $item:tt $(#[$doc:meta])* $field:ident: Option<String> $([$($range:tt)+])? = $default:expr
        $(, $($rest:tt)*)?) => {
        $crate::items::item!(@setter $item [$(#[$doc])*] $field (impl Into<String>) Some($field.into()));
        $crate::items::item!(@setters $item $($($rest)*)?);
    };
    (@setters $item:tt $(#[$doc:meta])* $field:ident: Option<Value> $([$($range:tt)+])? = $default:expr
        $(, $($rest:tt)*)?) => {
        $crate::items::item!(@setter $item [$(#[$doc])*] $field (impl Into<Value>) Some($field.into()));
        $crate::items::item!(@setters $item $($($rest)*)?);
    };
    (@setters $item:tt $(#[$doc:meta])* $field:ident: Option<Numbers> $([$($range:tt)+])? = $default:expr
        $(, $($rest:tt)*)?) => {
        $crate::items::item!(@setter $item [$(#[$doc])*] $field (impl Into<Numbers>) Some($field.into()));
        $crate::items::item!(@setters $item $($($rest)*)?);
    };
    (@setters $item:tt $(#[$doc:meta])* $field:ident: Option<Salt> $([$($range:tt)+])? = $default:expr
        $(, $($rest:tt)*)?) => {
        $crate::items::item!(@setter $item [$(#[$doc])*] $field (impl Into<Salt>) Some($field.into()));
        $crate::items::item!(@setters $item $($($rest)*)?);
    };
    (@setters $item:tt $(#[$doc:meta])* $field:ident: Option<$type:ty> $([$($range:tt)+])? = $default:expr
        $(, $($rest:tt)*)?) => {
        $crate::items::item!(@setter $item [$(#[$doc])*] $field ($type) Some($field));
        $crate::items::item!(@setters $item $($($rest)*)?);
    };
    (@setters $item:tt $(#[$doc:meta])* $field:ident: Vec<String> $([$($range:tt)+])? = $default:expr
        $(, $($rest:tt)*)?) => {
        $crate::items::item!(@setter $item [$(#[$doc])*] $field (impl IntoIterator<Item = impl Into<String>>)
            $field.into_iter().map(Into::into).collect());
        $crate::items::item!(@setters $item $($($rest)*)?);
    };
    (@setters $item:tt $(#[$doc:meta])* $field:ident: Vec<$type:ty> $([$($range:tt)+])? = $default:expr
        $(, $($rest:tt)*)?) => {
        $crate::items::item!(@setter $item [$(#[$doc])*] $field (impl Into<Vec<$type>>) $field.into());
        $crate::items::item!(@setters $item $($($rest)*)?);
    };
    (@setters $item:tt $(#[$doc:meta])* $field:ident: LearningRate $([$($range:tt)+])? = $default:expr
        $(, $($rest:tt)*)?) => {
        $crate::items::item!(@setter $item [$(#[$doc])*] $field M (impl IntoLearningRate<M>) $field.into_learning_rate());
        $crate::items::item!(@setters $item $($($rest)*)?);
    };
    (@setters $item:tt $(#[$doc:meta])* $field:ident: Steps $([$($range:tt)+])? = $default:expr
        $(, $($rest:tt)*)?) => {
        $crate::items::item!(@setter $item [$(#[$doc])*] $field (impl Into<Steps>) $field.into());
        $crate::items::item!(@setters $item $($($rest)*)?);
    };
    (@setters $item:tt $(#[$doc:meta])* $field:ident: String $([$($range:tt)+])? = $default:expr
        $(, $($rest:tt)*)?) => {
        $crate::items::item!(@setter $item [$(#[$doc])*] $field (impl Into<String>) $field.into());
        $crate::items::item!(@setters $item $($($rest)*)?);
    };
    (@setters $item:tt $(#[$doc:meta])* $field:ident: PathBuf $([$($range:tt)+])? = $default:expr
        $(, $($rest:tt)*)?) => {
        $crate::items::item!(@setter $item [$(#[$doc])*] $field (impl Into<PathBuf>) $field.into());
        $crate::items::item!(@setters $item $($($rest)*)?);
    };
    (@setters $item:tt $(#[$doc:meta])* $field:ident: Plain<$type:ty> $([$($range:tt)+])? = $default:expr
        $(, $($rest:tt)*)?) => {
        $crate::items::item!(@setter $item [$(#[$doc])*] $field ($type) $crate::items::Plain($field));
        $crate::items::item!(@setters $item $($($rest)*)?);
    };
    (@setters $item:tt $(#[$doc:meta])* $field:ident: SaveFreq $([$($range:tt)+])? = $default:expr
        $(, $($rest:tt)*)?) => {
        $crate::items::item!(@setter $item [$(#[$doc])*] $field (impl Into<SaveFreq>) $field.into());
        $crate::items::item!(@setters $item $($($rest)*)?);
    };
    (@setters $item:tt $(#[$doc:meta])* $field:ident: UpdateFreq $([$($range:tt)+])? = $default:expr
        $(, $($rest:tt)*)?) => {
        $crate::items::item!(@setter $item [$(#[$doc])*] $field (impl Into<UpdateFreq>) $field.into());
        $crate::items::item!(@setters $item $($($rest)*)?);
    };
    (@setters $item:tt $(#[$doc:meta])* $field:ident: Alpha $([$($range:tt)+])? = $default:expr
        $(, $($rest:tt)*)?) => {
        $crate::items::item!(@setter $item [$(#[$doc])*] $field (impl Into<Alpha>) $field.into());
        $crate::items::item!(@setters $item $($($rest)*)?);
    };
    (@setters $item:tt $(#[$doc:meta])* $field:ident: Thresholds $([$($range:tt)+])? = $default:expr
        $(, $($rest:tt)*)?) => {
        $crate::items::item!(@setter $item [$(#[$doc])*] $field (impl Into<Thresholds>) $field.into());
        $crate::items::item!(@setters $item $($($rest)*)?);
    };
    (@setters $item:tt $(#[$doc:meta])* $field:ident: Numbers $([$($range:tt)+])? = $default:expr
        $(, $($rest:tt)*)?) => {
        $crate::items::item!(@setter $item [$(#[$doc])*] $field (impl Into<Numbers>) $field.into());
        $crate::items::item!(@setters $item $($($rest)*)?);
    };
    (@setters $item:tt $(#[$doc:meta])* $field:ident: $type:ty $([$($range:tt)+])? = $default:expr
        $(, $($rest:tt)*)?) => {
        $crate::items::item!(@setter $item [$(#[$doc])*] $field ($type) $field);
        $crate::items::item!(@setters $item $($($rest)*)?);
    };
    (@setter [$name:ident $($t:ident)?] [$($doc:tt)*] $field:ident $($marker:ident)? ($type:ty) $value:expr) => {
        impl $(<$t: $crate::Scalar>)? $name $(<$t>)? {
            $($doc)*
            #[must_use]
            pub fn $field $(<$marker>)? (mut self, $field: $type) -> Self {
                self.$field = $value;
                self
            }
        }
    };
}
pub(crate) use item;
