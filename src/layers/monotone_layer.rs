//! Layers of monotone networks.

use super::Layer;
use crate::activations::Activation;
use crate::constraints::MonotoneKernel;
use crate::{Error, Result, Scalar};
use std::fmt;
use std::sync::Arc;

/// Makes a layer of the signs that its kernel must have.
pub type WithSigns<T> = Box<dyn FnOnce(MonotoneKernel) -> Arc<dyn Layer<T>>>;

/// A layer as a [monotone](crate::pipeline::Pipeline::monotone) network has it; [`Layer::monotone`] returns it.
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
    /// Each output never falls as the input of the same column rises, and depends on no other one. It is the layer itself or one
    /// with constraints that make it so.
    Elementwise(Arc<dyn Layer<T>>),
    /// Each unit is a function that never falls of a weighted sum of all inputs.
    Weighted {
        /// The number of units.
        units: usize,
        /// The layer whose kernel (inputs × units) is constrained.
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

/// Refuses an activation that may fall.
pub(crate) fn check_activation<T: Scalar>(layer: &dyn Layer<T>, activation: &dyn Activation<T>) -> Result<()> {
    match activation.is_nondecreasing() {
        true => Ok(()),
        false => Err(Error::Layer {
            layer: layer.class_name(),
            reason: format!(
                "its activation {} may fall as its input rises, or depends on other units, which a monotone network must not \
                 have; use relu, elu, selu, softplus, tanh or sigmoid",
                activation.class_name()
            ),
        }),
    }
}

/// The constraint that a monotone network sets, where the layer has none yet.
pub(crate) fn check_unconstrained<T: Scalar>(layer: &dyn Layer<T>, argument: &str, is_constrained: bool) -> Result<()> {
    match is_constrained {
        false => Ok(()),
        true => Err(Error::Layer {
            layer: layer.class_name(),
            reason: format!("it has a {argument}, in whose place a monotone network has one of signs; leave it out"),
        }),
    }
}
