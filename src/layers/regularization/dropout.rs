use super::forms::mask::{Mask, NoiseShape, multiply};
use crate::items::{Spec, item};
use crate::layers::layer::options;
use crate::layers::{BuiltLayer, InferPass, Layer, LayerOptions, MonotoneLayer, RankRows, RowForm, TrainPass};
use crate::{Batch, BatchMut, Dependence, Result, Scalar};
use std::sync::Arc;

item! {
    /// In training, sets a random fraction `rate` of its inputs to 0 and scales the others by `1/(1 − rate)`.
    ///
    /// (batch, columns) to (batch, columns); in prediction the input passes through unchanged.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new().add(Dense::new(64, Relu)).add(Dropout::new(0.2)).add(Dense::new(1, Sigmoid));
    /// let whole_samples = Dropout::new(0.2).noise_shape([None, Some(1)]);
    /// ```
    ///
    /// # References
    ///
    /// N. Srivastava et al., *Dropout: a simple way to prevent neural networks from overfitting*, JMLR 15 (2014).
    /// Keras: `keras.layers.Dropout`.
    pub struct Dropout: "Dropout" (rate: f64 [in 0..=1]) with options: LayerOptions {
        /// The numbers of rows and columns of the random decisions, each `None` (default) for as many as the batch has or `Some(1)`
        /// for one decision that all rows or all columns share.
        noise_shape: Option<NoiseShape> = None,
        /// A seed for this layer; by default the model's is used.
        seed: Option<u64> = None,
    }
}

impl Dropout {
    /// Drops the fraction `rate`, in [0, 1].
    pub fn new(rate: f64) -> Self {
        Self::with(rate)
    }
}

impl<T: Scalar> Layer<T> for Dropout {
    fn build(&self, inputs: usize) -> Result<Box<dyn BuiltLayer<T>>> {
        self.check()?;
        let mask = Mask::new(self, inputs, self.rate, self.noise_shape, self.seed)?;
        let kept = if self.rate < 1.0 { T::of(1.0 / (1.0 - self.rate)) } else { T::zero() };
        Ok(Box::new(BuiltDropout { columns: inputs, mask, kept }))
    }

    fn options(&self) -> LayerOptions {
        self.options.clone()
    }

    fn monotone(&self) -> Result<MonotoneLayer<T>> {
        Ok(MonotoneLayer::Elementwise(Arc::new(self.clone())))
    }
}

struct BuiltDropout<T> {
    columns: usize,
    mask: Mask,
    /// The factor of kept values.
    kept: T,
}

impl<T: Scalar> BuiltLayer<T> for BuiltDropout<T> {
    fn outputs(&self) -> usize {
        self.columns
    }

    /// The factors of one training step.
    fn scratch(&self, stride: usize) -> usize {
        self.columns * stride
    }

    fn infer(&self, _: InferPass<'_, T>, x: Batch<'_, T>, mut y: BatchMut<'_, T>) {
        y.copy_from(x);
    }

    fn forward(&self, pass: TrainPass<'_, T>, x: Batch<'_, T>, mut y: BatchMut<'_, T>) {
        if pass.inference {
            return y.copy_from(x);
        }
        let factors = &mut pass.scratch[..self.columns * x.stride()];
        self.mask.draw(pass.noise, x.rows(), x.stride(), self.kept, factors);
        multiply(x, factors, &mut y);
    }

    fn forward_part(
        &self,
        part: &RankRows<'_>,
        pass: TrainPass<'_, T>,
        x: Batch<'_, T>,
        mut y: BatchMut<'_, T>,
    ) -> Result<()> {
        let factors = &mut pass.scratch[..self.columns * x.stride()];
        self.mask.draw_part(part, pass.noise, x.stride(), self.kept, factors);
        multiply(x, factors, &mut y);
        Ok(())
    }

    fn backward(
        &self,
        pass: TrainPass<'_, T>,
        _: Batch<'_, T>,
        _: Batch<'_, T>,
        dy: Batch<'_, T>,
        dx: Option<BatchMut<'_, T>>,
    ) {
        if let Some(mut dx) = dx {
            if pass.inference {
                return dx.copy_from(dy);
            }
            multiply(dy, &pass.scratch[..self.columns * dy.stride()], &mut dx);
        }
    }

    fn row_form(&self) -> Option<RowForm> {
        Some(RowForm::Unchanged)
    }

    fn dependences(&self, _: &[T], _: &[T], inputs: &[Dependence]) -> Vec<Dependence> {
        inputs.to_vec()
    }
}
