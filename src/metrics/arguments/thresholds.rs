//! The thresholds of metrics that count hits and misses.

use crate::items::argument::plain;
use crate::items::range::{Range, Ranged};
use crate::outputs::Outputs;
use serde::{Deserialize, Serialize};

/// The thresholds above which an output means 1: none (the metric's default), one, or several with a value for
/// each.
///
/// Keras's configurations hold `null`, a number or a list.
///
/// ```
/// use perceptra::prelude::*;
///
/// assert_eq!(Recall.thresholds(0.3), Recall.thresholds([0.3]));
/// assert_eq!(Recall.thresholds([0.3, 0.6]).thresholds.values(), [0.3, 0.6]);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "ConfiguredThresholds", into = "ConfiguredThresholds")]
pub struct Thresholds(Vec<f64>);

/// The forms that a configuration has.
#[derive(Serialize, Deserialize)]
#[serde(untagged, expecting = "expected null, a number or a list of numbers")]
enum ConfiguredThresholds {
    None,
    One(f64),
    Several(Vec<f64>),
}

impl Thresholds {
    /// No thresholds given: the metric uses its default.
    pub const NONE: Thresholds = Thresholds(Vec::new());

    /// The numbers in the order in which they were given.
    pub fn values(&self) -> &[f64] {
        &self.0
    }

    /// The thresholds given, else a default one.
    pub(crate) fn or(&self, default: f64) -> Vec<f64> {
        if self.0.is_empty() { vec![default] } else { self.0.clone() }
    }

    /// The form of outputs that they are compared with: probabilities for the default of 0.5; given thresholds may be logits.
    pub(crate) fn expects(&self) -> Outputs {
        if self.0.is_empty() { Outputs::Probabilities } else { Outputs::Any }
    }
}

/// Every threshold must be in the range.
impl Ranged for Thresholds {
    fn out_of(&self, range: Range) -> Option<(String, String)> {
        self.0.out_of(range)
    }
}

impl From<f64> for Thresholds {
    fn from(threshold: f64) -> Self {
        Thresholds(vec![threshold])
    }
}

impl From<Vec<f64>> for Thresholds {
    fn from(thresholds: Vec<f64>) -> Self {
        Thresholds(thresholds)
    }
}

impl From<&[f64]> for Thresholds {
    fn from(thresholds: &[f64]) -> Self {
        Thresholds(thresholds.to_vec())
    }
}

impl<const N: usize> From<[f64; N]> for Thresholds {
    fn from(thresholds: [f64; N]) -> Self {
        Thresholds(thresholds.to_vec())
    }
}

impl From<ConfiguredThresholds> for Thresholds {
    fn from(written: ConfiguredThresholds) -> Self {
        Thresholds(match written {
            ConfiguredThresholds::None => Vec::new(),
            ConfiguredThresholds::One(threshold) => vec![threshold],
            ConfiguredThresholds::Several(thresholds) => thresholds,
        })
    }
}

impl From<Thresholds> for ConfiguredThresholds {
    fn from(thresholds: Thresholds) -> Self {
        match thresholds.0.as_slice() {
            [] => ConfiguredThresholds::None,
            [threshold] => ConfiguredThresholds::One(*threshold),
            _ => ConfiguredThresholds::Several(thresholds.0),
        }
    }
}

plain!(ranged Thresholds);

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_form_of_a_configuration_is_read_and_written_back() -> serde_json::Result<()> {
        for written in [json!(null), json!(0.25), json!([0.25, 0.5])] {
            let thresholds: Thresholds = serde_json::from_value(written.clone())?;
            assert_eq!(serde_json::to_value(&thresholds)?, written);
        }
        Ok(())
    }
}
