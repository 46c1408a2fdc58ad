//! Checks of the layers of a monotone network.

use super::Layer;
use crate::activations::Activation;
use crate::{Error, Result, Scalar};

/// Returns an error for an activation that may fall.
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

/// The constraint that a monotone network sets, if the layer has none.
pub(crate) fn check_unconstrained<T: Scalar>(layer: &dyn Layer<T>, argument: &str, is_constrained: bool) -> Result<()> {
    match is_constrained {
        false => Ok(()),
        true => Err(Error::Layer {
            layer: layer.class_name(),
            reason: format!("it has a {argument}, in whose place a monotone network has one of signs; leave it out"),
        }),
    }
}
