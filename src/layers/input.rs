use super::argument::Arguments;
use super::identity::Copy;
use super::layer::layer_options;
use super::{BuiltLayer, Layer, LayerOptions};
use crate::spec::{Spec, invalid};
use crate::{Error, Result, Scalar};
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

    /// From its configuration.
    pub(crate) fn read(config: Value) -> Result<Self> {
        let mut arguments = Arguments::new("InputLayer", &["batch_shape"], config)?;
        let shape: Vec<Option<usize>> = arguments.required("batch_shape")?;
        let columns = match shape[..] {
            [None, Some(columns)] => columns,
            _ => {
                let found = json!(shape);
                let reason = format!("\"batch_shape\" is {found}; expected [null, columns]");
                return Err(Error::Configuration { item: "InputLayer".into(), reason });
            }
        };
        Ok(Input { columns, options: arguments.options()? })
    }
}

impl Spec for Input {
    fn class_name(&self) -> String {
        "InputLayer".into()
    }

    fn config(&self) -> Result<Value> {
        let mut config = self.options.config();
        config.insert("batch_shape".into(), json!([null, self.columns]));
        Ok(config.into())
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
                    "it declares {} columns but the layer below gives {inputs}; declare the input first, or leave it out",
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
}
