//! The trait of all activations.

use crate::kernels::fusion::Fusion;
use crate::spec::{Shared, Spec};
use crate::{Batch, BatchMut, Result, Scalar};
use std::sync::Arc;

/// A function of the weighted sums `z` of a layer, with its derivative.
///
/// All batches of a call have the same shape, samples × units.
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra::{Batch, BatchMut, Scalar, activations::Activation, spec::Spec};
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

    /// Whether each value follows from one weighted sum, wherever in the batch it lies; default false. One sample is then
    /// predicted in less memory.
    fn is_elementwise(&self) -> bool {
        false
    }

    /// What a name stands for; an activation that is no name stands for itself.
    #[doc(hidden)]
    fn named(&self) -> Result<Option<Arc<dyn Activation<T>>>> {
        Ok(None)
    }
}

/// A shared activation, such as one made by its name.
impl<T: Scalar> Activation<T> for Shared<dyn Activation<T>> {
    fn forward(&self, z: Batch<'_, T>, a: BatchMut<'_, T>) {
        self.0.forward(z, a);
    }

    fn backward(&self, z: Batch<'_, T>, a: Batch<'_, T>, da: Batch<'_, T>, dz: BatchMut<'_, T>) {
        self.0.backward(z, a, da, dz);
    }

    fn named(&self) -> Result<Option<Arc<dyn Activation<T>>>> {
        Ok(Some(self.0.named()?.unwrap_or_else(|| self.0.clone())))
    }
}
