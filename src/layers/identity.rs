use super::layer::options;
use super::{BuiltLayer, Domain, InferPass, Layer, LayerOptions, MonotoneLayer, RowForm, TrainPass};
use crate::items::item;
use crate::regularizers::Regularizer;
use crate::{Batch, BatchMut, Dependence, Result, Scalar};
use std::sync::Arc;

item! {
    /// Passes its input through, (batch, columns) to (batch, columns).
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::layers::Identity;
    ///
    /// let network = Sequential::new().add(Identity::new()).build(2)?;
    /// assert_eq!(network.predict(&dmatrix![1.0, 2.0])?, dmatrix![1.0, 2.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.layers.Identity`.
    pub struct Identity: "Identity" () with options: LayerOptions {}
}

impl Identity {
    /// Returns its input unchanged.
    #[allow(clippy::new_without_default)] // a layer is made by `new`
    pub fn new() -> Self {
        Self::with()
    }
}

impl<T: Scalar> Layer<T> for Identity {
    fn build(&self, inputs: usize) -> Result<Box<dyn BuiltLayer<T>>> {
        Ok(Copy::boxed(inputs))
    }

    fn options(&self) -> LayerOptions {
        self.options.clone()
    }

    fn monotone(&self) -> Result<MonotoneLayer<T>> {
        Ok(MonotoneLayer::Elementwise(Arc::new(self.clone())))
    }
}

/// The built layer of every layer that passes its input through, some with a penalty on it.
pub(super) struct Copy<T: Scalar> {
    pub(super) columns: usize,
    pub(super) activity_regularizer: Option<Arc<dyn Regularizer<T>>>,
}

impl<T: Scalar> Copy<T> {
    /// The built layer, without a penalty.
    pub(super) fn boxed(columns: usize) -> Box<dyn BuiltLayer<T>> {
        Box::new(Copy { columns, activity_regularizer: None })
    }
}

impl<T: Scalar> BuiltLayer<T> for Copy<T> {
    fn outputs(&self) -> usize {
        self.columns
    }

    fn infer(&self, _: InferPass<'_, T>, x: Batch<'_, T>, mut y: BatchMut<'_, T>) {
        y.copy_from(x);
    }

    fn backward(
        &self,
        _: TrainPass<'_, T>,
        _: Batch<'_, T>,
        _: Batch<'_, T>,
        dy: Batch<'_, T>,
        dx: Option<BatchMut<'_, T>>,
    ) {
        if let Some(mut dx) = dx {
            dx.copy_from(dy);
        }
    }

    fn activity_regularizer(&self) -> Option<&Arc<dyn Regularizer<T>>> {
        self.activity_regularizer.as_ref()
    }

    fn domain(&self) -> Domain {
        Domain::OfNext
    }

    fn row_form(&self) -> Option<RowForm> {
        Some(RowForm::Unchanged)
    }

    fn dependences(&self, _: &[T], _: &[T], inputs: &[Dependence]) -> Vec<Dependence> {
        inputs.to_vec()
    }
}
