//! The description of a callback that a closure creates.

use super::callback::{Callback, CallbackItem};
use crate::items::{Spec, type_name};
use crate::{Error, Result, Scalar};
use serde_json::Value;
use std::fmt;
use std::marker::PhantomData;

/// A closure that creates a callback for each fit. It serves any number of fits, but cannot be stored in a file.
pub(crate) struct CallbackFactory<F, C> {
    make: F,
    made: PhantomData<fn() -> C>,
}

impl<F, C> CallbackFactory<F, C> {
    pub(crate) fn new(make: F) -> Self {
        CallbackFactory { make, made: PhantomData }
    }
}

impl<F, C> fmt::Debug for CallbackFactory<F, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CallbackFactory({})", type_name::<C>())
    }
}

impl<F: Send + Sync + 'static, C: 'static> Spec for CallbackFactory<F, C> {
    /// The class name of the callbacks that the closure creates.
    fn class_name(&self) -> String {
        type_name::<C>()
    }

    fn config(&self) -> Result<Value> {
        Err(Error::NotSerializable {
            item: self.class_name(),
            reason: "it is made by a closure, which a file cannot hold; write a type that implements Callback, Spec with its \
                     config, and Clone, and that returns itself from Callback::item, add it with .callback(…), and name it \
                     in the Registry that reads it (Registry::callback)"
                .into(),
        })
    }
}

impl<T: Scalar, F, C> CallbackItem<T> for CallbackFactory<F, C>
where
    F: Fn() -> C + Send + Sync + 'static,
    C: Callback<T> + 'static,
{
    fn start(&self) -> Box<dyn Callback<T>> {
        Box::new((self.make)())
    }
}
