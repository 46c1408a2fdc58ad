//! The element type of a model: `f32` or `f64`.

use crate::Result;
use crate::distributed::Communicator;
use nalgebra::RealField;
use serde::{Serialize, de::DeserializeOwned};
use std::fmt;

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

/// The name of an element type, as files state it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DType {
    /// [`f32`].
    Float32,
    /// [`f64`].
    Float64,
}

impl DType {
    /// The name in Keras and NumPy: `float32` or `float64`.
    pub const fn name(self) -> &'static str {
        match self {
            DType::Float32 => "float32",
            DType::Float64 => "float64",
        }
    }
}

impl fmt::Display for DType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
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
    /// The type as a value.
    const DTYPE: DType;

    /// The nearest value of this type to `value`.
    fn of(value: f64) -> Self;

    /// This value as `f64`, exactly.
    fn to_f64(self) -> f64;

    /// The greatest value of this type below this one.
    fn next_below(self) -> Self;

    /// Replaces values by their sums over all ranks.
    #[doc(hidden)]
    fn sum_over(communicator: &dyn Communicator, values: &mut [Self]) -> Result<()>;
}

impl Scalar for f32 {
    const DTYPE: DType = DType::Float32;

    fn of(value: f64) -> f32 {
        value as f32
    }

    fn to_f64(self) -> f64 {
        f64::from(self)
    }

    fn next_below(self) -> f32 {
        self.next_down()
    }

    fn sum_over(communicator: &dyn Communicator, values: &mut [f32]) -> Result<()> {
        communicator.sum_f32(values)
    }
}

impl Scalar for f64 {
    const DTYPE: DType = DType::Float64;

    fn of(value: f64) -> f64 {
        value
    }

    fn to_f64(self) -> f64 {
        self
    }

    fn next_below(self) -> f64 {
        self.next_down()
    }

    fn sum_over(communicator: &dyn Communicator, values: &mut [f64]) -> Result<()> {
        communicator.sum_f64(values)
    }
}
