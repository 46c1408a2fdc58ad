use super::forms::mask::multiply;
use crate::items::{Spec, item};
use crate::layers::layer::options;
use crate::layers::{BuiltLayer, InferPass, Layer, LayerOptions, MonotoneLayer, RankRows, RowForm, TrainPass};
use crate::{Batch, BatchMut, Dependence, Result, Scalar};
use rand::distr::Distribution;
use rand_distr::StandardNormal;
use std::sync::Arc;

item! {
    /// Multiplies by normal noise of mean 1 and standard deviation `√(rate/(1 − rate))` in training.
    ///
    /// (batch, columns) to (batch, columns); in prediction the input passes through unchanged. The mean and the
    /// variance of the factors are those of [`Dropout`](super::Dropout) with the same rate.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::layers::GaussianDropout;
    ///
    /// let model = Sequential::new().add(Dense::new(64, Relu)).add(GaussianDropout::new(0.2)).add(Dense::new(1, Sigmoid));
    /// ```
    ///
    /// # References
    ///
    /// N. Srivastava et al., *Dropout: a simple way to prevent neural networks from overfitting*, JMLR 15 (2014),
    /// section 10. Keras: `keras.layers.GaussianDropout`.
    pub struct GaussianDropout: "GaussianDropout" (rate: f64 [in 0..1]) with options: LayerOptions {
        /// A seed for this layer; by default the model's is used.
        seed: Option<u64> = None,
    }
}

impl GaussianDropout {
    /// Noise as strong as dropping the fraction `rate`, in [0, 1).
    pub fn new(rate: f64) -> Self {
        Self::with(rate)
    }
}

impl<T: Scalar> Layer<T> for GaussianDropout {
    fn build(&self, inputs: usize) -> Result<Box<dyn BuiltLayer<T>>> {
        self.check()?;
        let deviation = (self.rate / (1.0 - self.rate)).sqrt();
        Ok(Box::new(BuiltGaussianDropout { columns: inputs, deviation, seed: self.seed }))
    }

    fn options(&self) -> LayerOptions {
        self.options.clone()
    }

    fn monotone(&self) -> Result<MonotoneLayer<T>> {
        Ok(MonotoneLayer::Elementwise(Arc::new(self.clone())))
    }
}

struct BuiltGaussianDropout {
    columns: usize,
    deviation: f64,
    seed: Option<u64>,
}

impl<T: Scalar> BuiltLayer<T> for BuiltGaussianDropout {
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
        let mut random = pass.noise.with_seed(self.seed).stream();
        for column in factors.chunks_mut(x.stride()) {
            for factor in &mut column[..x.rows()] {
                let draw: f64 = StandardNormal.sample(&mut random);
                *factor = T::of(1.0 + self.deviation * draw);
            }
        }
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
        let mut random = pass.noise.with_seed(self.seed).stream();
        for column in factors.chunks_mut(x.stride()) {
            for row in 0..part.total {
                let draw: f64 = StandardNormal.sample(&mut random);
                if let Some(own) = part.own(row) {
                    column[own] = T::of(1.0 + self.deviation * draw);
                }
            }
        }
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
