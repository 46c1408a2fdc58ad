use super::{Activation, Fusion};
use crate::items::item;
use crate::kernels::softmax;
use crate::{Batch, BatchMut, Scalar};

item! {
    /// Softmax over the units, `f(z)ⱼ = e^(zⱼ) / Σₖ e^(zₖ)`: the values of a sample are positive and add up to 1.
    ///
    /// The largest `z` of a sample is subtracted first, so nothing overflows. At the end of a network with a
    /// categorical cross-entropy the two are computed together from the logits.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let classes = Sequential::new().add(Dense::new(3, Softmax));
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.activations.softmax`, with its axis −1.
    pub struct Softmax: "softmax" {}
}

impl<T: Scalar> Activation<T> for Softmax {
    fn forward(&self, z: Batch<'_, T>, mut a: BatchMut<'_, T>) {
        softmax::forward(z.padded(), a.padded(), z.stride());
    }

    fn backward(&self, _: Batch<'_, T>, a: Batch<'_, T>, da: Batch<'_, T>, mut dz: BatchMut<'_, T>) {
        softmax::backward(a.padded(), da.padded(), dz.padded(), a.stride());
    }

    fn fusion(&self) -> Fusion {
        Fusion::Softmax
    }
}
