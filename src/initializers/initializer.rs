//! The trait of all initializers.

use crate::items::Spec;
use crate::shape::Shape;
use crate::{Random, Result, Scalar};

/// Draws the first values of a variable.
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra::{Random, Scalar, initializers::{Initializer, Shape}, items::Spec};
///
/// /// `0, 1/n, 2/n, …`
/// #[derive(Debug)]
/// struct Ramp;
///
/// impl Spec for Ramp {}
///
/// impl<T: Scalar> Initializer<T> for Ramp {
///     fn fill(&self, values: &mut [T], _shape: Shape, _random: &mut Random) {
///         let n = values.len() as f64;
///         for (i, value) in values.iter_mut().enumerate() {
///             *value = T::of(i as f64 / n);
///         }
///     }
/// }
///
/// let network = Sequential::new().add(Dense::new(2, Linear).kernel_initializer(Ramp)).build(1)?;
/// assert_eq!(network.weights("dense")?[0].as_slice(), [0.0, 0.5]);
/// # Ok::<(), perceptra::Error>(())
/// ```
pub trait Initializer<T: Scalar>: Spec {
    /// Writes the values of a variable of `shape`, row by row.
    fn fill(&self, values: &mut [T], shape: Shape, random: &mut Random);

    /// The initializer's seed; none takes the model's.
    fn seed(&self) -> Option<u64> {
        None
    }

    /// Whether it can fill a variable of `shape`; every shape by default.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) states what shapes it takes.
    fn check_shape(&self, shape: Shape) -> Result<()> {
        let _ = shape;
        Ok(())
    }
}
