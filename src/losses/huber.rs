use super::Reduction;
use super::forms::pointwise::{PointwiseLoss, pointwise};
use crate::items::item;
use crate::kernels::{Element, Simd};

item! {
    /// The Huber loss, `e²/2` where `|e| ≤ δ` and `δ·|e| − δ²/2` beyond, with `e = p − y`, averaged over the outputs.
    ///
    /// Squared near 0 and absolute beyond, so that the gradient of an outlier is at most `δ`.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new().add(Dense::new(1, Linear)).compile(Adam::default(), Huber.delta(2.0), metrics![]);
    /// ```
    ///
    /// # References
    ///
    /// P. Huber, *Robust estimation of a location parameter*, The Annals of Mathematical Statistics 35, 1964.
    /// Keras: `keras.losses.Huber`.
    pub struct Huber: "Huber" {
        /// `δ`, the error at which the loss turns linear.
        delta: f64 [above 0] = 1.0,
        /// The reduction of the samples' losses to one number.
        reduction: Reduction = Reduction::SumOverBatchSize,
    }
}

impl<T: Element> PointwiseLoss<T> for Huber {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V {
        let distance = s.abs(s.sub(p, y));
        let delta = s.literal(self.delta);
        let near = s.min(delta, distance);
        // Covers both branches: m·(|e| − m/2) with m = min(δ, |e|).
        s.mul(near, s.sub(distance, s.mul(s.literal(0.5), near)))
    }

    #[inline(always)]
    fn derivative<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V {
        let delta = s.literal(self.delta);
        s.max(s.neg(delta), s.min(delta, s.sub(p, y)))
    }
}

pointwise!(Huber);
