use super::Activation;
use crate::items::Spec;
use crate::{Batch, BatchMut, Result, Scalar};
use std::fmt;

/// An activation from two closures: the function and its derivative, each of one number.
///
/// It cannot be saved, since a closure has no description; implement [`Activation`] for a user-defined type
/// where that matters.
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra::activations::Custom;
///
/// let layer = Dense::new(12, Custom::new(|z: f32| z.sin(), |z: f32| z.cos()));
/// ```
#[derive(Clone)]
pub struct Custom<F, D> {
    function: F,
    derivative: D,
}

impl<F, D> Custom<F, D> {
    /// The activation `a = function(z)` with the derivative `derivative(z)`.
    pub fn new<T: Scalar>(function: F, derivative: D) -> Self
    where
        F: Fn(T) -> T,
        D: Fn(T) -> T,
    {
        Custom { function, derivative }
    }
}

impl<F, D> fmt::Debug for Custom<F, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Custom")
    }
}

impl<F: Send + Sync + 'static, D: Send + Sync + 'static> Spec for Custom<F, D> {
    fn class_name(&self) -> String {
        "custom".into()
    }

    fn config(&self) -> Result<serde_json::Value> {
        Err(crate::items::closure("custom".into(), "Activation"))
    }
}

impl<T: Scalar, F, D> Activation<T> for Custom<F, D>
where
    F: Fn(T) -> T + Send + Sync + 'static,
    D: Fn(T) -> T + Send + Sync + 'static,
{
    fn forward(&self, z: Batch<'_, T>, mut a: BatchMut<'_, T>) {
        a.map_from(z, &self.function);
    }

    fn is_elementwise(&self) -> bool {
        true
    }

    fn backward(&self, z: Batch<'_, T>, _: Batch<'_, T>, da: Batch<'_, T>, mut dz: BatchMut<'_, T>) {
        for j in 0..z.columns() {
            for ((dz, &da), &z) in dz.column_mut(j).iter_mut().zip(da.column(j)).zip(z.column(j)) {
                *dz = da * (self.derivative)(z);
            }
        }
    }
}
