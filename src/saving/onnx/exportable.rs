//! The kinds of models that can be exported.

use crate::Scalar;

/// What can be exported: a [`Network`](crate::Network), a [`Model`](crate::Model) that knows its
/// inputs, a [`Scorer`](crate::models::Scorer) with its preprocessing and
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

pub(crate) mod sealed {
    use crate::Result;
    use crate::engine::Network;
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
