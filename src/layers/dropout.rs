use super::layer::layer_options;
use super::{Cell, Inference, Layer, LayerOptions, Noise, Training};
use crate::spec::{Spec, invalid};
use crate::{Batch, BatchMut, Random, Result, Scalar};
use rand::Rng;
use serde_json::{Value, json};

/// Sets a random share `rate` of its inputs to 0 in training and scales the others by `1/(1 − rate)`.
///
/// (batch, columns) to (batch, columns); in prediction the input is handed on unchanged.
///
/// ```
/// use perceptra::prelude::*;
///
/// let model = Sequential::new().add(Dense::new(64, Relu)).add(Dropout::new(0.2)).add(Dense::new(1, Sigmoid));
/// ```
///
/// # References
///
/// N. Srivastava et al., *Dropout: a simple way to prevent neural networks from overfitting*, JMLR 15 (2014).
/// Keras: `keras.layers.Dropout`.
#[derive(Debug, Clone, PartialEq)]
pub struct Dropout {
    rate: f64,
    seed: Option<u64>,
    options: LayerOptions,
}

layer_options!(Dropout);

impl Dropout {
    /// Drops the share `rate`, in [0, 1].
    pub fn new(rate: f64) -> Self {
        Dropout { rate, seed: None, options: LayerOptions::default() }
    }

    /// A seed of the layer's own; without one the model's is used.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }
}

impl Spec for Dropout {
    fn class_name(&self) -> String {
        "Dropout".into()
    }

    fn config(&self) -> Result<Value> {
        Ok(json!({ "rate": self.rate, "seed": self.seed }))
    }

    fn check(&self) -> Result<()> {
        if (0.0..=1.0).contains(&self.rate) {
            Ok(())
        } else {
            Err(invalid(self, "rate", self.rate, "a number in [0, 1]"))
        }
    }
}

impl<T: Scalar> Layer<T> for Dropout {
    fn build(&self, inputs: usize) -> Result<Box<dyn Cell<T>>> {
        self.check()?;
        Ok(Box::new(DropoutCell { columns: inputs, rate: self.rate, seed: self.seed }))
    }

    fn options(&self) -> LayerOptions {
        self.options.clone()
    }
}

struct DropoutCell {
    columns: usize,
    rate: f64,
    seed: Option<u64>,
}

impl DropoutCell {
    /// Draws the factors of one step, 0 or `1/(1 − rate)`, one for every value of the batch.
    fn draw<T: Scalar>(&self, noise: Noise, rows: usize, stride: usize, factors: &mut [T]) {
        let kept = if self.rate < 1.0 { T::of(1.0 / (1.0 - self.rate)) } else { T::zero() };
        // Two decisions from one 64-bit number, each with a resolution of 2⁻³².
        let bound = (self.rate * 4_294_967_296.0) as u64;
        let mut random: Random = noise.with_seed(self.seed).stream();
        for column in factors.chunks_mut(stride) {
            for pair in column[..rows].chunks_mut(2) {
                let bits = random.next_u64();
                for (factor, draw) in pair.iter_mut().zip([bits >> 32, bits & 0xffff_ffff]) {
                    *factor = if draw >= bound { kept } else { T::zero() };
                }
            }
        }
    }
}

impl<T: Scalar> Cell<T> for DropoutCell {
    fn outputs(&self) -> usize {
        self.columns
    }

    /// The factors of the step.
    fn scratch(&self, stride: usize) -> usize {
        self.columns * stride
    }

    fn infer(&self, _: Inference<'_, T>, x: Batch<'_, T>, mut y: BatchMut<'_, T>) {
        y.copy_from(x);
    }

    fn forward(&self, pass: Training<'_, T>, x: Batch<'_, T>, mut y: BatchMut<'_, T>) {
        let factors = &mut pass.scratch[..self.columns * x.stride()];
        self.draw(pass.noise, x.rows(), x.stride(), factors);
        multiply(x, factors, &mut y);
    }

    fn backward(
        &self,
        pass: Training<'_, T>,
        _: Batch<'_, T>,
        _: Batch<'_, T>,
        dy: Batch<'_, T>,
        dx: Option<BatchMut<'_, T>>,
    ) {
        if let Some(mut dx) = dx {
            multiply(dy, &pass.scratch[..self.columns * dy.stride()], &mut dx);
        }
    }
}

/// `to = from·factors`, sample by sample.
fn multiply<T: Scalar>(from: Batch<'_, T>, factors: &[T], to: &mut BatchMut<'_, T>) {
    for (j, factors) in factors.chunks(from.stride()).enumerate() {
        for ((to, &from), &factor) in to.column_mut(j).iter_mut().zip(from.column(j)).zip(factors) {
            *to = from * factor;
        }
    }
}
