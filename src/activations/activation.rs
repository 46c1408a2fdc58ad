//! The trait of all activations.

use crate::items::Spec;
use crate::kernels::fusion::Fusion;
use crate::{Batch, BatchMut, Scalar};

/// A function of the weighted sums `z` of a layer, with its derivative.
///
/// All batches of a call have the same shape, samples × units.
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra::{Batch, BatchMut, Scalar, activations::Activation, items::Spec};
///
/// /// `z·|z|`
/// #[derive(Debug)]
/// struct SignedSquare;
///
/// impl Spec for SignedSquare {}
///
/// impl<T: Scalar> Activation<T> for SignedSquare {
///     fn forward(&self, z: Batch<'_, T>, mut a: BatchMut<'_, T>) {
///         a.map_from(z, |z| z * z.abs());
///     }
///
///     fn backward(&self, z: Batch<'_, T>, _a: Batch<'_, T>, da: Batch<'_, T>, mut dz: BatchMut<'_, T>) {
///         for j in 0..z.columns() {
///             for ((dz, &da), &z) in dz.column_mut(j).iter_mut().zip(da.column(j)).zip(z.column(j)) {
///                 *dz = da * T::of(2.0) * z.abs();
///             }
///         }
///     }
///
///     fn is_elementwise(&self) -> bool {
///         true
///     }
/// }
///
/// let network = Sequential::new().add(Dense::new(3, SignedSquare)).build(2)?;
/// assert_eq!(network.outputs(), 3);
/// # Ok::<(), perceptra::Error>(())
/// ```
pub trait Activation<T: Scalar>: Spec {
    /// Writes `a = f(z)`.
    fn forward(&self, z: Batch<'_, T>, a: BatchMut<'_, T>);

    /// Writes `dz`, the gradient of the loss with respect to `z`, from `da`, the one with respect to `a`.
    fn backward(&self, z: Batch<'_, T>, a: Batch<'_, T>, da: Batch<'_, T>, dz: BatchMut<'_, T>);

    /// The form in which the kernels can join this activation with a product or a loss; default [`Fusion::None`].
    fn fusion(&self) -> Fusion {
        Fusion::None
    }

    /// Whether each value of `a` depends only on the value of `z` at the same position.
    ///
    /// A network with elementwise activations only predicts single samples from contiguous values, without the padding
    /// that vectorized kernels need between columns: quicker, and with the same results. A user-defined activation of one
    /// number at a time returns true; one over the units of a sample, such as a softmax, keeps the default, false.
    fn is_elementwise(&self) -> bool {
        false
    }
    /// Whether each `a` depends only on the `z` at the same position and never falls as `z` rises; a
    /// [monotone](crate::pipeline::Pipeline::monotone) network has no other activations. Default false.
    fn is_nondecreasing(&self) -> bool {
        false
    }
}
