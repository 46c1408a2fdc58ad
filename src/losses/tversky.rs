use super::Reduction;
use super::forms::soft_sets::{SoftSets, Totals, known_axis, soft_sets};
use crate::Result;
use crate::items::{invalid, item};
use crate::kernels::distances::EPSILON;
use crate::kernels::{Element, Simd};

item! {
    /// The Tversky loss, `1 − c / (c + α·Σ y·(1 − p) + β·Σ (1 − y)·p + 1e-7)` with `c = Σ y·p`, for targets in [0, 1].
    ///
    /// `α` weighs false negatives and `β` false positives; with 0.5 for both it is the [`Dice`](struct@super::Dice)
    /// loss except for the constant. The sums run over the whole batch, which then has one loss, or over the outputs of
    /// each sample with `axis(1)`. One loss of a whole batch is weighted with the mean of the sample weights.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let loss = Tversky.alpha(0.7).beta(0.3);
    /// let model = Sequential::new().add(Dense::new(1, Sigmoid)).compile(Adam::default(), loss, metrics![]);
    /// ```
    ///
    /// # References
    ///
    /// S. Salehi, D. Erdogmus and A. Gholipour, *Tversky loss function for image segmentation using 3D fully
    /// convolutional deep networks*, MLMI 2017.
    /// Keras: `keras.losses.Tversky`.
    pub struct Tversky: "Tversky" checked by check_axis {
        /// `α`, the weight of false negatives.
        alpha: f64 [at least 0] = 0.5,
        /// `β`, the weight of false positives.
        beta: f64 [at least 0] = 0.5,
        /// 1 (or −1) for a loss of each sample; without it there is one of the whole batch.
        axis: Option<i64> = None,
        /// The reduction of the samples' losses to one number.
        reduction: Reduction = Reduction::SumOverBatchSize,
    }
}

impl Tversky {
    fn check_axis(&self) -> Result<()> {
        match self.axis {
            Some(axis) if !known_axis(self.axis) => Err(invalid(self, "axis", axis, "1 or −1, or none")),
            _ => Ok(()),
        }
    }

    /// The denominator, with `Σ y·(1 − p) = Σ y − c` and `Σ (1 − y)·p = Σ p − c`.
    #[inline(always)]
    fn size<T: Element, S: Simd<T>>(&self, s: S, totals: &Totals<S::V>) -> S::V {
        let missed = s.mul(s.literal(self.alpha), s.sub(totals.y, totals.intersection));
        let wrong = s.mul(s.literal(self.beta), s.sub(totals.p, totals.intersection));
        s.add(s.add(totals.intersection, missed), s.add(wrong, s.literal(EPSILON)))
    }
}

impl<T: Element> SoftSets<T> for Tversky {
    #[inline(always)]
    fn whole_batch(&self) -> bool {
        self.axis.is_none()
    }

    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, totals: &Totals<S::V>) -> S::V {
        s.sub(s.literal(1.0), s.div(totals.intersection, self.size(s, totals)))
    }

    #[inline(always)]
    fn derivatives<S: Simd<T>>(&self, s: S, totals: &Totals<S::V>) -> (S::V, S::V) {
        let reciprocal = s.div(s.literal(1.0), self.size(s, totals));
        let index = s.mul(totals.intersection, reciprocal);
        let common = s.sub(s.mul(index, s.literal(1.0 - self.alpha - self.beta)), s.literal(1.0));
        (s.mul(reciprocal, common), s.mul(s.mul(reciprocal, index), s.literal(self.beta)))
    }
}

soft_sets!(Tversky);
