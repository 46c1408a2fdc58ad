//! The arguments that all optimizers share.

use crate::Result;
use crate::arguments::{self, Described};
use crate::spec::{Spec, invalid};
use serde_json::Value;

/// What every optimizer can be told beside its own arguments; the work itself is done by
/// [`OptimizerState`](super::OptimizerState), in the order of the table.
///
/// | argument | default | |
/// |---|---|---|
/// | `gradient_accumulation_steps` | none | moves the weights once in so many steps (at least 2), along the mean gradient |
/// | `clipnorm` | none | scales the gradient of each variable down to at most this norm |
/// | `global_clipnorm` | none | scales all gradients together down to at most this norm |
/// | `clipvalue` | none | clips every number of the gradients to at most this magnitude |
/// | `weight_decay` | none | takes `learning_rate · weight_decay · w` off every weight, apart from the gradient |
/// | `exclude_from_weight_decay` | none | variables whose own name (`bias`) contains one of these texts do not decay |
/// | `use_ema` | false | keeps a moving average of the weights, which they become at the end of a fit |
/// | `ema_momentum` | 0.99 | the share of the average that stays in a step, in [0, 1] |
/// | `ema_overwrite_frequency` | none | the weights also become their average once in so many updates |
/// | `name` | none | a name for the configuration; Keras's files carry one |
///
/// At most one of the three limits may be set. Every optimizer of the crate has a method for each of them:
///
/// ```
/// use perceptra::prelude::*;
///
/// let adam = Adam.clipnorm(1.0).weight_decay(0.01).exclude_from_weight_decay(["bias", "gamma"]).use_ema(true);
/// ```
///
/// An optimizer of your own has them too if it returns them from
/// [`Optimizer::settings`](super::Optimizer::settings).
///
/// # References
///
/// I. Loshchilov and F. Hutter, *Decoupled weight decay regularization*, ICLR 2019.
/// R. Pascanu, T. Mikolov and Y. Bengio, *On the difficulty of training recurrent neural networks*, ICML 2013.
/// Keras: `keras.optimizers.Optimizer`.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// λ, finite and at least 0.
    pub weight_decay: Option<f64>,
    /// Parts of the names of variables that do not decay.
    pub exclude_from_weight_decay: Vec<String>,
    /// The limit of each variable's norm, above 0.
    pub clipnorm: Option<f64>,
    /// The limit of every magnitude, above 0.
    pub clipvalue: Option<f64>,
    /// The limit of the norm of all gradients, above 0.
    pub global_clipnorm: Option<f64>,
    /// Whether weights are averaged.
    pub use_ema: bool,
    /// The share of the average that stays, in [0, 1].
    pub ema_momentum: f64,
    /// Updates from one overwriting to the next, at least 1.
    pub ema_overwrite_frequency: Option<u64>,
    /// Steps that make one update, at least 2.
    pub gradient_accumulation_steps: Option<u64>,
    /// A name.
    pub name: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            weight_decay: None,
            exclude_from_weight_decay: Vec::new(),
            clipnorm: None,
            clipvalue: None,
            global_clipnorm: None,
            use_ema: false,
            ema_momentum: 0.99,
            ema_overwrite_frequency: None,
            gradient_accumulation_steps: None,
            name: None,
        }
    }
}

impl Settings {
    /// Whether the arguments of `optimizer` lie in their ranges.
    pub(crate) fn check(&self, optimizer: &dyn Spec) -> Result<()> {
        let limits =
            [("clipnorm", self.clipnorm), ("clipvalue", self.clipvalue), ("global_clipnorm", self.global_clipnorm)];
        let mut set = limits.iter().filter_map(|(name, limit)| limit.map(|limit| (*name, limit)));
        if let Some((name, limit)) = set.next() {
            if !(limit.is_finite() && limit > 0.0) {
                return Err(invalid(optimizer, name, limit, "a finite number above 0"));
            }
            if let Some((second, value)) = set.next() {
                let expected =
                    format!("nothing, as {name} is set: only one of clipnorm, clipvalue and global_clipnorm");
                return Err(invalid(optimizer, second, value, expected));
            }
        }
        if let Some(decay) = self.weight_decay.filter(|decay| !(decay.is_finite() && *decay >= 0.0)) {
            return Err(invalid(optimizer, "weight_decay", decay, "a finite number of at least 0"));
        }
        if !(0.0..=1.0).contains(&self.ema_momentum) {
            return Err(invalid(optimizer, "ema_momentum", self.ema_momentum, "a number in [0, 1]"));
        }
        if self.ema_overwrite_frequency == Some(0) {
            return Err(invalid(optimizer, "ema_overwrite_frequency", 0, "at least 1"));
        }
        match self.gradient_accumulation_steps {
            Some(steps) if steps < 2 => {
                Err(invalid(optimizer, "gradient_accumulation_steps", steps, "at least 2, or nothing for every step"))
            }
            _ => Ok(()),
        }
    }
}

/// Refuses a share that is not in [0, 1), as those of moving averages.
pub(super) fn check_share(optimizer: &dyn Spec, name: &'static str, share: f64) -> Result<()> {
    if (0.0..1.0).contains(&share) { Ok(()) } else { Err(invalid(optimizer, name, share, "a number in [0, 1)")) }
}

/// Refuses numbers below 0.
pub(super) fn check_not_negative(optimizer: &dyn Spec, name: &'static str, value: f64) -> Result<()> {
    if value.is_finite() && value >= 0.0 {
        Ok(())
    } else {
        Err(invalid(optimizer, name, value, "a finite number of at least 0"))
    }
}

/// Arguments for the rules of Keras 2, which Keras 3 does not know, with the values that make its own rule.
const BEYOND_KERAS: &[(&str, Value)] =
    &[("epsilon_in_root", Value::Bool(true)), ("product_per_variable", Value::Bool(false))];

/// The arguments in a configuration that Keras 3 has no place for.
#[cfg(feature = "keras")]
pub(crate) fn beyond_keras(config: &Value) -> impl Iterator<Item = &'static str> {
    let names = ["exclude_from_weight_decay", "schedule_decay"].into_iter();
    names.chain(BEYOND_KERAS.iter().map(|(name, _)| *name)).filter(|name| config.get(name).is_some())
}

/// The configuration of an optimizer, without what Keras does not know as long as it is at its default.
pub(super) fn as_keras_writes(optimizer: &(impl Spec + Described)) -> Result<Value> {
    let mut config = arguments::config(optimizer)?;
    if let Some(arguments) = config.as_object_mut() {
        let listed = arguments.get("exclude_from_weight_decay").and_then(Value::as_array);
        if listed.is_some_and(|listed| listed.is_empty()) {
            arguments.remove("exclude_from_weight_decay");
        }
        if arguments.get("schedule_decay").is_some_and(|decay| decay.as_f64() == Some(1.0)) {
            arguments.remove("schedule_decay");
        }
        arguments.retain(|name, value| !BEYOND_KERAS.iter().any(|(known, default)| known == name && default == value));
    }
    Ok(config)
}

/// Declares an optimizer: a [`spec!`](crate::spec::spec) with the arguments of [`Settings`] after its own.
macro_rules! optimizer {
    ($(#[$meta:meta])* pub struct $name:ident: $class:literal checked by $check:ident { $($body:tt)* }) => {
        $crate::optimizers::settings::optimizer! {
            $(#[$meta])* pub struct $name: $class checked by $check { $($body)* } with weight_decay = None
        }
    };
    (
        $(#[$meta:meta])* pub struct $name:ident: $class:literal checked by $check:ident { $($body:tt)* }
        with weight_decay = $decay:expr
    ) => {
        $crate::spec::spec!(@struct [$(#[$meta])*] $name {
            $($body)*
            #[doc = concat!("See [`Settings`](super::Settings); default `", stringify!($decay), "`.")]
            weight_decay: Option<f64> = $decay,
            /// See [`Settings`](super::Settings); default empty.
            exclude_from_weight_decay: Vec<String> = Vec::new(),
            /// See [`Settings`](super::Settings); default `None`.
            clipnorm: Option<f64> = None,
            /// See [`Settings`](super::Settings); default `None`.
            clipvalue: Option<f64> = None,
            /// See [`Settings`](super::Settings); default `None`.
            global_clipnorm: Option<f64> = None,
            /// See [`Settings`](super::Settings); default false.
            use_ema: bool = false,
            /// See [`Settings`](super::Settings); default 0.99.
            ema_momentum: f64 = 0.99,
            /// See [`Settings`](super::Settings); default `None`.
            ema_overwrite_frequency: Option<u64> = None,
            /// See [`Settings`](super::Settings); default `None`.
            gradient_accumulation_steps: Option<u64> = None,
            /// See [`Settings`](super::Settings); default `None`.
            name: Option<String> = None,
        });
        $crate::spec::spec!(@setters $name $($body)*);

        impl $crate::spec::Spec for $name {
            fn class_name(&self) -> String {
                $class.into()
            }

            fn config(&self) -> $crate::Result<serde_json::Value> {
                $crate::optimizers::settings::as_keras_writes(self)
            }

            fn check(&self) -> $crate::Result<()> {
                self.$check()?;
                self.shared_settings().check(self)
            }
        }

        impl $name {
            fn shared_settings(&self) -> $crate::optimizers::Settings {
                $crate::optimizers::Settings {
                    weight_decay: self.weight_decay,
                    exclude_from_weight_decay: self.exclude_from_weight_decay.clone(),
                    clipnorm: self.clipnorm,
                    clipvalue: self.clipvalue,
                    global_clipnorm: self.global_clipnorm,
                    use_ema: self.use_ema,
                    ema_momentum: self.ema_momentum,
                    ema_overwrite_frequency: self.ema_overwrite_frequency,
                    gradient_accumulation_steps: self.gradient_accumulation_steps,
                    name: self.name.clone(),
                }
            }

            #[doc = concat!(
                "Takes `learning_rate · decay · w` off every weight in every update; at least 0, default `",
                stringify!($decay), "`."
            )]
            #[must_use]
            pub fn weight_decay(mut self, decay: f64) -> Self {
                self.weight_decay = Some(decay);
                self
            }

            /// Variables whose own name (`bias`) contains one of these texts do not decay; default none.
            #[must_use]
            pub fn exclude_from_weight_decay(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
                self.exclude_from_weight_decay = names.into_iter().map(Into::into).collect();
                self
            }

            /// Scales the gradient of each variable down to at most this norm, above 0; default off.
            #[must_use]
            pub fn clipnorm(mut self, norm: f64) -> Self {
                self.clipnorm = Some(norm);
                self
            }

            /// Clips every number of the gradients to at most this magnitude, above 0; default off.
            #[must_use]
            pub fn clipvalue(mut self, magnitude: f64) -> Self {
                self.clipvalue = Some(magnitude);
                self
            }

            /// Scales all gradients together down to at most this norm, above 0; default off.
            #[must_use]
            pub fn global_clipnorm(mut self, norm: f64) -> Self {
                self.global_clipnorm = Some(norm);
                self
            }

            /// Whether to keep a moving average of the weights, which they become at the end of a fit; default false.
            #[must_use]
            pub fn use_ema(mut self, use_ema: bool) -> Self {
                self.use_ema = use_ema;
                self
            }

            /// The share of the average that stays in a step, in [0, 1]; default 0.99.
            #[must_use]
            pub fn ema_momentum(mut self, momentum: f64) -> Self {
                self.ema_momentum = momentum;
                self
            }

            /// The weights also become their average once in so many updates, at least 1; default never.
            #[must_use]
            pub fn ema_overwrite_frequency(mut self, updates: u64) -> Self {
                self.ema_overwrite_frequency = Some(updates);
                self
            }

            /// Moves the weights once in so many steps, at least 2, along the mean gradient; default every step.
            #[must_use]
            pub fn gradient_accumulation_steps(mut self, steps: u64) -> Self {
                self.gradient_accumulation_steps = Some(steps);
                self
            }

            /// A name for the configuration; Keras's files carry one.
            #[must_use]
            pub fn name(mut self, name: impl Into<String>) -> Self {
                self.name = Some(name.into());
                self
            }
        }
    };
}
pub(crate) use optimizer;
