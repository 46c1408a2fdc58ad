use super::forms::length::{Length, LengthGradient, NormalizeLength};
use crate::items::item;
use crate::kernels::run;
use crate::layers::layer::options;
use crate::layers::{BuiltLayer, InferPass, Layer, LayerOptions, TrainPass};
use crate::{Batch, BatchMut, Result, Scalar};

item! {
    /// Scales each sample to length 1: `y = x/√(Σ x²)`.
    ///
    /// (batch, columns) to (batch, columns). A sample of zeros has no direction and stays as it is; no gradient passes
    /// through it. (Keras bounds the factor by 1e12, which is the same for samples longer than 1e-12.)
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::layers::UnitNormalization;
    ///
    /// let network = Sequential::new().add(UnitNormalization::new()).build(2)?;
    /// let predicted = network.predict(&dmatrix![4.0, 3.0; 0.0, 0.0])?;
    /// assert_eq!(predicted, dmatrix![0.8, 0.6; 0.0, 0.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.layers.UnitNormalization`.
    pub struct UnitNormalization: "UnitNormalization" () with options: LayerOptions {}
}

impl UnitNormalization {
    /// Over all columns of a sample.
    #[allow(clippy::new_without_default)] // a layer is made by `new`
    pub fn new() -> Self {
        Self::with()
    }
}

impl<T: Scalar> Layer<T> for UnitNormalization {
    fn build(&self, inputs: usize) -> Result<Box<dyn BuiltLayer<T>>> {
        let length = Length::Euclidean { shortest: T::of(1e-12) };
        Ok(Box::new(BuiltUnitNormalization { columns: inputs, length }))
    }

    fn options(&self) -> LayerOptions {
        self.options.clone()
    }
}

struct BuiltUnitNormalization<T> {
    columns: usize,
    length: Length<T>,
}

impl<T: Scalar> BuiltLayer<T> for BuiltUnitNormalization<T> {
    fn outputs(&self) -> usize {
        self.columns
    }

    /// The inverse lengths and the normalized columns.
    fn scratch(&self, stride: usize) -> usize {
        (1 + self.columns) * stride
    }

    fn infer(&self, pass: InferPass<'_, T>, x: Batch<'_, T>, mut y: BatchMut<'_, T>) {
        let stride = x.stride();
        let (inverses, normalized) = pass.scratch.split_at_mut(stride);
        run(NormalizeLength {
            x: x.padded(),
            inverses,
            normalized: &mut normalized[..self.columns * stride],
            y: y.padded(),
            stride,
            length: self.length,
            scale: None,
        });
    }

    fn backward(
        &self,
        pass: TrainPass<'_, T>,
        _: Batch<'_, T>,
        _: Batch<'_, T>,
        dy: Batch<'_, T>,
        dx: Option<BatchMut<'_, T>>,
    ) {
        let stride = dy.stride();
        let (inverses, normalized) = pass.scratch.split_at(stride);
        if let Some(mut dx) = dx {
            run(LengthGradient {
                inverses,
                normalized: &normalized[..self.columns * stride],
                dy: dy.padded(),
                dx: dx.padded(),
                stride,
                length: self.length,
                scale: None,
            });
        }
    }
}
