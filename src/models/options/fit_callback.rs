//! A callback as a fit is given it.

use crate::engine::{Callback, CallbackItem};
use crate::items::Item;
use crate::{Error, Result, Scalar};
use std::fmt;

/// Checks the ranges of the arguments of a callback that describes itself.
pub(in crate::models) fn check_described<T: Scalar>(callback: &(dyn Callback<T> + '_)) -> Result<()> {
    callback.item().map_or(Ok(()), |item| item.check())
}

/// A callback of a fit that has not begun.
pub(super) enum FitCallback<'a, T: Scalar> {
    /// The callback itself, which sees this fit.
    Value(Box<dyn Callback<T> + 'a>),
    /// The origin of the callback that each fit starts.
    Item(Item<dyn CallbackItem<T>>),
}

impl<'a, T: Scalar> FitCallback<'a, T> {
    /// The callback for this fit.
    pub(super) fn start(self) -> Result<Box<dyn Callback<T> + 'a>> {
        match self {
            FitCallback::Value(callback) => Ok(callback),
            FitCallback::Item(item) => {
                let callback = item.get()?.start();
                // A closure's callback can be checked only now that it has been made.
                check_described(&*callback)?;
                Ok(callback)
            }
        }
    }

    /// The description of the callback, if it can be repeated.
    pub(super) fn item(&self) -> Result<Item<dyn CallbackItem<T>>> {
        match self {
            FitCallback::Value(callback) => callback.item().map(Item::from).ok_or_else(|| {
                let expected = "callbacks that can be repeated: pass a value in place of a `&mut` reference, make one of \
                                closures by .callback_with(…), return a user-defined one from Callback::item, or give \
                                it to each fit: Fit::from(&options).callback(…)";
                Error::argument("Fit", "callback", format!("{}, which serves one fit", callback.name()), expected)
            }),
            FitCallback::Item(item) => Ok(item.clone()),
        }
    }

    /// Checks the ranges of the arguments of one that describes itself.
    pub(super) fn check(&self) -> Result<()> {
        match self {
            FitCallback::Value(callback) => check_described(&**callback),
            FitCallback::Item(item) => item.checked().map(drop),
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
