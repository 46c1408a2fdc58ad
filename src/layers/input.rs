use super::layer::layer_options;
use super::{Cell, Inference, Layer, LayerOptions, Training};
use crate::spec::{Spec, invalid};
use crate::{Batch, BatchMut, Result, Scalar};
use serde_json::{Value, json};

/// Declares the number of input columns, so that the model has weights before it has seen data.
///
/// ```
/// use perceptra::prelude::*;
///
/// let network = Sequential::new().add(Input::new(12)).add(Dense::new(1, Sigmoid)).build_declared()?;
/// assert_eq!(network.inputs(), 12);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # References
///
/// Keras: `keras.Input`.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    columns: usize,
    options: LayerOptions,
}

layer_options!(Input);

impl Input {
    /// Samples have `columns` features, at least 1.
    pub fn new(columns: usize) -> Self {
        Input { columns, options: LayerOptions::default() }
    }
}

impl Spec for Input {
    fn class_name(&self) -> String {
        "InputLayer".into()
    }

    fn config(&self) -> Result<Value> {
        Ok(json!({ "batch_shape": [null, self.columns] }))
    }

    fn check(&self) -> Result<()> {
        if self.columns > 0 { Ok(()) } else { Err(invalid(self, "columns", 0, "at least 1")) }
    }
}

impl<T: Scalar> Layer<T> for Input {
    fn build(&self, inputs: usize) -> Result<Box<dyn Cell<T>>> {
        self.check()?;
        Ok(Box::new(Copy { columns: inputs }))
    }

    fn options(&self) -> LayerOptions {
        self.options.clone()
    }

    fn declared_inputs(&self) -> Option<usize> {
        Some(self.columns)
    }
}

/// Hands its input on; a network leaves it out at its start.
struct Copy {
    columns: usize,
}

impl<T: Scalar> Cell<T> for Copy {
    fn outputs(&self) -> usize {
        self.columns
    }

    fn infer(&self, _: Inference<'_, T>, x: Batch<'_, T>, mut y: BatchMut<'_, T>) {
        y.copy_from(x);
    }

    fn backward(
        &self,
        _: Training<'_, T>,
        _: Batch<'_, T>,
        _: Batch<'_, T>,
        dy: Batch<'_, T>,
        dx: Option<BatchMut<'_, T>>,
    ) {
        if let Some(mut dx) = dx {
            dx.copy_from(dy);
        }
    }
}
