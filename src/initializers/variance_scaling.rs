use super::distributions::{fill_cut_normal, fill_normal, fill_uniform};
use super::fans::Axes;
use super::{Initializer, Shape};
use crate::items::argument::plain;
use crate::items::item;
use crate::{Random, Result, Scalar};
use serde::{Deserialize, Serialize};

/// The standard deviation of a standard normal cut off at ±2, by which the truncated draws are divided.
pub(super) const CUT_DEVIATION: f64 = 0.879_625_661_034_239_8;

/// The width of a layer by which the variance is scaled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fan {
    /// The number of inputs, `fan_in`.
    #[serde(rename = "fan_in")]
    In,
    /// The number of units, `fan_out`.
    #[serde(rename = "fan_out")]
    Out,
    /// The mean of both, `fan_avg`.
    #[serde(rename = "fan_avg")]
    Average,
}

/// The distribution of the values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Distribution {
    /// Normal, cut off at two deviations and widened so that the variance is `scale/n`.
    #[serde(alias = "normal")]
    TruncatedNormal,
    /// Normal.
    UntruncatedNormal,
    /// Uniform around 0.
    Uniform,
}

item! {
    /// Values around 0 whose variance is `scale/n`, where `n` is a width of the layer.
    ///
    /// The initializers of Glorot, He and LeCun are special cases.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::initializers::{Distribution, Fan, VarianceScaling};
    ///
    /// let glorot = VarianceScaling.mode(Fan::Average).distribution(Distribution::Uniform);
    /// let layers = Sequential::new().add(Dense::new(12, Tanh).kernel_initializer(glorot));
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.initializers.VarianceScaling`.
    pub struct VarianceScaling: "VarianceScaling" {
        /// The variance times `n`.
        scale: f64 [above 0] = 1.0,
        /// The width `n` of the layer.
        mode: Fan = Fan::In,
        /// The distribution that values are drawn from.
        distribution: Distribution = Distribution::TruncatedNormal,
        /// A seed for these values; by default they are drawn from the model's seed.
        seed: Option<u64> = None,
        /// The axes whose extents multiply to fan-in, together with `output_axes`; by default the rows.
        input_axes: Option<Vec<i64>> = None,
        /// The axes whose extents multiply to fan-out, together with `input_axes`; by default the columns.
        output_axes: Option<Vec<i64>> = None,
    }
}

impl VarianceScaling {
    fn axes(&self) -> Axes<'_> {
        Axes { inputs: self.input_axes.as_deref(), outputs: self.output_axes.as_deref() }
    }
}

impl<T: Scalar> Initializer<T> for VarianceScaling {
    fn fill(&self, values: &mut [T], shape: Shape, random: &mut Random) {
        let (fan_in, fan_out) = self.axes().fans(shape);
        let n: f64 = match self.mode {
            Fan::In => fan_in,
            Fan::Out => fan_out,
            Fan::Average => (fan_in + fan_out) / 2.0,
        };
        let variance = self.scale / n.max(1.0);
        match self.distribution {
            Distribution::TruncatedNormal => fill_cut_normal(values, 0.0, variance.sqrt() / CUT_DEVIATION, random),
            Distribution::UntruncatedNormal => fill_normal(values, 0.0, variance.sqrt(), random),
            Distribution::Uniform => {
                let limit = (3.0 * variance).sqrt();
                fill_uniform(values, -limit, limit, random);
            }
        }
    }

    fn seed(&self) -> Option<u64> {
        self.seed
    }

    fn check_shape(&self, shape: Shape) -> Result<()> {
        self.axes().check(self, shape)
    }
}

plain!(Fan, Distribution);
