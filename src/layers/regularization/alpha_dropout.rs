use super::forms::mask::{Mask, NoiseShape, multiply};
use crate::items::{Spec, item};
use crate::layers::layer::options;
use crate::layers::{BuiltLayer, InferPass, Layer, LayerOptions, MonotoneLayer, RankRows, RowForm, TrainPass};
use crate::{Batch, BatchMut, Dependence, Result, Scalar};
use std::sync::Arc;

/// The limit of selu for large negative sums, `−α·λ`, with the published constants.
const SATURATION: f64 = -1.673_263_242_354_377_2 * 1.050_700_987_355_480_5;

item! {
    /// In training, sets a random fraction `rate` of its inputs to selu's negative limit and preserves mean and variance.
    ///
    /// With `α′ ≈ −1.7581`: `y = a·x + b` for inputs that are kept and `y = a·α′ + b` for those that are dropped, where
    /// `a = ((1 − rate)·(1 + rate·α′²))^(−½)` and `b = −a·α′·rate`. This preserves a mean of 0 and a variance of 1.
    /// (batch, columns) to (batch, columns); in prediction the input passes through unchanged.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::layers::AlphaDropout;
    ///
    /// let model = Sequential::new().add(Dense::new(64, Tanh)).add(AlphaDropout::new(0.1)).add(Dense::new(1, Sigmoid));
    /// ```
    ///
    /// # References
    ///
    /// G. Klambauer et al., *Self-normalizing neural networks*, NeurIPS 2017. Keras: `keras.layers.AlphaDropout`.
    pub struct AlphaDropout: "AlphaDropout" (rate: f64 [in 0..1]) with options: LayerOptions {
        /// The numbers of rows and columns of the random decisions, each `None` (default) for as many as the batch has or
        /// `Some(1)` for one decision that all rows or all columns share.
        noise_shape: Option<NoiseShape> = None,
        /// A seed for this layer; by default the model's is used.
        seed: Option<u64> = None,
    }
}

impl AlphaDropout {
    /// Drops the fraction `rate`, in [0, 1).
    pub fn new(rate: f64) -> Self {
        Self::with(rate)
    }
}

impl<T: Scalar> Layer<T> for AlphaDropout {
    fn build(&self, inputs: usize) -> Result<Box<dyn BuiltLayer<T>>> {
        self.check()?;
        let mask = Mask::new(self, inputs, self.rate, self.noise_shape, self.seed)?;
        let a = ((1.0 - self.rate) * (1.0 + self.rate * SATURATION * SATURATION)).powf(-0.5);
        let b = -a * SATURATION * self.rate;
        let (dropped, b) = (T::of(a * SATURATION + b), T::of(b));
        Ok(Box::new(BuiltAlphaDropout { columns: inputs, mask, a: T::of(a), b, dropped }))
    }

    fn options(&self) -> LayerOptions {
        self.options.clone()
    }

    fn monotone(&self) -> Result<MonotoneLayer<T>> {
        Ok(MonotoneLayer::Elementwise(Arc::new(self.clone())))
    }
}

struct BuiltAlphaDropout<T> {
    columns: usize,
    mask: Mask,
    a: T,
    b: T,
    /// The output of a dropped value.
    dropped: T,
}

impl<T: Scalar> BuiltAlphaDropout<T> {
    /// Scales the values that are kept, and replaces those that are dropped.
    fn replace(&self, x: Batch<'_, T>, factors: &[T], y: &mut BatchMut<'_, T>) {
        for (j, factors) in factors.chunks(x.stride()).enumerate() {
            for ((y, &x), &factor) in y.column_mut(j).iter_mut().zip(x.column(j)).zip(factors) {
                *y = if factor == T::zero() { self.dropped } else { factor * x + self.b };
            }
        }
    }
}

impl<T: Scalar> BuiltLayer<T> for BuiltAlphaDropout<T> {
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
        self.mask.draw(pass.noise, x.rows(), x.stride(), self.a, factors);
        self.replace(x, factors, &mut y);
    }

    fn forward_part(
        &self,
        part: &RankRows<'_>,
        pass: TrainPass<'_, T>,
        x: Batch<'_, T>,
        mut y: BatchMut<'_, T>,
    ) -> Result<()> {
        let factors = &mut pass.scratch[..self.columns * x.stride()];
        self.mask.draw_part(part, pass.noise, x.stride(), self.a, factors);
        self.replace(x, factors, &mut y);
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
