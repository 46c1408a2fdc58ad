//! Numbers of optimizer steps.

use crate::error::number;
use crate::items::ArgumentValue;
use crate::items::Read;
use crate::items::argument::Argument;
use crate::items::range::{Range, Ranged};
use serde_json::Value;

/// A number of optimizer steps: a whole number if a program sets it, but possibly a fraction in a Keras file.
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
        // Files may contain a fraction, but the message asks for a whole number.
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
