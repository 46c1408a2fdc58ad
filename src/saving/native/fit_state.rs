//! What is remembered of a fit beside the model.

use super::document::{Position, RunningPart};
use crate::Scalar;
use crate::callbacks::CallbackState;
use crate::models::History;
use std::path::PathBuf;

/// A backup that a callback asks for.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) path: PathBuf,
    /// Where the backup that is there now is kept.
    pub(crate) previous: Option<PathBuf>,
    /// The steps of the epoch that are done; none at its end.
    pub(crate) steps: Option<usize>,
}

/// What is remembered beside weights and optimizer.
pub(crate) struct FitState<'a, T: Scalar> {
    pub(crate) position: Position,
    /// Whether a callback has asked the fit to stop.
    pub(crate) stopped: bool,
    pub(crate) history: &'a History,
    /// Loss and metrics of an epoch that has not ended.
    pub(crate) running: Option<RunningPart>,
    pub(crate) callbacks: Vec<StoredCallback<T>>,
}

/// The state of a callback under its name.
#[derive(Debug, Clone)]
pub(crate) struct StoredCallback<T> {
    pub(crate) name: String,
    /// Which one of that name it is.
    pub(crate) place: usize,
    pub(crate) state: CallbackState<T>,
}

/// What a fit continues with.
pub(crate) struct Resumed<T> {
    /// The file, for messages.
    pub(crate) path: PathBuf,
    pub(crate) position: Position,
    /// Nothing in a backup of a release before this state was kept.
    pub(crate) fit: Option<ResumedFit<T>>,
}

pub(crate) struct ResumedFit<T> {
    pub(crate) stopped: bool,
    pub(crate) history: History,
    pub(crate) running: Option<RunningPart>,
    pub(crate) callbacks: Vec<StoredCallback<T>>,
}

/// How the names of a callback's values begin.
pub(super) fn prefix(index: usize) -> String {
    format!("callback/{index}/")
}

/// Whether values are those of a callback: a layer's path has the name of a variable in this place, never a number.
pub(super) fn is_of_callback(name: &str) -> bool {
    let index = name.strip_prefix("callback/").and_then(|rest| rest.split_once('/'));
    index.is_some_and(|(index, _)| index.bytes().all(|byte| byte.is_ascii_digit()))
}
