use super::arithmetic::class_crossentropy::unless_clipped;
use super::arithmetic::focal_factor::focal_factor;
use super::forms::rowwise::{GradientLanes, RowwiseLoss, SampleLanes, rowwise_loss};
use super::{Loss, Outputs, Reduction, Targets};
use crate::items::argument::plain;
use crate::items::range::{Range, Ranged};
use crate::items::{invalid, item};
use crate::kernels::class_crossentropy::{Normalized, clipped};
use crate::kernels::{Element, Simd, functions};
use crate::{Result, Scalar};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

item! {
    /// Categorical cross-entropy that counts easy samples less, `−Σⱼ αⱼ·(1 − qⱼ)^γ·yⱼ·ln qⱼ`.
    ///
    /// `q` are the probabilities divided by their sum, or the softmax of logits, clipped to [1e-7, 1 − 1e-7]; targets
    /// are class probabilities, usually one-hot.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new().add(Dense::new(3, Softmax)).compile(Adam::default(), CategoricalFocalCrossentropy.alpha([0.2, 0.3, 0.5]), metrics![]);
    /// ```
    ///
    /// # References
    ///
    /// T.-Y. Lin et al., *Focal loss for dense object detection*, ICCV 2017.
    /// Keras: `keras.losses.CategoricalFocalCrossentropy`.
    pub struct CategoricalFocalCrossentropy: "CategoricalFocalCrossentropy" {
        /// `α`, one weight for all classes or a weight for each.
        alpha: Alpha [at least 0] = Alpha::One(0.25),
        /// `γ`, how little easy samples count.
        gamma: f64 [at least 0] = 2.0,
        /// Whether the predictions are logits rather than probabilities.
        from_logits: bool = false,
        /// The smoothing `s`, which turns targets `y` into `y·(1 − s) + s/classes`.
        label_smoothing: f64 [in 0..=1] = 0.0,
        /// The reduction of the samples' losses to one number.
        reduction: Reduction = Reduction::SumOverBatchSize,
    }
}

/// The class weights of [`CategoricalFocalCrossentropy`](struct@CategoricalFocalCrossentropy).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a number or a list of numbers")]
pub enum Alpha {
    /// One weight for all classes.
    One(f64),
    /// A weight for each class.
    PerClass(Vec<f64>),
}

/// Iterates over the weights.
impl Ranged for Alpha {
    fn out_of(&self, range: Range) -> Option<(String, String)> {
        match self {
            Alpha::One(alpha) => alpha.out_of(range),
            Alpha::PerClass(alphas) => alphas.out_of(range),
        }
    }
}

impl From<f64> for Alpha {
    fn from(alpha: f64) -> Self {
        Alpha::One(alpha)
    }
}

impl From<Vec<f64>> for Alpha {
    fn from(alphas: Vec<f64>) -> Self {
        Alpha::PerClass(alphas)
    }
}

impl<const N: usize> From<[f64; N]> for Alpha {
    fn from(alphas: [f64; N]) -> Self {
        Alpha::PerClass(alphas.into())
    }
}

impl CategoricalFocalCrossentropy {
    /// `αⱼ·yⱼ` of one class, `y` smoothed.
    #[inline(always)]
    fn weight<T: Element, S: Simd<T>>(&self, s: S, samples: &SampleLanes<'_, T>, class: usize) -> S::V {
        let alpha = match &self.alpha {
            Alpha::One(alpha) => *alpha,
            // Their number was checked before training.
            Alpha::PerClass(alphas) => alphas.get(class).copied().unwrap_or(0.0),
        };
        let spread = s.literal(self.label_smoothing / samples.outputs() as f64);
        let y = s.mul_add(samples.y(s, class), s.literal(1.0 - self.label_smoothing), spread);
        s.mul(y, s.literal(alpha))
    }

    /// `gⱼ = αⱼ·yⱼ·(γ·(1 − q)^(γ−1)·ln q − (1 − q)^γ/q)`, 0 where `q` is clipped.
    #[inline(always)]
    fn derivative<T: Element, S: Simd<T>>(&self, s: S, samples: &SampleLanes<'_, T>, class: usize, q: S::V) -> S::V {
        let kept = clipped(s, q);
        let rest = s.sub(s.literal(1.0), kept);
        let fading =
            s.mul(s.literal(self.gamma), s.mul(focal_factor(s, rest, self.gamma - 1.0), functions::ln(s, kept)));
        let derivative = s.sub(fading, s.div(focal_factor(s, rest, self.gamma), kept));
        unless_clipped(s, q, s.mul(self.weight(s, samples, class), derivative))
    }
}

impl<T: Element> RowwiseLoss<T> for CategoricalFocalCrossentropy {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, samples: &SampleLanes<'_, T>) -> S::V {
        let normalized = Normalized::new(s, samples.predictions, self.from_logits);
        let mut value = s.zero();
        for class in 0..samples.outputs() {
            let q = clipped(s, normalized.probability(s, samples.p(s, class)));
            let focus = focal_factor(s, s.sub(s.literal(1.0), q), self.gamma);
            value = s.mul_add(s.mul(self.weight(s, samples, class), focus), functions::ln(s, q), value);
        }
        s.neg(value)
    }

    /// With `gⱼ = ∂loss/∂qⱼ` the derivative is `(gⱼ − Σₖ gₖ·qₖ)/Σp` for probabilities and `qⱼ·(gⱼ − Σₖ gₖ·qₖ)` for
    /// logits.
    #[inline(always)]
    fn gradient<S: Simd<T>>(&self, s: S, samples: &SampleLanes<'_, T>, scale: S::V, to: &mut GradientLanes<'_, T>) {
        let normalized = Normalized::new(s, samples.predictions, self.from_logits);
        let mut common = s.zero();
        for class in 0..samples.outputs() {
            let q = normalized.probability(s, samples.p(s, class));
            common = s.mul_add(self.derivative(s, samples, class, q), q, common);
        }
        for class in 0..samples.outputs() {
            let p = samples.p(s, class);
            let derivative = s.sub(self.derivative(s, samples, class, normalized.probability(s, p)), common);
            to.set(s, class, s.mul(scale, s.mul(derivative, normalized.derivative(s, p))));
        }
    }
}

impl<T: Scalar> Loss<T> for CategoricalFocalCrossentropy {
    rowwise_loss!();

    fn expects(&self) -> Outputs {
        Outputs::categorical(self.from_logits)
    }

    fn targets(&self) -> Targets {
        Targets::Between(0.0, 1.0)
    }

    fn least_outputs(&self) -> usize {
        2
    }

    fn for_shape(&self, _: usize, outputs: usize) -> Result<Option<Arc<dyn Loss<T>>>> {
        match &self.alpha {
            Alpha::PerClass(alphas) if alphas.len() != outputs => {
                let expected = format!("one weight, or one for each of the {outputs} outputs of the model");
                Err(invalid(self, "alpha", format!("{alphas:?}"), expected))
            }
            _ => Ok(None),
        }
    }
}

plain!(ranged Alpha);
