//! Numbers of optimizer steps.

use crate::error::number;
use crate::items::ArgumentValue;
use crate::items::Read;
use crate::items::argument::Argument;
use crate::items::range::{Range, Ranged};
use serde_json::Value;

/// A number of optimizer steps: whole where a program sets it, but Keras's files may hold a fraction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Steps(pub(super) f64);

impl From<usize> for Steps {
    fn from(steps: usize) -> Self {
        Steps(steps as f64)
    }
}

impl From<f64> for Steps {
    fn from(steps: f64) -> Self {
        Steps(steps)
    }
}

impl Ranged for Steps {
    fn out_of(&self, range: Range) -> Option<(String, String)> {
        // A fraction is possible in a file, but a whole number is what is meant.
        (!range.contains(self.0)).then(|| (number(self.0), range.of_counts()))
    }
}

impl Argument for Steps {
    fn write(&self) -> ArgumentValue {
        self.0.write()
    }

    fn read(value: Value) -> Read<Self> {
        f64::read(value).map(Steps)
    }

    fn beyond(&self, range: Range) -> Option<(String, String)> {
        self.out_of(range)
    }
}
