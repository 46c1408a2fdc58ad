use super::layer::options;
use super::monotone_checks::check_activation;
use super::{BuiltLayer, InferPass, Layer, LayerOptions, MonotoneLayer, TrainPass};
use crate::activations::{Activation as Function, Fusion};
use crate::items::{IntoItem, Item, item};
use crate::{Batch, BatchMut, Dependence, Result, Scalar};
use std::sync::Arc;

item! {
    /// Applies an activation to its input, (batch, columns) to (batch, columns).
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::layers::Activation;
    ///
    /// let model = Sequential::new().add(Dense::new(12, Linear)).add(Activation::new(Relu)).add(Dense::new(1, Sigmoid));
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.layers.Activation`.
    pub struct Activation<T>: "Activation" (activation: Item<dyn Function<T>>) with options: LayerOptions {}
}

impl<T: Scalar> Activation<T> {
    /// The activation that the layer applies.
    #[cfg(feature = "onnx")]
    pub(crate) fn activation(&self) -> Result<Arc<dyn Function<T>>> {
        self.activation.get()
    }

    /// A layer that applies `activation`, a value or a name.
    pub fn new<M>(activation: impl IntoItem<dyn Function<T>, M>) -> Self {
        Self::with(activation.into_item())
    }
}

impl<T: Scalar> Layer<T> for Activation<T> {
    fn build(&self, inputs: usize) -> Result<Box<dyn BuiltLayer<T>>> {
        BuiltActivation::boxed(inputs, &self.activation)
    }

    fn options(&self) -> LayerOptions {
        self.options.clone()
    }

    fn monotone(&self) -> Result<MonotoneLayer<T>> {
        check_activation(self, &*self.activation.get()?)?;
        Ok(MonotoneLayer::Elementwise(Arc::new(self.clone())))
    }
}

/// The built layer of every layer that only applies an activation.
pub(super) struct BuiltActivation<T: Scalar> {
    columns: usize,
    activation: Arc<dyn Function<T>>,
}

impl<T: Scalar> BuiltActivation<T> {
    /// Builds the layer for a number of columns; a name is looked up and the arguments are checked.
    pub(super) fn boxed(columns: usize, activation: &Item<dyn Function<T>>) -> Result<Box<dyn BuiltLayer<T>>> {
        Ok(Box::new(BuiltActivation { columns, activation: activation.checked()? }))
    }
}

impl<T: Scalar> BuiltLayer<T> for BuiltActivation<T> {
    fn outputs(&self) -> usize {
        self.columns
    }

    fn infer(&self, pass: InferPass<'_, T>, x: Batch<'_, T>, mut y: BatchMut<'_, T>) {
        if pass.skip_activation { y.copy_from(x) } else { self.activation.forward(x, y) }
    }

    fn backward(
        &self,
        pass: TrainPass<'_, T>,
        x: Batch<'_, T>,
        y: Batch<'_, T>,
        dy: Batch<'_, T>,
        dx: Option<BatchMut<'_, T>>,
    ) {
        match dx {
            Some(mut dx) if pass.skip_activation => dx.copy_from(dy),
            Some(dx) => self.activation.backward(x, y, dy, dx),
            None => {}
        }
    }

    fn computes_by_rows(&self) -> bool {
        self.activation.is_elementwise() || self.activation.fusion() == Fusion::Softmax
    }

    fn takes_packed_sample(&self) -> bool {
        self.activation.is_elementwise()
    }

    fn activation(&self) -> Option<Arc<dyn Function<T>>> {
        Some(self.activation.clone())
    }

    fn last_activation(&self) -> Fusion {
        self.activation.fusion()
    }

    fn dependences(&self, _: &[T], _: &[T], inputs: &[Dependence]) -> Vec<Dependence> {
        match self.activation.is_nondecreasing() {
            true => inputs.to_vec(),
            false => vec![Dependence::mixed(inputs); self.columns],
        }
    }
}
