use super::layer::options;
use super::{BuiltLayer, Domain, InferPass, Layer, LayerOptions, Parameter, TrainPass};
use crate::constraints::Constraint;
use crate::initializers::{Initializer, RandomUniform, Shape};
use crate::items::{Item, Spec, item};
use crate::regularizers::Regularizer;
use crate::{Batch, BatchMut, Result, Scalar};

item! {
    /// Replaces integer codes by learned vectors: code `k` by row `k` of a table `E`.
    ///
    /// `x` is (batch, columns) of codes from 0 to `input_dim − 1`, `E` (input_dim, output_dim), `y` (batch,
    /// columns·output_dim): the vectors of a sample's codes side by side, as Keras has them after a `Flatten`.
    ///
    /// Where the samples reach it unchanged, a value that is no such code is an error. After a layer that
    /// computes, values are rounded down and the nearest code is taken. No gradient passes: a layer below it with
    /// weights to train is refused when the model is fitted.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::layers::Embedding;
    ///
    /// let mut network = Sequential::new().add(Embedding::new(3, 2)).build(2)?;
    /// network.set_weights("embedding", &[dmatrix![0.0, 0.1; 1.0, 1.1; 2.0, 2.1]])?;
    /// assert_eq!(network.predict(&dmatrix![2.0, 0.0])?, dmatrix![2.0, 2.1, 0.0, 0.1]);
    /// assert!(network.predict(&dmatrix![0.0, 3.0]).unwrap_err().to_string().contains("below 3"));
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.layers.Embedding`.
    pub struct Embedding<T>: "Embedding" (input_dim: usize [at least 1], output_dim: usize [at least 1]) with options: LayerOptions {
        /// The first values of `E`.
        embeddings_initializer: Item<dyn Initializer<T>> = RandomUniform,
        /// A penalty on `E`.
        embeddings_regularizer: Option<Item<dyn Regularizer<T>>> = None,
        /// The set that `E` is projected onto after every step.
        embeddings_constraint: Option<Item<dyn Constraint<T>>> = None,
    }
}

impl<T: Scalar> Embedding<T> {
    /// A table of `input_dim` codes with a vector of `output_dim` values each, both at least 1.
    pub fn new(input_dim: usize, output_dim: usize) -> Self {
        Self::with(input_dim, output_dim)
    }
}

impl<T: Scalar> Layer<T> for Embedding<T> {
    fn build(&self, inputs: usize) -> Result<Box<dyn BuiltLayer<T>>> {
        self.check()?;
        let shape = Shape::matrix(self.input_dim, self.output_dim);
        let table = Parameter::weight("embeddings", shape, self.embeddings_initializer.clone())
            .regularizer(self.embeddings_regularizer.clone())
            .constraint(self.embeddings_constraint.clone());
        Ok(Box::new(BuiltEmbedding { columns: inputs, codes: self.input_dim, width: self.output_dim, table }))
    }

    fn options(&self) -> LayerOptions {
        self.options.clone()
    }
}

struct BuiltEmbedding<T: Scalar> {
    columns: usize,
    codes: usize,
    width: usize,
    table: Parameter<T>,
}

impl<T: Scalar> BuiltEmbedding<T> {
    /// The start of a code's vector in the table.
    fn place(&self, code: T) -> usize {
        // The conversion takes negative numbers and NaN to 0.
        (code.to_f64() as usize).min(self.codes - 1) * self.width
    }
}

impl<T: Scalar> BuiltLayer<T> for BuiltEmbedding<T> {
    fn outputs(&self) -> usize {
        self.columns * self.width
    }

    fn parameters(&self) -> Vec<Parameter<T>> {
        vec![self.table.clone()]
    }

    fn infer(&self, pass: InferPass<'_, T>, x: Batch<'_, T>, mut y: BatchMut<'_, T>) {
        for j in 0..self.columns {
            for k in 0..self.width {
                let to = y.column_mut(j * self.width + k);
                for (y, &code) in to.iter_mut().zip(x.column(j)) {
                    *y = pass.weights[self.place(code) + k];
                }
            }
        }
    }

    fn backward(
        &self,
        pass: TrainPass<'_, T>,
        x: Batch<'_, T>,
        _: Batch<'_, T>,
        dy: Batch<'_, T>,
        dx: Option<BatchMut<'_, T>>,
    ) {
        if !pass.frozen {
            pass.gradients.fill(T::zero());
            for j in 0..self.columns {
                for k in 0..self.width {
                    for (&dy, &code) in dy.column(j * self.width + k).iter().zip(x.column(j)) {
                        pass.gradients[self.place(code) + k] += dy;
                    }
                }
            }
        }
        // A step function of the codes has no derivative but 0.
        if let Some(mut dx) = dx {
            (0..self.columns).for_each(|j| dx.column_mut(j).fill(T::zero()));
        }
    }

    fn domain(&self) -> Domain {
        Domain::Codes(self.codes)
    }

    fn blocks_gradients(&self) -> bool {
        true
    }
}
