//! The processes that fit or score a pipeline.

use super::Pipeline;
use crate::distributed::Communicator;
use crate::engine::rank_identity::{program, refuse_difference};
use crate::engine::ranks::{agree, broadcast, gather_values};
use crate::{Result, Scalar};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};

/// One process, or all ranks of a job.
#[derive(Clone, Copy)]
pub(super) struct PipelineRanks<'a> {
    pub(super) over: Option<&'a dyn Communicator>,
}

impl PipelineRanks<'_> {
    /// Whether there are several processes.
    pub(super) fn are_many(self) -> bool {
        self.size() > 1
    }

    /// The number of processes.
    pub(super) fn size(self) -> usize {
        self.place().1
    }

    /// The number of this process, and how many there are.
    pub(super) fn place(self) -> (usize, usize) {
        self.over.map_or((0, 1), |over| (over.rank(), over.size()))
    }

    /// The file of this process, if all processes are given the same path.
    pub(super) fn file_of_rank(self, path: &Path) -> PathBuf {
        match self.over.filter(|_| self.are_many()) {
            Some(over) => {
                let mut name = path.as_os_str().to_owned();
                name.push(format!(".{}", over.rank()));
                name.into()
            }
            None => path.to_path_buf(),
        }
    }

    /// The result of this process if all have succeeded, otherwise an error on each.
    pub(super) fn agree<V>(self, result: Result<V>) -> Result<V> {
        match self.over {
            Some(over) => agree(over, result),
            None => result,
        }
    }

    /// The value of rank 0.
    pub(super) fn of_first<V: Serialize + DeserializeOwned>(self, mine: V) -> Result<V> {
        match self.over {
            Some(over) => broadcast(over, 0, &mine),
            None => Ok(mine),
        }
    }

    /// The values of all processes, in the order of the ranks.
    pub(super) fn gather<V: Serialize + DeserializeOwned>(self, mine: V) -> Result<Vec<V>> {
        match self.over {
            Some(over) => gather_values(over, &mine),
            None => Ok(vec![mine]),
        }
    }

    /// Returns an error if the program, the pipeline or a further value differs from that of rank 0.
    pub(super) fn compare<T: Scalar>(
        self,
        item: &str,
        pipeline: &Pipeline<T>,
        more: impl FnOnce() -> Vec<(&'static str, String)>,
    ) -> Result<()> {
        let Some(over) = self.over else { return Ok(()) };
        let Pipeline { target, columns, model, members, validation, weights, class_weight, .. } = pipeline;
        let Pipeline { excluded, known_after, monotone, threshold, warm_start, .. } = pipeline;
        let columns = columns.as_ref().map(|columns| match serde_json::to_string(columns) {
            Ok(description) => description,
            Err(_) => format!("{columns:?}"),
        });
        let mut identity = program::<T>();
        let of_pipeline = [
            ("the target", format!("{target:?}")),
            ("the columns", format!("{columns:?}")),
            ("whether there is a model", model.is_some().to_string()),
            ("members", format!("{members:?}")),
            ("validation_split", format!("{validation:?}")),
            ("weights", format!("{weights:?}")),
            ("class_weight", format!("{class_weight:?}")),
            ("exclude", format!("{excluded:?}")),
            ("known_after", format!("{known_after:?}")),
            ("monotone", format!("{monotone:?}")),
            ("threshold", format!("{threshold:?}")),
            ("warm_start", warm_start.to_string()),
        ];
        identity.extend(of_pipeline.into_iter().chain(more()).map(|(name, value)| (name.to_string(), value)));
        refuse_difference(over, item, &identity)
    }
}
