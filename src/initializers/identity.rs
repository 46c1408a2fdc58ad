use super::{Initializer, Shape};
use crate::items::{Spec, item};
use crate::{Error, Random, Result, Scalar};

item! {
    /// `gain` on the diagonal and 0 elsewhere; for matrices only, square or not.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::initializers::Identity;
    ///
    /// let network = Sequential::new().add(Dense::new(2, Linear).kernel_initializer(Identity.gain(3.0))).build(2)?;
    /// assert_eq!(network.weights("dense")?[0].as_slice(), [3.0, 0.0, 0.0, 3.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.initializers.Identity`.
    pub struct Identity: "Identity" {
        /// The value on the diagonal.
        gain: f64 = 1.0,
    }
}

impl<T: Scalar> Initializer<T> for Identity {
    fn fill(&self, values: &mut [T], shape: Shape, _: &mut Random) {
        values.fill(T::zero());
        values
            .iter_mut()
            .step_by(shape.columns + 1)
            .take(shape.rows.min(shape.columns))
            .for_each(|value| *value = T::of(self.gain));
    }

    fn check_shape(&self, shape: Shape) -> Result<()> {
        matrix_only(self, shape)
    }
}

/// The error for a vector where only a matrix can be initialized.
pub(super) fn matrix_only(initializer: &dyn Spec, shape: Shape) -> Result<()> {
    if shape.vector {
        return Err(Error::argument(
            initializer.class_name(),
            "shape",
            shape,
            "a matrix such as a kernel; a vector such as a bias takes another initializer",
        ));
    }
    Ok(())
}
