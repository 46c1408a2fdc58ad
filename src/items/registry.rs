//! User-defined items by name.

use crate::{Result, Scalar};
use serde_json::Value;
use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::fmt;
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::Arc;

/// The constructors of user-defined items, by name, for reading files that contain such items.
///
/// Each is known by its class name, which is the name of its Rust type unless its
/// [`Spec::class_name`](crate::items::Spec::class_name) returns another. It is made from the configuration that its
/// [`Spec::config`](crate::items::Spec::config) wrote. A file distinguishes it from an item
/// of the crate that has the same name: neither is ever taken for the other.
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra::{Batch, BatchMut, Result, Scalar, activations::Activation, items::Spec};
/// use perceptra::models::Registry;
/// use serde_json::{Value, json};
///
/// /// `factor·z`
/// #[derive(Debug)]
/// struct Scaled {
///     factor: f64,
/// }
///
/// impl Spec for Scaled {
///     fn config(&self) -> Result<Value> {
///         Ok(json!({ "factor": self.factor }))
///     }
/// }
///
/// impl<T: Scalar> Activation<T> for Scaled {
///     fn forward(&self, z: Batch<'_, T>, mut a: BatchMut<'_, T>) {
///         a.map_from(z, |z| T::of(self.factor) * z);
///     }
///
///     fn backward(&self, _z: Batch<'_, T>, _a: Batch<'_, T>, da: Batch<'_, T>, mut dz: BatchMut<'_, T>) {
///         dz.map_from(da, |da| T::of(self.factor) * da);
///     }
/// }
///
/// let text = Sequential::new().add(Dense::new(3, Scaled { factor: 0.5 })).to_json()?;
/// assert!(Sequential::from_json(&text).is_err());
/// let registry = Registry::new()
///     .activation("Scaled", |config| Ok(Scaled { factor: config["factor"].as_f64().unwrap_or(1.0) }));
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
    items: UserDefined,
    element: PhantomData<T>,
}

impl<T: Scalar> Default for Registry<T> {
    fn default() -> Self {
        Registry { items: UserDefined::default(), element: PhantomData }
    }
}

/// The methods that add an item are with the families, by `family!`.
impl<T: Scalar> Registry<T> {
    /// An empty registry.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the way to make the items of a class; a later one of the same name takes precedence.
    pub(crate) fn with<I: ?Sized + 'static>(mut self, name: String, make: Make<I>) -> Self {
        self.items.entries.insert(0, (name, Arc::new(make)));
        self
    }

    /// The constructors that were added.
    #[cfg(feature = "keras")]
    pub(crate) fn user_defined(&self) -> &UserDefined {
        &self.items
    }

    /// Runs `read` with the items registered on this thread, in addition to those of the crate.
    ///
    /// Items hold items (an activation in a layer, a schedule in an optimizer), and reading an argument takes no registry as
    /// a parameter; so the registry is set for the thread.
    pub(crate) fn in_scope<R>(&self, read: impl FnOnce() -> R) -> R {
        struct Restore(Option<Rc<UserDefined>>);
        impl Drop for Restore {
            fn drop(&mut self) {
                SCOPE.set(self.0.take());
            }
        }
        let _restore = Restore(SCOPE.replace(Some(Rc::new(self.items.clone()))));
        read()
    }
}

impl<T: Scalar> fmt::Debug for Registry<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.items.entries.iter().rev().map(|(name, _)| name)).finish()
    }
}

/// Makes an item of a family from its configuration.
pub(crate) type Make<I> = Arc<dyn Fn(Value) -> Result<Arc<I>> + Send + Sync>;

/// User-defined items of all families by class name; the type of an entry decides which family it belongs to.
#[derive(Clone, Default)]
pub(crate) struct UserDefined {
    entries: Vec<(String, Arc<dyn Any + Send + Sync>)>,
}

impl UserDefined {
    /// Whether an item of any family is called so.
    #[cfg(feature = "keras")]
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.entries.iter().any(|(known, _)| known == name)
    }

    pub(super) fn find<I: ?Sized + 'static>(&self, name: &str) -> Option<&Make<I>> {
        self.of_type(name, TypeId::of::<Make<I>>())?.downcast_ref()
    }

    fn of_type(&self, name: &str, make: TypeId) -> Option<&(dyn Any + Send + Sync)> {
        let entry = self.entries.iter().find(|(known, entry)| known == name && (**entry).type_id() == make);
        entry.map(|(_, entry)| &**entry)
    }

    /// The names of the entries of a type.
    pub(super) fn names(&self, make: TypeId) -> Vec<String> {
        let entries = self.entries.iter().filter(|(_, entry)| (**entry).type_id() == make);
        entries.map(|(name, _)| name.clone()).collect()
    }
}

thread_local! {
    static SCOPE: RefCell<Option<Rc<UserDefined>>> = const { RefCell::new(None) };
}

/// The items that are registered on this thread, in addition to those of the crate.
pub(super) fn scope() -> Option<Rc<UserDefined>> {
    SCOPE.with_borrow(Option::clone)
}
