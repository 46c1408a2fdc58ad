use super::forms::rowwise::{GradientLanes, RowwiseLoss, SampleLanes, rowwise_loss};
use super::{Loss, Reduction, Targets};
use crate::Scalar;
use crate::items::item;
use crate::kernels::categorical_hinge::{Margin, negative};
use crate::kernels::{Element, Simd};

item! {
    /// The categorical hinge loss, `max(neg − pos + 1, 0)` with `pos = Σⱼ yⱼ·pⱼ` and `neg = maxⱼ (1 − yⱼ)·pⱼ`.
    ///
    /// Targets are one-hot. Outputs that are all equal to the maximum divide its derivative equally.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new().add(Dense::new(3, Linear)).compile(Adam::default(), CategoricalHinge, metrics![]);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.losses.CategoricalHinge`.
    pub struct CategoricalHinge: "CategoricalHinge" {
        /// The reduction of the samples' losses to one number.
        reduction: Reduction = Reduction::SumOverBatchSize,
    }
}

impl<T: Element> RowwiseLoss<T> for CategoricalHinge {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, samples: &SampleLanes<'_, T>) -> S::V {
        Margin::new(s, samples.targets, samples.predictions).hinge(s)
    }

    #[inline(always)]
    fn gradient<S: Simd<T>>(&self, s: S, samples: &SampleLanes<'_, T>, scale: S::V, to: &mut GradientLanes<'_, T>) {
        let one = s.literal(1.0);
        let margin = Margin::new(s, samples.targets, samples.predictions);
        let scale = s.select(s.gt(margin.shortfall(s), s.zero()), scale, s.zero());
        let mut ties = s.zero();
        for output in 0..samples.outputs() {
            let value = negative(s, samples.y(s, output), samples.p(s, output));
            ties = s.add(ties, s.select(s.ge(value, margin.negative), one, s.zero()));
        }
        let fraction = s.div(one, ties);
        for output in 0..samples.outputs() {
            let y = samples.y(s, output);
            let is_max = s.ge(negative(s, y, samples.p(s, output)), margin.negative);
            let of_max = s.select(is_max, s.mul(s.sub(one, y), fraction), s.zero());
            to.set(s, output, s.mul(scale, s.sub(of_max, y)));
        }
    }
}

impl<T: Scalar> Loss<T> for CategoricalHinge {
    rowwise_loss!();

    fn targets(&self) -> Targets {
        Targets::Between(0.0, 1.0)
    }
}
