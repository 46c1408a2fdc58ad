//! The trait of all losses.

use super::Reduction;
pub use crate::kernels::crossentropy::LogitLoss;
use crate::kernels::fusion::Fusion;
use crate::outputs::Outputs;
use crate::spec::{Shared, Spec};
use crate::{Batch, BatchMut, Result, Scalar};
use std::sync::Arc;

/// What a loss expects of the targets `y`.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Targets {
    /// As many columns as outputs, any finite number.
    Any,
    /// As many columns as outputs, each in a closed interval.
    Between(f64, f64),
    /// One column of class indices `0..outputs`; the value given is allowed beside them, and samples that have it do
    /// not count.
    Classes(Option<i64>),
}

/// A distance between targets and predictions, one number a sample, with its gradient.
///
/// `y` and `p` are samples × outputs (`y` has one column where [`targets`](Loss::targets) says so).
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra::{Batch, BatchMut, Scalar, losses::Loss, spec::Spec};
///
/// /// `(p − y)⁴`, averaged over the outputs
/// #[derive(Debug)]
/// struct Quartic;
///
/// impl Spec for Quartic {}
///
/// impl<T: Scalar> Loss<T> for Quartic {
///     fn forward(&self, y: Batch<'_, T>, p: Batch<'_, T>, losses: &mut [T]) {
///         losses.fill(T::zero());
///         for j in 0..p.columns() {
///             for ((loss, &y), &p) in losses.iter_mut().zip(y.column(j)).zip(p.column(j)) {
///                 *loss += (p - y).powi(4) / T::of(2.0);
///             }
///         }
///     }
///
///     fn backward(&self, y: Batch<'_, T>, p: Batch<'_, T>, scale: &[T], mut dp: BatchMut<'_, T>) {
///         for j in 0..p.columns() {
///             for (i, dp) in dp.column_mut(j).iter_mut().enumerate() {
///                 *dp = scale[i] * T::of(2.0) * (p.at(i, j) - y.at(i, j)).powi(3);
///             }
///         }
///     }
/// }
///
/// let model = Sequential::new().add(Dense::new(2, Linear)).compile(Adam::default(), Quartic, metrics![]);
/// ```
pub trait Loss<T: Scalar>: Spec {
    /// Writes the loss of each sample.
    fn forward(&self, y: Batch<'_, T>, p: Batch<'_, T>, losses: &mut [T]);

    /// Writes `dp[i, j] = scale[i] · ∂lossᵢ/∂p[i, j]`.
    fn backward(&self, y: Batch<'_, T>, p: Batch<'_, T>, scale: &[T], dp: BatchMut<'_, T>);

    /// How the losses of a batch become one number.
    fn reduction(&self) -> Reduction {
        Reduction::SumOverBatchSize
    }

    /// Whether the samples of a batch share one loss, as sums over the whole batch have it.
    ///
    /// [`forward`](Loss::forward) then writes that number for every sample, and [`backward`](Loss::backward) its
    /// gradient times the sum of `scale`.
    fn whole_batch(&self) -> bool {
        false
    }

    /// What the targets must look like; checked before training.
    fn targets(&self) -> Targets {
        Targets::Any
    }

    /// The fewest outputs that it can teach a model anything with: 2 for a loss over classes, whose share of one class is
    /// always 1.
    fn least_outputs(&self) -> usize {
        1
    }

    /// What it takes the predictions for; others are trained on with a [`Warning`](crate::models::Warning).
    fn expects(&self) -> Outputs {
        Outputs::Any
    }

    /// The form of this loss that is computed from the logits, if the last activation allows it; it then stands for
    /// [`forward`](Loss::forward) and [`backward`](Loss::backward). Default none.
    fn joined(&self, activation: Fusion) -> Option<LogitLoss> {
        let _ = activation;
        None
    }

    /// What a name stands for, given the columns of targets and outputs; a loss that is no name stands for
    /// itself.
    #[doc(hidden)]
    fn named(&self, targets: usize, outputs: usize) -> Result<Option<Arc<dyn Loss<T>>>> {
        let _ = (targets, outputs);
        Ok(None)
    }
}

/// A shared loss, such as one made by its name.
impl<T: Scalar> Loss<T> for Shared<dyn Loss<T>> {
    fn forward(&self, y: Batch<'_, T>, p: Batch<'_, T>, losses: &mut [T]) {
        self.0.forward(y, p, losses);
    }

    fn backward(&self, y: Batch<'_, T>, p: Batch<'_, T>, scale: &[T], dp: BatchMut<'_, T>) {
        self.0.backward(y, p, scale, dp);
    }

    fn named(&self, targets: usize, outputs: usize) -> Result<Option<Arc<dyn Loss<T>>>> {
        Ok(Some(self.0.named(targets, outputs)?.unwrap_or_else(|| self.0.clone())))
    }
}
