use crate::items::{Spec, item};
use crate::layers::layer::options;
use crate::layers::{BuiltLayer, InferPass, Layer, LayerOptions, MonotoneLayer, RankRows, RowForm, TrainPass};
use crate::{Batch, BatchMut, Dependence, Result, Scalar};
use rand::distr::Distribution;
use rand_distr::StandardNormal;
use std::sync::Arc;

item! {
    /// Adds normal noise of mean 0 in training.
    ///
    /// (batch, columns) to (batch, columns); in prediction the input passes through unchanged.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::layers::GaussianNoise;
    ///
    /// let model = Sequential::new().add(GaussianNoise::new(0.1)).add(Dense::new(12, Relu)).add(Dense::new(1, Sigmoid));
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.layers.GaussianNoise`.
    pub struct GaussianNoise: "GaussianNoise" (stddev: f64 [in 0..=1]) with options: LayerOptions {
        /// A seed for this layer; by default the model's is used.
        seed: Option<u64> = None,
    }
}

impl GaussianNoise {
    /// Noise of standard deviation `stddev`, in [0, 1] as in Keras.
    pub fn new(stddev: f64) -> Self {
        Self::with(stddev)
    }
}

impl<T: Scalar> Layer<T> for GaussianNoise {
    fn build(&self, inputs: usize) -> Result<Box<dyn BuiltLayer<T>>> {
        self.check()?;
        Ok(Box::new(BuiltGaussianNoise { columns: inputs, deviation: self.stddev, seed: self.seed }))
    }

    fn options(&self) -> LayerOptions {
        self.options.clone()
    }

    fn monotone(&self) -> Result<MonotoneLayer<T>> {
        Ok(MonotoneLayer::Elementwise(Arc::new(self.clone())))
    }
}

struct BuiltGaussianNoise {
    columns: usize,
    deviation: f64,
    seed: Option<u64>,
}

impl<T: Scalar> BuiltLayer<T> for BuiltGaussianNoise {
    fn outputs(&self) -> usize {
        self.columns
    }

    fn infer(&self, _: InferPass<'_, T>, x: Batch<'_, T>, mut y: BatchMut<'_, T>) {
        y.copy_from(x);
    }

    fn forward(&self, pass: TrainPass<'_, T>, x: Batch<'_, T>, mut y: BatchMut<'_, T>) {
        if pass.inference {
            return y.copy_from(x);
        }
        let mut random = pass.noise.with_seed(self.seed).stream();
        for j in 0..self.columns {
            for (y, &x) in y.column_mut(j).iter_mut().zip(x.column(j)) {
                let draw: f64 = StandardNormal.sample(&mut random);
                *y = x + T::of(self.deviation * draw);
            }
        }
    }

    fn forward_part(
        &self,
        part: &RankRows<'_>,
        pass: TrainPass<'_, T>,
        x: Batch<'_, T>,
        mut y: BatchMut<'_, T>,
    ) -> Result<()> {
        y.copy_from(x);
        let mut random = pass.noise.with_seed(self.seed).stream();
        for j in 0..self.columns {
            let y = y.column_mut(j);
            for row in 0..part.total {
                let draw: f64 = StandardNormal.sample(&mut random);
                if let Some(own) = part.own(row) {
                    y[own] += T::of(self.deviation * draw);
                }
            }
        }
        Ok(())
    }

    fn backward(
        &self,
        _: TrainPass<'_, T>,
        _: Batch<'_, T>,
        _: Batch<'_, T>,
        dy: Batch<'_, T>,
        dx: Option<BatchMut<'_, T>>,
    ) {
        if let Some(mut dx) = dx {
            dx.copy_from(dy);
        }
    }

    fn row_form(&self) -> Option<RowForm> {
        Some(RowForm::Unchanged)
    }

    fn dependences(&self, _: &[T], _: &[T], inputs: &[Dependence]) -> Vec<Dependence> {
        inputs.to_vec()
    }
}
