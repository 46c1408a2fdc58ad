//! The element type of a model: `f32` or `f64`.

use nalgebra::RealField;
use serde::{Serialize, de::DeserializeOwned};

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

/// The element type of matrices, weights and predictions: [`f32`] (the default) or [`f64`].
///
/// The trait is sealed: the kernels exist for these two types.
pub trait Scalar:
    sealed::Sealed
    + RealField
    + Copy
    + Default
    + Serialize
    + DeserializeOwned
    + Into<f64>
    + crate::kernels::Element
    + crate::monomorphized::Monomorphized
{
    /// The nearest value of this type to `value`.
    fn of(value: f64) -> Self;

    /// This value as `f64`, exactly.
    fn to_f64(self) -> f64;

    /// The greatest value of this type below this one.
    fn next_below(self) -> Self;
}

impl Scalar for f32 {
    fn of(value: f64) -> f32 {
        value as f32
    }

    fn to_f64(self) -> f64 {
        f64::from(self)
    }

    fn next_below(self) -> f32 {
        self.next_down()
    }
}

impl Scalar for f64 {
    fn of(value: f64) -> f64 {
        value
    }

    fn to_f64(self) -> f64 {
        self
    }

    fn next_below(self) -> f64 {
        self.next_down()
    }
}
