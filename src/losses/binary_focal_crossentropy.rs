use super::arithmetic::focal_factor::focal_factor;
use super::arithmetic::label_smoothing::smooth;
use super::forms::pointwise::{PointwiseLoss, pointwise};
use super::{Outputs, Reduction, Targets};
use crate::items::item;
use crate::kernels::distances::EPSILON;
use crate::kernels::{Element, Simd, distances, functions};

item! {
    /// Binary cross-entropy that counts easy samples less, `(1 − p_t)^γ·bce(y, p)` averaged over the outputs.
    ///
    /// `p_t = y·p + (1 − y)·(1 − p)` is the probability of the true class, so that samples which are already right
    /// hardly count; for targets in [0, 1]. With `apply_class_balancing(true)` the factor `y·α + (1 − y)·(1 − α)`
    /// multiplies it.
    ///
    /// With `from_logits(true)` the cross-entropy is computed from the logits, exactly where the sigmoid saturates;
    /// probabilities are clipped to [1e-7, 1 − 1e-7] there, as Keras does for both.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new().add(Dense::new(1, Sigmoid)).compile(Adam::default(), BinaryFocalCrossentropy.gamma(3.0), metrics![]);
    /// ```
    ///
    /// # References
    ///
    /// T.-Y. Lin et al., *Focal loss for dense object detection*, ICCV 2017.
    /// Keras: `keras.losses.BinaryFocalCrossentropy`.
    pub struct BinaryFocalCrossentropy: "BinaryFocalCrossentropy" {
        /// Whether the two classes have different weights.
        apply_class_balancing: bool = false,
        /// `α`, the weight of class 1 if the classes are balanced.
        alpha: f64 [in 0..=1] = 0.25,
        /// `γ`, how little easy samples count; 0 is plain binary cross-entropy.
        gamma: f64 [at least 0] = 2.0,
        /// Whether the predictions are logits rather than probabilities.
        from_logits: bool = false,
        /// The smoothing `s`, which turns a target `y` into `y·(1 − s) + s/2`.
        label_smoothing: f64 [in 0..=1] = 0.0,
        /// The reduction of the samples' losses to one number.
        reduction: Reduction = Reduction::SumOverBatchSize,
    }
}

impl BinaryFocalCrossentropy {
    /// The binary cross-entropy, and the prediction as a probability.
    #[inline(always)]
    fn crossentropy<T: Element, S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> (S::V, S::V) {
        if self.from_logits {
            return (distances::binary_crossentropy_of_logit(s, y, p), functions::sigmoid(s, p));
        }
        (distances::binary_crossentropy(s, y, p), p)
    }

    /// The weight of the target's class.
    #[inline(always)]
    fn balance<T: Element, S: Simd<T>>(&self, s: S, y: S::V) -> S::V {
        if !self.apply_class_balancing {
            return s.literal(1.0);
        }
        s.mul_add(y, s.literal(2.0 * self.alpha - 1.0), s.literal(1.0 - self.alpha))
    }
}

/// `1 − p_t = y·(1 − p) + (1 − y)·p`.
#[inline(always)]
fn miss<T: Element, S: Simd<T>>(s: S, y: S::V, p: S::V) -> S::V {
    let one = s.literal(1.0);
    s.mul_add(y, s.sub(one, p), s.mul(s.sub(one, y), p))
}

impl<T: Element> PointwiseLoss<T> for BinaryFocalCrossentropy {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V {
        let y = smooth(s, y, self.label_smoothing);
        let (crossentropy, probability) = self.crossentropy(s, y, p);
        let focus = focal_factor(s, miss(s, y, probability), self.gamma);
        s.mul(self.balance(s, y), s.mul(focus, crossentropy))
    }

    #[inline(always)]
    fn derivative<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V {
        let y = smooth(s, y, self.label_smoothing);
        let (crossentropy, probability) = self.crossentropy(s, y, p);
        let one = s.literal(1.0);
        let variance = s.mul(probability, s.sub(one, probability));
        // Both derivatives with respect to the logit, where neither divides by a small number.
        let plain = s.sub(probability, y);
        let turn = s.mul(s.sub(one, s.add(y, y)), variance);
        let missed = miss(s, y, probability);
        let fading = s.mul(s.mul(s.literal(self.gamma), focal_factor(s, missed, self.gamma - 1.0)), turn);
        let derivative = s.mul_add(fading, crossentropy, s.mul(focal_factor(s, missed, self.gamma), plain));
        let derivative = s.mul(self.balance(s, y), derivative);
        if self.from_logits {
            return derivative;
        }
        // The loss is constant where a probability is clipped.
        let derivative = s.div(derivative, variance);
        let above = s.select(s.ge(p, s.literal(EPSILON)), derivative, s.zero());
        s.select(s.ge(s.literal(1.0 - EPSILON), p), above, s.zero())
    }
}

pointwise!(BinaryFocalCrossentropy, Targets::Between(0.0, 1.0), |loss| Outputs::binary(loss.from_logits));
