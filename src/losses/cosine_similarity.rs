use super::forms::rowwise::{GradientLanes, RowwiseLoss, SampleLanes, rowwise_loss};
use super::{Loss, Reduction};
use crate::Scalar;
use crate::items::item;
use crate::kernels::distances::EPSILON;
use crate::kernels::{Element, Simd};

item! {
    /// The cosine of the angle between targets and predictions, negated: `−Σⱼ yⱼ·pⱼ / (‖y‖·‖p‖)`.
    ///
    /// −1 for the same direction, 1 for opposite ones. A norm below 1e-7 counts as 1e-7.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new().add(Dense::new(3, Linear)).compile(Adam::default(), CosineSimilarity, metrics![]);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.losses.CosineSimilarity`, with its axis −1.
    pub struct CosineSimilarity: "CosineSimilarity" {
        /// The reduction of the samples' losses to one number.
        reduction: Reduction = Reduction::SumOverBatchSize,
    }
}

/// The parts of the cosine.
struct Angle<V> {
    /// `Σ y·p`.
    dot: V,
    /// `1/‖y‖`.
    y: V,
    /// `1/‖p‖`.
    p: V,
    /// 1 where `‖p‖` is not clipped, else 0.
    moving: V,
}

impl<V: Copy> Angle<V> {
    #[inline(always)]
    fn new<T: Element, S: Simd<T, V = V>>(s: S, samples: &SampleLanes<'_, T>) -> Self {
        let (mut dot, mut y_square, mut p_square) = (s.zero(), s.zero(), s.zero());
        for output in 0..samples.outputs() {
            let (y, p) = (samples.y(s, output), samples.p(s, output));
            dot = s.mul_add(y, p, dot);
            y_square = s.mul_add(y, y, y_square);
            p_square = s.mul_add(p, p, p_square);
        }
        let (one, least) = (s.literal(1.0), s.literal(EPSILON));
        let (y, p) = (s.sqrt(y_square), s.sqrt(p_square));
        let moving = s.select(s.ge(p, least), one, s.zero());
        Angle { dot, y: s.div(one, s.max(least, y)), p: s.div(one, s.max(least, p)), moving }
    }
}

impl<T: Element> RowwiseLoss<T> for CosineSimilarity {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, samples: &SampleLanes<'_, T>) -> S::V {
        let Angle { dot, y, p, .. } = Angle::new(s, samples);
        s.neg(s.mul(dot, s.mul(y, p)))
    }

    #[inline(always)]
    fn gradient<S: Simd<T>>(&self, s: S, samples: &SampleLanes<'_, T>, scale: S::V, to: &mut GradientLanes<'_, T>) {
        // ∂/∂pⱼ = −(yⱼ/‖y‖ − cos·pⱼ/‖p‖)/‖p‖; where the norm is clipped, only the first term is left.
        let Angle { dot, y, p, moving } = Angle::new(s, samples);
        let cosine = s.mul(dot, s.mul(y, p));
        let back = s.mul(s.mul(cosine, p), moving);
        let factor = s.neg(s.mul(scale, p));
        for output in 0..samples.outputs() {
            let ahead = s.mul(samples.y(s, output), y);
            to.set(s, output, s.mul(factor, s.sub(ahead, s.mul(samples.p(s, output), back))));
        }
    }
}

impl<T: Scalar> Loss<T> for CosineSimilarity {
    rowwise_loss!();
}
