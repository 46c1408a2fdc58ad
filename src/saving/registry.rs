use crate::activations::Activation;
use crate::constraints::Constraint;
use crate::engine::CallbackItem;
use crate::initializers::Initializer;
use crate::layers::Layer;
use crate::losses::Loss;
use crate::metrics::Metric;
use crate::optimizers::{Optimizer, Schedule};
use crate::preprocessing::Transformer;
use crate::registry::OwnItems;
use crate::regularizers::Regularizer;
use crate::{Result, Scalar};
use serde_json::Value;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// How a user's own items are made when a file that names them is read.
///
/// Each is known by its class name, which is the name of its Rust type unless its
/// [`Spec::class_name`](crate::spec::Spec::class_name) says otherwise. It is made from the configuration that its
/// [`Spec::config`](crate::spec::Spec::config) wrote. Own items go before those of the crate of the same name.
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra::{Batch, BatchMut, Result, Scalar, activations::Activation, spec::Spec};
/// use perceptra::models::Registry;
/// use serde_json::{Value, json};
///
/// /// `slope·z`
/// #[derive(Debug)]
/// struct Scaled {
///     slope: f64,
/// }
///
/// impl Spec for Scaled {
///     fn config(&self) -> Result<Value> {
///         Ok(json!({ "slope": self.slope }))
///     }
/// }
///
/// impl<T: Scalar> Activation<T> for Scaled {
///     fn forward(&self, z: Batch<'_, T>, mut a: BatchMut<'_, T>) {
///         a.map_from(z, |z| T::of(self.slope) * z);
///     }
///
///     fn backward(&self, _z: Batch<'_, T>, _a: Batch<'_, T>, da: Batch<'_, T>, mut dz: BatchMut<'_, T>) {
///         dz.map_from(da, |da| T::of(self.slope) * da);
///     }
/// }
///
/// let text = Sequential::new().add(Dense::new(3, Scaled { slope: 0.5 })).to_json()?;
/// assert!(Sequential::from_json(&text).is_err());
/// let registry = Registry::new()
///     .activation("Scaled", |config| Ok(Scaled { slope: config["slope"].as_f64().unwrap_or(1.0) }));
/// let again = Sequential::<f32>::from_json_with(&text, &registry)?;
/// assert_eq!(again.to_json()?, text);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # References
///
/// Keras: `custom_objects` of `keras.models.load_model`.
#[derive(Clone)]
pub struct Registry<T: Scalar = f32> {
    pub(crate) items: OwnItems,
    element: PhantomData<T>,
}

impl<T: Scalar> Default for Registry<T> {
    fn default() -> Self {
        Registry { items: OwnItems::default(), element: PhantomData }
    }
}

/// The method of one family.
macro_rules! families {
    ($($(#[$doc:meta])* $method:ident: $item:ident $(<$t:ident>)?),* $(,)?) => {
        $(
            $(#[$doc])*
            ///
            /// `make` gets the configuration, `null` where the file has none; what it returns as an error is what
            /// loading returns.
            #[must_use]
            pub fn $method<I: $item $(<$t>)? + 'static>(
                mut self,
                class_name: impl Into<String>,
                make: impl Fn(Value) -> Result<I> + Send + Sync + 'static,
            ) -> Self {
                self.items.insert::<dyn $item $(<$t>)?>(
                    class_name.into(),
                    Arc::new(move |config| make(config).map(|item| Arc::new(item) as Arc<dyn $item $(<$t>)?>)),
                );
                self
            }
        )*
    };
}

impl<T: Scalar> Registry<T> {
    /// Without any item yet.
    pub fn new() -> Self {
        Self::default()
    }

    families! {
        /// Adds a layer.
        layer: Layer<T>,
        /// Adds an activation.
        activation: Activation<T>,
        /// Adds a loss.
        loss: Loss<T>,
        /// Adds a metric.
        metric: Metric<T>,
        /// Adds an optimizer.
        optimizer: Optimizer<T>,
        /// Adds a learning rate schedule.
        schedule: Schedule,
        /// Adds an initializer.
        initializer: Initializer<T>,
        /// Adds a regularizer.
        regularizer: Regularizer<T>,
        /// Adds a constraint.
        constraint: Constraint<T>,
        /// Adds a callback, or what describes one.
        callback: CallbackItem<T>,
        /// Adds a transformer of columns, which reads its state with [`Transformer::restore`].
        transformer: Transformer,
    }
}

impl<T: Scalar> fmt::Debug for Registry<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.items.all_names()).finish()
    }
}
