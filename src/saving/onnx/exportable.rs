//! The kinds of models that can be exported.

use crate::Scalar;

/// A model that can be exported: a [`Network`](crate::Network), a [`Model`](crate::Model) that knows its
/// inputs, a [`FittedPipeline`](crate::pipeline::FittedPipeline) with its transformers, its target and all its networks.
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
    use crate::saving::onnx::prediction::ExportedPrediction;

    /// The parts of a model that predict.
    pub trait Parts<T: crate::Scalar> {
        /// The networks, at least one; several have the same inputs and outputs, and their mean is predicted.
        fn networks(&self) -> Result<Vec<&Network<T>>>;

        fn columns(&self) -> Option<&FittedColumnTransformer> {
            None
        }

        /// The meaning of the networks' outputs, with the threshold that the export was given.
        fn prediction(&self, threshold: Option<f64>) -> Result<ExportedPrediction<'_>>;
    }
}
