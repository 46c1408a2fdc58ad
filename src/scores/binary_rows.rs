//! Truth, probability and weight of each sample of a binary task, one column each.

use super::ScoreInput;
use crate::{Error, Result};

/// The samples of a binary task.
#[derive(Debug, Clone)]
pub(crate) struct BinaryRows {
    /// Whether a sample is of class 1.
    pub(crate) positive: Vec<bool>,
    /// The probability of class 1, in [0, 1].
    pub(crate) probability: Vec<f64>,
    pub(crate) weights: Vec<f64>,
}

impl BinaryRows {
    /// Reads the input, and checks it for `item`; both classes are needed if `both` is set.
    pub(crate) fn new(item: &str, input: &ScoreInput<'_>, both: bool) -> Result<BinaryRows> {
        input.check()?;
        let labels = input.labels()?;
        let probability: Vec<f64> = input.positive()?.iter().copied().collect();
        if let Some(row) = probability.iter().position(|p| !(0.0..=1.0).contains(p)) {
            let value = format!("{} in row {row}", probability[row]);
            return Err(Error::argument(item, "prediction", value, "probabilities from 0 to 1"));
        }
        let rows = BinaryRows {
            positive: labels.iter().map(|label| *label == 1).collect(),
            probability,
            weights: input.sample_weights(),
        };
        let occurs = |class: bool| rows.iter().any(|(positive, _, weight)| positive == class && weight > 0.0);
        match [false, true].into_iter().find(|class| both && !occurs(*class)) {
            Some(class) => Err(Error::Empty {
                what: format!("{item}: class {} of the truth", u8::from(class)),
                advice: "pass rows of both classes".into(),
            }),
            None => Ok(rows),
        }
    }

    /// Truth, probability and weight of each sample.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (bool, f64, f64)> {
        let columns = self.positive.iter().zip(&self.probability).zip(&self.weights);
        columns.map(|((positive, probability), weight)| (*positive, *probability, *weight))
    }
}
