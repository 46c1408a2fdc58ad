//! The models that can be written as ONNX files.

use crate::models::warnings::{self, Warning};
use crate::models::{Model, Network};
use crate::outputs::Outputs;
use crate::saving::onnx::{Exportable, ExportedPrediction, Parts};
use crate::{Error, Result, Scalar};

impl<T: Scalar> Exportable<T> for Network<T> {}
impl<T: Scalar> Exportable<T> for Model<T> {}

impl<T: Scalar> Parts<T> for Network<T> {
    fn networks(&self) -> Result<Vec<&Network<T>>> {
        Ok(vec![self])
    }

    fn prediction(&self, threshold: Option<f64>) -> Result<ExportedPrediction<'_>> {
        ExportedPrediction::of_network(self, threshold, || Ok(false))
    }
}

impl<T: Scalar> Parts<T> for Model<T> {
    fn networks(&self) -> Result<Vec<&Network<T>>> {
        Ok(vec![self.network()?])
    }

    fn prediction(&self, threshold: Option<f64>) -> Result<ExportedPrediction<'_>> {
        ExportedPrediction::of_network(self.network()?, threshold, || predicts_logits(self))
    }
}

/// Whether the one output of a model is a logit by its loss.
///
/// An error states why the output cannot be taken for a probability.
fn predicts_logits<T: Scalar>(model: &Model<T>) -> Result<bool> {
    let loss = model.resolved_loss(1, 1)?;
    let refuse = |value: String, expected: &str| Err(Error::argument("onnx::Export", "threshold", value, expected));
    let warning = warnings::of_loss(model.network()?, &*loss);
    match (loss.expects(), warning) {
        (_, Some(warning @ (Warning::ActivatedTwice { .. } | Warning::NotProbabilities { .. }))) => {
            let expected =
                "one for a model whose output is a probability, or a logit by its loss; compile and train it so";
            refuse(format!("one for a model where {warning}"), expected)
        }
        (Outputs::Margins, _) => {
            let value = format!("one for a model of {}, which predicts margins", loss.class_name());
            refuse(value, "one for a model that predicts a probability, as with BinaryCrossentropy")
        }
        (expects, _) => Ok(expects == Outputs::Logits),
    }
}
