//! Resources that a callback holds open during a fit.

use std::fmt;
use std::ops::{Deref, DerefMut};

/// A log or a display of a running fit; it stays with the original, and a clone has none.
pub(super) struct Open<F>(Option<F>);

impl<F> Open<F> {
    pub(super) fn new(open: F) -> Self {
        Open(Some(open))
    }
}

impl<F> Default for Open<F> {
    fn default() -> Self {
        Open(None)
    }
}

impl<F> Clone for Open<F> {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl<F> From<Option<F>> for Open<F> {
    fn from(open: Option<F>) -> Self {
        Open(open)
    }
}

impl<F> Deref for Open<F> {
    type Target = Option<F>;

    fn deref(&self) -> &Option<F> {
        &self.0
    }
}

impl<F> DerefMut for Open<F> {
    fn deref_mut(&mut self) -> &mut Option<F> {
        &mut self.0
    }
}

impl<F> fmt::Debug for Open<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "open" } else { "not open" })
    }
}
