//! The models that can be written as ONNX files.

use crate::models::scorer::predicts_logits;
use crate::models::{Model, Network, Scorer};
use crate::preprocessing::FittedColumnTransformer;
use crate::saving::onnx::{Exportable, Parts};
use crate::{Result, Scalar};

impl<T: Scalar> Exportable<T> for Network<T> {}
impl<T: Scalar> Exportable<T> for Model<T> {}
impl<T: Scalar> Exportable<T> for Scorer<T> {}

impl<T: Scalar> Parts<T> for Network<T> {
    fn network(&self) -> Result<&Network<T>> {
        Ok(self)
    }
}

impl<T: Scalar> Parts<T> for Model<T> {
    fn network(&self) -> Result<&Network<T>> {
        Model::network(self)
    }

    fn predicts_logits(&self) -> Result<bool> {
        predicts_logits(self)
    }
}

impl<T: Scalar> Parts<T> for Scorer<T> {
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
        predicts_logits(self.model())
    }
}
