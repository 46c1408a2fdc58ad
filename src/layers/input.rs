use super::identity::Copy;
use super::layer::options;
use super::{BuiltLayer, Layer, LayerOptions, MonotoneLayer};
use crate::items::arguments::{Arguments, Declaration, Declared, SharedArguments};
use crate::items::{Spec, invalid};
use crate::{Error, Result, Scalar};
use serde_json::{Value, json};
use std::sync::Arc;

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

options!(Input);

impl Input {
    /// Samples have `columns` features, at least 1.
    pub fn new(columns: usize) -> Self {
        Input { columns, options: LayerOptions::default() }
    }
}

impl Declared for Input {
    const DECLARATION: Declaration =
        Declaration { class: "InputLayer", names: &["batch_shape"], ranges: &[None], shared: LayerOptions::NAMES };

    fn read(config: Value) -> Result<Self> {
        let mut arguments = Arguments::from_config(&Self::DECLARATION, config)?;
        let shape: Vec<Option<usize>> = arguments.required("batch_shape")?;
        let [None, Some(columns)] = shape[..] else {
            let reason = format!("\"batch_shape\" is {}; expected [null, columns]", json!(shape));
            return Err(Error::Configuration { item: Self::DECLARATION.class.into(), reason });
        };
        let mut input = Input::new(columns);
        input.options.read(&mut arguments)?;
        Ok(input)
    }
}

impl Spec for Input {
    fn class_name(&self) -> String {
        "InputLayer".into()
    }

    fn config(&self) -> Result<Value> {
        let mut arguments = Arguments::empty(Self::DECLARATION.class);
        arguments.write("batch_shape", &vec![None, Some(self.columns)])?;
        self.options.write(&mut arguments)?;
        Ok(arguments.into_config())
    }

    fn check(&self) -> Result<()> {
        if self.columns > 0 { Ok(()) } else { Err(invalid(self, "columns", 0, "at least 1")) }
    }
}

impl<T: Scalar> Layer<T> for Input {
    fn build(&self, inputs: usize) -> Result<Box<dyn BuiltLayer<T>>> {
        self.check()?;
        if inputs != self.columns {
            return Err(Error::Layer {
                layer: self.class_name(),
                reason: format!(
                    "it declares {} columns but the layer below has {inputs}; declare the input first, or leave it out",
                    self.columns
                ),
            });
        }
        Ok(Copy::boxed(inputs))
    }

    fn options(&self) -> LayerOptions {
        self.options.clone()
    }

    fn declared_inputs(&self) -> Option<usize> {
        Some(self.columns)
    }

    fn monotone(&self) -> Result<MonotoneLayer<T>> {
        Ok(MonotoneLayer::Elementwise(Arc::new(self.clone())))
    }
}
