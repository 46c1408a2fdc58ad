use super::forms::rowwise::{GradientLanes, RowwiseLoss, SampleLanes, rowwise_loss};
use super::{Loss, Outputs, Reduction, Targets};
use crate::Scalar;
use crate::items::item;
use crate::kernels::class_crossentropy::one_hot;
use crate::kernels::distances::EPSILON;
use crate::kernels::{Element, Simd, functions};

item! {
    /// The generalized cross-entropy, `(1 − p_y^q)/q`, for class indices `y`: one column of `0..classes`.
    ///
    /// Between categorical cross-entropy (`q` towards 0) and mean absolute error (towards 1), so that wrong labels
    /// count less. For the derivative `p_y` is kept at least 1e-7.
    ///
    /// Keras 3.15, given a column of labels, compares every label with every row; here each row has one label, as
    /// Keras documents it and computes it for a vector of labels.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new().add(Dense::new(3, Softmax)).compile(Adam::default(), CategoricalGeneralizedCrossEntropy.q(0.7), metrics![]);
    /// ```
    ///
    /// # References
    ///
    /// Z. Zhang and M. Sabuncu, *Generalized cross entropy loss for training deep neural networks with noisy labels*,
    /// NeurIPS 2018.
    /// Keras: `keras.losses.CategoricalGeneralizedCrossEntropy`.
    pub struct CategoricalGeneralizedCrossEntropy: "CategoricalGeneralizedCrossEntropy" {
        /// `q`, between cross-entropy (towards 0) and absolute error (towards 1).
        q: f64 [above 0 below 1] = 0.5,
        /// The reduction of the samples' losses to one number.
        reduction: Reduction = Reduction::SumOverBatchSize,
    }
}

impl<T: Element> RowwiseLoss<T> for CategoricalGeneralizedCrossEntropy {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, samples: &SampleLanes<'_, T>) -> S::V {
        let mut probability = s.zero();
        for class in 0..samples.outputs() {
            probability = s.mul_add(one_hot(s, samples.y(s, 0), class), samples.p(s, class), probability);
        }
        let power = functions::exp(s, s.mul(s.literal(self.q), functions::ln(s, probability)));
        s.mul(s.sub(s.literal(1.0), power), s.literal(1.0 / self.q))
    }

    #[inline(always)]
    fn gradient<S: Simd<T>>(&self, s: S, samples: &SampleLanes<'_, T>, scale: S::V, to: &mut GradientLanes<'_, T>) {
        let factor = s.neg(scale);
        for class in 0..samples.outputs() {
            let p = s.max(s.literal(EPSILON), samples.p(s, class));
            let derivative = functions::exp(s, s.mul(s.literal(self.q - 1.0), functions::ln(s, p)));
            to.set(s, class, s.mul(s.mul(one_hot(s, samples.y(s, 0), class), factor), derivative));
        }
    }
}

impl<T: Scalar> Loss<T> for CategoricalGeneralizedCrossEntropy {
    rowwise_loss!();

    fn expects(&self) -> Outputs {
        Outputs::Probabilities
    }

    fn targets(&self) -> Targets {
        Targets::Classes(None)
    }

    fn least_outputs(&self) -> usize {
        2
    }
}
