use crate::items::argument::plain;
use serde::{Deserialize, Serialize};

/// The reduction of the losses of a batch's samples to one number.
///
/// With losses `lᵢ` and sample weights `wᵢ` (1 if none are given) over `n` samples (those of an ignored class do not
/// count):
///
/// | variant | value |
/// |---|---|
/// | `SumOverBatchSize` (default) | `Σ wᵢ·lᵢ / n`, divided by the count and not by the weights |
/// | `Sum` | `Σ wᵢ·lᵢ` |
/// | `Mean` | as `SumOverBatchSize` |
/// | `MeanWithSampleWeight` | `Σ wᵢ·lᵢ / Σ wᵢ` |
/// | `None` | no reduction; training, which needs one number, takes the mean |
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reduction {
    /// The weighted sum divided by the number of samples.
    #[default]
    SumOverBatchSize,
    /// The weighted sum.
    Sum,
    /// The weighted sum divided by the number of samples, as `SumOverBatchSize`.
    Mean,
    /// The weighted sum divided by the sum of the weights.
    MeanWithSampleWeight,
    /// Returns one value per sample.
    None,
}

impl Reduction {
    /// The factor of each sample's weighted loss with which the sum over the samples is the reduced
    /// value.
    pub(crate) fn factor(self, samples: usize, weight_sum: f64) -> f64 {
        match self {
            Reduction::Sum => 1.0,
            // Without a counted sample the loss and its gradient are 0.
            _ if samples == 0 => 0.0,
            Reduction::MeanWithSampleWeight if weight_sum == 0.0 => 0.0,
            Reduction::MeanWithSampleWeight => 1.0 / weight_sum,
            Reduction::SumOverBatchSize | Reduction::Mean | Reduction::None => 1.0 / samples as f64,
        }
    }
}

plain!(Reduction);
