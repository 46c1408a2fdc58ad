//! The arguments that all optimizers share.

use crate::Result;
use crate::items::argument::in_range;
use crate::items::arguments::{Arguments, SharedArguments};
use crate::items::range::range;
use crate::items::{Spec, invalid};

/// The arguments that every optimizer has; [`OptimizerState`](super::OptimizerState) applies them in the order of the
/// table.
///
/// | argument | default | |
/// |---|---|---|
/// | `gradient_accumulation_steps` | none | moves the weights once in this many steps (at least 2), along the mean gradient |
/// | `clipnorm` | none | scales the gradient of each variable down to at most this norm (above 0) |
/// | `global_clipnorm` | none | scales all gradients together down to at most this norm (above 0) |
/// | `clipvalue` | none | clips every number of the gradients to at most this magnitude (above 0) |
/// | `weight_decay` | none | subtracts `learning_rate · weight_decay · w` from every weight, separately from the gradient; at least 0 |
/// | `exclude_from_weight_decay` | none | variables with one of these strings in their name (`bias`) do not decay |
/// | `use_ema` | false | keeps a moving average of the weights, which they become at the end of a fit |
/// | `ema_momentum` | 0.99 | the fraction of the average that a step keeps, in [0, 1] |
/// | `ema_overwrite_frequency` | none | the weights also become their average once in this many updates (at least 1) |
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
/// A user-defined optimizer has them too if it returns them from
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
    /// The fraction of the average that a step keeps, in [0, 1].
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
        Settings::DEFAULT
    }
}

impl Settings {
    /// The names of the settings in a configuration.
    pub(crate) const NAMES: &'static [&'static str] = &[
        "weight_decay",
        "exclude_from_weight_decay",
        "clipnorm",
        "clipvalue",
        "global_clipnorm",
        "use_ema",
        "ema_momentum",
        "ema_overwrite_frequency",
        "gradient_accumulation_steps",
        "name",
    ];

    /// The default: no clipping, decay or averaging.
    pub const DEFAULT: Settings = Settings::with_decay(None);

    /// Only a weight decay.
    pub(super) const fn decaying(weight_decay: f64) -> Settings {
        Settings::with_decay(Some(weight_decay))
    }

    const fn with_decay(weight_decay: Option<f64>) -> Settings {
        Settings {
            weight_decay,
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

impl SharedArguments for Settings {
    fn write(&self, arguments: &mut Arguments) -> Result<()> {
        arguments.write("weight_decay", &self.weight_decay)?;
        arguments.write("exclude_from_weight_decay", &self.exclude_from_weight_decay)?;
        arguments.write("clipnorm", &self.clipnorm)?;
        arguments.write("clipvalue", &self.clipvalue)?;
        arguments.write("global_clipnorm", &self.global_clipnorm)?;
        arguments.write("use_ema", &self.use_ema)?;
        arguments.write("ema_momentum", &self.ema_momentum)?;
        arguments.write("ema_overwrite_frequency", &self.ema_overwrite_frequency)?;
        arguments.write("gradient_accumulation_steps", &self.gradient_accumulation_steps)?;
        arguments.write("name", &self.name)
    }

    fn read(&mut self, arguments: &mut Arguments) -> Result<()> {
        arguments.read("weight_decay", &mut self.weight_decay)?;
        arguments.read("exclude_from_weight_decay", &mut self.exclude_from_weight_decay)?;
        arguments.read("clipnorm", &mut self.clipnorm)?;
        arguments.read("clipvalue", &mut self.clipvalue)?;
        arguments.read("global_clipnorm", &mut self.global_clipnorm)?;
        arguments.read("use_ema", &mut self.use_ema)?;
        arguments.read("ema_momentum", &mut self.ema_momentum)?;
        arguments.read("ema_overwrite_frequency", &mut self.ema_overwrite_frequency)?;
        arguments.read("gradient_accumulation_steps", &mut self.gradient_accumulation_steps)?;
        arguments.read("name", &mut self.name)
    }

    fn check(&self, optimizer: &dyn Spec) -> Result<()> {
        let limits =
            [("clipnorm", self.clipnorm), ("clipvalue", self.clipvalue), ("global_clipnorm", self.global_clipnorm)];
        for (name, limit) in &limits {
            in_range(optimizer, name, limit, range!(above 0))?;
        }
        let mut set = limits.iter().filter_map(|(name, limit)| limit.map(|limit| (*name, limit)));
        if let (Some((first, _)), Some((second, value))) = (set.next(), set.next()) {
            let expected = format!("nothing, as {first} is set: only one of clipnorm, clipvalue and global_clipnorm");
            return Err(invalid(optimizer, second, value, expected));
        }
        in_range(optimizer, "weight_decay", &self.weight_decay, range!(at least 0))?;
        in_range(optimizer, "ema_momentum", &self.ema_momentum, range!(in 0..=1))?;
        in_range(optimizer, "ema_overwrite_frequency", &self.ema_overwrite_frequency, range!(at least 1))?;
        in_range(optimizer, "gradient_accumulation_steps", &self.gradient_accumulation_steps, range!(at least 2))
    }
}

/// The setters of an optimizer that holds [`Settings`] in a field `settings`.
macro_rules! settings {
    ($name:ident) => {
        impl $name {
            /// Subtracts `learning_rate · decay · w` from every weight in every update; at least 0.
            #[must_use]
            pub fn weight_decay(mut self, decay: f64) -> Self {
                self.settings.weight_decay = Some(decay);
                self
            }

            /// Variables with one of these strings in their name (`bias`) do not decay; default none.
            #[must_use]
            pub fn exclude_from_weight_decay(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
                self.settings.exclude_from_weight_decay = names.into_iter().map(Into::into).collect();
                self
            }

            /// Scales the gradient of each variable down to at most this norm, above 0; default off.
            #[must_use]
            pub fn clipnorm(mut self, norm: f64) -> Self {
                self.settings.clipnorm = Some(norm);
                self
            }

            /// Clips every number of the gradients to at most this magnitude, above 0; default off.
            #[must_use]
            pub fn clipvalue(mut self, magnitude: f64) -> Self {
                self.settings.clipvalue = Some(magnitude);
                self
            }

            /// Scales all gradients together down to at most this norm, above 0; default off.
            #[must_use]
            pub fn global_clipnorm(mut self, norm: f64) -> Self {
                self.settings.global_clipnorm = Some(norm);
                self
            }

            /// Whether to keep a moving average of the weights, which they become at the end of a fit; default false.
            #[must_use]
            pub fn use_ema(mut self, use_ema: bool) -> Self {
                self.settings.use_ema = use_ema;
                self
            }

            /// The fraction of the average that a step keeps, in [0, 1]; default 0.99.
            #[must_use]
            pub fn ema_momentum(mut self, momentum: f64) -> Self {
                self.settings.ema_momentum = momentum;
                self
            }

            /// The weights also become their average once in this many updates, at least 1; default never.
            #[must_use]
            pub fn ema_overwrite_frequency(mut self, updates: u64) -> Self {
                self.settings.ema_overwrite_frequency = Some(updates);
                self
            }

            /// Moves the weights once in this many steps, at least 2, along the mean gradient; default every step.
            #[must_use]
            pub fn gradient_accumulation_steps(mut self, steps: u64) -> Self {
                self.settings.gradient_accumulation_steps = Some(steps);
                self
            }

            /// A name for the configuration; Keras's files carry one.
            #[must_use]
            pub fn name(mut self, name: impl Into<String>) -> Self {
                self.settings.name = Some(name.into());
                self
            }
        }
    };
}
pub(crate) use settings;
