//! Fitted pipelines as ONNX files.

use super::fitted_target::NumberTarget;
use super::output_link::OutputLink;
use super::{FittedPipeline, Task};
use crate::calibration::{CLIP, CalibrationMap, Calibrator};
use crate::preprocessing::FittedColumnTransformer;
use crate::saving::onnx::{
    Exportable, ExportedAdjustment, ExportedPrediction, LinkFunction, NumberColumn, Parts, PredictedForm,
    ProbabilityMap,
};
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
        Ok(ExportedPrediction { link, adjustment: self.adjustment(), form })
    }
}

impl<T: Scalar> FittedPipeline<T> {
    /// Calibration and prior correction in the words of the file.
    fn adjustment(&self) -> ExportedAdjustment {
        let calibrator = self.decisions.calibrator.as_ref();
        let exclusive = calibrator.is_some_and(Calibrator::is_exclusive);
        let map = |map: &CalibrationMap| match map {
            CalibrationMap::Sigmoid { slope, intercept } => {
                ProbabilityMap::LogOdds { slope: *slope, intercept: *intercept }
            }
            CalibrationMap::Isotonic { places, values } => {
                ProbabilityMap::Pieces { places: places.clone(), values: values.clone() }
            }
            CalibrationMap::Temperature { inverse } if exclusive => ProbabilityMap::Softmax { factor: *inverse },
            CalibrationMap::Temperature { inverse } => ProbabilityMap::LogOdds { slope: *inverse, intercept: 0.0 },
        };
        ExportedAdjustment {
            maps: calibrator.map_or(Vec::new(), |calibrator| calibrator.maps().iter().map(map).collect()),
            exclusive,
            prior: self.decisions.prior.as_ref().map_or(Vec::new(), |prior| prior.factors().to_vec()),
            clip: CLIP,
        }
    }
}
