//! The trait of all losses.

use super::Reduction;
use crate::items::{Item, Spec};
use crate::kernels::fusion::Fusion;
pub use crate::kernels::logit_crossentropy::LogitLoss;
use crate::outputs::Outputs;
use crate::{Batch, BatchMut, Result, Scalar};
use std::sync::Arc;

/// The targets `y` that a loss expects.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Targets {
    /// As many columns as outputs, with any finite numbers.
    Any,
    /// As many columns as outputs, with numbers in a closed interval.
    Between(f64, f64),
    /// One column of class indices `0..outputs`; the given value is allowed too, and samples that have it do
    /// not count.
    Classes(Option<i64>),
}

/// A distance between targets and predictions, one number a sample, with its gradient.
///
/// `y` and `p` are samples × outputs (`y` has one column where [`targets`](Loss::targets) reports it).
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra::{Batch, BatchMut, Scalar, losses::Loss, items::Spec};
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

    /// The reduction of the losses of a batch to one number.
    fn reduction(&self) -> Reduction {
        Reduction::SumOverBatchSize
    }

    /// Whether all samples of a batch have one common loss, as for sums over the whole batch.
    ///
    /// [`forward`](Loss::forward) then writes that number for every sample, and [`backward`](Loss::backward) its
    /// gradient times the sum of `scale`.
    fn whole_batch(&self) -> bool {
        false
    }

    /// The targets that it expects; checked before training.
    fn targets(&self) -> Targets {
        Targets::Any
    }

    /// The smallest number of outputs with which a model can be trained: 2 for a loss over class probabilities that sum to 1, since the
    /// only output of a single class is always 1.
    fn least_outputs(&self) -> usize {
        1
    }

    /// The form of predictions that it expects; a model with others is trained too, with a [`Warning`](crate::models::Warning).
    fn expects(&self) -> Outputs {
        Outputs::Any
    }

    /// The loss for this many columns of targets and outputs, if this one chooses another loss by the shapes; `None`, the default, if
    /// it does not.
    ///
    /// # Errors
    ///
    /// An error if an argument is out of a range that depends on the number of outputs.
    fn for_shape(&self, targets: usize, outputs: usize) -> Result<Option<Arc<dyn Loss<T>>>> {
        let _ = (targets, outputs);
        Ok(None)
    }

    /// The form of this loss that is fused with the network's last activation and computed from the logits; `None`, the default, if
    /// there is no such form.
    ///
    /// The fused form stays accurate when the activation saturates, and takes one pass instead of three. A user-defined loss implements
    /// this if it is one of these cross-entropies after `activation`; after other activations [`forward`](Loss::forward) and
    /// [`backward`](Loss::backward) are called. The fused form is used in these cases only:
    /// [`LogitLoss::Sigmoid`] after a sigmoid, the other two after a softmax, all of them after [`Fusion::Linear`],
    /// whose outputs are the logits themselves; and with one column of targets for [`LogitLoss::SparseSoftmax`], as
    /// many as outputs for the other two.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::{Batch, BatchMut, Scalar, activations::Fusion, items::Spec, losses::{LogitLoss, Loss}};
    ///
    /// /// Binary cross-entropy with targets moved a tenth of the way to one half
    /// #[derive(Debug)]
    /// struct Smoothed;
    ///
    /// impl Spec for Smoothed {}
    ///
    /// impl<T: Scalar> Loss<T> for Smoothed {
    ///     fn forward(&self, y: Batch<'_, T>, p: Batch<'_, T>, losses: &mut [T]) {
    ///         BinaryCrossentropy.label_smoothing(0.1).forward(y, p, losses);
    ///     }
    ///
    ///     fn backward(&self, y: Batch<'_, T>, p: Batch<'_, T>, scale: &[T], dp: BatchMut<'_, T>) {
    ///         BinaryCrossentropy.label_smoothing(0.1).backward(y, p, scale, dp);
    ///     }
    ///
    ///     fn logit_loss(&self, activation: Fusion) -> Option<LogitLoss> {
    ///         (activation == Fusion::Sigmoid).then_some(LogitLoss::Sigmoid { label_smoothing: 0.1 })
    ///     }
    /// }
    ///
    /// let model = Sequential::new().add(Dense::new(1, Sigmoid)).compile(Adam::default(), Smoothed, ());
    /// ```
    fn logit_loss(&self, activation: Fusion) -> Option<LogitLoss> {
        let _ = activation;
        None
    }
}

/// The loss of a model that was compiled with `loss`, for this many columns of targets and outputs.
pub(crate) fn for_shape<T: Scalar>(
    loss: &Item<dyn Loss<T>>,
    targets: usize,
    outputs: usize,
) -> Result<Arc<dyn Loss<T>>> {
    let loss = loss.checked()?;
    match loss.for_shape(targets, outputs)? {
        Some(chosen) => Item::from(chosen).checked(),
        None => Ok(loss),
    }
}
