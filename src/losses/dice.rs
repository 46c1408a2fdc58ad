use super::Reduction;
use super::forms::soft_sets::{SoftSets, Totals, known_axis, soft_sets};
use crate::Result;
use crate::items::{invalid, item};
use crate::kernels::distances::EPSILON;
use crate::kernels::{Element, Simd};

item! {
    /// The Dice loss, `1 − 2·Σ y·p / (Σ y + Σ p + 1e-7)`, for targets in [0, 1].
    ///
    /// The sums run over the whole batch, which then has one loss, or over the outputs of each sample with `axis(1)`.
    /// One loss of a whole batch is weighted with the mean of the sample weights.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new().add(Dense::new(1, Sigmoid)).compile(Adam::default(), Dice, metrics![]);
    /// let of_each_sample = Dice.axis(1);
    /// ```
    ///
    /// # References
    ///
    /// F. Milletari, N. Navab and S.-A. Ahmadi, *V-Net: fully convolutional neural networks for volumetric medical
    /// image segmentation*, 3DV 2016.
    /// Keras: `keras.losses.Dice`.
    pub struct Dice: "Dice" checked by check_axis {
        /// 1 (or −1) for a loss of each sample; without it there is one of the whole batch.
        axis: Option<i64> = None,
        /// The reduction of the samples' losses to one number.
        reduction: Reduction = Reduction::SumOverBatchSize,
    }
}

impl Dice {
    fn check_axis(&self) -> Result<()> {
        match self.axis {
            Some(axis) if !known_axis(self.axis) => Err(invalid(self, "axis", axis, "1 or −1, or none")),
            _ => Ok(()),
        }
    }
}

impl<T: Element> SoftSets<T> for Dice {
    #[inline(always)]
    fn whole_batch(&self) -> bool {
        self.axis.is_none()
    }

    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, totals: &Totals<S::V>) -> S::V {
        let size = s.add(s.add(totals.y, totals.p), s.literal(EPSILON));
        s.sub(s.literal(1.0), s.div(s.add(totals.intersection, totals.intersection), size))
    }

    #[inline(always)]
    fn derivatives<S: Simd<T>>(&self, s: S, totals: &Totals<S::V>) -> (S::V, S::V) {
        let reciprocal = s.div(s.literal(2.0), s.add(s.add(totals.y, totals.p), s.literal(EPSILON)));
        let half = s.mul(s.mul(reciprocal, reciprocal), s.literal(0.5));
        (s.neg(reciprocal), s.mul(totals.intersection, half))
    }
}

soft_sets!(Dice);
