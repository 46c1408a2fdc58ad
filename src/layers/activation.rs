use super::layer::layer_options;
use super::{Cell, Inference, Layer, LayerOptions, Training};
use crate::activations::{self, Fusion};
use crate::spec::Spec;
use crate::{Batch, BatchMut, Result, Scalar};
use serde_json::{Value, json};
use std::sync::Arc;

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
#[derive(Debug, Clone)]
pub struct Activation<T: Scalar = f32> {
    activation: Arc<dyn activations::Activation<T>>,
    options: LayerOptions,
}

layer_options!(Activation<T>);

impl<T: Scalar> Activation<T> {
    /// A layer that applies `activation`, a value or a name.
    pub fn new(activation: impl activations::Activation<T> + 'static) -> Self {
        Activation { activation: Arc::new(activation), options: LayerOptions::default() }
    }
}

impl<T: Scalar> Spec for Activation<T> {
    fn class_name(&self) -> String {
        "Activation".into()
    }

    fn config(&self) -> Result<Value> {
        let activation = json!({ "class_name": self.activation.class_name(), "config": self.activation.config()? });
        Ok(json!({ "activation": activation }))
    }
}

impl<T: Scalar> Layer<T> for Activation<T> {
    fn build(&self, inputs: usize) -> Result<Box<dyn Cell<T>>> {
        Ok(Box::new(ActivationCell { columns: inputs, activation: activations::resolve(&self.activation)? }))
    }

    fn options(&self) -> LayerOptions {
        self.options.clone()
    }
}

struct ActivationCell<T: Scalar> {
    columns: usize,
    activation: Arc<dyn activations::Activation<T>>,
}

impl<T: Scalar> Cell<T> for ActivationCell<T> {
    fn outputs(&self) -> usize {
        self.columns
    }

    fn infer(&self, pass: Inference<'_, T>, x: Batch<'_, T>, mut y: BatchMut<'_, T>) {
        if pass.logits { y.copy_from(x) } else { self.activation.forward(x, y) }
    }

    fn backward(
        &self,
        pass: Training<'_, T>,
        x: Batch<'_, T>,
        y: Batch<'_, T>,
        dy: Batch<'_, T>,
        dx: Option<BatchMut<'_, T>>,
    ) {
        match dx {
            Some(mut dx) if pass.logits => dx.copy_from(dy),
            Some(dx) => self.activation.backward(x, y, dy, dx),
            None => {}
        }
    }

    fn last_activation(&self) -> Fusion {
        self.activation.fusion()
    }
}
