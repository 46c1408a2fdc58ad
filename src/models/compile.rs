//! Compiles layers, with weights or without, to a model.

use super::{Model, Sequential};
use crate::Scalar;
use crate::engine::Network;
use crate::items::IntoItem;
use crate::losses::Loss;
use crate::metrics::MetricList;
use crate::optimizers::Optimizer;

impl<T: Scalar> Sequential<T> {
    /// Joins the layers with an optimizer, a loss and metrics, each a value or a name.
    ///
    /// Arguments and names are not checked yet; the first call that can fail reports invalid ones.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(1, "sigmoid"))
    ///     .compile("adam", "binary_crossentropy", ["accuracy", "recall"]);
    /// ```
    pub fn compile<O, L, M>(
        self,
        optimizer: impl IntoItem<dyn Optimizer<T>, O>,
        loss: impl IntoItem<dyn Loss<T>, L>,
        metrics: impl MetricList<T, M>,
    ) -> Model<T> {
        Model::new(self, None, optimizer.into_item(), loss.into_item(), metrics.into_list())
    }
}

impl<T: Scalar> Network<T> {
    /// Joins the network, its weights kept, with an optimizer, a loss and metrics.
    pub fn compile<O, L, M>(
        self,
        optimizer: impl IntoItem<dyn Optimizer<T>, O>,
        loss: impl IntoItem<dyn Loss<T>, L>,
        metrics: impl MetricList<T, M>,
    ) -> Model<T> {
        let architecture = self.architecture();
        Model::new(architecture, Some(self), optimizer.into_item(), loss.into_item(), metrics.into_list())
    }
}
