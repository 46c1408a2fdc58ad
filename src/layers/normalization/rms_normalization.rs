use super::forms::length::{Length, LengthGradient, NormalizeLength};
use crate::initializers::{Ones, Shape};
use crate::items::{Spec, item};
use crate::kernels::{moments, run};
use crate::layers::layer::options;
use crate::layers::{BuiltLayer, InferPass, Layer, LayerOptions, Parameter, TrainPass};
use crate::{Batch, BatchMut, Result, Scalar};

item! {
    /// Divides each sample by the root of its mean square: `y = scale·x/√(mean of x² + epsilon)`.
    ///
    /// (batch, columns) to (batch, columns); `scale` (columns), 1 at first. Training and prediction are the same.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::layers::RMSNormalization;
    ///
    /// let model =
    ///     Sequential::new().add(Dense::new(12, Relu)).add(RMSNormalization::new()).add(Dense::new(1, Sigmoid));
    /// ```
    ///
    /// # References
    ///
    /// B. Zhang and R. Sennrich, *Root mean square layer normalization*, NeurIPS 2019.
    /// Keras: `keras.layers.RMSNormalization`.
    pub struct RMSNormalization: "RMSNormalization" () with options: LayerOptions {
        /// The number that is added to the mean square.
        epsilon: f64 [at least 0] = 1e-6,
    }
}

impl RMSNormalization {
    /// The number that is added before the root is taken.
    #[cfg(feature = "onnx")]
    pub(crate) fn get_epsilon(&self) -> f64 {
        self.epsilon
    }

    /// A layer with an `epsilon` of 1e-6.
    #[allow(clippy::new_without_default)] // a layer is made by `new`
    pub fn new() -> Self {
        Self::with()
    }
}

impl<T: Scalar> Layer<T> for RMSNormalization {
    fn build(&self, inputs: usize) -> Result<Box<dyn BuiltLayer<T>>> {
        self.check()?;
        let length = Length::RootMeanSquare { epsilon: T::of(self.epsilon) };
        Ok(Box::new(BuiltRMSNormalization { columns: inputs, length }))
    }

    fn options(&self) -> LayerOptions {
        self.options.clone()
    }
}

struct BuiltRMSNormalization<T> {
    columns: usize,
    length: Length<T>,
}

impl<T: Scalar> BuiltLayer<T> for BuiltRMSNormalization<T> {
    fn outputs(&self) -> usize {
        self.columns
    }

    fn parameters(&self) -> Vec<Parameter<T>> {
        vec![Parameter::weight("scale", Shape::vector(self.columns), Ones)]
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
            scale: Some(pass.weights),
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
        let normalized = &normalized[..self.columns * stride];
        if !pass.frozen {
            for (j, normalized) in normalized.chunks_exact(stride).enumerate() {
                pass.gradients[j] = moments::gradient_sums(&normalized[..dy.rows()], T::zero(), dy.column(j)).1;
            }
        }
        if let Some(mut dx) = dx {
            run(LengthGradient {
                inverses,
                normalized,
                dy: dy.padded(),
                dx: dx.padded(),
                stride,
                length: self.length,
                scale: Some(pass.weights),
            });
        }
    }
}
