use super::{BuiltLayer, InferPass, Layer, LayerOptions, TrainPass};
use crate::items::Spec;
use crate::layers::layer::options;
use crate::{Batch, BatchMut, Result, Scalar};
use std::fmt;
use std::sync::Arc;

type ForwardFn<T> = dyn Fn(Batch<'_, T>, BatchMut<'_, T>) + Send + Sync;
type BackwardFn<T> = dyn Fn(Batch<'_, T>, Batch<'_, T>, Batch<'_, T>, BatchMut<'_, T>) + Send + Sync;

/// Computes a closure, (batch, columns) to (batch, outputs).
///
/// The closure writes `y` from `x`. Layers below it can be trained if a second one writes the gradient `dx` from
/// `x`, `y` and the gradient `dy`; without it, a fit that would need `dx` is an error, while a closure right after
/// the input, or after frozen layers, needs none. It cannot be saved, since a closure has no description: implement
/// [`Layer`] for a user-defined type where that matters.
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra::layers::Lambda;
///
/// // The sum of the columns, whose gradient reaches each of them.
/// let sum = Lambda::new(|x, mut y| {
///     for i in 0..x.rows() {
///         y.column_mut(0)[i] = (0..x.columns()).map(|j| x.at(i, j)).sum();
///     }
/// })
/// .output_shape(1)
/// .backward(|_x, _y, dy, mut dx| (0..dx.columns()).for_each(|j| dx.column_mut(j).copy_from_slice(dy.column(0))));
///
/// let network = Sequential::new().add(sum).build(3)?;
/// assert_eq!(network.predict(&dmatrix![1.0, 2.0, 3.0])?, dmatrix![6.0]);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # References
///
/// Keras: `keras.layers.Lambda`.
#[derive(Clone)]
pub struct Lambda<T: Scalar = f32> {
    forward: Arc<ForwardFn<T>>,
    backward: Option<Arc<BackwardFn<T>>>,
    output_shape: Option<usize>,
    options: LayerOptions,
}

options!(Lambda<T>);

impl<T: Scalar> Lambda<T> {
    /// A layer that writes `y` from `x` by a closure `function(x, y)`.
    pub fn new(function: impl Fn(Batch<'_, T>, BatchMut<'_, T>) + Send + Sync + 'static) -> Self {
        Lambda { forward: Arc::new(function), backward: None, output_shape: None, options: LayerOptions::default() }
    }

    /// The number of output columns; by default that of input columns.
    #[must_use]
    pub fn output_shape(mut self, columns: usize) -> Self {
        self.output_shape = Some(columns);
        self
    }

    /// A closure `gradient(x, y, dy, dx)` that writes `dx`; none by default.
    #[must_use]
    pub fn backward(
        mut self,
        gradient: impl Fn(Batch<'_, T>, Batch<'_, T>, Batch<'_, T>, BatchMut<'_, T>) + Send + Sync + 'static,
    ) -> Self {
        self.backward = Some(Arc::new(gradient));
        self
    }
}

impl<T: Scalar> fmt::Debug for Lambda<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lambda").field("output_shape", &self.output_shape).finish_non_exhaustive()
    }
}

impl<T: Scalar> Spec for Lambda<T> {
    fn class_name(&self) -> String {
        "Lambda".into()
    }

    fn config(&self) -> Result<serde_json::Value> {
        Err(crate::items::closure("Lambda".into(), "Layer"))
    }
}

impl<T: Scalar> Layer<T> for Lambda<T> {
    fn build(&self, inputs: usize) -> Result<Box<dyn BuiltLayer<T>>> {
        Ok(Box::new(BuiltLambda { outputs: self.output_shape.unwrap_or(inputs), layer: self.clone() }))
    }

    fn options(&self) -> LayerOptions {
        self.options.clone()
    }
}

struct BuiltLambda<T: Scalar> {
    outputs: usize,
    layer: Lambda<T>,
}

impl<T: Scalar> BuiltLayer<T> for BuiltLambda<T> {
    fn outputs(&self) -> usize {
        self.outputs
    }

    fn infer(&self, _: InferPass<'_, T>, x: Batch<'_, T>, y: BatchMut<'_, T>) {
        (self.layer.forward)(x, y);
    }

    fn backward(
        &self,
        _: TrainPass<'_, T>,
        x: Batch<'_, T>,
        y: Batch<'_, T>,
        dy: Batch<'_, T>,
        dx: Option<BatchMut<'_, T>>,
    ) {
        if let (Some(gradient), Some(dx)) = (&self.layer.backward, dx) {
            gradient(x, y, dy, dx);
        }
    }

    fn is_differentiable(&self) -> bool {
        self.layer.backward.is_some()
    }
}

#[cfg(test)]
mod tests {
    use crate::dmatrix;
    use crate::layers::Lambda;
    use crate::prelude::*;

    #[test]
    fn a_fit_through_it_needs_its_gradient() -> crate::Result<()> {
        let (x, y) = (dmatrix![1.0, 2.0; 3.0, 4.0], dmatrix![0.0; 1.0]);
        let double = || Lambda::new(|x, mut y| y.map_from(x, |value| 2.0 * value));
        let fit = |layers: Sequential| {
            layers.compile(SGD::default(), MeanSquaredError::default(), metrics![]).fit(&x, &y, Fit::new().verbose(0))
        };
        let below = Sequential::new().add(double()).add(Dense::new(1, Linear));
        assert!(fit(below).is_ok());
        let between = |lambda| Sequential::new().add(Dense::new(2, Relu)).add(lambda).add(Dense::new(1, Linear));
        let error = fit(between(double())).unwrap_err();
        assert!(error.to_string().contains("lambda: layers below it cannot be trained"), "{error}");
        let complete = double().backward(|_, _, dy, mut dx| dx.map_from(dy, |value| 2.0 * value));
        assert!(fit(between(complete)).is_ok());
        Ok(())
    }

    #[test]
    fn it_cannot_be_saved() {
        use crate::items::Spec;
        let lambda = Lambda::<f32>::new(|x, mut y| y.copy_from(x));
        let error = lambda.config().unwrap_err().to_string();
        for cure in ["implement Layer", "Registry", "save_weights"] {
            assert!(error.contains(cure), "{error}");
        }
    }
}
