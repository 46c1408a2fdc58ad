//! The description of a layer.

use super::BuiltLayer;
use crate::constraints::MonotoneKernel;
use crate::items::Spec;
use crate::items::arguments::{Arguments, SharedArguments};
use crate::{Error, Result, Scalar};
use std::fmt;
use std::sync::Arc;

/// The options that every layer has in addition to its arguments.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerOptions {
    /// The layer's name; by default its class in snake case, counted within the model: `dense`, `dense_1`.
    pub name: Option<String>,
    /// Whether training moves the weights; default true.
    pub trainable: bool,
}

impl LayerOptions {
    /// The names of the options in a configuration.
    pub(crate) const NAMES: &'static [&'static str] = &["name", "trainable"];

    /// The default: no name, trainable.
    pub const DEFAULT: LayerOptions = LayerOptions { name: None, trainable: true };
}

impl Default for LayerOptions {
    fn default() -> Self {
        LayerOptions::DEFAULT
    }
}

/// Writes and reads the options under Keras's names; the name only if it is given.
impl SharedArguments for LayerOptions {
    fn write(&self, arguments: &mut Arguments) -> Result<()> {
        if self.name.is_some() {
            arguments.write("name", &self.name)?;
        }
        arguments.write("trainable", &self.trainable)
    }

    fn read(&mut self, arguments: &mut Arguments) -> Result<()> {
        arguments.read("name", &mut self.name)?;
        arguments.read("trainable", &mut self.trainable)
    }

    fn check(&self, _: &dyn Spec) -> Result<()> {
        Ok(())
    }
}

/// The description of a layer, from which a [`BuiltLayer`] is built once the number of inputs is known.
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra::layers::{BuiltLayer, InferPass, Layer, TrainPass};
/// use perceptra::{Batch, BatchMut, Result, Scalar, items::Spec};
///
/// /// Keeps every second column.
/// #[derive(Debug)]
/// struct EverySecond;
///
/// impl Spec for EverySecond {}
///
/// impl<T: Scalar> Layer<T> for EverySecond {
///     fn build(&self, inputs: usize) -> Result<Box<dyn BuiltLayer<T>>> {
///         Ok(Box::new(Columns { outputs: inputs.div_ceil(2) }))
///     }
/// }
///
/// struct Columns {
///     outputs: usize,
/// }
///
/// impl<T: Scalar> BuiltLayer<T> for Columns {
///     fn outputs(&self) -> usize {
///         self.outputs
///     }
///
///     fn infer(&self, _: InferPass<'_, T>, x: Batch<'_, T>, mut y: BatchMut<'_, T>) {
///         for j in 0..self.outputs {
///             y.column_mut(j).copy_from_slice(x.column(2 * j));
///         }
///     }
///
///     fn backward(
///         &self,
///         _: TrainPass<'_, T>,
///         _x: Batch<'_, T>,
///         _y: Batch<'_, T>,
///         dy: Batch<'_, T>,
///         dx: Option<BatchMut<'_, T>>,
///     ) {
///         let Some(mut dx) = dx else { return };
///         for j in 0..dx.columns() {
///             match j % 2 {
///                 0 => dx.column_mut(j).copy_from_slice(dy.column(j / 2)),
///                 _ => dx.column_mut(j).fill(T::zero()),
///             }
///         }
///     }
/// }
///
/// let network = Sequential::new().add(EverySecond).add(Dense::new(1, Linear)).build(5)?;
/// assert_eq!(network.count_params(), 3 + 1);
/// # Ok::<(), perceptra::Error>(())
/// ```
pub trait Layer<T: Scalar>: Spec {
    /// The built layer for a number of input columns.
    ///
    /// # Errors
    ///
    /// [`Error::Layer`](crate::Error::Layer) or [`Error::Argument`](crate::Error::Argument) if the layer
    /// does not support this number of columns or has invalid arguments.
    fn build(&self, inputs: usize) -> Result<Box<dyn BuiltLayer<T>>>;

    /// [`build`](Layer::build) for the columns of several inputs; see the example of [`Inputs`](super::Inputs). Only layers with several
    /// inputs need to implement it.
    ///
    /// # Errors
    ///
    /// The errors of [`build`](Layer::build); [`Error::Layer`](crate::Error::Layer) if the layer takes another number of inputs, one by
    /// default.
    fn build_from(&self, inputs: &[usize]) -> Result<Box<dyn BuiltLayer<T>>> {
        match *inputs {
            [columns] => self.build(columns),
            _ => Err(Error::Layer {
                layer: self.class_name(),
                reason: format!("it takes one input and was given {}", inputs.len()),
            }),
        }
    }

    /// The name and whether the layer is trainable.
    fn options(&self) -> LayerOptions {
        LayerOptions::default()
    }

    /// The form of this layer in a [monotone](crate::pipeline::Pipeline::monotone) network.
    ///
    /// # Errors
    ///
    /// By default [`Error::Layer`](crate::Error::Layer): the layer is not monotone; the message names layers to use instead.
    fn monotone(&self) -> Result<MonotoneLayer<T>> {
        let reason = "it is not part of a monotone network; use Dense, activations that never fall, BatchNormalization and Dropout";
        Err(Error::Layer { layer: self.class_name(), reason: reason.into() })
    }

    /// The number of inputs this layer declares for the model; only [`Input`](super::Input) does.
    fn declared_inputs(&self) -> Option<usize> {
        None
    }
}

/// Creates a layer with constraints on the signs of its kernel.
pub type WithSigns<T> = Box<dyn FnOnce(MonotoneKernel) -> Arc<dyn Layer<T>>>;

/// The form of a layer in a [monotone](crate::pipeline::Pipeline::monotone) network, which [`Layer::monotone`] returns.
///
/// ```
/// use perceptra::layers::{Layer, MonotoneLayer};
/// use perceptra::prelude::*;
///
/// let dense: Dense = Dense::new(3, Relu);
/// assert!(matches!(dense.monotone()?, MonotoneLayer::Weighted { units: 3, .. }));
/// let refused: Dense = Dense::new(3, Gelu);
/// assert!(refused.monotone().unwrap_err().to_string().contains("relu"));
/// # Ok::<(), perceptra::Error>(())
/// ```
#[non_exhaustive]
pub enum MonotoneLayer<T: Scalar> {
    /// Each output is a nondecreasing function of the input in the same column only. The layer is unchanged, or constraints are added
    /// that ensure this.
    Elementwise(Arc<dyn Layer<T>>),
    /// Each unit is a nondecreasing function of a weighted sum of all inputs.
    Weighted {
        /// The number of units.
        units: usize,
        /// Creates the layer with constraints on its kernel (inputs × units).
        with_signs: WithSigns<T>,
    },
}

impl<T: Scalar> fmt::Debug for MonotoneLayer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MonotoneLayer::Elementwise(layer) => f.debug_tuple("Elementwise").field(layer).finish(),
            MonotoneLayer::Weighted { units, .. } => {
                f.debug_struct("Weighted").field("units", units).finish_non_exhaustive()
            }
        }
    }
}

/// The setters of a layer that holds [`LayerOptions`] in a field `options`.
macro_rules! options {
    ($name:ident $(<$t:ident>)?) => {
        impl $(<$t: $crate::Scalar>)? $name $(<$t>)? {
            /// Names the layer; by default its class in snake case, counted within the model.
            ///
            /// History, messages and files use the name. It has no "/" and is not "optimizer", since it comes before
            /// the names of the variables in files; a model with such a layer is refused when it is built.
            #[must_use]
            pub fn name(mut self, name: impl Into<String>) -> Self {
                self.options.name = Some(name.into());
                self
            }

            /// Whether training moves the weights; default true.
            #[must_use]
            pub fn trainable(mut self, trainable: bool) -> Self {
                self.options.trainable = trainable;
                self
            }
        }
    };
}
pub(crate) use options;
