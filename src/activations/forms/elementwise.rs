//! Activations of one number at a time, written once for all vector widths.

use crate::kernels::lanewise::{self, Lanewise};
use crate::kernels::{Element, Simd};
use crate::{Batch, BatchMut, Scalar};

/// An activation with values that each depend on one input only, so that it can be computed lane by lane.
pub(crate) trait Elementwise<T: Element>: Sync {
    /// `f(z)`.
    fn value<S: Simd<T>>(&self, s: S, z: S::V) -> S::V;

    /// `f′(z)`, given also `a = f(z)`.
    fn derivative<S: Simd<T>>(&self, s: S, z: S::V, a: S::V) -> S::V;

    /// Whether `f` is nondecreasing.
    fn is_nondecreasing(&self) -> bool {
        false
    }
}

struct ElementwiseValue<'a, A>(&'a A);

impl<T: Element, A: Elementwise<T>> Lanewise<T, 1, 1> for ElementwiseValue<'_, A> {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [z]: [S::V; 1]) -> [S::V; 1] {
        [self.0.value(s, z)]
    }
}

struct ElementwiseGradient<'a, A>(&'a A);

impl<T: Element, A: Elementwise<T>> Lanewise<T, 3, 1> for ElementwiseGradient<'_, A> {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [z, a, da]: [S::V; 3]) -> [S::V; 1] {
        [s.mul(da, self.0.derivative(s, z, a))]
    }
}

/// `a = f(z)` over a whole batch.
pub(crate) fn forward<T: Scalar>(activation: &impl Elementwise<T>, z: Batch<'_, T>, mut a: BatchMut<'_, T>) {
    lanewise::apply(&ElementwiseValue(activation), [z.padded()], [a.padded()]);
}

/// `dz = da·f′(z)` over a whole batch.
pub(crate) fn backward<T: Scalar>(
    activation: &impl Elementwise<T>,
    z: Batch<'_, T>,
    a: Batch<'_, T>,
    da: Batch<'_, T>,
    mut dz: BatchMut<'_, T>,
) {
    lanewise::apply(&ElementwiseGradient(activation), [z.padded(), a.padded(), da.padded()], [dz.padded()]);
}

/// Implements `Activation` for a type that implements [`Elementwise`]. The optional closure returns the
/// [`Fusion`](crate::activations::Fusion) by which kernels compute it together with a product.
macro_rules! elementwise {
    ($name:ident $(, $fusion:expr)?) => {
        impl<T: $crate::Scalar> $crate::activations::Activation<T> for $name {
            fn forward(&self, z: $crate::Batch<'_, T>, a: $crate::BatchMut<'_, T>) {
                $crate::activations::forms::elementwise::forward(self, z, a);
            }

            fn backward(
                &self,
                z: $crate::Batch<'_, T>,
                a: $crate::Batch<'_, T>,
                da: $crate::Batch<'_, T>,
                dz: $crate::BatchMut<'_, T>,
            ) {
                $crate::activations::forms::elementwise::backward(self, z, a, da, dz);
            }

            fn is_elementwise(&self) -> bool {
                true
            }

            fn is_nondecreasing(&self) -> bool {
                $crate::activations::forms::elementwise::Elementwise::<T>::is_nondecreasing(self)
            }

            $(fn fusion(&self) -> $crate::activations::Fusion {
                let fusion: fn(&$name) -> $crate::activations::Fusion = $fusion;
                fusion(self)
            })?
        }
    };
}
pub(crate) use elementwise;
