//! A callback as a fit is given it.

use crate::Scalar;
use crate::engine::{Callback, CallbackItem};
use std::fmt;
use std::sync::Arc;

/// A callback of a fit that has not begun.
pub(super) enum FitCallback<'a, T: Scalar> {
    /// The callback itself, which sees this fit.
    Value(Box<dyn Callback<T> + 'a>),
    /// What each fit starts one from.
    Item(Arc<dyn CallbackItem<T>>),
}

impl<'a, T: Scalar> FitCallback<'a, T> {
    /// The callback for this fit.
    pub(super) fn start(self) -> Box<dyn Callback<T> + 'a> {
        match self {
            FitCallback::Value(callback) => callback,
            FitCallback::Item(item) => item.start(),
        }
    }

    /// Its description, if it can be repeated.
    pub(super) fn item(&self) -> Option<Arc<dyn CallbackItem<T>>> {
        match self {
            FitCallback::Value(callback) => callback.item(),
            FitCallback::Item(item) => Some(item.clone()),
        }
    }

    pub(super) fn name(&self) -> String {
        match self {
            FitCallback::Value(callback) => callback.name(),
            FitCallback::Item(item) => item.class_name(),
        }
    }
}

impl<T: Scalar> fmt::Debug for FitCallback<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FitCallback::Value(callback) => f.write_str(&callback.name()),
            FitCallback::Item(item) => item.fmt(f),
        }
    }
}
