//! Fitted pipelines in files.

use super::decisions::Decisions;
use super::{FittedPipeline, FittedTarget, output_link};
use crate::items::json::from_value;
use crate::lists::try_map;
use crate::models::Registry;
use crate::preprocessing::FittedColumnTransformer;
use crate::saving::native::{Contents, Opened, PipelineContents, in_file};
use crate::{Error, Model, Result, Scalar};
use std::path::Path;

impl<T: Scalar> FittedPipeline<T> {
    /// Writes transformers, target, networks, threshold and what was learned for decisions to one file, which is complete or not there at all; see
    /// [`Model::save`].
    ///
    /// The states of the optimizers are left out.
    ///
    /// # Errors
    ///
    /// The errors of [`Model::save`]; [`Error::NotSerializable`] also for a transformer without a description.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        T::save_pipeline(self, path.as_ref())
    }

    pub(crate) fn write_file(&self, path: &Path) -> Result<()> {
        let target = serde_json::to_value(&self.target).map_err(|error| Error::configuration("the target", error))?;
        let [first, others @ ..] = &self.members[..] else { return Err(Error::NotBuilt) };
        let members = try_map(others.iter(), Model::network)?;
        let receipt = self.receipt.as_ref().map(serde_json::to_value).transpose();
        let receipt = receipt.map_err(|error| Error::configuration("the receipt", error))?;
        let decisions = self.decisions.config()?;
        let (preprocessing, table) = (self.columns.config()?, self.known.names());
        let (seed, baseline) = (self.seed, self.baseline.clone());
        let pipeline = PipelineContents { preprocessing, target, seed, table, baseline, members, receipt, decisions };
        let (pipeline, threshold) = (Some(pipeline), Some(self.threshold));
        Contents { threshold, pipeline, optimizer_state: None, ..first.contents() }.save(path)
    }

    /// Loads a pipeline from a file, with user-defined items from the registry.
    ///
    /// A file of version 1 with preprocessing, network and threshold is a pipeline for a target of 0 and 1 that is called
    /// `target`.
    ///
    /// # Errors
    ///
    /// The errors of [`Model::load_with`]; [`Error::ModelFile`] for a file without preprocessing, and for one whose target, threshold and
    /// networks do not go together.
    pub fn load_with(path: impl AsRef<Path>, registry: &Registry<T>) -> Result<Self> {
        T::load_pipeline(path.as_ref(), registry)
    }

    pub(crate) fn read_file(path: &Path, registry: &Registry<T>) -> Result<Self> {
        let mut file = Opened::read(path, registry)?;
        let columns = file.preprocessing.take();
        let columns = registry.in_scope(|| columns.map(FittedColumnTransformer::from_config).transpose());
        Self::from_file(columns.map_err(|error| in_file(error, path))?, file)
            .map_err(|reason| Error::ModelFile { path: path.to_path_buf(), reason })
    }

    /// Builds the pipeline from the parts that were read; the error states why this is not possible.
    fn from_file(columns: Option<FittedColumnTransformer>, mut file: Opened<T>) -> std::result::Result<Self, String> {
        let (threshold, pipeline) = (file.threshold.take(), file.pipeline.take());
        let (Some(columns), Some(threshold), Some(part), Some(first)) =
            (columns, threshold, pipeline, Model::from_file(file))
        else {
            return Err("it holds a model without preprocessing and target; use Model::load".into());
        };
        let target = FittedTarget::from_config(part.target).map_err(changed)?;
        let (_, link) = output_link::fitting(&first, &target).map_err(changed)?;
        let others: Vec<Model<T>> =
            part.members.into_iter().map(|network| first.clone().with_network(network)).collect();
        let members: Vec<Model<T>> = std::iter::once(first).chain(others).collect();
        let width = columns.width();
        if members.iter().any(|member| member.network().is_ok_and(|network| network.inputs() != width)) {
            return Err(format!(
                "its preprocessing returns {width} columns, and the network has another number of inputs"
            ));
        }
        if part.baseline.as_ref().is_some_and(|mean| mean.len() != width) {
            return Err("its baseline is of another number of columns; save it again, or take it from a copy".into());
        }
        let receipt = part
            .receipt
            .map(|receipt| from_value(receipt).map_err(|reason| changed(Error::configuration("the receipt", reason))))
            .transpose()?;
        let decisions = Decisions::from_config(part.decisions, &target, &columns).map_err(changed)?;
        let fitted = FittedPipeline::new(columns, target, members, link, threshold, part.seed, part.table);
        Ok(FittedPipeline { receipt, decisions, baseline: part.baseline, ..fitted })
    }
}

fn changed(error: Error) -> String {
    format!("{error}; the file was changed after it was saved, so save it again, or take it from a copy")
}

impl FittedPipeline<f32> {
    /// The pipeline that [`save`](FittedPipeline::save) wrote.
    ///
    /// # Errors
    ///
    /// The errors of [`load_with`](FittedPipeline::load_with).
    pub fn load(path: impl AsRef<Path>) -> Result<Self> {
        Self::load_with(path, &Registry::new())
    }
}
