//! The kinds of models that can be exported.

use crate::models::{Model, Network, Scorer};
use crate::preprocessing::FittedColumnTransformer;
use crate::{Result, Scalar};

/// What can be exported: a [`Network`], a [`Model`] that knows its inputs, a [`Scorer`] with its preprocessing and
/// threshold.
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra::saving::onnx::{Export, Exportable};
///
/// fn size(model: &impl Exportable<f32>) -> perceptra::Result<usize> {
///     Ok(Export::new().to_bytes(model)?.len())
/// }
///
/// let network = Sequential::new().add(Dense::new(1, Sigmoid)).build(3)?;
/// let model = network.clone().compile(Adam, BinaryCrossentropy, ());
/// assert_eq!(size(&network)?, size(&model)?);
/// # Ok::<(), perceptra::Error>(())
/// ```
pub trait Exportable<T: Scalar>: sealed::Parts<T> {}

pub(super) mod sealed {
    use crate::Result;
    use crate::models::Network;
    use crate::preprocessing::FittedColumnTransformer;

    /// The parts of a model that predict.
    pub trait Parts<T: crate::Scalar> {
        fn network(&self) -> Result<&Network<T>>;

        fn columns(&self) -> Option<&FittedColumnTransformer> {
            None
        }

        fn threshold(&self) -> Option<f64> {
            None
        }

        /// Whether the output is a logit, of which the sigmoid is the probability.
        fn predicts_logits(&self) -> Result<bool> {
            Ok(false)
        }
    }
}

impl<T: Scalar> Exportable<T> for Network<T> {}
impl<T: Scalar> Exportable<T> for Model<T> {}
impl<T: Scalar> Exportable<T> for Scorer<T> {}

impl<T: Scalar> sealed::Parts<T> for Network<T> {
    fn network(&self) -> Result<&Network<T>> {
        Ok(self)
    }
}

impl<T: Scalar> sealed::Parts<T> for Model<T> {
    fn network(&self) -> Result<&Network<T>> {
        Model::network(self)
    }

    fn predicts_logits(&self) -> Result<bool> {
        crate::models::predicts_logits(self)
    }
}

impl<T: Scalar> sealed::Parts<T> for Scorer<T> {
    fn network(&self) -> Result<&Network<T>> {
        self.model().network()
    }

    fn columns(&self) -> Option<&FittedColumnTransformer> {
        Some(Scorer::columns(self))
    }

    fn threshold(&self) -> Option<f64> {
        Some(self.decision_threshold())
    }

    fn predicts_logits(&self) -> Result<bool> {
        crate::models::predicts_logits(self.model())
    }
}
