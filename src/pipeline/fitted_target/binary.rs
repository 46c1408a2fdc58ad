//! The two labels of a binary target.

use super::super::Target;
use super::labels::listed;
use crate::preprocessing::Value;
use crate::{Error, Result};

impl Target {
    /// The negative and the positive label.
    pub(super) fn two(&self, mut labels: Vec<Value>) -> Result<Vec<Value>> {
        if labels.len() != 2 {
            return Err(if labels.len() < 2 {
                self.too_few(&labels)
            } else {
                let value = format!("one of {} values: {}", labels.len(), listed(&labels));
                Error::argument(self.named(), "column", value, "two values; for more use Target::multiclass")
            });
        }
        if let Some(positive) = &self.positive {
            match labels.iter().position(|label| label == positive) {
                Some(0) => labels.swap(0, 1),
                Some(_) => {}
                None => {
                    let expected = format!("{} or {}", labels[0], labels[1]);
                    return Err(Error::argument(self.named(), "positive", positive, expected));
                }
            }
        }
        Ok(labels)
    }
}
