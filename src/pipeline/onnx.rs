//! Fitted pipelines as ONNX files.

use super::fitted_target::NumberTarget;
use super::output_link::OutputLink;
use super::{FittedPipeline, Task};
use crate::preprocessing::FittedColumnTransformer;
use crate::saving::onnx::{Exportable, ExportedPrediction, LinkFunction, NumberColumn, Parts, PredictedForm};
use crate::{Error, Model, Network, Result, Scalar};

impl<T: Scalar> Exportable<T> for FittedPipeline<T> {}

impl<T: Scalar> Parts<T> for FittedPipeline<T> {
    fn networks(&self) -> Result<Vec<&Network<T>>> {
        self.members.iter().map(Model::network).collect()
    }

    fn columns(&self) -> Option<&FittedColumnTransformer> {
        Some(&self.columns)
    }

    fn prediction(&self, threshold: Option<f64>) -> Result<ExportedPrediction<'_>> {
        let task = self.target.task();
        if let (Some(threshold), Task::Multiclass | Task::Regression | Task::MultiRegression) = (threshold, task) {
            let expected = format!("none: {task} has no decision by a threshold");
            return Err(Error::argument("onnx::Export", "threshold", threshold, expected));
        }
        let threshold = threshold.unwrap_or(self.threshold);
        let link = match self.link {
            OutputLink::Identity => LinkFunction::Identity,
            OutputLink::Sigmoid => LinkFunction::Sigmoid,
            OutputLink::Softmax => LinkFunction::Softmax,
        };
        let target = self.target.target();
        let form = match task {
            Task::Binary => PredictedForm::Probability { threshold },
            Task::Multilabel => PredictedForm::Probabilities { threshold },
            Task::Multiclass => PredictedForm::Class { labels: self.target.labels() },
            Task::Regression | Task::MultiRegression => {
                let column = |number: &NumberTarget| NumberColumn {
                    mean: number.mean,
                    scale: number.scale,
                    range: target.clamp.then_some([number.low, number.high]),
                };
                let columns = self.target.numbers().iter().map(column).collect();
                PredictedForm::Numbers { log: target.log, columns }
            }
        };
        Ok(ExportedPrediction { link, form })
    }
}
